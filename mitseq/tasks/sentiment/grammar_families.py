"""The families of the grammar of reviews, one kind of difficulty each.

A family draws a frame and fills it with words: x and y are what is said, one
of them praise and one blame, of the aspects a and b; n and m are "not " and
nothing. A member of a group is what stands before and behind the sentences put
in, and whether it is praise. Read grammar_words.py before.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from mitseq.tasks.sentiment.grammar_words import (
    BLAME,
    DOMAINS,
    EMBEDDED,
    EVERYONE,
    PEOPLE,
    PRAISE,
    Aspects,
)

Member = tuple[str, str, bool]


class Draw:
    """Draws what a group is about, if need be of what has an old form."""

    def __init__(self, seed: str, changes: bool):
        self.random = random.Random(seed)
        domains = [d for d in DOMAINS.values() if d.changes or not changes]
        self.domain = self.one(*domains)

    def one(self, *choices):
        return self.random.choice(choices)

    def coin(self) -> bool:
        return self.random.random() < 0.5

    def aspect(self) -> tuple[str, str, str]:
        """Returns an aspect, and a word of praise and one of blame for it."""
        kind = self.one(*self.domain.aspects)
        x, y = self._words(kind)
        return self.one(*kind.names), x, y

    def two_aspects(self) -> tuple[str, str, str, str]:
        """Returns two aspects, and a word of praise and of blame for both."""
        first, second = (self.one(*self.domain.aspects) for _ in range(2))
        shared = first if first is second else Aspects((), (), ())
        a = self.one(*first.names)
        b = self.one(*(name for name in second.names if name != a))
        return a, b, *self._words(shared)

    def _words(self, kind: Aspects) -> tuple[str, str]:
        # Special words as often as general ones, where there are any.
        special = kind.praise and self.coin()
        return (
            self.one(*(kind.praise if special else PRAISE)),
            self.one(*(kind.blame if special else BLAME)),
        )


@dataclass(frozen=True)
class Family:
    """One kind of difficulty."""

    write: Callable[[Draw], list[Member]]
    order: bool  # whether the twins have the same words
    rule: str  # what decides, in one line
    changes: bool = False  # only of what has an old and a new form


def _exchanged(frame, x, y, x_counts=True, **words):
    """One sentence, and the same with x and y exchanged."""
    return [
        (frame.format(x=p, y=q, **words), "", (p == x) == x_counts)
        for p, q in ((x, y), (y, x))
    ]


def _denied_or_not(frame, x, y, n_denies=True, **words):
    """One sentence with x or y in its place, and n or m that denies it."""
    return [
        (
            frame.format(n=n, m=m, x=p, y=q, **words),
            "",
            (p == x) == ((n == "") == n_denies),
        )
        for n, m in (("not ", ""), ("", "not "))
        for p, q in ((x, y), (y, x))
    ]


def _second_counts(first, second, x, y, reverse, **words):
    """Two sentences in either order; what the second one says counts."""
    group = []
    for p, q in ((x, y), (y, x)):
        parts = [
            _capital(frame.format(x=p, y=q, **words))
            for frame in (first, second)
        ]
        group.append((*(parts[::-1] if reverse else parts), q == x))
    return group


def _named_counts(frame, said, names, x, y, reverse=False, **words):
    """A sentence that names what counts, and one that says how both were."""
    group = []
    for counts, other in (names, names[::-1]):
        for p, q in ((x, y), (y, x)):
            parts = [
                frame.format(counts, other),
                said.format(x=p, y=q, **words),
            ]
            good = (p if counts == names[0] else q) == x
            group.append((*(parts[::-1] if reverse else parts), good))
    return group


def _capital(text):
    return text[0].upper() + text[1:]


def _plain(draw):
    a, x, y = draw.aspect()
    frame = draw.one(
        "The {a} was {x}.",
        "I found the {a} {x}.",
        "The {a} was really {x}.",
        "In my opinion the {a} was {x}.",
    )
    return _exchanged(frame, x, y, a=a)


def _not_bad(draw):
    a, x, y = draw.aspect()
    frame, x_counts = draw.one(
        ("The {a} was {x}, not {y} at all.", True),
        ("I found the {a} {x}, and not {y} in any way.", True),
        ("To me the {a} was {x} and by no means {y}.", True),
        ("The {a} was not {x} but {y}.", False),
        ("Anything but {x}, the {a} was {y}.", False),
        ("Far from being {x}, the {a} was {y}.", False),
    )
    return _exchanged(frame, x, y, x_counts, a=a)


def _but(draw):
    a, b, x, y = draw.two_aspects()
    frame = draw.one(
        "The {a} was {x}, but the {b} was {y}.",
        "The {a} may have been {x}, but the {b} was {y}.",
        "It is true that the {a} was {x}, but the {b} was {y}.",
        "I grant that the {a} was {x}, but I found the {b} {y}.",
    )
    return _exchanged(frame, x, y, False, a=a, b=b)


def _although(draw):
    a, b, x, y = draw.two_aspects()
    frame, x_counts = draw.one(
        ("Although the {a} was {x}, the {b} was {y}.", False),
        ("Even though the {a} was {x}, the {b} was {y}.", False),
        ("The {a} was {x}, although the {b} was {y}.", True),
        ("I found the {a} {x}, even though the {b} was {y}.", True),
    )
    return _exchanged(frame, x, y, x_counts, a=a, b=b)


def _denied(draw):
    a, x, y = draw.aspect()
    frame = draw.one(
        "I would {n}call the {a} {x}; I would {m}call the {a} {y}.",
        "I would {n}describe the {a} as {x}; I would {m}describe the {a} as "
        "{y}.",
        "I did {n}find the {a} {x}; I did {m}find the {a} {y}.",
    )
    return _denied_or_not(frame, x, y, a=a)


def _scope(draw):
    a, x, y = draw.aspect()
    fact = draw.one(*draw.domain.facts)
    frame = draw.one(
        "I had {n}{fact}, and the {a} was {m}{x}.",
        "By then I had {n}{fact}, and I found that the {a} was {m}{x}.",
    )
    return _denied_or_not(frame, x, y, n_denies=False, a=a, fact=fact)


def _negation(draw):
    a, x, y = draw.aspect()
    who = f"anyone {draw.one(*EMBEDDED)}".strip()
    frame = draw.one(
        "I do {n}think that {who} would call the {a} {x}.",
        "I do {n}believe that {who} found the {a} {x}.",
    )
    return _denied_or_not(frame, x, y, a=a, who=who)


def _reported(draw):
    a, x, y = draw.aspect()
    said, mine = draw.one(
        ("{who} had told us that the {a} was {x}.", "I found the {a} {y}."),
        ("According to {who} the {a} was {x}.", "To me the {a} was {y}."),
        ("{who} called the {a} {x}.", "I would call the {a} {y}."),
    )
    reverse, who = draw.coin(), draw.one(*PEOPLE)
    return _second_counts(said, mine, x, y, reverse, a=a, who=who)


def _verdict(draw):
    a, x, y = draw.aspect()
    who = draw.one(*EVERYONE)
    said = draw.one(
        "{who} had told us that the {a} was {x}.",
        "We had heard from {who} that the {a} was {x}.",
        "{who} said that the {a} was {x}.",
    )
    yes, no = draw.one(
        ("They were right.", "They were wrong."),
        ("I agree with them.", "I disagree with them."),
        ("What they said is true.", "What they said is not true."),
    )
    return [
        (_capital(said.format(who=who, a=a, x=p)), q, (p == x) == (q == yes))
        for p in (x, y)
        for q in (yes, no)
    ]


def _what_counts(draw):
    a, b, x, y = draw.two_aspects()
    frame = draw.one(
        "To me the {0} matters more than the {1}.",
        "The {0} counts more than the {1} for me.",
        "I care about the {0} more than about the {1}.",
        "It is the {0} that decides for me, not the {1}.",
    )
    said = "The {a} was {x} and the {b} was {y}."
    reverse = not draw.coin()
    return _named_counts(frame, said, (a, b), x, y, reverse, a=a, b=b)


def _first_second(draw):
    a, b, x, y = draw.two_aspects()
    frame = draw.one(
        "I have two things to say, and the {0} counts more than the {1}.",
        "There are two sides to it, and I think more of the {0} than of the "
        "{1}.",
        "Two points, and the {0} weighs more than the {1}.",
    )
    said = "First, the {a} was {x}. Second, the {b} was {y}."
    return _named_counts(frame, said, ("first", "second"), x, y, a=a, b=b)


def _used_to(draw):
    a, x, y = draw.aspect()
    before, now = draw.one(
        ("The {a} used to be {x}.", "Now the {a} is {y}."),
        ("Last year the {a} was {x}.", "This year the {a} was {y}."),
        ("In the old days the {a} was {x}.", "Today the {a} is {y}."),
    )
    return _second_counts(before, now, x, y, draw.coin(), a=a)


def _comparison(draw):
    a, _, _ = draw.aspect()
    frame = draw.one(
        "The {0} {a} is {more} than the {1} one.",
        "I liked the {0} {a} {much} than the {1} one.",
        "The {0} {a} pleased me {much} than the {1} one did.",
    )
    better, worse = draw.one(
        ("better", "worse"),
        ("nicer", "less nice"),
        ("more pleasant", "less pleasant"),
        ("more to my taste", "less to my taste"),
    )
    return [
        (frame.format(*ages, a=a, more=more, much=much), "", good == new)
        for new, ages in ((True, ("new", "old")), (False, ("old", "new")))
        for good, more, much in ((True, better, "more"), (False, worse, "less"))
    ]


FAMILIES: dict[str, Family] = {
    "plain": Family(_plain, False, "one opinion, said once"),
    "negation": Family(_negation, False, "a not, some words before the word"),
    "verdict": Family(_verdict, False, "others said it; were they right?"),
    "not bad": Family(_not_bad, True, "the word that is not denied"),
    "but": Family(_but, True, "what comes after but"),
    "although": Family(_although, True, "the clause without although"),
    "denied": Family(_denied, True, "which of two sayings is denied"),
    "scope": Family(_scope, True, "whether the not belongs to the opinion"),
    "reported": Family(_reported, True, "what I found, not what others said"),
    "what counts": Family(_what_counts, True, "the thing that matters to me"),
    "first or second": Family(_first_second, True, "the one that counts more"),
    "used to": Family(_used_to, True, "how it is now, not how it was", True),
    "comparison": Family(
        _comparison, True, "the new one is the one of today", True
    ),
}
