import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mitseq.errors import MitseqError
from mitseq.tasks.music.judge import (
    PERSON,
    PROGRAM,
    BlindTest,
    blind_test,
    rare_tunes,
    read_results,
    verdict,
)
from mitseq.tunes.corpus import Corpus, prepare
from mitseq.tunes.lines import CorpusError
from tests.cli.music.conftest import reels

PEOPLE = [(f"M:2/4\nL:1/8\nK:D\nd{n}|\n", f"a.abc, X:{n}") for n in (1, 2, 3)]
WRITTEN = [f"M:2/4\nL:1/8\nK:D\nA{n}|\n" for n in (1, 2, 3)]


@pytest.fixture
def test():
    return blind_test(PEOPLE, WRITTEN, seed=1)


def answers(test, who, structure=3, melody=3, known=False):
    """The same answer to every tune; a function of its author where it is."""

    def told(value, entry):
        return value(entry.who) if callable(value) else value

    return [
        {
            "who": told(who, entry),
            "structure": told(structure, entry),
            "melody": told(melody, entry),
            "known": told(known, entry),
        }
        for entry in test.entries
    ]


def saved(tmp_path, test, found, changes=()):
    path = tmp_path / "answers.json"
    path.write_text(
        json.dumps({"test": test.name, "answers": found} | dict(changes))
    )
    return path


def test_a_test_has_all_tunes_in_an_order_that_the_seed_decides(test):
    assert sorted(e.abc for e in test.entries) == sorted(
        [abc for abc, _ in PEOPLE] + WRITTEN
    )
    assert [e.who for e in test.entries].count(PERSON) == 3
    assert blind_test(PEOPLE, WRITTEN, seed=1) == test
    orders = {
        tuple(e.who for e in blind_test(PEOPLE, WRITTEN, seed=s).entries)
        for s in range(20)
    }
    assert len(orders) > 8


def test_a_key_comes_back_from_its_file(test, tmp_path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(test.to_dict()))
    assert BlindTest.from_file(path) == test


@pytest.mark.parametrize(
    "text", ["{}", "[]", "null", '{"test": "a", "tunes": [{}]}', "{", "\xff"]
)
def test_what_is_no_key_is_one_line(tmp_path, text):
    path = tmp_path / "key.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(MitseqError, match=r"key\.json: not "):
        BlindTest.from_file(path)


def test_a_judge_who_hears_it_is_right_every_time(test):
    found = verdict(
        test,
        [answers(test, lambda who: who, lambda who: 5 if who == PERSON else 1)],
    )
    assert (found.judges, found.answers, found.right) == (1, 6, 6)
    bounds = stats.binomtest(6, 6).proportion_ci(method="wilson")
    assert (found.low, found.high) == (bounds.low, bounds.high)
    taken, structure, melody = found.questions
    assert (taken.people, taken.program, taken.difference) == (1, 0, 1)
    assert (structure.people, structure.program) == (5, 1)
    assert structure.p == pytest.approx(2 / 20)  # of 6 over 3 ways, 2 so far
    assert (melody.difference, melody.p) == (0, 1)


def test_answers_are_averaged_tune_by_tune(test):
    one = answers(test, PERSON)
    other = answers(test, PROGRAM)
    values = {PERSON: [], PROGRAM: []}
    for i, entry in enumerate(test.entries):
        one[i]["structure"], other[i]["structure"] = 1 + i % 5, 1 + i * i % 4
        values[entry.who].append((2 + i % 5 + i * i % 4) / 2)
    other[0]["structure"] = None
    values[test.entries[0].who][0] = 1.0
    found = verdict(test, [one, other])
    assert found.answers == 12 and found.right == 6
    rows = {row.question: row for row in found.questions}
    assert rows["taken for a person"].people == 0.5
    structure = rows["structure"]
    assert structure.people == pytest.approx(sum(values[PERSON]) / 3)
    welch = stats.ttest_ind(
        values[PERSON], values[PROGRAM], equal_var=False
    ).confidence_interval()
    assert (structure.low, structure.high) == pytest.approx(tuple(welch))


