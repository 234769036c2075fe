"""The tune as an object: header, formats, saving, notebook."""

import builtins
import sys

import pytest

from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.tunes.bars import MelodyError
from mitseq.tunes.reading import cut_tunes
from mitseq.tunes.tune import FORMATS, Tune

ABC = "X:1\nT:Short <b>\nT:Other\nM:2/4\nL:1/8\nK:Ador % key\nA2 c2|e4|]\n"
BAD = ABC.replace("e4", "e5")


def test_header():
    tune = Tune(ABC)
    assert (tune.title, tune.key, tune.meter) == ("Short <b>", "Ador", "2/4")
    assert str(tune) == tune.abc == ABC
    assert repr(tune) == "Tune(title='Short <b>', key='Ador', meter='2/4')"
    empty = Tune("")
    assert (empty.title, empty.key, empty.meter) == ("", "", "")


def test_equality_is_that_of_the_text():
    assert Tune(ABC) == Tune(ABC) != Tune(BAD)
    assert len({Tune(ABC), Tune(ABC)}) == 1


def test_abc_must_be_text():
    with pytest.raises(TypeError, match="`abc` must be the text"):
        Tune(b"X:1")


def test_a_tune_is_one_tune():
    other = ABC.replace("X:1", "X:2")
    for text in (f"{ABC}\n{other}", ABC + other, f"{ABC}\n{other[4:]}"):
        with pytest.raises(MitseqError, match="one tune. Received: 2 tunes;"):
            Tune(text)
        tunes = [Tune(one) for one in cut_tunes(text)]
        assert [tune.check() for tune in tunes] == [[], []]
        assert [tune.key for tune in tunes] == ["Ador", "Ador"]


def test_what_lies_between_the_lines_of_a_tune_makes_no_second():
    for text in (ABC, f"Prose.\n\n{ABC}\n\nW:words\n", ABC + "\n|:A4:|\n"):
        assert Tune(text).abc == text


def test_any_text_can_be_saved_as_abc(tmp_path):
    path = Tune("T:\ud800").save(tmp_path / "x.abc")
    assert path.read_text("utf-8") == "T:?"


def test_check():
    assert Tune(ABC).check() == []
    (problem,) = Tune(BAD).check()
    assert "bar 2" in str(problem)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.abc", b"X:1"),
        ("a.mid", b"MThd"),
        ("a.midi", b"MThd"),
        ("a.musicxml", b"<?xml"),
        ("a.XML", b"<?xml"),
        ("a.svg", b"<svg"),
        ("a.png", b"\x89PNG"),
        ("a.wav", b"RIFF"),
        ("a.html", b"<!DOCTYPE html>"),
    ],
)
def test_save_by_suffix(tmp_path, name, start):
    path = Tune(ABC).save(tmp_path / name)
    assert path.read_bytes().startswith(start)


def test_save_names_the_suffixes(tmp_path):
    with pytest.raises(
        MitseqError, match=r"\.mid, .*\.png.* Received: .*x\.mp3"
    ):
        Tune(ABC).save(tmp_path / "x.mp3")


def test_save_replaces_only_when_asked(tmp_path):
    path = tmp_path / "x.abc"
    path.write_text("mine")
    with pytest.raises(OutputError, match="overwrite=True"):
        Tune(ABC).save(path)
    assert path.read_text() == "mine"
    Tune(ABC).save(path, overwrite=True)
    assert path.read_text() == ABC


def test_a_tune_with_problems_is_saved_as_abc_only(tmp_path):
    Tune(BAD).save(tmp_path / "x.abc")
    with pytest.raises(MelodyError, match="bar 2"):
        Tune(BAD).save(tmp_path / "x.mid")
    assert [path.name for path in tmp_path.iterdir()] == ["x.abc"]


def test_to_knows_the_formats():
    for name in FORMATS:
        assert Tune(ABC).to(name)
    with pytest.raises(MitseqError, match="`format` must be one of"):
        Tune(ABC).to("mp3")


def test_play():
    display = pytest.importorskip("IPython.display")
    assert isinstance(Tune(ABC).play(), display.Audio)


def test_play_without_ipython_names_the_command(monkeypatch):
    for name in list(sys.modules):
        if name.split(".")[0] == "IPython":
            monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def without(name, *rest, **options):
        if name.split(".")[0] == "IPython":
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setitem(sys.modules, "IPython", None)
    with pytest.raises(ImportError, match=r"pip install 'mitseq\[notebook\]'"):
        Tune(ABC).play()


def test_notebook_shows_the_score_and_escapes_the_title():
    shown = Tune(ABC)._repr_html_()
    assert "<svg" in shown and "Short &lt;b&gt;" in shown
    assert "<b>" not in shown
    other = Tune(ABC.replace("A2", "B2"))._repr_html_()
    ids = [part.split('"')[0] for part in shown.split(' id="')[1:]]
    assert not any(f' id="{name}"' in other for name in ids)


def test_notebook_shows_what_is_wrong():
    shown = Tune(BAD)._repr_html_()
    assert "<svg" not in shown
    assert "bar 2" in shown and "&lt;b&gt;" in shown
