"""What the bundled sentiment classifier learns from, put together.

Reads sentences and words that people rated from -4 to 4 (Hutto and Gilbert,
2014), sentences of film reviews, and adds the project's own grammar and
phrases. A rated sentence near 0, neither praise nor blame, is learned from
with both labels and half the weight each: its words shall speak for neither.

Letters: N texts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.pretrained.sentiment_phrases import adjectives, write_phrases
from mitseq.tasks.sentiment.grammar import write_reviews
from mitseq.tasks.sentiment.labels import meaning_of
from mitseq.tasks.sentiment.texts import Texts, find_duplicates

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"
NAMES = {"neg": NEGATIVE, "pos": POSITIVE}
PRAISES = {NEGATIVE: 0.0, NEUTRAL: 0.5, POSITIVE: 1.0}
DOMAINS = {
    "products": "amazonReviewSnippets_GroundTruth.txt",
    "tweets": "tweets_GroundTruth.txt",
    "editorials": "nytEditorialSnippets_GroundTruth.txt",
}
LEXICON = "vader_lexicon.txt"
# Ratings of words differ by 0.9 from person to person (the lexicon says so),
# the mean of 20 people by 0.2; twice that is not told from 0.
NEITHER = 0.4
WORDS_BEYOND = 0.8  # ratings of words that are learned from
EXCLAIMED, SHOUTED = "{}!", "{}!!!"  # how words are emphasized
# Of each kind of text.
WEIGHTS = {
    "films": 1.5,
    "rated": 1.5,
    "words": 0.4,
    "grammar": 0.7,
    "phrases": 0.4,
}


@dataclass(frozen=True)
class Rated:
    """A sentence, and what 20 people think of it on average."""

    text: str
    rating: float  # -4 to 4
    review: str  # the number of what it was cut from

    @property
    def label(self) -> str:
        """Its side, or "neutral" if the rating cannot be told from 0."""
        if abs(self.rating) <= NEITHER:
            return NEUTRAL
        return POSITIVE if self.rating > 0 else NEGATIVE


def read_rated(folder: Path, domain: str) -> list[Rated]:
    """Returns the sentences of a domain, a key of `DOMAINS`.

    Raises:
        MitseqError: if a line is not a number, a rating and a text.
    """
    found = []
    file = Path(folder) / DOMAINS[domain]
    for i, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        number, rating, text = _columns(file, i, line, 3)
        found.append(Rated(text, rating, number.split("_")[0]))
    return found


def read_lexicon(folder: Path) -> dict[str, float]:
    """Returns the words and emoticons of the lexicon, and their ratings."""
    file = Path(folder) / LEXICON
    found = {}
    for i, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        word, rating, _ = _columns(file, i, line, 3)
        found[word] = rating
    return found


def _columns(file, i, line, count):
    columns = line.split("\t", count - 1)
    try:
        return columns[0], float(columns[1]), columns[2]
    except (IndexError, ValueError):
        raise MitseqError(
            f"{file}:{i}: expected a name, a rating and more, with tabs in "
            f"between. Received: {line[:60]!r}."
        ) from None


def split(count: int, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Returns indices of texts to train on, and to stop and to measure by.

    Each of the last two is a tenth; all three are sorted.
    """
    order = np.random.default_rng(seed).permutation(count)
    tenth = count // 10
    cuts = np.split(order, [count - 2 * tenth, count - tenth])
    return tuple(np.sort(part) for part in cuts)


def split_reviews(rated: list[Rated], seed: int = 0) -> tuple[list[Rated], ...]:
    """Splits rated sentences likewise: no review is torn."""
    names = list(dict.fromkeys(each.review for each in rated))
    return tuple(
        [each for each in rated if each.review in {names[i] for i in part}]
        for part in split(len(names), seed)
    )


