"""Lab 4: the slides' code as printed, and the lines that work.

Slides: Lecture 2, "RNNs from Scratch in TensorFlow", "RNN Implementation:
TensorFlow & PyTorch", "RNN Intuition" and "Example Task: Sentiment
Classification" (docs/slides.md#rnn); notes, "RNNs from Scratch".
Read before: mitseq/layers/rnn.py.
Command: python labs/04_slides_code_as_printed.py
Minutes: a few seconds.
Expect: a table of 17 printed lines. 10 of them raise an error, 2 run and mean
something else, 4 are right as they stand, and 1 needs PyTorch. Of 4 tempting
variants that are printed nowhere 3 run and are wrong. Beside each stands the
line that works, and every one runs.
"""

# %% [markdown]
# # The slides' code as printed
#
# ## Idea
#
# Code on a slide is a drawing: it shows the idea, and nobody runs it. Copy it
# into a file, and much of it fails. Or worse, it runs and computes something
# else. In this lab you run each printed line, as it stands on the slide or in
# the notes. You see what happens today, and why. Beside it stands the line that
# does what is meant. Some lines are right; they are here too, so that you can
# tell which.

# %%
import argparse
import dataclasses
import importlib.util
from collections.abc import Callable
from pathlib import Path

from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.printed import plot_printed
from mitseq.plots.style import save_figure

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

    # H, hidden units: a number that differs from the others.
    units: int = 4
    # D, size of the input: different too, so that wrong shapes show.
    input_dim: int = 3
    # O, size of the output.
    output_dim: int = 2
    # Decides the weights.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/04_slides_code_as_printed"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# The data of this lab is code. A `Line` holds a printed line, where it is
# printed, what it does, and the line that works. Both run in the smallest
# setting that gives them a meaning.


# %%
@dataclasses.dataclass(frozen=True)
class Line:
    """One line of code and the one that works.

    `printed` and `works` return what the line computes. A printed line that
    raises nothing is wrong if it computes something else than it means, which
    `means` computes. `needs` is a package that may be missing.
    """

    text: str
    printed: Callable
    why: str
    instead: str
    works: Callable
    means: Callable | None = None
    where: str = "slide"
    needs: str = ""


# %% [markdown]
# The class first, from its first line on. In the notes `kreas`, `Layers` and
# `add_weights` do not exist, and a layer gets weights only after it has been
# initialized.


# %%
def of_the_class(H: int, D: int) -> list[Line]:
    """Returns the lines of the class, up to its state."""

    def before_super():
        class Cell(keras.layers.Layer):
            def __init__(self):
                self.W_xh = self.add_weight(shape=[D, H])

        return Cell()

    def after_super():
        class Cell(keras.layers.Layer):
            def __init__(self):
                super().__init__()
                self.W_xh = self.add_weight(shape=[D, H])

        return Cell().W_xh

    def weight(*args, **kwargs):
        return keras.layers.Layer().add_weight(*args, **kwargs)

    rows, column = np.ones((5, D), "float32"), np.ones((D, 1), "float32")
    return [
        Line(
            "class MyRNNCell(tf.kreas.layers.Layers):",
            lambda: tf.kreas.layers.Layers,
            "two misprints: kreas, Layers",
            "class MyRNNCell(keras.layers.Layer):",
            lambda: keras.layers.Layer,
            where="notes",
        ),
        Line(
            "def __init__(self, ...): self.W_xh = ...",
            before_super,
            "the notes have no super().__init__(); it keeps track of weights",
            "super().__init__() first",
            after_super,
            where="notes",
        ),
        Line(
            "self.add_weights([rnn_units,input_dim])",
            lambda: keras.layers.Layer().add_weights([H, D]),
            "there is no add_weights",
            'self.add_weight(name="W_xh", shape=...)',
            lambda: weight(name="W_xh", shape=(D, H)),
            where="notes",
        ),
        Line(
            "self.add_weight([rnn_units, input_dim])",
            lambda: ops.matmul(weight([H, D]), column),
            "right for a column, W x; for a batch of rows it is the other way",
            "self.add_weight(shape=(input_dim, rnn_units))",
            lambda: ops.matmul(rows, weight(shape=(D, H))),
        ),
        Line(
            "self.h = tf.zeros([rnn_units, 1])",
            lambda: tf.zeros([H, 1]),
            "right for one sequence; each of a batch needs a state of its own",
            "cell.get_initial_state(batch_size)",
            lambda: MyRNNCell(H, D, 1).get_initial_state(5),
            means=lambda: np.zeros((H, 1)),
        ),
    ]