def test_known_tunes_do_not_count(test):
    found = answers(test, PERSON)
    known = next(i for i, e in enumerate(test.entries) if e.who == PERSON)
    found[known]["known"] = True
    result = verdict(test, [found])
    assert (result.known, result.answers, result.right) == (1, 5, 2)


def test_guessing_is_not_significant():
    test = blind_test(
        [(f"{i}", "") for i in range(10)], [f"w{i}" for i in range(10)], seed=0
    )
    rng = random.Random(4)
    found = verdict(
        test,
        [answers(test, lambda _: rng.choice((PERSON, PROGRAM)))] * 1
        + [answers(test, lambda _: rng.choice((PERSON, PROGRAM)))],
    )
    assert found.low < 0.5 < found.high
    assert found.questions[0].p > 0.05


def test_results_come_back_from_their_file(test, tmp_path):
    found = answers(test, PERSON, melody=None)
    assert read_results(saved(tmp_path, test, found), test) == found


@pytest.mark.parametrize(
    "change, words",
    [
        ({"who": "nobody"}, "tune 2: `who` must be one of person, program"),
        ({"structure": 6}, "tune 2: `structure`"),
        ({"structure": "3"}, "tune 2: `structure`"),
        ({"melody": True}, "tune 2: `melody`"),
        ({"known": 1}, "tune 2: `known`"),
        ({"melody": float("nan")}, "tune 2: `melody`"),
    ],
)
def test_a_wrong_answer_is_named(test, tmp_path, change, words):
    found = answers(test, PERSON)
    found[1] |= change
    with pytest.raises(MitseqError, match=words):
        read_results(saved(tmp_path, test, found), test)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"test": "other"}, "results of test 'other'"),
        ({"answers": []}, "answers to 0 tunes, expected 6"),
        ({"answers": 3}, "no results"),
    ],
)
def test_results_of_another_test_are_refused(test, tmp_path, changes, words):
    path = saved(tmp_path, test, answers(test, PERSON), changes)
    with pytest.raises(MitseqError, match=words):
        read_results(path, test)


@settings(max_examples=30, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=6)
            | st.dictionaries(
                st.sampled_from("test answers who melody known".split()), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_reader(tmp_path_factory, found):
    test = blind_test(PEOPLE, WRITTEN)
    path = tmp_path_factory.mktemp("fuzz") / "a.json"
    path.write_text(json.dumps(found))
    with pytest.raises(MitseqError):
        read_results(path, test)


def test_nothing_answered_is_one_line(test):
    with pytest.raises(MitseqError, match="Received: none"):
        verdict(test, [answers(test, None)])


def test_rare_tunes_stand_there_once(tmp_path):
    text = reels(12, seed=1)
    twice = text.replace("K:D", "K:G")[: len(text) // 2]
    (tmp_path / "a.abc").write_text(text)
    (tmp_path / "b.abc").write_text(twice[: twice.rindex("X:")])
    doubled = twice.count("X:") - 1
    found = rare_tunes(12 - doubled, [tmp_path])
    assert {source.split(",")[0] for _, source in found} == {"a.abc"}
    assert len(found) == len(set(found)) == 12 - doubled
    with pytest.raises(CorpusError, match=f"Received: {12 - doubled} of"):
        rare_tunes(12, [tmp_path])


def test_rare_tunes_of_music21_are_of_the_test_split(monkeypatch, tmp_path):
    from mitseq.tasks.music import judge

    (tmp_path / "a.abc").write_text(reels(120, seed=3))
    monkeypatch.setattr(judge, "music21_collections", lambda: [tmp_path])
    corpus: Corpus = prepare(tmp_path)
    assert len(corpus.test) >= 3
    found = rare_tunes(3)
    assert {tune for tune, _ in found} <= set(corpus.test)
