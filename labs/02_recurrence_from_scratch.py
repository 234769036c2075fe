"""Lab 2: the recurrence from scratch.

Slides: Lecture 2, "RNN Intuition", "RNN State Update and Output", "RNNs from
Scratch in TensorFlow" and "A Sequence Modeling Problem: Predict the Next
Word" (docs/slides.md#rnn).
Read before: mitseq/layers/rnn.py.
Command: python labs/02_recurrence_from_scratch.py
Minutes: half a minute on two cores.
Expect: 8.2 bits for a sentence that the network has never seen. A guesser
without memory needs 11.4, and nobody can do with less than 7.5. Every last word
is right, and the loop of the notes prints "networks!".
"""

# %% [markdown]
# # The recurrence from scratch
#
# ## Idea
#
# A feed-forward network sees one word and forgets it. A recurrent network
# hands a *state* from each step to the next, so what it predicts can depend on
# everything that it has read:
#
# $$h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh}) \qquad y_t = h_t W_{hy}$$
#
# In this lab you run that recurrence in three ways: as the loop of the slide,
# as the loop of the notes, and as a Keras layer that `fit` trains. All three
# give the same numbers. Then the network finishes the slide's sentences.

# %%
import argparse
import dataclasses
import itertools
import math
import random
from pathlib import Path

from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.training.progress import ShowProgress

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import ops
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Size of the hidden state: with 4 the animal gets lost, 32 is plenty.
    units: int = 32
    # Passes over the sentences: the held-out loss is flat from about 15 on.
    epochs: int = 25
    # Small, because there are only 145 sentences to learn from.
    batch_size: int = 16
    # Ten times Adam's usual rate: the network is small and the task is clean.
    learning_rate: float = 0.01
    # Share of the sentences that training never sees.
    held_out: float = 0.2
    # Decides which sentences these are, and the initial weights.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/02_recurrence_from_scratch"


# %% [markdown]
# ## 1 Data
#
# The slide's sentence, "This morning I took my cat for a walk.", with other
# times, people and animals: 4 x 5 x 9 = 180 sentences. Two of its words need
# more than the word before them. After "took" comes "my", "our" or "her". It
# depends on who took the animal, two words back. After "for a" comes "walk.",
# "swim." or "flight.". It depends on the animal, three words back. Both words
# need a memory. And we can compute how many bits a sentence has, with a memory
# and without, so the task is a measuring instrument.

# %%
TIMES = ("morning", "afternoon", "evening", "night")
OWNERS = {"I": "my", "we": "our", "she": "her", "he": "his", "they": "their"}
ANIMALS = {
    "walk.": ("cat", "dog", "pony"),
    "swim.": ("fish", "duck", "frog"),
    "flight.": ("parrot", "bat", "owl"),
}
NOTES = "I love recurrent neural networks!"


def all_sentences() -> list[str]:
    """Returns the 180 sentences of the grammar."""
    animals = [(a, end) for end, group in ANIMALS.items() for a in group]
    return [
        f"This {time} {who} took {whose} {animal} for a {end}"
        for time, (who, whose), (animal, end) in itertools.product(
            TIMES, OWNERS.items(), animals
        )
    ]


def bits_of_the_source() -> float:
    """Returns the bits of one sentence: its free choices.

    These are the time, the person and the animal.
    """
    return math.log2(len(all_sentences()))


def bits_without_memory() -> float:
    """Returns the bits for a guesser that sees only the last word."""
    return bits_of_the_source() + math.log2(len(OWNERS) * len(ANIMALS))


# %% [markdown]
# A network takes numbers, so each word gets an index, and the index becomes a
# vector with a single one (the slide's "one-hot embedding"). Index 0 fills up
# short sentences. The target of each step is the next word.


# %%
def word_index(sentences: list[str]) -> dict[str, int]:
    """Returns an index for each word, from 1 on; 0 is padding."""
    words = sorted({word for s in sentences for word in s.split()})
    return {word: i for i, word in enumerate(words, start=1)}


