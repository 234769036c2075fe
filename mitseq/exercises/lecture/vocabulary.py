"""From characters to numbers."""

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def build_vocabulary(text):
    """Returns a dict from each character of a text to its index.

    A network takes numbers, so each character gets one: the characters in
    their sorted order, each once, numbered from 0.

    >>> build_vocabulary("abca")
    {'a': 0, 'b': 1, 'c': 2}
    """
    # TODO: `set` leaves each character once, `sorted` orders them,
    # `enumerate` counts.
    # solution
    return {c: i for i, c in enumerate(sorted(set(text)))}
    # end


# %% check
_DICT = "c: i for i, c in enumerate(sorted(set(text)))"

EXERCISE = Exercise(
    module=__name__,
    function="build_vocabulary",
    title="A vocabulary",
    slide="Encoding Language for a Neural Network",
    code="mitseq.text.vocabulary:Vocabulary",
    cases=lambda: [("cab cab",), ("X:1\nK:D\n|:dAF|",), ("z",)],
    mistakes=(
        Mistake(
            "The order is that of the text. Two texts with the same characters "
            "then get two vocabularies: sort them.",
            {"sorted(set(text))": "dict.fromkeys(text)"},
        ),
        Mistake(
            "You count from 1. The first index is 0, as for the rows of an "
            "embedding.",
            {"enumerate(sorted(set(text)))": "enumerate(sorted(set(text)), 1)"},
        ),
        Mistake(
            "It leads from index to character: the other way round.",
            {"{c: i for": "{i: c for"},
        ),
        Mistake(
            "A character that stands twice is counted twice, so there are "
            "gaps between the indices. `set` leaves it once.",
            {"set(text)": "text"},
        ),
        Mistake(
            "These are the codes of the characters. The indices must be 0, 1, "
            "2, ... without gaps.",
            {_DICT: "c: ord(c) for c in text"},
        ),
    ),
)