# %% [markdown]
# Then comes the update of the state. `*` multiplies element by element; on the
# slide it stands for a matrix product. In the notes even the `+` between the
# two terms is a `*`.


# %%
def of_the_update(H: int, D: int, output_dim: int) -> list[Line]:
    """Returns the lines of `call`."""
    W_hh, h, W_xh, x, W_hy = numbers(H, D, output_dim)
    state, product = W_hh.T @ h, W_xh @ x

    def kept_in_a_tensor():
        class Cell(keras.layers.Layer):
            h = tf.zeros([1, 1])

            def call(self, x):
                self.h = tf.math.tanh(self.h + x)
                return self.h

        cell = Cell()
        tf.function(cell)(tf.ones([1, 1]))
        return cell(tf.ones([1, 1]))

    def returned():
        cell = MyRNNCell(rnn_units=H, input_dim=D, output_dim=output_dim)
        h_t = ops.zeros((1, H))
        for _ in range(2):
            _, h_t = tf.function(cell)(ops.ones((1, D)), h_t)
        return h_t

    return [
        Line(
            "self.W_hh * self.h",
            lambda: tf.constant(W_hh) * tf.constant(h),
            "* is element-wise; the column is broadcast to a matrix",
            "ops.matmul(h_prev, self.W_hh)",
            lambda: ops.matmul(h.T, W_hh),
            means=lambda: state,
        ),
        Line(
            "self.W_xh * x",
            lambda: tf.constant(W_xh) * tf.constant(x),
            "shapes (H, D) and (D, 1) cannot be broadcast",
            "ops.matmul(x_t, self.W_xh)",
            lambda: ops.matmul(x.T, W_xh.T),
            means=lambda: product,
        ),
        Line(
            "tanh(self.W_hh * self.h * self.W_xh * x)",
            lambda: tf.math.tanh(
                tf.constant(W_hh)
                * tf.constant(h)
                * tf.constant(W_xh)
                * tf.constant(x)
            ),
            "the shapes do not fit, and the two terms are to be added",
            "tanh(x_t @ W_xh + h_prev @ W_hh)",
            lambda: np.tanh(x.T @ W_xh.T + h.T @ W_hh),
            means=lambda: np.tanh(state + product),
            where="notes",
        ),
        Line(
            "output = self.W_hy * self.h",
            lambda: tf.constant(W_hy) * tf.constant(h),
            "shapes (O, H) and (H, 1) cannot be broadcast",
            "ops.matmul(h_t, self.W_hy)",
            lambda: ops.matmul(h.T, W_hy.T),
            means=lambda: W_hy @ h,
            where="both",
        ),
        Line(
            "self.h = tf.math.tanh(...)  in a tf.function",
            kept_in_a_tensor,
            "a tensor of a graph lives on outside of it",
            "output, h = cell(x, h)",
            returned,
            where="both",
        ),
    ]


def numbers(H: int, D: int, output_dim: int) -> tuple[np.ndarray, ...]:
    """Returns W_hh, h, W_xh, x and W_hy for columns, as on the slide."""
    rng = np.random.default_rng(0)
    W_hh, h = rng.normal(size=(H, H)), rng.normal(size=(H, 1))
    W_xh, x = rng.normal(size=(H, D)), rng.normal(size=(D, 1))
    return W_hh, h, W_xh, x, rng.normal(size=(output_dim, H))