def encode(
    sentences: list[str], index: dict[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the words of each sentence and the words that come next."""
    longest = max(len(s.split()) for s in sentences)
    ids = np.zeros((len(sentences), longest), "int32")
    for row, sentence in zip(ids, sentences, strict=True):
        words = sentence.split()
        row[: len(words)] = [index[word] for word in words]
    return ids[:, :-1], ids[:, 1:]


def split(share: float, seed: int) -> tuple[list[str], list[str]]:
    """Returns the sentences to learn from and those held out."""
    sentences = all_sentences()
    random.Random(seed).shuffle(sentences)
    held_out = round(share * len(sentences))
    return [NOTES, *sentences[held_out:]], sentences[:held_out]


# %% [markdown]
# ## 2 Model
#
# In lab 1 the state was one number, and `h_t = 0.5 h_prev + 0.5 x_t`. Now it is
# a vector of H numbers. Each factor becomes a matrix, and a tanh keeps the sum
# between -1 and 1. That is `rnn_step`, and `MyRNNCell` is built on it. It keeps
# the slide's name, its arguments and the pair that it returns. It holds three
# matrices, and every step uses the same ones:
#
# - `W_xh`, `(D, H)`: what the input writes into the state,
# - `W_hh`, `(H, H)`: what the old state hands to the new one,
# - `W_hy`, `(H, O)`: what is read off the state.
#
# Here D and O are the number of words. Two loops run the cell. In the slide's
# loop the cell keeps the state. In the notes' loop you keep it:
# `prediction, hidden_state = my_rnn(word, hidden_state)`. The code on the slide
# does not run as it is printed; lab 4 takes it line by line.


# %%
def slide_loop(cell: MyRNNCell, x: np.ndarray) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns all outputs and all hidden states of the slide's loop."""
    cell.reset_state()
    outputs, states = [], []
    for t in range(x.shape[1]):
        output, h = cell(x[:, t])
        outputs.append(output)
        states.append(h)
    return ops.stack(outputs, axis=1), ops.stack(states, axis=1)


def notes_loop(my_rnn: MyRNNCell, x: np.ndarray) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns all predictions and hidden states of the notes' loop."""
    hidden_state = [0] * my_rnn.rnn_units
    predictions, states = [], []
    for t in range(x.shape[1]):
        prediction, hidden_state = my_rnn(x[:, t], hidden_state)
        predictions.append(prediction)
        states.append(hidden_state)
    return ops.stack(predictions, axis=1), ops.stack(states, axis=1)


# %% [markdown]
# For `fit` the loop moves into `keras.layers.RNN`, which calls the same cell
# at each step of a functional model. It is the same object with the same three
# matrices, so the two loops know what `fit` has learned.


# %%
def build_model(cell: MyRNNCell) -> keras.Model:
    """Returns a functional model, ids `(B, T)` -> logits `(B, T, V)`."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = ops.one_hot(ids, cell.input_dim)
    logits = keras.layers.RNN(cell, return_sequences=True, name="rnn")(x)
    return keras.Model(ids, logits, name="next_word")


def largest_differences(
    model: keras.Model, cell: MyRNNCell, ids: np.ndarray
) -> dict[str, float]:
    """Returns how far the other forms are from the slide's loop."""
    x = ops.convert_to_numpy(ops.one_hot(ids, cell.input_dim))
    outputs, states = slide_loop(cell, x)
    predictions, hidden_states = notes_loop(cell, x)
    differences = {
        "the notes' loop": predictions - outputs,
        "its hidden states": hidden_states - states,
        "keras.layers.RNN(cell)": model(ids) - outputs,
    }
    # The layers of one line compute the states; they have no W_hy.
    for name, layer_class in (
        ("mitseq.SimpleRNN", SimpleRNN),
        ("keras.layers.SimpleRNN", keras.layers.SimpleRNN),
    ):
        layer = layer_class(
            cell.rnn_units, use_bias=False, return_sequences=True
        )
        layer.build(x.shape)
        layer.set_weights(cell.get_weights()[:2])
        differences[name] = layer(x) - states
    return {
        name: float(ops.max(ops.abs(difference)))
        for name, difference in differences.items()
    }


# %% [markdown]
# ## 3 Train
#
# Each step has a loss, the cross-entropy of the next word, and the loss of a
# sentence is their sum ("RNNs: Computational Graph Across Time"). Keras gives
# the mean per word in nats. Times 8 predicted words, divided by ln 2, it is the
# bits of a sentence.
#
# Expect a little more than the source has. A held-out sentence mixes time,
# person and animal as the network has never seen them, and it cannot know that
# this mix is as likely as the others.


# %%
def train(
    model: keras.Model,
    train_xy: tuple[np.ndarray, np.ndarray],
    held_out_xy: tuple[np.ndarray, np.ndarray],
    config: Config,
) -> list[float]:
    """Fits the model; returns the held-out bits per sentence each epoch."""
    model.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=0
        ),
    )
    history = model.fit(
        *train_xy,
        validation_data=held_out_xy,
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    predicted_words = held_out_xy[1].shape[1]
    return [
        nats * predicted_words / math.log(2)
        for nats in history.history["val_loss"]
    ]


# %% [markdown]
# ## 4 Look
#
# The notes' loop, word for word, with the trained cell:


# %%
def predict_next_word(
    my_rnn: MyRNNCell, sentence: str, index: dict[str, int]
) -> str:
    """Returns the likeliest word after a sentence."""
    hidden_state = [0] * my_rnn.rnn_units
    for word in sentence.split():
        x = ops.one_hot([index[word]], my_rnn.input_dim)
        prediction, hidden_state = my_rnn(x, hidden_state)
    next_word = int(ops.argmax(prediction[0]))
    return {i: word for word, i in index.items()}.get(next_word, "")


def last_word_accuracy(
    cell: MyRNNCell, sentences: list[str], index: dict[str, int]
) -> float:
    """Returns the share of sentences whose last word is predicted."""
    right = 0
    for sentence in sentences:
        given, _, last = sentence.rpartition(" ")
        right += predict_next_word(cell, given, index) == last
    return right / len(sentences)


# %% [markdown]
# The left half of the figure shows how the bits of held-out sentences fall
# between the two lines that we computed before training. The right half shows
# what the state remembers of the animal. Two sentences differ in one word; you
# see the difference of their hidden states, unit by unit. Before the animal it
# is zero. After it the words are the same again, and yet the difference stays:
# that is the memory.


# %%
def plot(
    bits: list[float],
    model: keras.Model,
    cell: MyRNNCell,
    index: dict[str, int],
) -> Figure:
    """Returns the figure: the bits by epoch, and what the state remembers."""
    pair = [f"This morning I took my {a} for a walk." for a in ("cat", "fish")]
    words = pair[0].replace("cat", "cat / fish").rsplit(" ", 1)[0]
    x = ops.one_hot(encode(pair, index)[0], cell.input_dim)
    _, states = notes_loop(cell, ops.convert_to_numpy(x))
    difference = ops.convert_to_numpy(states[0] - states[1])

    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4), layout="constrained"
    )
    left.plot(range(1, len(bits) + 1), bits, label="the network")
    left.axhline(bits_without_memory(), color="gray", ls="--")
    left.axhline(bits_of_the_source(), color="gray", ls=":")
    end = len(bits)
    left.text(end, bits_without_memory() + 0.2, "no memory", ha="right")
    left.text(end, bits_of_the_source() - 0.9, "the source itself", ha="right")
    left.set(
        xlabel="epoch",
        ylabel="bits per held-out sentence",
        ylim=(5, 20),
        title="What the network has learned",
    )
    image = right.imshow(
        difference.T, cmap="RdBu", vmin=-2, vmax=2, aspect="auto"
    )
    labels = words.replace("cat / fish", "cat/fish").split()
    right.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    right.set(
        xlabel="word",
        ylabel="hidden unit",
        title="h with the cat - h with the fish",
    )
    figure.colorbar(image, ax=right, label="difference [1]")
    return figure


