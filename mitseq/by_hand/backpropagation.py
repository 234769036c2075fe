r"""Backpropagation through time as arithmetic: one unit, every derivative.

Slide: Lecture 2, "RNNs: Backpropagation Through Time" (docs/slides.md#bptt).
Plain numbers, no tensors. A recurrent network of one unit with three weights
reads x_1 ... x_T and is told at each step what it should have said:

    h_t = tanh(w h_{t-1} + u x_t)      from h_0 = 0
    y_t = v h_t
    L_t = (y_t - target_t)^2 / 2       L = L_1 + ... + L_T

Backward, from t = T to 1. What reaches h_t is a local part, from the loss of
step t, and what flows back from step t+1:

    dL/dh_t = (y_t - target_t) v + dL/dh_{t+1} (1 - h_{t+1}^2) w
    dL/da_t = dL/dh_t (1 - h_t^2)      a_t is what the tanh is taken of

The weights are the same at every step, so their derivatives are sums:

    dL/dw = sum_t dL/da_t h_{t-1}    dL/du = sum_t dL/da_t x_t
    dL/dv = sum_t (y_t - target_t) h_t

mitseq/layers/equations.py and bptt.py are the same with matrices.
"""

import dataclasses
import math
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class ScalarBPTT:
    """One forward and one backward pass; each list has one number a step."""

    h: list[float]  # h_1 ... h_T
    y: list[float]
    losses: list[float]  # L_t
    local: list[float]  # the part of dL/dh_t that comes from L_t
    later: list[float]  # the part that flows back from step t+1
    dh: list[float]  # dL/dh_t = local + later
    da: list[float]
    dw_steps: list[float]  # what each step adds to dL/dw
    dw: float
    du: float
    dv: float

    @property
    def loss(self) -> float:
        """Returns the total loss, the sum over the steps."""
        return sum(self.losses)

    def table(self) -> str:
        """Returns the two passes as text, one line a step."""
        lines = [
            "step     h_t     y_t     L_t |   local +   later = dL/dh_t"
            " | adds to dL/dw"
        ]
        for t, loss in enumerate(self.losses):
            lines.append(
                f"{t + 1:4} {self.h[t]:7.4f} {self.y[t]:7.4f} {loss:7.4f} | "
                f"{self.local[t]:7.4f} + {self.later[t]:7.4f} = "
                f"{self.dh[t]:7.4f} | {self.dw_steps[t]:13.4f}"
            )
        lines.append(f" sum {self.loss:23.4f} | {self.dw:43.4f}")
        return "\n".join(lines)


def scalar_bptt(
    x: Sequence[float],
    targets: Sequence[float],
    w: float,
    u: float,
    v: float,
    steps_back: int | None = None,
) -> ScalarBPTT:
    """Runs one unit forward over a sequence and backward through time.

    Args:
        x: The inputs x_1 ... x_T.
        targets: What the output should be at each step.
        w: The weight from the state to the next one.
        u: The weight from the input.
        v: The weight to the output.
        steps_back: Cut the way back every so many steps: nothing flows from
            the first step of a piece into the piece before it (truncated
            backpropagation through time); None for no cut.

    Returns:
        A `ScalarBPTT`.

    Raises:
        ValueError: if there is not one target for each input, there is no
            input, or `steps_back` is not a positive int.

    Example:

    >>> passes = scalar_bptt([1.0, 0.0], [0.0, 1.0], w=0.5, u=1.0, v=1.0)
    >>> print(passes.table())
    step     h_t     y_t     L_t |   local +   later = dL/dh_t | adds to dL/dw
       1  0.7616  0.7616  0.2900 |  0.7616 + -0.2763 =  0.4853 |        0.0000
       2  0.3634  0.3634  0.2026 | -0.6366 +  0.0000 = -0.6366 |       -0.4208
     sum                  0.4926 |                                     -0.4208
    """
    if not x or len(x) != len(targets):
        raise ValueError(
            "`targets` must have one number for each of `x`, at least one. "
            f"Received: {len(x)} inputs, {len(targets)} targets."
        )
    if steps_back is not None and steps_back < 1:
        raise ValueError(
            "`steps_back` must be a positive int or None. "
            f"Received: steps_back={steps_back!r}."
        )
    T = len(x)
    # Forward.
    h, h_prev = [], 0.0
    for x_t in x:
        h_prev = math.tanh(w * h_prev + u * x_t)
        h.append(h_prev)
    y = [v * h_t for h_t in h]
    errors = [y_t - target for y_t, target in zip(y, targets, strict=True)]
    # Backward; index t here is step t + 1 of the equations.
    local = [error * v for error in errors]
    later, dh, da = [0.0] * T, [0.0] * T, [0.0] * T
    for t in reversed(range(T)):
        is_cut = steps_back is not None and (t + 1) % steps_back == 0
        if t + 1 < T and not is_cut:
            later[t] = da[t + 1] * w
        dh[t] = local[t] + later[t]
        da[t] = dh[t] * (1 - h[t] ** 2)
    # The weights are shared: sums over time.
    dw_steps = [
        da_t * before for da_t, before in zip(da, [0.0, *h[:-1]], strict=True)
    ]
    return ScalarBPTT(
        h=h,
        y=y,
        losses=[error**2 / 2 for error in errors],
        local=local,
        later=later,
        dh=dh,
        da=da,
        dw_steps=dw_steps,
        dw=sum(dw_steps),
        du=sum(da_t * x_t for da_t, x_t in zip(da, x, strict=True)),
        dv=sum(error * h_t for error, h_t in zip(errors, h, strict=True)),
    )


def influence(h: Sequence[float], w: float) -> list[list[float]]:
    """Returns dh_t/dh_k for all pairs of steps: the products on the slide.

    Args:
        h: The states h_1 ... h_T.
        w: The weight from the state to the next one.

    Returns:
        A list for each t = 1 ... T with the t numbers for k = 1 ... t: the
        product of one factor (1 - h_s^2) w for each step s from k+1 to t.

    Example:

    >>> influence([0.0, 0.0, 0.0], w=0.5)
    [[1.0], [0.5, 1.0], [0.25, 0.5, 1.0]]
    """
    rows = []
    for t in range(len(h)):
        row = [1.0]
        for s in range(t, 0, -1):
            row.insert(0, row[0] * (1 - h[s] ** 2) * w)
        rows.append(row)
    return rows
