"""A sentence learned by heart, and a pattern: every prediction to look at.

Slides: Lecture 2, "RNN Intuition", "RNNs: Computational Graph Across Time" and
"A Sequence Modeling Problem: Predict the Next Word".
"""

import dataclasses
import itertools

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from mitseq.layers.my_rnn_cell import MyRNNCell

SENTENCE = "This morning I took my cat for a walk."
# Who does it and how decide nothing, what is done decides the last word. The
# slide's sentence is held out: "I" never loves, and "love" is seen with others.
HELD_OUT = "I love recurrent neural networks!"
SUBJECTS = ("I", "You", "We", "They")
ENDS = {
    "love": "networks!",
    "fear": "gradients!",
    "write": "music!",
    "read": "papers!",
}
PATTERN = tuple(
    sentence
    for subject in SUBJECTS
    for verb, end in ENDS.items()
    if (sentence := f"{subject} {verb} recurrent neural {end}") != HELD_OUT
)


@dataclasses.dataclass(frozen=True)
class Learned:
    """A cell that has learned a sentence.

    Args:
        words: The words of the sentence.
        my_rnn: The cell; it knows the words of the sentence as one-hot
            vectors.
        step_losses: `(epochs + 1, T)`, the loss of each step before each epoch
            and after the last, in nats.
    """

    words: list[str]
    my_rnn: MyRNNCell
    step_losses: np.ndarray

    def one_hot(self, word: str) -> tf.Tensor:  # (1, V)
        """Returns a word as the cell takes it."""
        return ops.one_hot([self.words.index(word)], self.my_rnn.input_dim)

    def likeliest(self, prediction: tf.Tensor) -> str:
        """Returns the word of the highest logit."""
        return self.words[int(ops.argmax(prediction[0]))]

    def probs(self) -> np.ndarray:  # (T, V)
        """Returns what the cell expects after each word but the last."""
        logits = _loop(self.my_rnn, self.words)
        return ops.convert_to_numpy(ops.softmax(logits))


def learn_pattern(epochs: int = 120, seed: int = 0) -> Learned:
    """Trains `MyRNNCell` on the sentences of `PATTERN`, all in one batch.

    Args:
        epochs: Steps of the optimizer.
        seed: Decides the weights at the start.

    Returns:
        The cell, which knows all words, and the losses on the way, the means
        over the sentences.
    """
    sentences = [sentence.split() for sentence in PATTERN]
    words = list(dict.fromkeys(word for row in sentences for word in row))
    ids = np.array([[words.index(word) for word in row] for row in sentences])
    x = np.eye(len(words), dtype="float32")[ids[:, :-1]]  # (B, T, V)
    keras.utils.set_random_seed(seed)
    my_rnn = MyRNNCell(16, input_dim=len(words), output_dim=len(words))
    my_rnn.build((1, len(words)))
    optimizer = keras.optimizers.Adam(0.03)
    step_losses = []
    for epoch in range(epochs + 1):
        with tf.GradientTape() as tape:
            h = ops.zeros((len(x), my_rnn.rnn_units))
            outputs = []
            for t in range(x.shape[1]):
                prediction, h = my_rnn(x[:, t], h)
                outputs.append(prediction)
            losses = ops.sparse_categorical_crossentropy(
                ids[:, 1:], ops.stack(outputs, axis=1), from_logits=True
            )
            total_loss = ops.sum(losses) / len(x)
        step_losses.append(ops.convert_to_numpy(losses).mean(axis=0))
        if epoch < epochs:
            gradients = tape.gradient(total_loss, my_rnn.trainable_weights)
            optimizer.apply(gradients, my_rnn.trainable_weights)
    return Learned(words, my_rnn, np.array(step_losses))


def count_pairs(words: list[str]) -> np.ndarray:
    """Returns what a bigram counts in `PATTERN`: who follows whom.

    Args:
        words: The V words.

    Returns:
        `(V, V)`, shares of the next words after each word; zeros after one
        that ends all of its sentences.

    Example: after "neural" any of the four ends may come.

    >>> after = count_pairs(["neural", *ENDS.values()])[0]
    >>> after.round(2).tolist()
    [0.0, 0.2, 0.27, 0.27, 0.27]
    """
    counts = np.zeros((len(words), len(words)))
    for sentence in PATTERN:
        for pair in itertools.pairwise(sentence.split()):
            if set(pair) <= set(words):
                counts[words.index(pair[0]), words.index(pair[1])] += 1
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def learn_sentence(sentence: str, epochs: int = 40, seed: int = 0) -> Learned:
    """Trains `MyRNNCell` to say each next word of a sentence.

    The total loss is the sum of the losses of all steps, and the tape runs it
    back through all of them. This is the slide's loop, not `fit`.

    Args:
        sentence: Words, each of them once.
        epochs: Steps of the optimizer.
        seed: Decides the weights at the start.

    Returns:
        The cell and the losses on the way.
    """
    words = sentence.split()
    keras.utils.set_random_seed(seed)
    my_rnn = MyRNNCell(16, input_dim=len(words), output_dim=len(words))
    my_rnn.build((1, len(words)))
    optimizer = keras.optimizers.Adam(0.05)
    targets = list(range(1, len(words)))
    step_losses = []
    for epoch in range(epochs + 1):
        with tf.GradientTape() as tape:
            losses = ops.sparse_categorical_crossentropy(
                ops.array(targets), _loop(my_rnn, words), from_logits=True
            )
            total_loss = ops.sum(losses)
        step_losses.append(ops.convert_to_numpy(losses))
        if epoch < epochs:
            gradients = tape.gradient(total_loss, my_rnn.trainable_weights)
            optimizer.apply(gradients, my_rnn.trainable_weights)
    return Learned(words, my_rnn, np.array(step_losses))


def _loop(my_rnn, words):
    """Returns the logits after each word but the last, `(T, V)`."""
    hidden_state = [0] * my_rnn.rnn_units
    outputs = []
    for t in range(len(words) - 1):
        x_t = ops.one_hot([t], len(words))
        prediction, hidden_state = my_rnn(x_t, hidden_state)
        outputs.append(prediction[0])
    return ops.stack(outputs)
