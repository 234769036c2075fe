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
from collections.abc import Iterable
from dataclasses import dataclass

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.grammar_families import FAMILIES, Draw, Member
from mitseq.tasks.sentiment.grammar_words import DOMAINS, OPINION
from mitseq.tasks.sentiment.labels import NEGATIVE, POSITIVE
from mitseq.tasks.sentiment.texts import Texts

LABELS = (NEGATIVE, POSITIVE)
ORDER_FAMILIES = tuple(n for n, f in FAMILIES.items() if f.order)
TRAIN_DISTANCES = tuple(range(4))
TEST_DISTANCES = tuple(range(9))
TEST_SHARE = 20  # percent of the groups


@dataclass(frozen=True)
class Review:
    """One text of the grammar."""

    text: str  # one sentence or several
    label: str  # "pos" or "neg"
    family: str  # the kind of difficulty, a key of `FAMILIES`
    distance: int  # how many sentences are put in
    group: int  # which reviews belong together


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
    drawn = (
        (family, distance, group)
        for family in families
        for distance in distances
        for group in itertools.islice(
            _groups(family, split, distance, seed), groups
        )
    )
    return [
        Review(text, label, family, distance, number)
        for number, (family, distance, group) in enumerate(drawn)
        for text, label in group
    ]


def grammar_texts(
    split: str = "train",
    *,
    groups: int = 120,
    distances: Iterable[int] = TRAIN_DISTANCES,
    seed: int = 0,
) -> Texts:
    """Returns the grammar as labeled texts: what `--data builtin` stands for.

    Their order mixes families and labels. The arguments are those of
    `write_reviews`.
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
    """Raises MitseqError for a number of sentences that there are not."""
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
        kind = FAMILIES[family]
        draw = Draw(f"{family} {distance} {seed} {attempt}", kind.changes)
        members = kind.write(draw)
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


def _split_of(members: list[Member]) -> str:
    # By what the sentences say, so that every seed agrees; but for the words
    # of praise and blame: two groups may share a text that has only one.
    said = "\n".join(sorted(f"{first} {last}" for first, last, _ in members))
    said = OPINION.sub("_", said)
    return "test" if zlib.crc32(said.encode()) % 100 < TEST_SHARE else "train"
