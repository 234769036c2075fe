"""How two collections of tunes differ: tests, distances, a classifier.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music). A
tune that adds up may still be one that nobody would write. Here the tunes of a
model are held against those of people, or of one tradition against another:

1. How many tunes can be used at all, and how many are in both. This is the
   first stage of the AI Music Generation Challenge (Sturm and
   Maruri-Aguilar, 2021): what breaks its meter or is copied is out.
2. Each measure of `mitseq.tunes.measures`, with the interval of the difference
   and a two-sample test, corrected for their number.
3. What is counted (intervals, degrees, cadences, forms) as the distance of two
   distributions, tested by shuffling whole tunes, since the notes of one tune
   are no independent draws.
4. A classifier that sees all of these at once and tells the collections apart:
   the share of pairs that it puts in the right order (AUC). 0.5 is "cannot".
   Two collections of people are no 0.5 either: theirs is the floor.

Judging by ear is the second stage: `judge.py`.
"""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon

from mitseq.arguments import (
    check_kind,
    check_path,
    check_seed,
    is_int,
    wrong,
)
from mitseq.errors import MitseqError
from mitseq.progress import follow
from mitseq.tasks.music.features import OTHERS, counted, features, kinds_of
from mitseq.tunes.duplicates import near_duplicate_groups
from mitseq.tunes.lines import CorpusError
from mitseq.tunes.measures import BINARY, COUNTS, MEASURES, Measured, measure
from mitseq.tunes.notation import ABCError
from mitseq.tunes.reading import read_tunes

Tunes = str | os.PathLike | Sequence[str | os.PathLike]

FEWEST = 20  # tunes of a collection that can be told apart with some sense
FOLDS = 5
ROUNDS = 3  # of the folds, each drawn anew
TREES = 200
SHUFFLES = 999


@dataclass(frozen=True)
class Collection:
    """The tunes of a collection that can be measured.

    Args:
        name: What it is called.
        tunes: Their measures.
        read: How many tunes were read.
        dropped: Why the others were left out, with the number of each.
    """

    name: str
    tunes: list[Measured]
    read: int
    dropped: Counter = field(default_factory=Counter)

    def values(self, measure: str) -> np.ndarray:
        """Returns one measure of each tune."""
        return np.array([tune.values[measure] for tune in self.tunes])


@dataclass(frozen=True)
class Difference:
    """One measure of two collections.

    `low` and `high` bound the difference of the means, with 95 % (Welch).
    `p` is of Fisher's exact test for what is 0 or 1, else of Mann and
    Whitney's; `q` is it after the correction of Benjamini and Hochberg.
    """

    measure: str
    a: float  # mean
    b: float
    low: float
    high: float
    p: float
    q: float


@dataclass(frozen=True)
class Distance:
    """What is counted in two collections, as distributions.

    `distance` is the Jensen-Shannon distance, 0 for the same, 1 for nothing in
    common. `chance` is what collections get that were shuffled, at the 95th
    percentile, and `p` how often they get as much. `more_a` and `more_b` are
    the kinds that the one has and the other has not so often, with shares.
    """

    what: str
    distance: float
    chance: float
    p: float
    more_a: list[tuple[str, float, float]]
    more_b: list[tuple[str, float, float]]


@dataclass(frozen=True)
class Separation:
    """How well a classifier tells two collections apart.

    `auc` is the mean over folds of which it has seen none; `low` and `high`
    are its interval of 95 % (Hanley and McNeil, 1982). `tunes` of each
    collection took part. `telling` are the features that it needs most: by how
    much the AUC falls when one is shuffled.
    """

    a: str
    b: str
    tunes: int
    auc: float
    low: float
    high: float
    telling: list[tuple[str, float]]


