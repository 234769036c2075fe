"""Lab 18: will I pass this class? One to one, and the same optimum.

Slides: Lecture 2, "Sequence Modeling Applications" and "The Perceptron
Revisited" (docs/slides.md#applications).
Read before: mitseq/layers/perceptron.py, mitseq/by_hand/descent.py.
Command: python labs/18_will_i_pass.py
Minutes: less than one on two cores.
Expect: 3 ways end with the same weights, to three digits: a neuron trained by
hand, one trained by `fit`, and scikit-learn's logistic regression. Fitted to
three classes, it is right about 80.9 % (80.5 to 81.3) of 20,000 new students;
who knows the true chances is right about 80.9 % (80.6 to 81.4). Where the
classes do not overlap there is no optimum to reach: the weights grow from 26 to
57, and the loss still falls.
"""

# %% [markdown]
# # Will I pass this class?
#
# ## Idea
#
# The lecture begins its list of shapes with *one to one*: one input, one
# output, no sequence. A student is two numbers, the lectures attended and the
# hours spent on the project; the answer is one, the chance to pass. One neuron
# is enough. Statistics has had it for longer, as *logistic regression*. Here
# you go three ways to its weights: gradient descent written out, `fit`, and
# scikit-learn.

# %%
import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from mitseq.by_hand.students import HOURS, LECTURES, students
from mitseq.plots.passing import plot_passing
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Students to learn from: with more, the truth is met more closely.
    students: int = 400
    # Students nobody has seen: enough to tell one percent.
    held_out: int = 20_000
    # Steps of gradient descent.
    steps: int = 100
    # How far a step goes: large, as the valley is round after the centering.
    learning_rate: float = 4.0
    # Students of the class in which everybody who works passes.
    clear: int = 20
    # Classes to learn from, where it is asked who is right how often.
    seeds: int = 3
    # The first of them; decides the students.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/18_will_i_pass"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# Invented students: each has a chance to pass that grows with lectures and with
# hours, and luck decides the rest.


# %%
def show_data(config: Config):
    """Returns students, lectures and hours as shares, and who passed."""
    x, _, passed = students(config.students, config.seed)
    print(f"  {len(x)} students, {passed.sum()} passed")
    return x, passed


# %% tags=["active-ipynb"]
# x, passed = show_data(config)

# %% [markdown]
# ## 2 Model
#
# One neuron, $\hat{y} = \sigma(w \cdot x + b)$, and the cross-entropy of what
# it says.


# %%
def sigmoid(total: np.ndarray) -> np.ndarray:
    """Squeezes any number between 0 and 1."""
    return 1 / (1 + np.exp(-total))


def loss_of(w: np.ndarray, b: float, x: np.ndarray, y: np.ndarray) -> float:
    """Returns the mean cross-entropy, in nats a student."""
    total = x @ w + b
    # log(1 + e^total) - y total, without an overflow
    return float(np.mean(np.logaddexp(0, total) - y * total))


# %% [markdown]
# **Predict**: with weights and bias of zero, what does the neuron say of every
# student? What is the loss then, and does it matter how many passed?


# %%
def show_start(x: np.ndarray, passed: np.ndarray) -> None:
    """Prints the loss before the first step."""
    w, b = np.zeros(2), 0.0
    chances = sigmoid(x @ w + b)
    print(f"  chances {chances.min():.2f} to {chances.max():.2f}")
    print(f"  loss {loss_of(w, b, x, passed):.6f} nats a student")


# %% tags=["active-ipynb"]
# show_start(x, passed)

# %% [markdown]
# One half for everybody. That costs $\log 2 = 0.693$ nats for a student who
# passed, and as much for one who failed.
#
# ## 3 Train
#
# The inputs are centered and scaled first: the valley of the loss becomes
# round, and a few steps lead to its ground. What is found is told for the
# inputs as they were.


# %%
def centered(x: np.ndarray):
    """Returns inputs of mean 0 and deviation 1, and both as they were."""
    middle, width = x.mean(axis=0), x.std(axis=0)
    return (x - middle) / width, middle, width


# %% [markdown]
# By hand: the derivative of the loss is $(\hat{y} - y)\,x$, averaged over the
# students, and a step goes against it.


