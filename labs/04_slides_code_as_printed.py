"""Lab 4: the slides' code as printed, and the lines that work.

Slides: Lecture 2, "RNNs from Scratch in TensorFlow", "RNN Implementation:
TensorFlow & PyTorch", "RNN Intuition" and "Example Task: Sentiment
Classification" (docs/slides.md#rnn); notes, "RNNs from Scratch".
Read before: mitseq/layers/rnn.py.
Command: python labs/04_slides_code_as_printed.py
Minutes: a few seconds.
Expect: a table of 14 printed lines. 10 of them raise an error, 4 run and mean
something else. Beside each stands the line that works, and every one runs.
"""

# %% [markdown]
# # The slides' code as printed
#
# ## Idea
#
# Code on a slide is a drawing: it shows the idea, and nobody runs it. Copy it
# into a file, and it fails. Or worse, it runs and computes something else. In
# this lab each printed line runs as it stands. You see what happens today, and
# why. Beside it stands the line that does what the slide means.

# %%
import argparse
import dataclasses
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


# %% [markdown]
# ## 1 Data
#
# The data of this lab is code. A `Line` holds a printed line, why it is wrong,
# and the line that works. Both run in the smallest setting that gives them a
# meaning.


# %%
@dataclasses.dataclass(frozen=True)
class Line:
    """One printed line and the one that works.

    `printed` and `works` return what the line computes. A printed line that
    raises nothing is wrong if it computes something else than it means, which
    `means` computes.
    """

    text: str
    printed: Callable
    why: str
    instead: str
    works: Callable
    means: Callable | None = None


# %% [markdown]
# ## 2 Model
#
# The class of the notes comes first, from its first line on. `kreas`, `Layers`
# and `add_weights` do not exist. `add_weight` does, but its first argument was
# once the name and is now the shape. And a layer gets weights only after it has
# been initialized.


# %%
def of_the_class(H: int, D: int, output_dim: int) -> list[Line]:
    """Returns the lines of the class, up to its weights."""

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

    def named(shape):
        return weight(name="W_xh", shape=shape)

    x_t = np.ones((1, D), "float32")
    return [
        Line(
            "class MyRNNCell(tf.kreas.layers.Layers):",
            lambda: tf.kreas.layers.Layers,
            "two misprints: kreas, Layers",
            "class MyRNNCell(keras.layers.Layer):",
            lambda: keras.layers.Layer,
        ),
        Line(
            "def __init__(self, ...): self.W_xh = ...",
            before_super,
            "a layer keeps track of weights only after super().__init__()",
            "super().__init__() first",
            after_super,
        ),
        Line(
            "self.add_weights([rnn_units, input_dim])",
            lambda: keras.layers.Layer().add_weights([H, D]),
            "there is no add_weights",
            'self.add_weight(name="W_xh", shape=...)',
            lambda: named((D, H)),
        ),
        Line(
            "self.add_weight([rnn_units, input_dim])",
            lambda: ops.matmul(x_t, weight([H, D])),
            "it makes (H, D), which rows as a batch cannot be multiplied with",
            "self.add_weight(shape=(input_dim, rnn_units))",
            lambda: ops.matmul(x_t, named((D, H))),
        ),
        Line(
            "self.W_hy = self.add_weight([output_dim, rnn_units])",
            lambda: ops.matmul(ops.ones((1, H)), weight([output_dim, H])),
            "the same: from -> to is (rnn_units, output_dim)",
            "self.add_weight(shape=(rnn_units, output_dim))",
            lambda: ops.matmul(ops.ones((1, H)), weight(shape=(H, output_dim))),
        ),
    ]


# %% [markdown]
# Then comes the update of the state. `*` multiplies element by element; on the
# slide it stands for a matrix product. In the notes even the `+` between the
# two terms is a `*`. One of these lines is broadcast to a matrix, and nobody
# complains.
#
# Where does the state live? In a tensor it leaks out of the graph. In a
# variable it works, but the gradient stops at every step, and nobody complains
# either. So the state is passed in and returned.


# %%
def of_the_update(H: int, D: int, output_dim: int) -> list[Line]:
    """Returns the lines of `call`."""
    rng = np.random.default_rng(0)
    W_hh, h = rng.normal(size=(H, H)), rng.normal(size=(H, 1))
    W_xh, x = rng.normal(size=(H, D)), rng.normal(size=(D, 1))
    W_hy = rng.normal(size=(output_dim, H))
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
            lambda: np.tanh((W_hh.T @ h) * (W_xh @ x)),
            "even with matrix products: the two terms are added",
            "tanh(x_t @ W_xh + h_prev @ W_hh)",
            lambda: np.tanh(x.T @ W_xh.T + h.T @ W_hh),
            means=lambda: np.tanh(state + product),
        ),
        Line(
            "output = self.W_hy * self.h",
            lambda: tf.constant(W_hy) * tf.constant(h),
            "shapes (O, H) and (H, 1) cannot be broadcast",
            "ops.matmul(h_t, self.W_hy)",
            lambda: ops.matmul(h.T, W_hy.T),
            means=lambda: W_hy @ h,
        ),
        Line(
            "self.h = tf.math.tanh(...)  in a tf.function",
            kept_in_a_tensor,
            "a tensor of a graph lives on outside of it",
            "output, h = cell(x, h)",
            returned,
        ),
        Line(
            "self.h.assign(tf.math.tanh(...))",
            kept_in_a_variable,
            "a variable cuts the gradient: nothing reaches the step before",
            "output, h = cell(x, h)",
            passed_on,
            means=passed_on,
        ),
    ]