@dataclass(frozen=True)
class Comparison:
    """What `compare_collections` found; `to_dict` is for JSON."""

    a: Collection
    b: Collection
    shared: int  # tunes of `a` that `b` has too, in some transcription
    differences: list[Difference]
    distances: list[Distance]
    separation: Separation
    floor: Separation | None = None

    def to_dict(self) -> dict:
        """Returns all numbers as plain values, without the tunes."""
        return {
            **{
                side: {
                    "name": collection.name,
                    "read": collection.read,
                    "measured": len(collection.tunes),
                    "dropped": dict(collection.dropped.most_common()),
                }
                for side, collection in (("a", self.a), ("b", self.b))
            },
            "shared": self.shared,
            "measures": [asdict(one) for one in self.differences],
            "distributions": [asdict(one) for one in self.distances],
            "classifier": asdict(self.separation),
            "floor": self.floor and asdict(self.floor),
        }


def compare_collections(
    a: Tunes | Collection,
    b: Tunes | Collection,
    *,
    floor: tuple[Tunes | Collection, Tunes | Collection] | None = None,
    most: int | None = None,
    seed: int = 0,
) -> Comparison:
    r"""Compares two collections of tunes.

    Args:
        a: ABC file or folder, several of them, or a `Collection`.
        b: The other one.
        floor: Two more collections, of people both, for the classifier to
            tell apart from as many tunes.
        most: Take at most so many tunes of each collection, drawn at random.
        seed: Of what is drawn and shuffled.

    Returns:
        A `Comparison`.

    Raises:
        MitseqError: if a collection has too few tunes, an argument is out of
            its range, or scikit-learn is not installed.
        CorpusError: if a path cannot be read or has no tune.

    Example:

    >>> def tunes(last):
    ...     bodies = (f"{x}2{y}2|{last}4|]" for x in "ABdef" for y in "defg")
    ...     return [f"M:2/4\nL:1/8\nK:D\n{body}\n" for body in bodies]
    >>> found = compare_collections(
    ...     collection_of(tunes("d"), "on d"), collection_of(tunes("A"), "on A")
    ... )
    >>> found.separation.auc
    1.0
    """
    check_classifier()
    if most is not None and not (is_int(most) and most >= FEWEST):
        raise wrong("most", f"be an int of at least {FEWEST}", most)
    check_kind(int, "be an int, 0 or more", seed=seed)
    check_seed(seed)
    _check_collection(a=a, b=b)
    if floor is not None:
        if not isinstance(floor, (tuple, list)) or len(floor) != 2:
            raise wrong("floor", "be two collections", floor)
        _check_collection(floor=floor[0]), _check_collection(floor=floor[1])
    rng = np.random.default_rng(seed)
    first, second = (_some(collection, most, rng) for collection in (a, b))
    texts = [[tune.text for tune in c.tunes] for c in (first, second)]
    found = separate(first, second, seed=seed)
    least = None
    if floor is not None:
        size = found.tunes if most is None else most
        least = separate(*(_some(one, size, rng) for one in floor), seed=seed)
    return Comparison(
        first,
        second,
        _shared(*texts),
        differences(first, second),
        [distance(first, second, what, rng) for what in COUNTS],
        found,
        least,
    )