# %% [markdown]
# Last, the lines around the class: the layers of two libraries, the loop over
# words, and the loss.


# %%
def of_the_rest(H: int, D: int, output_dim: int) -> list[Line]:
    """Returns the imports, the models, the loop over words, and the loss."""
    x = np.ones((1, 5, D), "float32")

    def my_rnn():
        return MyRNNCell(rnn_units=H, input_dim=D, output_dim=output_dim)

    def words_as_vectors():
        return my_rnn()(ops.one_hot([0], D), [0] * H)[0]

    def from_tf():
        exec("from tf.keras.layers import SimpleRNN")

    def of_torch(**arguments):
        torch = importlib.import_module("torch")
        return torch.nn.RNN(D, H, **arguments)(torch.ones(1, 5, D))[0].detach()

    y, logits, loss = one_loss()
    return [
        Line(
            "from tf.keras.layers import SimpleRNN",
            from_tf,
            "tf is a name in your file, not a module",
            "from keras.layers import SimpleRNN",
            lambda: keras.layers.SimpleRNN(H)(x),
        ),
        Line(
            "model = SimpleRNN(rnn_units)",
            lambda: keras.layers.SimpleRNN(H)(x),
            "right; it is a layer: it returns the last state, and has no W_hy",
            "SimpleRNN(rnn_units, return_sequences=True), then Dense",
            lambda: keras.layers.Dense(output_dim)(
                SimpleRNN(H, return_sequences=True)(x)
            ),
        ),
        Line(
            "model = RNN(input_size, rnn_units)  of torch.nn",
            of_torch,
            "it takes steps first, (T, B, D), and returns all states",
            "RNN(input_size, rnn_units, batch_first=True)",
            lambda: of_torch(batch_first=True),
            needs="torch",
        ),
        Line(
            "my_rnn = RNN()",
            lambda: keras.layers.RNN(),
            "Keras's RNN is a loop: it needs a cell",
            "my_rnn = MyRNNCell(rnn_units, input_dim, output_dim)",
            my_rnn,
            where="both",
        ),
        Line(
            "prediction, hidden_state = my_rnn(word, hidden_state)",
            lambda: my_rnn()("I", [0] * H),
            "a network takes numbers, not words",
            "my_rnn(ops.one_hot([index[word]], size), hidden_state)",
            words_as_vectors,
            where="both",
        ),
        Line(
            'next_word_prediction = prediction  # >>> "networks!"',
            words_as_vectors,
            "one number for each word, and no word yet",
            "words[int(ops.argmax(prediction))]",
            lambda: ["recurrent", "networks!"][
                int(ops.argmax(words_as_vectors())) % 2
            ],
            means=lambda: "networks!",
        ),
        Line(
            "tf.nn.softmax_cross_entropy_with_logits(y, predicted)",
            lambda: tf.nn.softmax_cross_entropy_with_logits(y, logits),
            "right, if `predicted` are logits, as the name says",
            "softmax_cross_entropy_with_logits(labels=y, logits=logits)",
            lambda: tf.nn.softmax_cross_entropy_with_logits(
                labels=y, logits=logits
            ),
            means=lambda: loss,
        ),
    ]


