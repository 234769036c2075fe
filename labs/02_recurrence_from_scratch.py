"""Lab 2: the recurrence from scratch.

Slides: Lecture 2, "RNN Intuition", "RNN State Update and Output", "RNNs from
Scratch in TensorFlow" and "A Sequence Modeling Problem: Predict the Next
Word" (docs/slides.md#rnn).
Read before: mitseq/layers/rnn.py.
Command: python labs/02_recurrence_from_scratch.py
Minutes: half a minute on two cores.
Expect: 8.4 bits (8.2 to 8.6 in three seeds) for a sentence that the network has
never seen. A guesser without memory needs 11.4, and nobody can do with less
than 7.5 on average. Every last word is right in all three, and the loop of the
notes prints "networks!".
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
# as the loop of the notes, and as a Keras layer that `fit` trains. Do all three
# give the same numbers? Then the network finishes the slide's sentences.

# %%
import argparse
import dataclasses
import itertools
import math
import random
from pathlib import Path

from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.style import new_figure, save_figure
from mitseq.progress import show_progress
from mitseq.training.progress import ShowProgress

import keras
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
    # Passes over the sentences: the held-out loss is lowest at about 12, and
    # rises a little from there in two of three seeds.
    epochs: int = 25
    # Small, because there are only 145 sentences to learn from.
    batch_size: int = 16
    # Ten times Adam's usual rate: the network is small and the task is clean.
    learning_rate: float = 0.01
    # Share of the sentences that training never sees.
    held_out: float = 0.2
    # How often it is trained: on other sentences, from other weights.
    seeds: int = 3
    # The first of them.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/02_recurrence_from_scratch"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# The slide's sentence, "This morning I took my cat for a walk.", with other
# times, people and animals: 4 x 5 x 9 = 180 sentences. Two of its words need
# more than the word before them. After "took" comes "my", "our" or "her". It
# depends on who took the animal, two words back. After "for a" comes "walk.",
# "swim." or "flight.". It depends on the animal, three words back. Both words
# need a memory. And we can compute how many bits a sentence has on average,
# with a memory and without, so the task is a measuring instrument.

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
    """Returns the bits of a sentence on average: its free choices.

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


def show_sentences(config: Config) -> tuple[list[str], dict[str, int]]:
    """Prints what there is to learn; returns what is held out, and an index."""
    learned_from, held_out = split(config.held_out, config.seed)
    index = word_index([NOTES, *all_sentences()])
    print(
        f"  {len(learned_from)} sentences to learn from, {len(held_out)} held "
        f"out, {len(index)} words"
    )
    (row,), _ = encode(held_out[:1], index)
    print(f"  {held_out[0]!r} begins as {row[:3]}")
    return held_out, index


# %% tags=["active-ipynb"]
# held_out, index = show_sentences(config)

# %% [markdown]
# **Predict**: 180 sentences are equally likely. How many yes-or-no questions
# does it take to find out which one it is? And how many more, if at each word
# you remember only the word before?


# %%
def show_bits() -> None:
    """Prints the bits of a sentence, with a memory and without."""
    print(
        f"  bits of a sentence: {bits_of_the_source():.2f} on average, "
        f"{bits_without_memory():.2f} without memory"
    )


# %% tags=["active-ipynb"]
# show_bits()

# %% [markdown]
# The logarithm of 180, and who has no memory guesses one of five owners and one
# of three ends on top of it: the logarithm of 15. Nobody can need less than the
# first number on average over all sentences; on some of them, anybody can be
# lucky.
#
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
# Here D and O are the number of words.


# %%
def build_cell(config: Config, index: dict[str, int]) -> MyRNNCell:
    """Returns a cell from words to words; 0 is padding, and counts too."""
    size = len(index) + 1
    return MyRNNCell(rnn_units=config.units, input_dim=size, output_dim=size)


def show_cell(config: Config, index: dict[str, int]) -> MyRNNCell:
    """Builds a cell and prints its weights."""
    cell = build_cell(config, index)
    for weight in cell.weights:
        print(f"  {weight.name}: {tuple(weight.shape)}")
    return cell


# %% tags=["active-ipynb"]
# cell = show_cell(config, index)

# %% [markdown]
# Two loops run the cell. In the slide's loop the cell keeps the state. In the
# notes' loop you keep it: `prediction, hidden_state = my_rnn(word,
# hidden_state)`. The code on the slide does not run as it is printed; lab 4
# takes it line by line.


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
# matrices.
#
# **Predict**: the cell is not trained yet. Which of these will agree with the
# slide's loop: the notes' loop, `keras.layers.RNN(cell)`, the package's
# `SimpleRNN`, Keras's own?


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


def compare_forms(
    cell: MyRNNCell, held_out: list[str], index: dict[str, int]
) -> dict[str, float]:
    """Prints and returns how far the other forms are from the slide's loop."""
    ids = encode(held_out, index)[0]
    differences = largest_differences(build_model(cell), cell, ids)
    for name, difference in differences.items():
        print(f"  the slide's loop and {name} differ by {difference:.0e}")
    return differences


# %% tags=["active-ipynb"]
# differences = compare_forms(cell, held_out, index)

