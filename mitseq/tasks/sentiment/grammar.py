r"""A grammar of reviews: a diagnostic of order and memory, not of sentiment.

Slide: Lecture 2, "Capture Differences in Sequence Order" and "Model Long-Term
Dependencies" (docs/slides.md#order). Reviews come in minimal groups. In the
order families a group consists of twins: the same words and marks, each as
often, with opposite labels,

    The food was good, not bad at all.     pos
    The food was bad, not good at all.     neg

so whoever only knows which words are there is right half of the time, neither
more nor less. Sentences without an opinion are put in between, or behind where
one sentence decides by itself: their number is the distance over which the
model has to remember. A group never straddles train and test.
"""

import itertools
import random
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.grammar_words import (
    BLAME,
    DOMAINS,
    EMBEDDED,
    EVERYONE,
    OPINION,
    PEOPLE,
    PRAISE,
    Aspects,
    Domain,
)
from mitseq.tasks.sentiment.labels import NEGATIVE, POSITIVE
from mitseq.tasks.sentiment.texts import Texts

LABELS = (NEGATIVE, POSITIVE)
TRAIN_DISTANCES = tuple(range(4))
TEST_DISTANCES = tuple(range(9))
TEST_SHARE = 20  # percent of the groups


@dataclass(frozen=True)
class Review:
    """One text of the grammar.

    Args:
        text: One sentence or several.
        label: "pos" or "neg".
        family: The kind of difficulty, a key of `FAMILIES`.
        distance: The number of sentences put in.
        group: Which reviews belong together.
    """

    text: str
    label: str
    family: str
    distance: int
    group: int


@dataclass(frozen=True)
class Family:
    """One kind of difficulty.

    Args:
        write: Function of a `_Draw` that returns a group: what stands before
            and behind the sentences put in, and whether it is praise.
        order: Whether the twins have the same words.
        rule: What decides, in one line.
    """

    write: Callable[["_Draw"], list[tuple[str, str, bool]]]
    order: bool
    rule: str


class _Draw:
    """Draws what a group is about."""

    def __init__(self, seed: str, family: str):
        self.random = random.Random(seed)
        changes = family in _CHANGING
        domains = [d for d in DOMAINS.values() if d.changes or not changes]
        self.domain: Domain = self.one(domains)

    def one(self, choices: Sequence):
        return self.random.choice(choices)

    def aspect(self) -> tuple[str, str, str]:
        """An aspect, and a word of praise and one of blame that fit it."""
        kind: Aspects = self.one(self.domain.aspects)
        praise, blame = self._words(kind)
        return self.one(kind.names), praise, blame

    def two_aspects(self) -> tuple[str, str, str, str]:
        """Two aspects, and a word of praise and one of blame for both."""
        first, second = (self.one(self.domain.aspects) for _ in range(2))
        shared = first if first is second else Aspects((), (), ())
        a = self.one(first.names)
        b = self.one([name for name in second.names if name != a])
        return a, b, *self._words(shared)

    def _words(self, kind: Aspects) -> tuple[str, str]:
        # Special words as often as general ones, where there are any.
        special = kind.praise and self.random.random() < 0.5
        return (
            self.one(kind.praise if special else PRAISE),
            self.one(kind.blame if special else BLAME),
        )


def _plain(draw):
    a, x, y = draw.aspect()
    frame = draw.one(
        (
            "The {a} was {x}.",
            "I found the {a} {x}.",
            "The {a} was really {x}.",
            "In my opinion the {a} was {x}.",
        )
    )
    return [
        (frame.format(a=a, x=x), "", True),
        (frame.format(a=a, x=y), "", False),
    ]