def one_loss() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns a label, logits, and the cross-entropy of the two."""
    logits = np.array([[2.0, -1.0]], "float32")
    y = np.array([[1.0, 0.0]], "float32")
    return y, logits, -np.log(np.exp([2.0]) / (np.exp(2.0) + np.exp(-1.0)))


# %%
def printed_lines(config: Config) -> list[Line]:
    """Returns all printed lines."""
    H, D, output_dim = config.units, config.input_dim, config.output_dim
    return [
        *of_the_class(H, D),
        *of_the_update(H, D, output_dim),
        *of_the_rest(H, D, output_dim),
    ]


def show_lines(config: Config) -> list[Line]:
    """Prints the lines as they are printed; returns them."""
    lines = printed_lines(config)
    print(f"  {len(lines)} printed lines")
    for line in lines:
        print(f"  {line.where:6} {line.text}")
    return lines


# %% tags=["active-ipynb"]
# lines = show_lines(config)

# %% [markdown]
# ## 2 Model
#
# Each line runs twice: as printed, and as it works.
#
# **Predict**: which of the lines raise an error today? Which four are right?
# And which two raise nothing and compute something else?


# %%
RIGHT = "nothing wrong"


def happens(line: Line) -> str:
    """Returns the error or the wrong result of a printed line."""
    if is_missing(line):
        return f"{line.needs} is not installed"
    try:
        result = line.printed()
    except Exception as error:  # that it fails is the point
        return type(error).__name__
    if line.means is None:
        return RIGHT
    got, meant = np.asarray(result), np.asarray(line.means())
    if got.shape != meant.shape:
        return f"shape {got.shape}, not {meant.shape}"
    if np.allclose(got, meant):
        return RIGHT
    return f"{got.ravel()[0]:.2f}, not {meant.ravel()[0]:.2f}"


def is_missing(line: Line) -> bool:
    """Whether a line needs a package that is not installed."""
    return bool(line.needs) and importlib.util.find_spec(line.needs) is None


def run(lines: list[Line]) -> list[tuple[str, str, str, str]]:
    """Returns each line, what happens, why, and what works."""
    rows = []
    for line in lines:
        if not is_missing(line):
            line.works()  # it does
        rows.append((line.text, happens(line), line.why, line.instead))
    return rows


def run_all(config: Config) -> list[tuple[str, str, str, str]]:
    """Runs all printed lines."""
    return run(printed_lines(config))


def show_rows(rows: list[tuple[str, str, str, str]], what: str) -> None:
    """Prints each row, and how many raise an error or are wrong."""
    for text, found, why, works in rows:
        print(f"  {what}: {text}")
        print(f"    today: {found}: {why}")
        print(f"    works: {works}")
    errors = sum(found.endswith("Error") for _, found, _, _ in rows)
    right = sum(found == RIGHT for _, found, _, _ in rows)
    missing = sum(found.endswith("not installed") for _, found, _, _ in rows)
    others = len(rows) - errors - right - missing
    print(
        f"  of {len(rows)}, {errors} raise an error, {others} mean something "
        f"else, {right} are right, {missing} cannot be tried"
    )


def run_printed(lines: list[Line]) -> list[tuple[str, str, str, str]]:
    """Runs the printed lines and prints what happens."""
    rows = run(lines)
    show_rows(rows, "printed")
    return rows


# %% tags=["active-ipynb"]
# rows = run_printed(lines)

# %% [markdown]
# ## 3 Train
#
# Nothing is trained here. But these are the lines that one is tempted to write
# in place of the printed ones. They stand in no slide and in no notes. Most of
# them run, and a training with them goes wrong without a word.
#
# **Predict**: the state lives in a variable, and `assign` updates it. What is
# the gradient of $h_2$ with respect to $x_1$ then? And what does the loss say
# of a good prediction, if it gets probabilities in place of logits?


# %%
def variants(H: int, D: int, output_dim: int) -> list[Line]:
    """Returns lines that are printed nowhere and often written."""
    W_hh, h, W_xh, x, _ = numbers(H, D, output_dim)
    y, logits, loss = one_loss()
    rows = np.ones((5, D), "float32")

    def weight(shape):
        return keras.layers.Layer().add_weight(shape)

    def kept_in_a_variable():
        """Returns the gradient of h_2 with respect to x_1."""
        kept, x_1 = tf.Variable([0.0]), tf.constant([0.5])
        with tf.GradientTape() as tape:
            tape.watch(x_1)
            for x_t in (x_1, tf.constant([0.5])):
                kept.assign(tf.math.tanh(kept + x_t))
            h_2 = kept.read_value()
        return tape.gradient(h_2, x_1, unconnected_gradients="zero")

    def passed_on():
        x_1 = tf.constant([0.5])
        with tf.GradientTape() as tape:
            tape.watch(x_1)
            h_t = tf.zeros([1])
            for x_t in (x_1, tf.constant([0.5])):
                h_t = tf.math.tanh(h_t + x_t)
        return tape.gradient(h_t, x_1)

    return [
        Line(
            "x_t @ self.add_weight([rnn_units, input_dim])",
            lambda: ops.matmul(rows, weight([H, D])),
            "the slide's shape is for columns, a batch is rows",
            "x_t @ self.add_weight([input_dim, rnn_units])",
            lambda: ops.matmul(rows, weight([D, H])),
        ),
        Line(
            "tanh((W_hh @ h) * (W_xh @ x))",
            lambda: np.tanh((W_hh.T @ h) * (W_xh @ x)),
            "the notes with matrix products: the two terms are added",
            "tanh(x_t @ W_xh + h_prev @ W_hh)",
            lambda: np.tanh(x.T @ W_xh.T + h.T @ W_hh),
            means=lambda: np.tanh(W_hh.T @ h + W_xh @ x),
        ),
        Line(
            "self.h.assign(tf.math.tanh(...))",
            kept_in_a_variable,
            "a variable cuts the gradient: nothing reaches the step before",
            "output, h = cell(x, h)",
            passed_on,
            means=passed_on,
        ),
        Line(
            "softmax_cross_entropy_with_logits(y, tf.nn.softmax(predicted))",
            lambda: tf.nn.softmax_cross_entropy_with_logits(
                y, tf.nn.softmax(logits)
            ),
            "on probabilities it runs too: it takes the softmax twice",
            "softmax_cross_entropy_with_logits(labels=y, logits=logits)",
            lambda: tf.nn.softmax_cross_entropy_with_logits(y, logits),
            means=lambda: loss,
        ),
    ]


def run_variants(config: Config) -> list[tuple[str, str, str, str]]:
    """Runs the variants and prints what happens."""
    rows = run(variants(config.units, config.input_dim, config.output_dim))
    show_rows(rows, "tempting")
    return rows


# %% tags=["active-ipynb"]
# tempting = run_variants(config)

# %% [markdown]
# Where does the state live? In a tensor it leaks out of the graph. In a
# variable it works, but the gradient stops at every step, and nobody complains.
# So the state is passed in and returned. And the loss of a good prediction
# stays large, because two softmaxes flatten it.
#
# ## 4 Look
#
# The table of the printed lines is the figure of this lab.


# %%
def plot(rows: list[tuple[str, str, str, str]]) -> Figure:
    """Returns the table as a figure."""
    return plot_printed([(text, what, works) for text, what, _, works in rows])


# %% tags=["active-ipynb"]
# figure = plot(rows)
# figure


# %% tags=["active-py"]
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        The rows of the table, those of the variants, and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    lines = show_lines(config)

    print("2 Model")
    rows = run_printed(lines)

    print("3 Train")
    tempting = run_variants(config)

    print("4 Look")
    figure = plot(rows)
    print(f"  figure: {save_figure(figure, Path(config.out, 'printed.png'))}")
    return {"rows": rows, "tempting": tempting, "figure": figure}


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
# 1. Make all three sizes equal, `--units 3 --input_dim 3 --output_dim 3`. Which
#    errors are gone, and what do those lines compute now? Which is worse?
# 2. Write the whole class so that it runs, then compare with
#    mitseq/layers/my_rnn_cell.py.
# 3. Why does a variable cut the gradient, while a tensor does not?
# 4. Find the slide's transposes: where did `W_hh^T h` go in `h @ W_hh`?