# %% [markdown]
# All of them, as far as numbers of seven digits go. It is one recurrence. So
# whatever `fit` learns in one of the forms, the others know.
#
# ## 3 Train
#
# Each step has a loss, the cross-entropy of the next word, and the loss of a
# sentence is their sum ("RNNs: Computational Graph Across Time"). Keras gives
# the mean per word in nats. Times 8 predicted words, divided by ln 2, it is the
# bits of a sentence.
#
# **Predict**: where will the bits of held-out sentences end, at 11.4, at 7.5,
# or between the two? Can they be below 7.5?


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


@show_progress()
def train_all(
    config: Config, index: dict[str, int]
) -> tuple[MyRNNCell, keras.Model, list[list[float]], list[float]]:
    """Trains a cell once a seed.

    Returns:
        The cell and the model of the first seed; of all seeds the bits by epoch
        and the share of last words that are right.
    """
    cells, models, bits, right = [], [], [], []
    for seed in range(config.seed, config.seed + config.seeds):
        keras.utils.set_random_seed(seed)
        learned_from, held_out = split(config.held_out, seed)
        cell = build_cell(config, index)
        model = build_model(cell)
        bits.append(
            train(
                model,
                encode(learned_from, index),
                encode(held_out, index),
                config,
            )
        )
        right.append(last_word_accuracy(cell, held_out, index))
        cells.append(cell)
        models.append(model)
        print(
            f"  seed {seed}, bits per held-out sentence: {bits[-1][0]:.1f} "
            f"after one epoch, {bits[-1][-1]:.2f} at the end"
        )
    return cells[0], models[0], bits, right


# %% tags=["active-ipynb"]
# cell, model, bits, right = train_all(config, index)

# %% [markdown]
# A little more than the source has. A held-out sentence mixes time, person and
# animal as the network has never seen them, and it cannot know that this mix is
# as likely as the others. It could end below 7.5 only if the sentences that are
# held out were easier than the average one.
#
# ## 4 Look
#
# The notes' loop, word for word, with the trained cell. It asks for the last
# word of each held-out sentence, and for the notes' own.


# %%
def show_words(
    cell: MyRNNCell, index: dict[str, int], right: list[float]
) -> str:
    """Prints how many last words are right; returns the notes' next word."""
    print(
        f"  last words right: {np.mean(right):.0%} ({min(right):.0%} to "
        f"{max(right):.0%} in {len(right)} seeds; by chance 33%)"
    )
    given = NOTES.rpartition(" ")[0]
    next_word = predict_next_word(cell, given, index)
    print(f"  {given} -> {next_word}")
    return next_word


# %% tags=["active-ipynb"]
# next_word = show_words(cell, index, right)

# %% [markdown]
# The left half of the figure shows how the bits of held-out sentences fall
# between the two lines that we computed before training, a line a seed. The
# right half shows the state. Two sentences differ in one word, the animal; you
# see the difference of their hidden states, unit by unit.
#
# **Predict**: before the animal the difference is zero, of course. After it the
# words are the same again. What is the difference there?


# %%
def plot(
    bits: list[list[float]], cell: MyRNNCell, index: dict[str, int]
) -> Figure:
    """Returns the figure: the bits by epoch, and what the state remembers."""
    pair = [f"This morning I took my {a} for a walk." for a in ("cat", "fish")]
    words = pair[0].replace("cat", "cat / fish").rsplit(" ", 1)[0]
    x = ops.one_hot(encode(pair, index)[0], cell.input_dim)
    _, states = notes_loop(cell, ops.convert_to_numpy(x))
    difference = ops.convert_to_numpy(states[0] - states[1])

    figure, (left, right) = new_figure(1, 2, size=(11, 4), title="A memory")
    end = len(bits[0])
    for each in bits:
        left.plot(range(1, end + 1), each)
    left.axhline(bits_without_memory(), color="gray", ls="--")
    left.axhline(bits_of_the_source(), color="gray", ls=":")
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


# %% tags=["active-ipynb"]
# figure = plot(bits, cell, index)
# figure

# %% [markdown]
# It stays. The words are the same, the states are not: that is the memory.


# %% tags=["active-py"]
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
    held_out, index = show_sentences(config)
    show_bits()

    print("2 Model")
    cell = show_cell(config, index)
    differences = compare_forms(cell, held_out, index)

    print("3 Train")
    cell, model, bits, right = train_all(config, index)

    print("4 Look")
    next_word = show_words(cell, index, right)
    figure = plot(bits, cell, index)
    print(f"  figure: {save_figure(figure, Path(config.out, 'memory.png'))}")
    return {
        "bits_per_sentence": bits[0],
        "bits": bits,
        "bits_without_memory": bits_without_memory(),
        "bits_of_the_source": bits_of_the_source(),
        "last_word_accuracy": right[0],
        "right": right,
        "next_word": next_word,
        "differences": differences,
        "model": model,
        "cell": cell,
        "figure": figure,
    }


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
# 1. How few units still reach 8.7 bits? Try `--units 4`, 8, 16. Of how many
#    sentences is the last word right then?
# 2. Put five more words between the animal and the last word. Does the last
#    word still come out right? What if there are twenty?
# 3. In `predict_next_word`, pass zeros instead of `hidden_state`. Which words
#    become wrong, and why just these?
# 4. Replace `keras.layers.RNN(cell, ...)` by `mitseq.LSTM(units, ...)` and a
#    `keras.layers.Dense`. Does it help here? Why not?
# 5. Multiply the trained `W_hh` by 0.2, 0.1, 0.05 (`cell.W_hh.assign`). Which
#    word goes wrong first, the owner two words back or the animal three back?