def read_collection(paths: Tunes, name: str = "") -> Collection:
    """Reads files and folders of ABC, and measures what can be normalized.

    Args:
        paths: As of `mitseq.tunes.reading.read_tunes`.
        name: What it is called; the paths where none is given.

    Raises:
        CorpusError: if a path cannot be read, or none of its tunes is
            accepted.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    name = name or ", ".join(os.fspath(path) for path in paths)
    found: dict[str, Measured] = {}
    dropped: Counter = Counter()
    read = 0
    for raw in follow(read_tunes(paths), f"measuring {name}"):
        read += 1
        try:
            tune = measure(raw.text)
        except MitseqError as error:
            dropped[_reason(error)] += 1
            continue
        if tune.text in found:
            dropped["the same tune again"] += 1
        found[tune.text] = tune
    if not found:
        raise CorpusError(
            f"{name}: none of {read} tunes can be measured "
            f"({dropped.most_common(1)[0][0]})"
        )
    return Collection(name, list(found.values()), read, dropped)


def collection_of(texts: Iterable[str], name: str) -> Collection:
    """Returns the collection of some texts; those not accepted are left out."""
    tunes, dropped, read = [], Counter(), 0
    for text in texts:
        read += 1
        try:
            tunes.append(measure(text))
        except MitseqError as error:
            dropped[_reason(error)] += 1
    return Collection(name, tunes, read, dropped)


def _reason(error: MitseqError) -> str:
    """Why a tune cannot be measured, without its place."""
    reason = error.reason if isinstance(error, ABCError) else str(error)
    return re.sub(r"^bar \d+: ", "", reason)


def differences(a: Collection, b: Collection) -> list[Difference]:
    """Returns each measure of two collections, with interval and test."""
    rows = []
    for name in MEASURES:
        x, y = a.values(name), b.values(name)
        rows.append((name, x.mean(), y.mean(), *_welch(x, y), _p(name, x, y)))
    adjusted = stats.false_discovery_control([row[-1] for row in rows])
    return [
        Difference(name, *map(float, numbers), float(q))
        for (name, *numbers), q in zip(rows, adjusted, strict=True)
    ]


def _welch(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The interval of 95 % of mean(x) - mean(y)."""
    difference = x.mean() - y.mean()
    u, v = x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)
    if not u + v:
        return difference, difference
    df = (u + v) ** 2 / (u**2 / (len(x) - 1) + v**2 / (len(y) - 1))
    half = stats.t.ppf(0.975, df) * math.sqrt(u + v)
    return difference - half, difference + half


def _p(name: str, x: np.ndarray, y: np.ndarray) -> float:
    if name in BINARY:
        table = [[(z == 1).sum(), (z != 1).sum()] for z in (x, y)]
        return stats.fisher_exact(table).pvalue
    if np.ptp(np.concatenate([x, y])) == 0:
        return 1.0  # nothing differs, nothing to rank
    return stats.mannwhitneyu(x, y).pvalue


def distance(
    a: Collection, b: Collection, what: str, rng: np.random.Generator
) -> Distance:
    """Returns how far apart two distributions are, and whether by chance.

    Args:
        a: A collection.
        b: Another.
        what: One of `COUNTS`.
        rng: Of the shuffles: each deals the tunes anew to both sides.
    """
    both = [*a.tunes, *b.tunes]
    kinds = kinds_of(both, what)
    rows = counted(both, what, kinds)
    kinds.append(OTHERS)
    is_a = np.arange(len(rows)) < len(a.tunes)
    all_of = rows.sum(0)

    def distances(sides: np.ndarray) -> np.ndarray:  # (S, N) -> (S,)
        ours = sides.astype(float) @ rows  # (S, K)
        p, q = ours, all_of - ours
        with np.errstate(invalid="ignore"):  # where there is nothing to count
            apart = jensenshannon(p, q, axis=1, base=2)
        return np.nan_to_num(apart)

    seen = float(distances(is_a[None])[0])
    shuffled = distances(
        rng.permuted(np.broadcast_to(is_a, (SHUFFLES, len(is_a))), axis=1)
    )
    p = (1 + (shuffled >= seen - 1e-12).sum()) / (1 + SHUFFLES)
    shares = [rows[side].sum(0) for side in (is_a, ~is_a)]
    shares = [share / max(share.sum(), 1) for share in shares]
    order = np.argsort(shares[0] - shares[1], kind="stable")
    told = [(kinds[i], float(shares[0][i]), float(shares[1][i])) for i in order]
    return Distance(
        what,
        seen,
        float(np.quantile(shuffled, 0.95)),
        float(p),
        [one for one in told[::-1][:3] if one[1] > one[2]],
        [one for one in told[:3] if one[1] < one[2]],
    )