def _not_bad(draw):
    a, x, y = draw.aspect()
    frame, first = draw.one(
        (
            ("The {a} was {x}, not {y} at all.", True),
            ("I found the {a} {x}, and not {y} in any way.", True),
            ("To me the {a} was {x} and by no means {y}.", True),
            ("The {a} was not {x} but {y}.", False),
            ("Anything but {x}, the {a} was {y}.", False),
            ("Far from being {x}, the {a} was {y}.", False),
        )
    )
    return [
        (frame.format(a=a, x=x, y=y), "", first),
        (frame.format(a=a, x=y, y=x), "", not first),
    ]


def _but(draw):
    a, b, x, y = draw.two_aspects()
    frame = draw.one(
        (
            "The {a} was {x}, but the {b} was {y}.",
            "The {a} may have been {x}, but the {b} was {y}.",
            "It is true that the {a} was {x}, but the {b} was {y}.",
            "I grant that the {a} was {x}, but I found the {b} {y}.",
        )
    )
    return [
        (frame.format(a=a, b=b, x=x, y=y), "", False),
        (frame.format(a=a, b=b, x=y, y=x), "", True),
    ]


def _although(draw):
    a, b, x, y = draw.two_aspects()
    frame, first = draw.one(
        (
            ("Although the {a} was {x}, the {b} was {y}.", False),
            ("Even though the {a} was {x}, the {b} was {y}.", False),
            ("The {a} was {x}, although the {b} was {y}.", True),
            ("I found the {a} {x}, even though the {b} was {y}.", True),
        )
    )
    return [
        (frame.format(a=a, b=b, x=x, y=y), "", first),
        (frame.format(a=a, b=b, x=y, y=x), "", not first),
    ]


def _denied(draw):
    a, x, y = draw.aspect()
    frame = draw.one(
        (
            "I would {n}call the {a} {x}; I would {m}call the {a} {y}.",
            "I would {n}describe the {a} as {x}; "
            "I would {m}describe the {a} as {y}.",
            "I did {n}find the {a} {x}; I did {m}find the {a} {y}.",
        )
    )
    return [
        (frame.format(a=a, n=n, m=m, x=p, y=q), "", (p == x) == (n == ""))
        for n, m in (("not ", ""), ("", "not "))
        for p, q in ((x, y), (y, x))
    ]


def _scope(draw):
    a, x, y = draw.aspect()
    fact = draw.one(draw.domain.facts)
    frame = draw.one(
        (
            "I had {n}{fact}, and the {a} was {m}{x}.",
            "By then I had {n}{fact}, and I found that the {a} was {m}{x}.",
        )
    )
    return [
        (frame.format(a=a, n=n, m=m, x=p, fact=fact), "", (p == x) == (m == ""))
        for n, m in (("not ", ""), ("", "not "))
        for p in (x, y)
    ]


def _negation(draw):
    a, x, y = draw.aspect()
    who = " ".join(filter(None, ("anyone", draw.one(EMBEDDED))))
    frame = draw.one(
        (
            "I do {n}think that {who} would call the {a} {x}.",
            "I do {n}believe that {who} found the {a} {x}.",
        )
    )
    return [
        (frame.format(a=a, n=n, x=p, who=who), "", (p == x) == (n == ""))
        for n in ("not ", "")
        for p in (x, y)
    ]


def _reported(draw):
    a, x, y = draw.aspect()
    said, mine = draw.one(
        (
            ("{who} had told us that the {a} was {x}.", "I found the {a} {y}."),
            ("According to {who} the {a} was {x}.", "To me the {a} was {y}."),
            ("{who} called the {a} {x}.", "I would call the {a} {y}."),
        )
    )
    mine_first = draw.random.random() < 0.5
    who = draw.one(PEOPLE)
    group = []
    for p, q in ((x, y), (y, x)):  # what was said, what I think
        parts = [
            _capital(said.format(who=who, a=a, x=p)),
            mine.format(a=a, y=q),
        ]
        group.append((*(parts[::-1] if mine_first else parts), q == x))
    return group


