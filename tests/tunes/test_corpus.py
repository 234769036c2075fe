"""From files to a split corpus, and back."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from mitseq.output import OutputError
from mitseq.tunes.corpus import (
    Corpus,
    CorpusError,
    is_split,
    music21_collections,
    prepare,
)
from mitseq.tunes.normalize import normalize

SPLITS = ("train", "validation", "test")


def abc(seed: int, length: int = 64) -> str:
    rng = random.Random(seed)
    notes = [rng.choice("CDEFGABcdefgab") for _ in range(length)]
    bars = ["".join(notes[i : i + 8]) for i in range(0, length, 8)]
    return f"T:{seed}\nM:4/4\nL:1/8\nK:C\n{'|'.join(bars)}|]\n"


def write(path: Path, tunes: list[str]) -> Path:
    path.write_text(
        "\n".join(f"X:{i}\n{tune}" for i, tune in enumerate(tunes, 1))
    )
    return path


def all_tunes(corpus: Corpus) -> list[str]:
    return corpus.train + corpus.validation + corpus.test


def split_of(corpus: Corpus, tune: str) -> str:
    (name,) = [name for name in SPLITS if tune in getattr(corpus, name)]
    return name


@pytest.fixture(scope="module")
def music21_corpus():
    return prepare()


@pytest.mark.parametrize(
    ("train", "held_out", "words"),
    [
        (6, 1, "6 tunes to learn from, 1 tune to judge by: "),
        (99, 10, "99 tunes to learn from"),
        (100, 9, "9 tunes to judge by: "),
        (100, 10, None),
    ],
)
def test_few_tunes_are_told_in_a_line_with_what_to_do(train, held_out, words):
    notes = Corpus(["a"] * train, ["b"] * held_out, [], {}).notes
    assert len(notes) == (words is not None)
    for note in notes:
        assert note.startswith(words) and "\n" not in note
        assert "add some hundred" in note and "--data" in note


def test_reading_shows_how_far_it_is(tmp_path, progress_lines):
    prepare(write(tmp_path / "a.abc", [abc(seed) for seed in range(3)]))
    assert progress_lines() == [f"reading tunes: {n}" for n in range(3)]


# --- prepare -----------------------------------------------------------------


def test_tunes_are_normalized_and_split_by_shares(tmp_path):
    path = write(tmp_path / "a.abc", [abc(seed) for seed in range(400)])
    corpus = prepare(path)
    assert sorted(all_tunes(corpus)) == sorted(
        normalize(abc(seed)) for seed in range(400)
    )
    assert 340 <= len(corpus.train) <= 380
    assert 8 <= len(corpus.validation) <= 35
    assert 8 <= len(corpus.test) <= 35


def test_the_report_counts_what_was_dropped_and_why(tmp_path):
    good = abc(1)
    tunes = [
        good,
        abc(2),
        abc(3),
        good.replace("T:1", "T:The same under another name"),
        good.replace("M:4/4", "M:3/4"),
        good.replace("M:4/4\n", "M:none\n"),
        "M:4/4\nL:1/8\nK:C\nCDEF GABc|[K:D]c8|]\n",
        "M:4/4\nL:1/8\nK:C\nCDEF GABc|[M:3/4]c6|]\n",
        "M:4/4\nL:1/8\nK:C\nV:1\nCDEF GABc|\nV:2\nc8|]\n",
        "T:Only a title\nK:C\n",
        "M:4/4\nK:X\nCDEF GABc|]\n",
    ]
    path = write(tmp_path / "a.abc", tunes)
    report = prepare(path, seed=7).report
    assert report["read"] == 11
    assert report["kept"] == 3
    assert report["dropped"] == {
        "damaged: a bar does not add up": 1,
        "damaged: header": 1,
        "damaged: no music": 1,
        "duplicate": 1,
        "key change": 1,
        "meter change": 1,
        "no meter": 1,
        "several voices": 1,
    }
    assert report["examples"]["duplicate"] == [
        {
            "file": str(path),
            "line": 22,
            "number": 4,
            "detail": "same as a.abc, line 1",
        }
    ]
    assert report["sources"] == [str(path)]
    assert report["seed"] == 7
    assert sum(s["tunes"] for s in report["splits"].values()) == 3
    assert json.loads(json.dumps(report)) == report


def test_an_example_names_the_line_of_the_fault(tmp_path):
    damaged = abc(1).replace("|", "|\nCDEF|", 1)
    path = write(tmp_path / "a.abc", [abc(0), damaged, abc(2)])
    report = prepare(path).report
    (example,) = report["examples"]["damaged: a bar does not add up"]
    lines = path.read_text().split("\n")
    assert lines[example["line"] - 1].startswith("CDEF|")
    assert "1/2" in example["detail"] or "2/4" in example["detail"]


def test_near_duplicates_never_straddle_and_only_train_keeps_them(tmp_path):
    tunes = []
    for seed in range(200):
        tune = abc(seed)
        header, body = tune.split("K:C\n")
        tunes += [
            tune,
            header + "K:C\n^" + body,
            header + "K:D\n" + body,
        ]
    corpus = prepare(write(tmp_path / "a.abc", tunes))
    versions = {
        name: [tune.partition("K:")[2][1:].replace("^", "") for tune in tunes]
        for name in SPLITS
        for tunes in [getattr(corpus, name)]
    }
    train, validation, test = (set(versions[name]) for name in SPLITS)
    assert not train & validation and not train & test
    assert not validation & test
    assert len(validation) == len(corpus.validation) > 0
    assert len(test) == len(corpus.test) > 0
    assert len(train) * 3 == len(corpus.train)
    held_out = len(corpus.validation) + len(corpus.test)
    assert corpus.report["dropped"]["near-duplicate"] == 2 * held_out
    assert corpus.report["near_duplicates"] == {"groups": 200, "tunes": 600}


def test_the_split_is_stable_and_depends_on_the_seed(tmp_path):
    few = write(tmp_path / "few.abc", [abc(seed) for seed in range(200)])
    more = write(tmp_path / "more.abc", [abc(seed) for seed in range(200, 300)])
    before, after = prepare(few), prepare([more, few])
    for tune in all_tunes(before):
        assert split_of(after, tune) == split_of(before, tune)
    other = prepare(few, seed=1)
    assert set(other.test) != set(before.test)
    assert prepare(few).train == before.train


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_few_tunes_make_small_splits(tmp_path, count):
    for seed in range(20):
        path = write(tmp_path / "a.abc", [abc(s) for s in range(count)])
        corpus = prepare(path, seed=seed)
        assert len(all_tunes(corpus)) == count
        assert corpus.train
        assert len(corpus.validation) >= (count > 1)


def test_no_usable_tune_is_an_error_that_says_why(tmp_path):
    path = write(tmp_path / "a.abc", [abc(1).replace("4/4", "3/4")] * 2)
    message = r"a\.abc: none of 2 tunes can be used \(2 damaged: a bar does"
    with pytest.raises(CorpusError, match=message):
        prepare(path)


def test_no_path_is_an_error():
    with pytest.raises(CorpusError, match=r"`paths` must name .*paths=\[\]"):
        prepare([])


def test_a_bad_file_in_a_folder_is_in_the_report(tmp_path):
    write(tmp_path / "a.abc", [abc(1)])
    (tmp_path / "b.abc").write_bytes(b"\0")
    (skipped,) = prepare(tmp_path).report["skipped_files"]
    assert "b.abc: a binary file" in skipped


# --- save and load -----------------------------------------------------------


def test_save_and_load_keep_the_corpus(tmp_path):
    path = write(tmp_path / "a.abc", [abc(seed) for seed in range(100)])
    corpus = prepare(path)
    folder = corpus.save(tmp_path / "new" / "split")
    assert sorted(f.name for f in folder.iterdir()) == [
        "report.json",
        "test.abc",
        "train.abc",
        "validation.abc",
    ]
    assert Corpus.load(folder) == corpus
    assert is_split(folder) and not is_split(tmp_path)


def test_prepare_keeps_the_split_of_a_saved_corpus(tmp_path):
    path = write(tmp_path / "a.abc", [abc(seed) for seed in range(100)])
    corpus = prepare(path, seed=5)
    assert prepare(corpus.save(tmp_path / "split"), seed=6) == corpus


def test_empty_splits_are_saved_and_loaded(tmp_path):
    corpus = prepare(write(tmp_path / "a.abc", [abc(1)]))
    assert corpus.test == []
    assert Corpus.load(corpus.save(tmp_path / "split")) == corpus


def test_files_are_abc_with_a_number_and_a_blank_line_for_each(tmp_path):
    path = write(tmp_path / "a.abc", [abc(1), abc(2), abc(3)])
    corpus = prepare(path)
    text = (corpus.save(tmp_path / "split") / "train.abc").read_text()
    tunes = text.split("\n\n")
    assert [tune.split("\n")[0] for tune in tunes] == [
        f"X:{number}" for number in range(1, len(corpus.train) + 1)
    ]


def test_a_split_made_by_hand_is_loaded_and_counted(tmp_path):
    for name, seed in zip(SPLITS, (1, 2, 3), strict=True):
        write(tmp_path / f"{name}.abc", [abc(seed)])
    damaged = abc(4).replace("M:4/4", "M:3/4")
    write(tmp_path / "train.abc", [abc(1), damaged])
    corpus = Corpus.load(tmp_path)
    assert corpus.test == [normalize(abc(3))]
    assert corpus.report["read"] == 4
    assert corpus.report["dropped"] == {"damaged: a bar does not add up": 1}


def test_load_names_what_is_missing_or_broken(tmp_path):
    with pytest.raises(CorpusError, match=r"train\.abc: no such file"):
        Corpus.load(tmp_path)
    corpus = prepare(write(tmp_path / "a.abc", [abc(1), abc(2), abc(3)]))
    folder = corpus.save(tmp_path / "split")
    for text in ("{", "[]"):
        (folder / "report.json").write_text(text)
        with pytest.raises(CorpusError, match=r"report\.json: not a report"):
            Corpus.load(folder)


def test_tunes_changed_by_hand_are_counted_anew(tmp_path):
    path = write(tmp_path / "a.abc", [abc(seed) for seed in range(50)])
    corpus = prepare(path)
    folder = corpus.save(tmp_path / "split")
    write(folder / "test.abc", [abc(99, length=128)])
    report = Corpus.load(folder).report
    assert report["splits"]["test"]["tunes"] == 1
    assert report["sources"] == [str(folder)]


def test_save_names_a_folder_that_cannot_be_written(tmp_path):
    corpus = prepare(write(tmp_path / "a.abc", [abc(1)]))
    with pytest.raises(OutputError, match=r"a\.abc"):
        corpus.save(tmp_path / "a.abc" / "split")


# --- the collections in music21 ----------------------------------------------


def test_the_collections_are_found_without_importing_music21():
    code = (
        "import sys; from mitseq.tunes.corpus import music21_collections as f;"
        "f(); print({'music21', 'tensorflow', 'keras'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_a_missing_music21_says_what_to_do(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CorpusError, match=r"not installed\. .*pip install"):
        music21_collections()


def test_a_music21_without_corpus_says_what_to_do(monkeypatch, tmp_path):
    class Spec:
        submodule_search_locations = [str(tmp_path)]

    (tmp_path / "corpus" / "airdsAirs").mkdir(parents=True)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: Spec)
    message = r"lacks oneills1850, ryansMammoth in .*without its corpus.*--data"
    with pytest.raises(CorpusError, match=message):
        music21_collections()


def test_the_collections_give_thousands_of_tunes(music21_corpus):
    report = music21_corpus.report
    assert report["read"] >= 4000
    assert report["kept"] >= 0.75 * report["read"]
    assert report["read"] == report["kept"] + sum(report["dropped"].values())
    assert report["dropped"].get("damaged: other", 0) < 10


def test_no_held_out_tune_stands_in_train_in_another_key(music21_corpus):
    # An independent look: the longest melodies, as steps between all notes.
    def runs(tune: str) -> set[str]:
        notes = [c for c in tune.split("\n")[3] if c in "CDEFGABcdefgab"]
        places = ["CDEFGABcdefgab".index(note) for note in notes]
        steps = [b - a for a, b in zip(places, places[1:], strict=False)]
        return {str(steps[i : i + 40]) for i in range(0, len(steps) - 40)}

    train = set().union(*map(runs, music21_corpus.train))
    held_out = music21_corpus.validation + music21_corpus.test
    copied = [tune for tune in held_out if len(runs(tune) & train) > 0]
    assert len(held_out) > 200
    assert len(copied) <= 0.02 * len(held_out)
