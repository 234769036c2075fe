"""Do the bars of a tune add up?"""

import re

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def wrong_bars(tune, full):
    """Returns the numbers of the bars that do not add up, counted from 1.

    The notes of a tune are letters, A to G or a to g, and z is a rest. Each
    lasts one beat, or as many as the number behind it says: d3 lasts three,
    A12 twelve. A line | ends a bar. Blanks mean nothing.

    Args:
        tune: "DFA AFD|d3 A3|": two bars.
        full: How many beats a bar has, 6 in 6/8.

    >>> wrong_bars("DFA AFD|d3 A3|DFA AFDd|", full=6)
    [3]
    """
    # TODO: tune.split("|"), and re.findall(r"[A-Ga-gz](\d*)", bar) for the
    # numbers of a bar, "" where there is none. What is behind the last line
    # is no bar.
    # solution
    wrong = []
    for number, bar in enumerate(tune.split("|")[:-1], start=1):
        counts = re.findall(r"[A-Ga-gz](\d*)", bar)
        if sum(int(count or 1) for count in counts) != full:
            wrong.append(number)
    return wrong
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="wrong_bars",
    title="The bar check",
    slide="Example Task: Music Generation",
    code="mitseq.tunes.check:check",
    cases=lambda: [
        ("DFA AFD|d3 A3|DFA AFDd|d6|", 6),
        ("G2B d2B|A3 A2|B3 z3|cBA GFE|", 6),
        ("D12|d6 A5 f|A3 B3 d3|e12 A|", 12),
    ],
    mistakes=(
        Mistake(
            "You count the notes. A note may last longer than one: d3 is three "
            "beats.",
            {"int(count or 1) for": "1 for"},
        ),
        Mistake(
            "You count the bars from 0. People, and our checker, count from 1.",
            {"start=1": "start=0"},
        ),
        Mistake(
            "Bars that are too short are missing: a bar must have just the "
            "full length.",
            {"!= full": "> full"},
        ),
        Mistake(
            "A number may have two digits: A12 lasts twelve.",
            {r"(\d*)": r"(\d?)"},
        ),
        Mistake(
            "Rests last, too: z3 is three beats of silence.",
            {"[A-Ga-gz]": "[A-Ga-g]"},
        ),
        Mistake(
            "What stands behind the last line is no bar.",
            {"[:-1]": ""},
        ),
        Mistake(
            "These are the bars that are right.",
            {"!= full": "== full"},
        ),
    ),
)