@dataclass
class Mixture:
    """Texts with labels and weights, of which kind each is counted."""

    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    for_order: list[bool] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        texts: Iterable[tuple[str, float]],
        weight: float = 1.0,
        for_order: bool = False,
    ) -> None:
        """Adds texts, each with the share of its weight that praise has.

        One that is praise alone or blame alone comes once, others with both
        labels. Of those `for_order` n-grams shall not learn.
        """
        texts = list(texts)
        self.counts[kind] = self.counts.get(kind, 0) + len(texts)
        for text, praise in texts:
            for label, share in ((NEGATIVE, 1 - praise), (POSITIVE, praise)):
                if share > 0:
                    self.texts.append(text)
                    self.labels.append(label)
                    self.weights.append(weight * share)
                    self.for_order.append(for_order)

    def without(self, texts: list[str]) -> "Mixture":
        """Returns the same without certain texts, whatever their signs."""
        out = {index for _, index in find_duplicates(texts, self.texts)}
        return self._of([i for i in range(len(self.texts)) if i not in out])

    def without_order(self) -> "Mixture":
        """Returns what n-grams learn from."""
        return self._of(
            [i for i, flag in enumerate(self.for_order) if not flag]
        )

    def _of(self, keep):
        return Mixture(
            [self.texts[i] for i in keep],
            [self.labels[i] for i in keep],
            [self.weights[i] for i in keep],
            [self.for_order[i] for i in keep],
            self.counts,
        )


def add_films(mixture: Mixture, data: Texts, chosen: Iterable[int]) -> None:
    """Adds sentences of film reviews: those of the chosen indices."""
    meaning = meaning_of(set(data.labels))
    mixture.add(
        "films",
        [
            (data.texts[i], PRAISES[NAMES[meaning[str(data.labels[i])]]])
            for i in chosen
        ],
        WEIGHTS["films"],
    )


def add_rated(mixture: Mixture, domain: str, rated: Iterable[Rated]) -> None:
    """Adds rated sentences of a domain."""
    mixture.add(
        domain, [(r.text, PRAISES[r.label]) for r in rated], WEIGHTS["rated"]
    )


def add_words(mixture: Mixture, ratings: Mapping[str, float]) -> None:
    """Adds rated words, as texts of one word each: plain, and emphasized.

    So each stands often enough to be a known one, and "!!!" and capitals are
    seen behind praise as often as behind blame. Emphasized, a word is praise or
    blame alone; plain, the less the nearer its rating is to 0.
    """
    chosen = [(w, r) for w, r in ratings.items() if abs(r) >= WORDS_BEYOND]
    plain = [(word, _praise_of(rating)) for word, rating in chosen]
    forms = [
        (form.format(word.upper() if form == SHOUTED else word), rating > 0)
        for word, rating in chosen
        for form in (EXCLAIMED, SHOUTED)
    ]
    mixture.add("words", plain, WEIGHTS["words"])
    mixture.add("words", forms, WEIGHTS["words"])


def _praise_of(rating):
    """The share of praise of a rating: 3/4 at 1.1, nearly all at 3."""
    return 1 / (1 + np.exp(-rating))


def add_grammar(
    mixture: Mixture, groups: int, distances: Iterable[int], seed: int
) -> None:
    """Adds reviews of the grammar: so many groups a family and distance."""
    reviews = write_reviews(groups, distances=distances, seed=seed)
    mixture.add(
        "grammar",
        [(r.text, PRAISES[NAMES[r.label]]) for r in reviews],
        WEIGHTS["grammar"],
        for_order=True,
    )


def add_phrases(
    mixture: Mixture,
    ratings: Mapping[str, float],
    times: int,
    held_out: Iterable[str],
    seed: int,
) -> None:
    """Adds everyday phrases of the rated words that are not held out."""
    phrases = write_phrases(ratings, times=times, held_out=held_out, seed=seed)
    for is_order in (False, True):
        mixture.add(
            "phrases",
            [(p.text, p.praise) for p in phrases if p.is_order == is_order],
            WEIGHTS["phrases"],
            for_order=is_order,
        )


def words_held_out(ratings: Mapping[str, float], seed: int = 0) -> list[str]:
    """Draws a tenth of the adjectives, which no phrase shall have."""
    words = sorted(adjectives(ratings))
    order = np.random.default_rng(seed).permutation(len(words))
    return [words[i] for i in order[: len(words) // 10]]