# %%
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the trained model, the cell and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    train_sentences, held_out = split(config.held_out, config.seed)
    index = word_index([*train_sentences, *held_out])
    train_xy = encode(train_sentences, index)
    held_out_xy = encode(held_out, index)
    print(
        f"  {len(train_sentences)} sentences to learn from, {len(held_out)} "
        f"held out, {len(index)} words"
    )

    print("2 Model")
    size = len(index) + 1
    cell = MyRNNCell(rnn_units=config.units, input_dim=size, output_dim=size)
    model = build_model(cell)
    for weight in cell.weights:
        print(f"  {weight.name}: {tuple(weight.shape)}")

    print("3 Train")
    bits = train(model, train_xy, held_out_xy, config)
    print(
        f"  bits per held-out sentence: {bits[0]:.1f} after one epoch, "
        f"{bits[-1]:.2f} at the end\n"
        f"  without memory: {bits_without_memory():.2f}, "
        f"of the source: {bits_of_the_source():.2f}"
    )

    print("4 Look")
    differences = largest_differences(model, cell, held_out_xy[0])
    for name, difference in differences.items():
        print(f"  the slide's loop and {name} differ by {difference:.0e}")
    accuracy = last_word_accuracy(cell, held_out, index)
    print(f"  last words right: {accuracy:.0%} (by chance 33%)")
    given = NOTES.rpartition(" ")[0]
    next_word = predict_next_word(cell, given, index)
    print(f"  {given} -> {next_word}")
    figure = plot(bits, model, cell, index)
    print(f"  figure: {save_figure(figure, Path(config.out, 'memory.png'))}")
    return {
        "bits_per_sentence": bits,
        "bits_without_memory": bits_without_memory(),
        "bits_of_the_source": bits_of_the_source(),
        "last_word_accuracy": accuracy,
        "next_word": next_word,
        "differences": differences,
        "model": model,
        "cell": cell,
        "figure": figure,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-py"]
if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for field in dataclasses.fields(Config):
        parser.add_argument(
            f"--{field.name}", type=field.type, default=field.default
        )
    main(Config(**vars(parser.parse_args())))

# %% [markdown]
# ## 5 Try yourself
#
# 1. How few units still reach 8.5 bits? Try `--units 4`, 8, 16. Of how many
#    sentences is the last word right then?
# 2. Put five more words between the animal and the last word. Does the last
#    word still come out right? What if there are twenty?
# 3. In `predict_next_word`, pass zeros instead of `hidden_state`. Which words
#    become wrong, and why just these?
# 4. Replace `keras.layers.RNN(cell, ...)` by `mitseq.LSTM(units, ...)` and a
#    `keras.layers.Dense`. Does it help here? Why not?
# 5. Multiply the trained `W_hh` by 0.2, 0.1, 0.05 (`cell.W_hh.assign`). Which
#    word goes wrong first, the owner two words back or the animal three back?