def separate(a: Collection, b: Collection, *, seed: int = 0) -> Separation:
    """Trains a classifier to tell two collections apart.

    A forest of random trees on all measures and on the shares of what is
    counted. Tunes that are one tune in two transcriptions are on one side of
    each fold, so that none is known by heart.

    Args:
        a: A collection.
        b: Another; of the larger one as many tunes are taken as of the other.
        seed: Of what is drawn.

    Raises:
        MitseqError: if one has fewer than `FEWEST` tunes or scikit-learn is
            not installed.
    """
    check_classifier()
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold

    for collection in (a, b):
        if len(collection.tunes) < FEWEST:
            raise MitseqError(
                f"a comparison needs at least {FEWEST} tunes of each "
                f"collection whose bars add up. Received: "
                f"{len(collection.tunes)} of {collection.name} "
                f"({collection.read} read)."
            )
    rng = np.random.default_rng(seed)
    size = min(len(a.tunes), len(b.tunes))
    tunes = [*_some(a, size, rng).tunes, *_some(b, size, rng).tunes]
    labels = np.repeat([0, 1], size)
    groups = np.zeros(len(tunes), int)
    found = near_duplicate_groups([tune.text for tune in tunes])
    for number, group in enumerate(found):
        groups[group] = number
    x, names = features(tunes)
    scores, used = [], []
    for turn in range(ROUNDS):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=turn)
        for train, test in folds.split(x, labels, groups):
            if len(np.unique(labels[test])) < 2:
                continue  # all of one side: there is no order to get right
            forest = ExtraTreesClassifier(
                TREES, min_samples_leaf=2, random_state=turn, n_jobs=1
            ).fit(x[train], labels[train])
            guess = forest.predict_proba(x[test])[:, 1]
            scores.append(roc_auc_score(labels[test], guess))
            with np.errstate(invalid="ignore"):  # where no feature helps
                used.append(np.nan_to_num(forest.feature_importances_))
    auc = float(np.mean(scores))
    half = 1.96 * auc_error(auc, size, size)
    weights = np.mean(used, axis=0)
    best = np.argsort(-weights, kind="stable")[:8]
    return Separation(
        a.name,
        b.name,
        size,
        auc,
        max(0.0, auc - half),
        min(1.0, auc + half),
        [(names[i], float(weights[i])) for i in best],
    )


def auc_error(auc: float, positives: int, negatives: int) -> float:
    """Returns the standard error of an AUC (Hanley and McNeil, 1982).

    Example:

    >>> round(auc_error(0.5, 50, 50), 4)
    0.058
    """
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = (
        auc * (1 - auc)
        + (positives - 1) * (q1 - auc**2)
        + (negatives - 1) * (q2 - auc**2)
    )
    return math.sqrt(max(spread, 0) / (positives * negatives))


def check_classifier() -> None:
    """Raises where scikit-learn, which has the classifier, is missing.

    Raises:
        MitseqError: if scikit-learn is not installed.
    """
    try:
        import sklearn.ensemble  # noqa: F401
    except ImportError as error:
        raise MitseqError(
            "the classifier needs scikit-learn: pip install 'mitseq[music]'"
        ) from error


def _check_collection(**given):
    for name, value in given.items():
        if isinstance(value, Collection):
            continue
        if isinstance(value, (str, os.PathLike)):
            check_path(**{name: value})
            continue
        if not isinstance(value, (list, tuple)) or not value:
            must = "be a file, a folder, several of them or a `Collection`"
            raise wrong(name, must, value)
        for path in value:
            check_path(**{name: path})
            check_kind((str, os.PathLike), "be files", **{name: path})


def _some(
    given: Tunes | Collection, most: int | None, rng: np.random.Generator
) -> Collection:
    """A collection, cut to so many tunes drawn at random, in their order."""
    found = given if isinstance(given, Collection) else read_collection(given)
    if most is None or len(found.tunes) <= most:
        return found
    chosen = np.sort(rng.choice(len(found.tunes), most, replace=False))
    tunes = [found.tunes[i] for i in chosen]
    return Collection(found.name, tunes, found.read, found.dropped)


def _shared(ours: list[str], theirs: list[str]) -> int:
    """How many of our tunes are also theirs, in some transcription."""
    groups = near_duplicate_groups([*ours, *theirs])
    return sum(
        sum(i < len(ours) for i in group)
        for group in groups
        if any(i >= len(ours) for i in group)
    )