def _verdict(draw):
    a, x, y = draw.aspect()
    who = draw.one(EVERYONE)
    said = draw.one(
        (
            "{who} had told us that the {a} was {x}.",
            "We had heard from {who} that the {a} was {x}.",
            "{who} said that the {a} was {x}.",
        )
    )
    yes, no = draw.one(
        (
            ("They were right.", "They were wrong."),
            ("I agree with them.", "I disagree with them."),
            ("What they said is true.", "What they said is not true."),
        )
    )
    return [
        (_capital(said.format(who=who, a=a, x=p)), q, (p == x) == (q == yes))
        for p in (x, y)
        for q in (yes, no)
    ]


def _what_counts(draw):
    a, b, x, y = draw.two_aspects()
    frame = draw.one(
        (
            "To me the {0} matters more than the {1}.",
            "The {0} counts more than the {1} for me.",
            "I care about the {0} more than about the {1}.",
            "It is the {0} that decides for me, not the {1}.",
        )
    )
    before = draw.random.random() < 0.5
    group = []
    for counts, other in ((a, b), (b, a)):
        for p, q in ((x, y), (y, x)):
            parts = [
                frame.format(counts, other),
                f"The {a} was {p} and the {b} was {q}.",
            ]
            good = (p if counts == a else q) == x
            group.append((*(parts if before else parts[::-1]), good))
    return group


def _first_second(draw):
    a, b, x, y = draw.two_aspects()
    frame = draw.one(
        (
            "I have two things to say, and the {0} counts more than the {1}.",
            "There are two sides to it, and I think more of the {0} than of "
            "the {1}.",
            "Two points, and the {0} weighs more than the {1}.",
        )
    )
    group = []
    for counts in ("first", "second"):
        other = "second" if counts == "first" else "first"
        for p, q in ((x, y), (y, x)):
            good = (p if counts == "first" else q) == x
            said = f"First, the {a} was {p}. Second, the {b} was {q}."
            group.append((frame.format(counts, other), said, good))
    return group


def _used_to(draw):
    a, x, y = draw.aspect()
    before, now = draw.one(
        (
            ("The {a} used to be {x}.", "Now the {a} is {y}."),
            ("Last year the {a} was {x}.", "This year the {a} was {y}."),
            ("In the old days the {a} was {x}.", "Today the {a} is {y}."),
        )
    )
    now_first = draw.random.random() < 0.5
    group = []
    for p, q in ((x, y), (y, x)):
        parts = [before.format(a=a, x=p), now.format(a=a, y=q)]
        group.append((*(parts[::-1] if now_first else parts), q == x))
    return group


def _comparison(draw):
    a, _, _ = draw.aspect()
    frame = draw.one(
        (
            "The {0} {a} is {more} than the {1} one.",
            "I liked the {0} {a} {much} than the {1} one.",
            "The {0} {a} pleased me {much} than the {1} one did.",
        )
    )
    more, less = draw.one(
        (
            ("better", "worse"),
            ("nicer", "less nice"),
            ("more pleasant", "less pleasant"),
            ("more to my taste", "less to my taste"),
        )
    )
    return [
        (
            frame.format(
                old, new, a=a, more=m, much="more" if m == more else "less"
            ),
            "",
            (old == "new") == (m == more),
        )
        for old, new in (("new", "old"), ("old", "new"))
        for m in (more, less)
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
    "used to": Family(_used_to, True, "how it is now, not how it was"),
    "comparison": Family(_comparison, True, "the new one is the one of today"),
}
ORDER_FAMILIES = tuple(n for n, f in FAMILIES.items() if f.order)
_CHANGING = ("used to", "comparison")  # only of what has an old and a new form


