"""The hidden state of five words, with a pencil."""

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def by_pencil():
    """Returns h_1 to h_5, as you have found them with a pencil.

    The state begins with h_0 = 0. The five words count x_t = 1, 2, 3, 4, 5,
    and at each word

        h_t = 0.5 h_prev + 0.5 x_t

    First the pencil: predict what the state is after each word. Then write
    the five numbers down here, and check. Two decimals are enough.
    """
    # TODO: return the list of your five numbers, h_1 to h_5.
    # solution
    return [0.5, 1.25, 2.125, 3.0625, 4.03125]
    # end


# %% check
_ANSWER = "[0.5, 1.25, 2.125, 3.0625, 4.03125]"

EXERCISE = Exercise(
    module=__name__,
    function="by_pencil",
    title="The hidden state by hand",
    slide="Trace the Hidden State by Hand",
    code="mitseq.by_hand.trace:trace_by_hand",
    cases=lambda: [()],
    tolerance=0.005,
    mistakes=(
        Mistake(
            "The state is forgotten: each number is 0.5 x_t alone. What is "
            "h_prev at the second word?",
            {_ANSWER: "[0.5, 1.0, 1.5, 2.0, 2.5]"},
        ),
        Mistake(
            "The old state is kept as a whole. Only half of it stays: "
            "0.5 h_prev.",
            {_ANSWER: "[0.5, 1.5, 3.0, 5.0, 7.5]"},
        ),
        Mistake(
            "The word is added as a whole. Only half of it is written: "
            "0.5 x_t.",
            {_ANSWER: "[1.0, 2.5, 4.25, 6.125, 8.0625]"},
        ),
        Mistake(
            "You began with h_0 = 1. The state begins with h_0 = 0.",
            {_ANSWER: "[1.0, 1.5, 2.25, 3.125, 4.0625]"},
        ),
    ),
)