# %%
def by_hand(config: Config, x: np.ndarray, y: np.ndarray):
    """Returns weights, bias, and the loss before each step."""
    z, middle, width = centered(x)
    w, b, losses = np.zeros(2), 0.0, []
    for _ in range(config.steps):
        losses.append(loss_of(w, b, z, y))
        wrong = sigmoid(z @ w + b) - y
        w = w - config.learning_rate * wrong @ z / len(z)
        b = b - config.learning_rate * float(wrong.mean())
    w = w / width
    return w, b - float(w @ middle), losses


def train_by_hand(config: Config, x: np.ndarray, passed: np.ndarray):
    """Descends, and says where it ends; returns what `by_hand` returns."""
    w, b, losses = by_hand(config, x, passed)
    show_weights("by hand", w, b, x, passed)
    return w, b, losses


def show_weights(name: str, w, b: float, x, passed) -> None:
    """Prints the weights, and the loss that they have."""
    print(
        f"  {name:20} {w[0]:.3f} lectures + {w[1]:.3f} hours {b:+.3f}: "
        f"loss {loss_of(w, b, x, passed):.6f}"
    )


# %% tags=["active-ipynb"]
# hand = train_by_hand(config, x, passed)

# %% [markdown]
# Then by `fit`: the same neuron is a layer of one unit. Every batch is the
# whole class, so that a step is the same step.
#
# **Predict**: will it end at the same weights? And scikit-learn, which goes
# there by another way, Newton's? To how many digits?