def write_reviews(
    groups: int,
    *,
    split: str = "train",
    distances: Iterable[int] = TRAIN_DISTANCES,
    families: Iterable[str] = tuple(FAMILIES),
    seed: int = 0,
) -> list[Review]:
    """Writes reviews: `groups` minimal groups of each family and distance.

    Args:
        groups: Positive int.
        split: "train" or "test". Whatever the seeds, they share no group, also
            not with other words of praise and blame.
        distances: How many sentences are put in.
        families: Keys of `FAMILIES`.
        seed: Another seed, other reviews.

    Returns:
        The reviews, group by group.

    Raises:
        MitseqError: if an argument is not as above.

    Example:

    >>> for review in write_reviews(1, distances=[0], families=["reported"]):
    ...     print(review.label, review.text)
    neg According to a colleague the camera was crisp. To me the camera was
    blurry.
    pos According to a colleague the camera was blurry. To me the camera was
    crisp.
    """
    distances, families = list(distances), list(families)
    if not isinstance(groups, int) or groups < 1:
        raise MitseqError(
            f"`groups` must be a positive int. Received: groups={groups!r}."
        )
    if split not in ("train", "test"):
        raise MitseqError(
            f'`split` must be "train" or "test". Received: split={split!r}.'
        )
    check_distances(distances)
    for name in families:
        if name not in FAMILIES:
            raise MitseqError(
                f"`families` must be among {', '.join(FAMILIES)}. Received: "
                f"{name!r}."
            )
    reviews: list[Review] = []
    number = 0
    for family in families:
        for distance in distances:
            drawn = _groups(family, split, distance, seed)
            for group in itertools.islice(drawn, groups):
                reviews += [
                    Review(text, label, family, distance, number)
                    for text, label in group
                ]
                number += 1
    return reviews


def grammar_texts(
    split: str = "train",
    *,
    groups: int = 120,
    distances: Iterable[int] = TRAIN_DISTANCES,
    seed: int = 0,
) -> Texts:
    """The grammar as labeled texts: what `--data builtin` stands for.

    Args:
        split: "train" or "test".
        groups: Of each family and distance.
        distances: How many sentences are put in.
        seed: Another seed, other reviews.

    Returns:
        The `Texts`, in an order that mixes families and labels.
    """
    reviews = write_reviews(groups, split=split, distances=distances, seed=seed)
    random.Random(seed).shuffle(reviews)
    return Texts(
        [review.text for review in reviews],
        [review.label for review in reviews],
        "builtin",
        ("a grammar: a diagnostic of order and memory, not of sentiment",),
        [review.group for review in reviews],
    )


def check_distances(distances: Iterable[int]) -> None:
    """Checks that there are enough sentences to put in.

    Args:
        distances: How many are to be put in.

    Raises:
        MitseqError: if one is no int, below 0, or too large.
    """
    most = min(len(domain.fillers) for domain in DOMAINS.values())
    for distance in distances:
        if not isinstance(distance, int) or not 0 <= distance <= most:
            raise MitseqError(
                f"`distances` must be ints from 0 to {most}. Received: "
                f"{distance!r} among them."
            )


def _groups(family: str, split: str, distance: int, seed: int):
    """Endless groups of a split, without repeats while there are new ones."""
    seen: set[str] = set()
    repeats = 0
    for attempt in itertools.count():
        draw = _Draw(f"{family} {distance} {seed} {attempt}", family)
        members = FAMILIES[family].write(draw)
        if _split_of(members) != split:
            continue
        between = draw.random.sample(draw.domain.fillers, distance)
        group = [
            (
                " ".join(filter(None, (first, *between, last))),
                POSITIVE if praise else NEGATIVE,
            )
            for first, last, praise in members
        ]
        repeats = repeats + 1 if group[0][0] in seen else 0
        if 0 < repeats < 50:
            continue
        seen.add(group[0][0])
        yield group


def _split_of(members: list[tuple[str, str, bool]]) -> str:
    # By what the sentences say, so that every seed agrees; but for the words
    # of praise and blame: two groups may share a text that has only one.
    said = "\n".join(sorted(f"{first} {last}" for first, last, _ in members))
    said = OPINION.sub("_", said)
    return "test" if zlib.crc32(said.encode()) % 100 < TEST_SHARE else "train"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
