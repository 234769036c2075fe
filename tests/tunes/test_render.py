"""A run's files: names, numbers, formats, nothing overwritten."""

import pytest

from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.tunes.render import next_number, parse_formats, render
from mitseq.tunes.tune import FORMATS, Tune

ABC = "X:1\nT:One\nM:2/4\nL:1/8\nK:D\nd2 A2|d4|]\n"
BAD = ABC.replace("d4", "d5")


def names(paths):
    return [path.name for path in paths]


def test_one_tune_in_all_formats(tmp_path):
    paths = render([Tune(ABC)], FORMATS, tmp_path / "new")
    assert names(paths) == [
        "tune-1.abc", "tune-1.mid", "tune-1.musicxml", "tune-1.svg",
        "tune-1.png", "tune-1.wav", "tune-1.html",
    ]  # fmt: skip
    assert all(path.stat().st_size > 0 for path in paths)


def test_a_run_has_one_page_and_starts_after_what_is_there(tmp_path):
    (tmp_path / "tune-7.png").write_text("mine")
    paths = render([ABC, ABC], "html,abc", tmp_path, stem="tune")
    assert names(paths) == ["tune-8.abc", "tune-9.abc", "tune-8.html"]
    assert paths[-1].read_text("utf-8").count("<article") == 2
    assert next_number(tmp_path) == 10


def test_overwrite_starts_at_one(tmp_path):
    render([BAD], "abc", tmp_path)
    (path,) = render([ABC], "abc", tmp_path, overwrite=True)
    assert path.name == "tune-1.abc" and path.read_text() == ABC


def test_a_tune_with_problems_has_abc_and_a_page(tmp_path):
    paths = render([BAD, ABC], "abc,midi,html", tmp_path)
    assert names(paths) == [
        "tune-1.abc", "tune-2.abc", "tune-2.mid", "tune-1.html",
    ]  # fmt: skip
    assert "bar 2" in paths[-1].read_text("utf-8")


def test_nothing_to_write_is_told(tmp_path):
    with pytest.raises(MitseqError, match="bar 2"):
        render([BAD], "midi", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("abc", ("abc",)),
        (" WAV , .mid,abc,", ("abc", "midi", "wav")),
        (["xml", "svg", "svg"], ("musicxml", "svg")),
    ],
)
def test_parse_formats(given, found):
    assert parse_formats(given) == found


@pytest.mark.parametrize("given", ["", ",", "mp3", "abc,pdf", []])
def test_unknown_formats_are_told(given):
    with pytest.raises(MitseqError, match="`formats` must be some of abc,midi"):
        parse_formats(given)


def test_bad_arguments(tmp_path):
    with pytest.raises(MitseqError, match="at least one tune"):
        render([], "abc", tmp_path)
    with pytest.raises(MitseqError, match="`stem` must be"):
        render([ABC], "abc", tmp_path, stem="../x")


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="file"):
        render([ABC], "abc", tmp_path / "file")
