"""Songs: cut at blank lines, read from files, written in the course's way."""

import itertools
import re

import pytest

from mitseq.errors import MitseqError
from mitseq.mitdeeplearning.songs import (
    extract_song_snippet,
    load_training_data,
    save_song_to_abc,
)
from mitseq.tunes.check import check
from mitseq.tunes.corpus import CorpusError, music21_collections
from mitseq.tunes.normalize import normalize
from mitseq.tunes.reading import read_tunes

ONE, TWO, THREE = "X:1\nK:D\nABc|", "X:2\nK:G\nGAB|", "X:3\nK:A\ncBA|"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ONE}\n\n{TWO}\n\n", [ONE, TWO]),
        (f"\n\n{ONE}\n\n{TWO}\n\n", [ONE, TWO]),
        # One blank line ends a song and begins the next: matches overlap.
        (f"{ONE}\n\n{TWO}\n\n{THREE}\n\n", [ONE, TWO, THREE]),
        # The last is not ended.
        (f"{ONE}\n\n{TWO}\n\n{THREE}", [ONE, TWO]),
        (f"{ONE}\n\n{TWO}\n", [ONE]),
        (ONE, []),
        ("", []),
        (f"{ONE}\n\n\n\n{TWO}\n\n\n", [ONE, TWO]),
        (f"{ONE}\n\n{TWO}\n\n".replace("\n", "\r\n"), [ONE, TWO]),
    ],
)
def test_songs_stand_between_blank_lines(text, expected, capsys):
    assert extract_song_snippet(text) == expected
    plural = "song was" if len(expected) == 1 else "songs were"
    assert capsys.readouterr().out == f"{len(expected)} {plural} found.\n"


def test_training_data_has_the_header_of_the_course(few_tunes, capsys):
    songs = load_training_data()
    assert capsys.readouterr().out == f"{len(songs)} songs were found.\n"
    assert 10 < len(songs) <= 30
    tunes = {raw.number: raw for raw in itertools.islice(_oneills(), 30)}
    for number, song in enumerate(songs, start=1):
        letters = re.findall(r"^([A-Z]):", song, re.MULTILINE)
        assert letters == list("XTZMLK")
        assert song.startswith(f"X:{number}\nT:")
        assert re.search(r"^K:[A-G][#b]? [A-Z][a-z]+$", song, re.MULTILINE)
        assert "\n\n" not in song and song == song.strip()
        assert check(song) == []
        # Its number leads to the tune of music21: the same music.
        (source,) = re.findall(r"^Z: id:oneills1850-(\d+)$", song, re.M)
        assert normalize(song) == normalize(tunes[int(source)].text)
    assert len(set(map(normalize, songs))) == len(songs)


def _oneills():
    return read_tunes(music21_collections()[0])


def test_a_file_is_read_as_it_stands(tmp_path, capsys):
    # The last bar of the first is too long: it is kept all the same.
    odd = "X:7\nT:Odd\nM:2/4\nL:1/8\nK:D Major\nABc|ABcdef|"
    (tmp_path / "a.abc").write_text(f"{odd}\n\n{TWO}\n")
    assert load_training_data(tmp_path / "a.abc") == [odd, f"{TWO}"]
    assert capsys.readouterr().out == "2 songs were found.\n"


def test_a_folder_gives_the_songs_of_its_files(tmp_path):
    (tmp_path / "a.abc").write_text(f"{ONE}\n\n% a remark\n\nABc|\n")
    (tmp_path / "b.abc").write_text(f"{TWO}\n{THREE}\n")
    songs = load_training_data(tmp_path)
    assert songs == [f"{ONE}\nABc|", TWO, THREE]


def test_what_is_no_file_of_songs_is_named(tmp_path):
    with pytest.raises(MitseqError, match=r"none\.abc: No such file"):
        load_training_data(tmp_path / "none.abc")
    (tmp_path / "empty.abc").write_text("\n")
    with pytest.raises(MitseqError, match=r"empty\.abc: no song.*blank line"):
        load_training_data(tmp_path / "empty.abc")
    with pytest.raises(CorpusError, match=r"no \.abc file with a tune"):
        load_training_data(tmp_path)


def test_a_song_is_saved_under_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert save_song_to_abc(ONE) == "tmp"
    assert (tmp_path / "tmp.abc").read_text() == ONE
    assert save_song_to_abc(TWO, tmp_path / "mine") == str(tmp_path / "mine")
    assert (tmp_path / "mine.abc").read_text() == TWO
    save_song_to_abc(THREE + "\udce4", "tmp")  # replaces, whatever is in it
    assert (tmp_path / "tmp.abc").read_text() == THREE + "?"
