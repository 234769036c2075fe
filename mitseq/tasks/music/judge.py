"""A blind test: who wrote this tune, a person or a program?

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music). As
many tunes of a model as of people, in random order, look and sound the same:
one spelling, one engraving, one instrument, one tempo a meter. Judges give
structure and melody 1 to 5 points, as in the second stage of the AI Music
Generation Challenge (Sturm and Maruri-Aguilar, 2021), and say who wrote it.

What counts is the tune, not the answer: ten judges of one tune are no ten
tunes. So answers are averaged tune by tune first, and the two groups of tunes
are compared by dealing them anew (a permutation test).
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from mitseq.errors import MitseqError
from mitseq.tunes.corpus import music21_collections
from mitseq.tunes.drops import Drops, normalized_tunes
from mitseq.tunes.duplicates import near_duplicate_groups
from mitseq.tunes.lines import CorpusError
from mitseq.tunes.reading import read_tunes
from mitseq.tunes.splits import choose_splits

PERSON, PROGRAM = "person", "program"
POINTS = (1, 2, 3, 4, 5)
RATED = ("structure", "melody")
SHUFFLES = 9999


@dataclass(frozen=True)
class Entry:
    """One tune of a test: its normalized text, who wrote it, where it is."""

    abc: str
    who: str
    source: str


@dataclass(frozen=True)
class BlindTest:
    """The tunes of a test in the order in which they are shown.

    `name` stands in the page and in each file of results, so that results of
    another test are noticed.
    """

    name: str
    entries: list[Entry]

    def to_dict(self) -> dict:
        """Returns the key: what to keep from those who judge."""
        return {"test": self.name, "tunes": [asdict(e) for e in self.entries]}

    @classmethod
    def from_file(cls, path: str | os.PathLike) -> BlindTest:
        """Reads a key that `to_dict` gave.

        Raises:
            MitseqError: if it is none.
        """
        found = _json(Path(path))
        try:
            entries = [Entry(**entry) for entry in found["tunes"]]
            if not entries or any(
                e.who not in (PERSON, PROGRAM) for e in entries
            ):
                raise ValueError
            return cls(str(found["test"]), entries)
        except (TypeError, KeyError, ValueError) as error:
            raise MitseqError(
                f"{path}: not the key of a test; expected the key.json that "
                "`mitseq music judge` wrote"
            ) from error


@dataclass(frozen=True)
class Compared:
    """One question, over the tunes of people and of the program.

    `difference` is people minus program, with its interval of 95 % (Welch, a
    value a tune); `p` is how often tunes dealt anew differ as much.
    """

    question: str
    people: float
    program: float
    difference: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Verdict:
    """What the results of a test say.

    `right` of `answers` said rightly who wrote the tune, a share that lies
    between `low` and `high` with 95 % (Wilson, taking answers as independent);
    tunes that a judge knew do not count.
    """

    judges: int
    tunes: int
    known: int
    answers: int
    right: int
    low: float
    high: float
    questions: list[Compared]


def blind_test(
    people: Sequence[tuple[str, str]], program: Sequence[str], seed: int = 0
) -> BlindTest:
    r"""Shuffles tunes of people and of a program.

    Args:
        people: Normalized tunes, each with where it stands.
        program: Normalized tunes that a model wrote.
        seed: Of the order.

    Example:

    >>> test = blind_test([("K:D\nd4|", "a.abc")], ["K:G\ng4|"], seed=1)
    >>> [entry.who for entry in test.entries]
    ['program', 'person']
    """
    entries = [
        *(Entry(abc, PERSON, source) for abc, source in people),
        *(Entry(abc, PROGRAM, f"seed {seed}") for abc in program),
    ]
    random.Random(seed).shuffle(entries)  # noqa: S311
    text = "\n".join(entry.abc for entry in entries)
    name = hashlib.sha256(text.encode()).hexdigest()[:8]
    return BlindTest(name, entries)


def rare_tunes(
    count: int,
    paths: Iterable[str | os.PathLike] | None = None,
    seed: int = 0,
) -> list[tuple[str, str]]:
    """Draws tunes of people that are not well known.

    A tune that stands in several collections, or twice in one, is one that
    many play. So those are drawn that stand there once.

    Args:
        count: Positive int.
        paths: Files and folders of ABC; None for the collections in the
            installed music21, of which only tunes are drawn that the bundled
            model has not learned from.
        seed: Of what is drawn.

    Returns:
        Normalized texts, each with its file and number.

    Raises:
        CorpusError: if there are too few, or a path cannot be read.
    """
    bundled = paths is None
    read = read_tunes(music21_collections() if paths is None else list(paths))
    found = {}
    for tune, raw in normalized_tunes(read, Drops()):
        found.setdefault(tune, f"{raw.source.name}, X:{raw.number}")
    tunes = list(found)
    groups = near_duplicate_groups(tunes)
    splits = choose_splits([tunes[group[0]] for group in groups], 0)
    rare = [
        tunes[group[0]]
        for split, group in zip(splits, groups, strict=True)
        if len(group) == 1 and (split == "test" or not bundled)
    ]
    if len(rare) < count:
        raise CorpusError(
            f"{count} tunes of people are needed that stand there once and "
            f"whose bars add up. Received: {len(rare)} of {len(tunes)}."
        )
    chosen = random.Random(seed).sample(rare, count)  # noqa: S311
    return [(tune, found[tune]) for tune in chosen]


def read_results(
    path: str | os.PathLike, test: BlindTest
) -> list[dict[str, Any]]:
    """Reads the answers that a judge saved from the page.

    Returns:
        A dict a tune: `who`, `structure`, `melody`, each None where it was not
        answered, and `known`.

    Raises:
        MitseqError: if the file holds no answers, or those of another test.
    """
    found = _json(Path(path))
    if not isinstance(found, dict) or not isinstance(
        found.get("answers"), list
    ):
        raise MitseqError(
            f"{path}: no results; expected a file that the page of "
            "`mitseq music judge` saved"
        )
    if found.get("test") != test.name:
        raise MitseqError(
            f"{path}: results of test {found.get('test')!r}, and the key is of "
            f"test {test.name!r}"
        )
    if len(found["answers"]) != len(test.entries):
        raise MitseqError(
            f"{path}: answers to {len(found['answers'])} tunes, expected "
            f"{len(test.entries)}"
        )
    return [
        _answer(answer, number, path)
        for number, answer in enumerate(found["answers"], start=1)
    ]


def _answer(answer, number, path) -> dict[str, Any]:
    answer = answer if isinstance(answer, dict) else {}
    allowed = {
        "who": (PERSON, PROGRAM),
        **dict.fromkeys(RATED, POINTS),
        "known": (True, False),
    }
    for name, values in allowed.items():
        value = answer.get(name)
        if value is not None and (
            value not in values
            or isinstance(value, bool) is not (name == "known")
        ):
            raise MitseqError(
                f"{path}: tune {number}: `{name}` must be one of "
                f"{', '.join(map(str, values))}, or null. Received: {value!r}."
            )
    return {name: answer.get(name) for name in allowed}


def verdict(
    test: BlindTest, results: Sequence[Sequence[dict[str, Any]]], seed: int = 0
) -> Verdict:
    """Computes what the answers of one judge or several say.

    Args:
        test: The key.
        results: From `read_results`, a list a judge.
        seed: Of the permutations.

    Raises:
        MitseqError: if too little was answered to compare.
    """
    is_person = np.array([e.who == PERSON for e in test.entries])
    known = sum(bool(a["known"]) for answers in results for a in answers)
    fresh = [
        [None if answers[i]["known"] else answers[i] for answers in results]
        for i in range(len(test.entries))
    ]
    said = [
        (answer["who"] == PERSON) == person
        for answers, person in zip(fresh, is_person, strict=True)
        for answer in answers
        if answer and answer["who"] is not None
    ]
    if not said:
        raise MitseqError(
            "results must say of at least one tune, not known before, who "
            "wrote it. Received: none that does."
        )
    bounds = stats.binomtest(sum(said), len(said)).proportion_ci(
        method="wilson"
    )
    questions = []
    for question in ("taken for a person", *RATED):
        values = np.array([_mean_of(answers, question) for answers in fresh])
        row = _compared(question, values, is_person, seed)
        if row is not None:
            questions.append(row)
    return Verdict(
        len(results),
        len(test.entries),
        known,
        len(said),
        int(sum(said)),
        float(bounds.low),
        float(bounds.high),
        questions,
    )


def _mean_of(answers, question) -> float:
    """What judges say of one tune, NaN where nobody says it."""
    if question in RATED:
        values = [a[question] for a in answers if a and a[question]]
    else:
        values = [a["who"] == PERSON for a in answers if a and a["who"]]
    return float(np.mean(values)) if values else math.nan


def _compared(question, values, is_person, seed) -> Compared | None:
    told = ~np.isnan(values)
    groups = values[told & is_person], values[told & ~is_person]
    if min(map(len, groups)) < 2:
        return None
    people, program = groups
    apart = float(people.mean() - program.mean())
    u, v = (group.var(ddof=1) / len(group) for group in groups)
    half = 0.0
    if u + v:
        df = (u + v) ** 2 / sum(
            w * w / (len(group) - 1)
            for w, group in zip((u, v), groups, strict=True)
        )
        half = float(stats.t.ppf(0.975, df) * math.sqrt(u + v))
    test = stats.permutation_test(
        groups,
        lambda x, y, axis: x.mean(axis) - y.mean(axis),
        n_resamples=SHUFFLES,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    return Compared(
        question,
        float(people.mean()),
        float(program.mean()),
        apart,
        apart - half,
        apart + half,
        float(test.pvalue),
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MitseqError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise MitseqError(f"{path}: not JSON: {error}") from error
