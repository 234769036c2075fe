"""The slide's own cell."""

import copy

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
class MyRNNCell:
    """The slide's cell: three weight matrices and a hidden state.

    Rows are the batch (of one), so the slide's W^T x is `x @ W` here:

        h = tanh(x W_xh + h W_hh)
        output = h W_hy
    """

    def __init__(self, W_xh, W_hh, W_hy):
        # The weight matrices: (D, H), (H, H), (H, O)
        self.W_xh, self.W_hh, self.W_hy = W_xh, W_hh, W_hy
        # TODO: initialize the hidden state self.h, zeros of shape (1, H).
        # solution
        self.h = np.zeros((1, len(W_hh)))
        # end

    def call(self, x):
        """Returns the output (1, O) and the hidden state (1, H)."""
        # TODO: update the hidden state.
        # solution
        self.h = np.tanh(x @ self.W_xh + self.h @ self.W_hh)
        # end

        # TODO: compute the output.
        # solution
        output = self.h @ self.W_hy
        # end

        return output, self.h


# %% check
def use(MyRNNCell, words, W_xh, W_hh, W_hy):
    cell = MyRNNCell(W_xh, W_hh, W_hy)
    return [copy.deepcopy(cell.call(x)) for x in words]


def cases():
    rng = np.random.default_rng(1)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((3, 1, D), (D, H), (H, H), (H, O))
        )
        for D, H, O in ((2, 2, 2), (3, 2, 4))  # noqa: E741
    ]


EXERCISE = Exercise(
    module=__name__,
    function="MyRNNCell",
    title="MyRNNCell",
    slide="RNNs from Scratch in TensorFlow",
    code="mitseq.layers.my_rnn_cell:MyRNNCell",
    cases=cases,
    use=use,
    told="cell = MyRNNCell(W_xh, W_hh, W_hy); cell.call(x) for each x of words",
    points=2,
    mistakes=(
        Mistake(
            "The state is forgotten: the new one is not kept in self.h, so "
            "every word is the first.",
            {
                "self.h = np.tanh(": "h = np.tanh(",
                "output = self.h": "output = h",
            },
        ),
        Mistake(
            "`*` multiplies element by element; the printed slide has it. The "
            "products are those of matrices: `@`.",
            {
                "x @ self.W_xh": "x * self.W_xh",
                "self.h @ self.W_hh": "self.h * self.W_hh",
            },
        ),
        Mistake(
            "The old state has no part in the new one: self.h W_hh is missing.",
            {" + self.h @ self.W_hh": ""},
        ),
        Mistake(
            "The tanh of the state is missing.",
            {"np.tanh(x @ self": "(x @ self"},
        ),
        Mistake(
            "There is a tanh around the output. It is a product with W_hy "
            "alone.",
            {"self.h @ self.W_hy": "np.tanh(self.h @ self.W_hy)"},
        ),
        Mistake(
            "The state does not begin with zeros.",
            {"np.zeros(": "np.ones("},
        ),
    ),
)
