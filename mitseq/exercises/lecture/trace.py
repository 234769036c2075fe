"""The same trace as a loop."""

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def trace(x, keep, write, h_0):
    """Returns the states h_1 ... h_T of a recurrence that fits on paper.

        h_t = keep * h_prev + write * x_t

    Args:
        x: A number for each word, x_1 ... x_T.
        keep: What the old state is multiplied by.
        write: What the input is multiplied by.
        h_0: The state before the first word.

    >>> trace([1, 2], keep=0.5, write=0.5, h_0=0)
    [0.5, 1.25]
    """
    # TODO: go through x with a loop. Each step computes h_t from h_prev and
    # x_t, keeps it in a list, and hands it on to the next step.
    # solution
    states, h_prev = [], h_0
    for x_t in x:
        h_t = keep * h_prev + write * x_t
        states.append(h_t)
        h_prev = h_t
    return states
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="trace",
    title="The trace as a loop",
    slide="Trace the Hidden State by Hand",
    code="mitseq.by_hand.trace:trace_by_hand",
    cases=lambda: [
        ([1, 2, 3, 4, 5], 0.5, 0.5, 0),
        ([1, 2, 3, 4, 5], 0.9, 0.1, 0),
        ([2, -1, 3], 0.5, 2.0, 4),
    ],
    mistakes=(
        Mistake(
            "The state is not handed on: every step begins with h_0. Set "
            "h_prev to the new state at the end of each step.",
            {"h_prev = h_t": "pass"},
        ),
        Mistake(
            "keep and write have changed places: keep belongs to the old "
            "state, write to the input.",
            {"keep * h_prev + write * x_t": "write * h_prev + keep * x_t"},
        ),
        Mistake(
            "The first h_prev is 0, whatever h_0 says.",
            {"h_prev = [], h_0": "h_prev = [], 0"},
        ),
        Mistake(
            "This is the last state alone. All of them are asked for, in a "
            "list.",
            {"return states": "return h_t"},
        ),
        Mistake(
            "h_0 is in your list. It begins with h_1.",
            {"return states": "return [h_0, *states]"},
        ),
    ),
)