# %% [markdown]
# Last, the lines around the class.


# %%
def of_the_rest(H: int, D: int, output_dim: int) -> list[Line]:
    """Returns the import, the loop over words, and the loss."""
    logits = np.array([[2.0, -1.0]], "float32")
    y = np.array([[1.0, 0.0]], "float32")

    def words_as_they_are():
        cell = MyRNNCell(rnn_units=H, input_dim=D, output_dim=output_dim)
        return cell("I", [0] * H)

    def words_as_vectors():
        cell = MyRNNCell(rnn_units=H, input_dim=D, output_dim=output_dim)
        prediction, _ = cell(ops.one_hot([0], D), [0] * H)
        return prediction

    def from_tf():
        exec("from tf.keras.layers import SimpleRNN")

    def loss(**arguments):
        return tf.nn.softmax_cross_entropy_with_logits(**arguments)

    return [
        Line(
            "from tf.keras.layers import SimpleRNN",
            from_tf,
            "tf is a name in your file, not a module",
            "from keras.layers import SimpleRNN",
            lambda: SimpleRNN(H)(np.ones((1, 5, D))),
        ),
        Line(
            "prediction, hidden_state = my_rnn(word, hidden_state)",
            words_as_they_are,
            "a network takes numbers, not words",
            "my_rnn(ops.one_hot([index[word]], size), hidden_state)",
            words_as_vectors,
        ),
        Line(
            "softmax_cross_entropy_with_logits(y, softmax(predicted))",
            lambda: loss(labels=y, logits=tf.nn.softmax(logits)),
            "on probabilities it runs too: it takes the softmax twice",
            "softmax_cross_entropy_with_logits(labels=y, logits=logits)",
            lambda: loss(labels=y, logits=logits),
            means=lambda: -np.log(np.exp(2) / (np.exp(2) + np.exp(-1)))[None],
        ),
    ]


# %% [markdown]
# ## 3 Train
#
# Nothing is trained here. Each line runs twice: as printed, and as it works.


# %%
RIGHT = "nothing wrong"


def happens(line: Line) -> str:
    """Returns the error or the wrong result of a printed line."""
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


def run_all(config: Config) -> list[tuple[str, str, str, str]]:
    """Returns each printed line, what happens, why, and what works."""
    sizes = config.units, config.input_dim, config.output_dim
    rows = []
    for line in [
        *of_the_class(*sizes),
        *of_the_update(*sizes),
        *of_the_rest(*sizes),
    ]:
        line.works()  # it does
        rows.append((line.text, happens(line), line.why, line.instead))
    return rows


# %% [markdown]
# ## 4 Look
#
# The table is the figure of this lab.


# %%
def plot(rows: list[tuple[str, str, str, str]]) -> Figure:
    """Returns the table as a figure."""
    return plot_printed([(text, what, works) for text, what, _, works in rows])


# %%
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        The rows of the table and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    rows = run_all(config)
    print(f"  {len(rows)} printed lines")
    print("2 Model")
    for text, what, why, works in rows:
        print(f"  printed: {text}")
        print(f"    today: {what}: {why}")
        print(f"    works: {works}")
    print("3 Train")
    errors = sum(what.endswith("Error") for _, what, _, _ in rows)
    right = sum(what == RIGHT for _, what, _, _ in rows)
    others = len(rows) - errors - right
    print(f"  {errors} raise an error, {others} mean something else")
    if right:
        print(f"  {right} are right, because the sizes happen to be equal")
    print("4 Look")
    figure = plot(rows)
    print(f"  figure: {save_figure(figure, Path(config.out, 'printed.png'))}")
    return {"rows": rows, "figure": figure}


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figure"]

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
# 1. Make all three sizes equal, `--units 3 --input_dim 3 --output_dim 3`. Which
#    errors are gone, and what do those lines compute now?
# 2. Write the whole class so that it runs, then compare with
#    mitseq/layers/my_rnn_cell.py.
# 3. Why does a variable cut the gradient, while a tensor does not?
# 4. Find the slide's transposes: where did `W_hh^T h` go in `h @ W_hh`?
