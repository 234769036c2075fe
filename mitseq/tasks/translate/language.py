"""A pair of languages that is made up, with another order of the words.

The source is simple English. The target has words of its own, puts the
adjective behind its noun, the article behind both, and the verb at the end:

    the old cat sees a bird   ->   pegalo mugila lo vigafo zu vobosen
     1   2   3   4   5  6            3      2    1    6    5     4

In the plural the noun changes and so does its adjective, so that it does not
do to know a word alone. Which source word each target word comes from is
known, so what a model's attention finds can be judged. Clauses are joined, so
a sentence may be as long as one likes.
"""

import dataclasses
import random
from collections.abc import Sequence

from mitseq.errors import MitseqError

NOUNS = (
    *("cat", "dog", "bird", "horse", "teacher", "doctor", "farmer", "king"),
    *("queen", "child", "friend", "neighbor", "river", "garden", "house"),
    *("tree", "flower", "letter", "book", "song", "picture", "train"),
    *("boat", "cloud"),
)
PLURALS = {"child": "children"}
ADJECTIVES = (
    *("old", "young", "small", "big", "red", "green", "quiet", "happy"),
    *("tired", "clever", "strange", "beautiful", "slow", "cold"),
)
VERBS = {  # of one, of many
    "sees": "see",
    "hears": "hear",
    "likes": "like",
    "paints": "paint",
    "follows": "follow",
    "finds": "find",
    "remembers": "remember",
    "loses": "lose",
    "draws": "draw",
    "needs": "need",
    "forgets": "forget",
    "helps": "help",
}
ADVERBS = ("often", "today", "again", "slowly", "never", "always")
JOINTS = ("and", "but", "because", "while")
STARTS = ("k", "p", "t", "m", "r", "s", "l", "v", "f", "g", "b", "n")
VOWELS = ("a", "e", "i", "o", "u")
ARTICLES = {"the": "lo", "a": "zu", "some": "zul"}
CLAUSES = 3
COUNT, HELD_OUT = 20_000, 1_000


@dataclasses.dataclass(frozen=True)
class Made:
    """A sentence and its translation.

    Args:
        source: The words that are read.
        target: The words that are to be written.
        alignment: For each word of the target, which word of the source it
            comes from.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    alignment: tuple[int, ...]


def write_sentences(
    count: int, clauses: int | Sequence[int] = CLAUSES, seed=0
) -> list[Made]:
    """Returns different sentences and their translations.

    Args:
        count: How many.
        clauses: The most clauses of a sentence, or how many each may have.
        seed: Another seed, other sentences.

    Raises:
        MitseqError: if there are not so many different ones.

    Example:

    >>> (made,) = write_sentences(1, 1, seed=4)
    >>> print(*made.source)
    the strange quiet song draws some red young dogs
    >>> print(*made.target)
    marevo gurora temaba lo vifetoj sagaraj kakusaj zul tuvolen
    >>> made.alignment
    (3, 2, 1, 0, 8, 7, 6, 5, 4)
    """
    rng = random.Random(repr(seed))
    sizes = range(1, clauses + 1) if isinstance(clauses, int) else clauses
    found: dict[tuple[str, ...], Made] = {}
    for _ in range(20 * count):
        made = _sentence(rng, rng.choice(sizes))
        found.setdefault(made.source, made)
        if len(found) == count:
            return list(found.values())
    raise MitseqError(
        f"`count` must be below the number of such sentences. "
        f"Received: count={count}, clauses={clauses}."
    )


def _sentence(rng, clauses) -> Made:
    source, target, alignment = [], [], []
    for i in range(clauses):
        if i:
            joint = rng.choice(JOINTS)
            target.append(LEXICON[joint])
            alignment.append(len(source))
            source.append(joint)
        clause = _clause(rng)
        alignment += [len(source) + at for at in clause.alignment]
        source += clause.source
        target += clause.target
    return Made(tuple(source), tuple(target), tuple(alignment))


def _clause(rng) -> Made:
    """Subject verb object (adverb) becomes subject object (adverb) verb."""
    subject, is_many = _noun_phrase(rng)
    verb = rng.choice(tuple(VERBS))
    thing, _ = _noun_phrase(rng)
    adverb = [rng.choice(ADVERBS)] if rng.random() < 0.3 else []
    spelled = VERBS[verb] if is_many else verb
    source = [*subject.source, spelled, *thing.source, *adverb]
    at_verb = len(subject.source)
    at_thing, at_adverb = at_verb + 1, at_verb + 1 + len(thing.source)
    target = [
        *subject.target,
        *thing.target,
        *(LEXICON[word] for word in adverb),
        LEXICON[verb] + ("j" if is_many else ""),
    ]
    alignment = [
        *subject.alignment,
        *(at_thing + at for at in thing.alignment),
        *(at_adverb for _ in adverb),
        at_verb,
    ]
    return Made(tuple(source), tuple(target), tuple(alignment))


def _noun_phrase(rng) -> tuple[Made, bool]:
    """Article adjectives noun becomes noun adjectives, reversed, article."""
    is_many = rng.random() < 0.4
    article = rng.choice(("the", "some") if is_many else ("the", "a"))
    noun = rng.choice(NOUNS)
    size = rng.choice((0, 0, 0, 1, 1, 1, 1, 1, 2, 2))
    adjectives = rng.sample(ADJECTIVES, size)
    spelled = PLURALS.get(noun, f"{noun}s") if is_many else noun
    if article == "a" and (adjectives or [spelled])[0][0] in "aeiou":
        written = "an"
    else:
        written = article
    source = (written, *adjectives, spelled)
    ending = "j" if is_many else ""
    target = (
        LEXICON[noun] + ending,
        *(LEXICON[word] + ending for word in reversed(adjectives)),
        ARTICLES[article],
    )
    return Made(source, target, tuple(range(len(source) - 1, -1, -1))), is_many


def _lexicon() -> dict[str, str]:
    """A made-up word for each, the same ones forever; endings tell the kind."""
    rng = random.Random("6.S191")
    stems: dict[str, None] = {}
    words = (*NOUNS, *ADJECTIVES, *VERBS, *ADVERBS, *JOINTS)
    while len(stems) < len(words):
        drawn = [rng.choice(x) for x in (STARTS, VOWELS) * 2 + (STARTS,)]
        stems["".join(drawn)] = None
    kinds = [(NOUNS, "o"), (ADJECTIVES, "a"), (VERBS, "en"), (ADVERBS, "e")]
    kinds.append((JOINTS, "i"))
    endings = [ending for kind, ending in kinds for _ in kind]
    return {
        word: stem + ending
        for word, stem, ending in zip(words, stems, endings, strict=True)
    }


LEXICON = _lexicon()