# %%
@show_progress()
def train_by_fit(config: Config, x: np.ndarray, passed: np.ndarray):
    """Returns weights, bias, and the loss before each step."""
    z, middle, width = centered(x)
    neuron = keras.layers.Dense(1, kernel_initializer="zeros")
    inputs = keras.Input((2,))
    model = keras.Model(inputs, neuron(inputs))
    model.compile(
        optimizer=keras.optimizers.SGD(config.learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        jit_compile=False,
    )
    history = model.fit(
        z.astype("float32"),
        passed.astype("float32")[:, None],
        batch_size=len(x),
        epochs=config.steps,
        shuffle=False,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    kernel, bias = neuron.get_weights()
    w = kernel[:, 0].astype(float) / width
    b = float(bias[0] - w @ middle)
    show_weights("by fit", w, b, x, passed)
    return w, b, history.history["loss"]


# %% tags=["active-ipynb"]
# fitted = train_by_fit(config, x, passed)

# %% [markdown]
# And by logistic regression. By default scikit-learn also pulls the weights
# towards zero; `C=inf` turns that off.


# %%
def by_regression(x: np.ndarray, y: np.ndarray):
    """Returns weights and bias."""
    classifier = LogisticRegression(C=np.inf, tol=1e-10, solver="newton-cg")
    classifier.fit(x, y)
    return classifier.coef_[0], float(classifier.intercept_[0])


def train_by_regression(x: np.ndarray, passed: np.ndarray):
    """Says where Newton's method ends; returns weights and bias."""
    w, b = by_regression(x, passed)
    show_weights("logistic regression", w, b, x, passed)
    return w, b


# %% tags=["active-ipynb"]
# newton = train_by_regression(x, passed)

# %% [markdown]
# All three end at the same point, as they must: this loss has one minimum only,
# whoever looks for it. That is so for one neuron; with a second layer it no
# longer is.
#
# ## 4 Look
#
# Since they are at the same place, one of them stands for all. It is fitted to
# three classes of students, and asked about new ones.
#
# **Predict**: how many does it get right, and how many would somebody get right
# who knows each student's true chance?


# %%
def told(shares: Sequence[float]) -> str:
    """The mean of the classes, the lowest and the highest."""
    return f"{np.mean(shares):.1%} ({min(shares):.1%} to {max(shares):.1%})"


def fit_classes(config: Config) -> list[tuple[np.ndarray, float]]:
    """Returns weights and bias of each class; the first is that above."""
    found = []
    for seed in range(config.seed, config.seed + config.seeds):
        x, _, passed = students(config.students, seed)
        found.append(by_regression(x, passed))
    return found


def judge(config: Config, classes) -> dict[str, list[float]]:
    """Returns who is right how often about new students."""
    right: dict[str, list[float]] = {
        "the neuron": [],
        "who knows the true chances": [],
    }
    for seed, (w, b) in enumerate(classes, config.seed + 1000):
        new_x, chances, passed = students(config.held_out, seed)
        # who knows the chances is wrong about the lucky and unlucky ones
        guesses = (new_x @ w + b > 0, chances > 0.5)
        for shares, guess in zip(right.values(), guesses, strict=True):
            shares.append(float((guess == passed).mean()))
    for name, shares in right.items():
        print(f"  {name}: right about {told(shares)} of new students")
    return right


# %% tags=["active-ipynb"]
# classes = fit_classes(config)
# right = judge(config, classes)

# %% [markdown]
# Nobody can know who will be lucky: the rest is no mistake of the neuron. Now
# the question of the lecture, for one student; and a class has no order, so
# another order of the students must change nothing.


# %%
def ask(classes) -> list[float]:
    """Returns the chance of a student of 4 lectures and 5 hours."""
    mine = np.array([4 / LECTURES, 5 / HOURS])
    answers = [float(sigmoid(mine @ w + b)) for w, b in classes]
    print(f"  4 lectures and 5 hours: a chance of {told(answers)}")
    return answers


def shuffle(config: Config, x, passed, newton) -> float:
    """Returns how far a weight moves if the students change places."""
    order = np.random.default_rng(config.seed).permutation(len(x))
    shuffled = by_regression(x[order], passed[order])
    moved = float(np.abs(np.append(*shuffled) - np.append(*newton)).max())
    print(f"  the students in another order: the weights move by {moved:.0e}")
    return moved


# %% tags=["active-ipynb"]
# answers = ask(classes)
# moved = shuffle(config, x, passed, newton)


# %%
def plot(x, passed, hand, fitted, newton) -> Figure:
    """Returns the figure: the students, the chances, and the descents."""
    return plot_passing(
        x,
        passed,
        *newton,
        (LECTURES, HOURS),
        {"by hand": hand[2], "by fit": fitted[2]},
        loss_of(*newton, x, passed),
    )


# %% tags=["active-ipynb"]
# figure = plot(x, passed, hand, fitted, newton)
# figure

# %% [markdown]
# Is there always such a place? Let everybody pass who did more than half of the
# work, and nobody else: luck has no part in it, and a line parts the two
# without a mistake.
#
# **Predict**: what do the weights and the loss do as the steps go on?


# %%
def clear_class(config: Config) -> dict[int, tuple[float, float]]:
    """Returns steps -> length of the weights and loss, where luck is absent."""
    x, _, _ = students(config.clear, config.seed + 1)
    x = x[np.abs(x.sum(axis=1) - 1) > 0.1]  # nobody on the line
    y = (x.sum(axis=1) > 1).astype(int)
    found = {}
    for steps in (100, 1000, 10_000):
        w, b, losses = by_hand(dataclasses.replace(config, steps=steps), x, y)
        found[steps] = float(np.linalg.norm(w)), losses[-1]
        print(
            f"  no luck involved, {steps} steps: weights of length "
            f"{found[steps][0]:.1f}, loss {losses[-1]:.4f}"
        )
    return found


# %% tags=["active-ipynb"]
# clear = clear_class(config)

# %% [markdown]
# A steeper neuron is always better here: the loss falls towards zero, and the
# weights grow without an end. There is no optimum to reach.


# %% tags=["active-py"]
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    x, passed = show_data(config)

    print("2 Model")
    show_start(x, passed)

    print("3 Train")
    hand = train_by_hand(config, x, passed)
    fitted = train_by_fit(config, x, passed)
    newton = train_by_regression(x, passed)

    print("4 Look")
    classes = fit_classes(config)
    right = judge(config, classes)
    answers = ask(classes)
    moved = shuffle(config, x, passed, newton)
    figure = plot(x, passed, hand, fitted, newton)
    clear = clear_class(config)
    print(f"  figure: {save_figure(figure, Path(config.out, 'passing.png'))}")
    return {
        "found": {
            "by hand": hand[:2],
            "by fit": fitted[:2],
            "logistic regression": newton,
        },
        "right": right,
        "answers": answers,
        "moved": moved,
        "clear": clear,
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
# 1. `--students 40`: by how much do the weights miss the true ones (5, 6, -5)?
#    And `--students 40000`? Which of the two moves the accuracy more?
# 2. `--learning_rate 40`: what does the loss do, and why does scikit-learn not
#    have this trouble?
# 3. Take `C=1.0`, scikit-learn's default. In which direction do the weights
#    move, and is the class without luck still without an optimum?
# 4. Let it matter whether a student came in the first weeks or in the last
#    ones. What would the input be, and why is one neuron on two numbers not
#    enough any more? (Then it is many to one: Lab 9.)
