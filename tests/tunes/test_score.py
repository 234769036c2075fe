"""The score: one SVG with ids and a heading, PNG from it, no fonts needed."""

import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

import pytest

from mitseq.tunes import score
from mitseq.tunes.bars import MelodyError
from mitseq.tunes.melody import read_melody
from mitseq.tunes.musicxml import to_musicxml
from mitseq.tunes.score import to_png, to_svg

HEAD = "X:1\nT:Test\nM:6/8\nL:1/8\nK:G\n"
TUNE = HEAD + "|:D|G2B [dg]2B|{c}Bcd (3efg a|d6|G3 G2:|\n" * 4


def test_every_sound_has_its_note_in_the_score():
    svg = to_svg(TUNE)
    ids = set(re.findall(r'<g [^>]*id="(n\d[^"]*)"', svg))
    for sound in read_melody(TUNE).sounds():
        for name, _, _ in sound.parts:
            assert name in ids


def test_several_systems_on_one_page_with_automatic_height():
    short, tall = to_svg(HEAD + "D6|]\n"), to_svg(TUNE)
    assert tall.count('class="system"') >= 3
    heights = [float(ElementTree.fromstring(s).get("height")) for s in
               (short, tall)]  # fmt: skip
    assert heights[0] < 250 < heights[1]


def test_prefix_is_put_before_every_id_and_link():
    root = ElementTree.fromstring(to_svg(TUNE, prefix="t1-"))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("t1-") for name in ids)
    links = {e.get("{http://www.w3.org/1999/xlink}href") for e in root.iter()}
    links.discard(None)
    assert links and {link[1:] for link in links} <= set(ids)
    assert "#t1-score " in root.findtext("{http://www.w3.org/2000/svg}style")


def test_title_is_text_and_can_be_left_out():
    tune = TUNE.replace("T:Test", "T:A & <script>alert(1)</script>")
    svg = to_svg(tune)
    assert "<script" not in svg
    assert "A &amp; &lt;script&gt;" in svg
    assert "font-size" not in to_svg(tune, heading=False).split("<defs")[0]


def test_same_tune_same_score():
    assert to_svg(TUNE) == to_svg(TUNE)


def test_bad_tune_is_refused():
    with pytest.raises(MelodyError, match="must pass the check"):
        to_svg(HEAD + "D6|D7|]\n")
    with pytest.raises(MelodyError, match="must pass the check"):
        to_png(HEAD + "D6|D7|]\n")


def test_what_verovio_rejects_is_told(monkeypatch):
    monkeypatch.setattr(score, "to_musicxml", lambda melody: "<nothing/>")
    with pytest.raises(MelodyError, match="verovio rejects"):
        to_svg(TUNE)


def pixels(png):
    """Rows of an 8-bit RGBA PNG, as far as filters 0 to 4 need."""
    width, height, depth, color = struct.unpack(">IIBB", png[16:26])
    assert (depth, color) == (8, 6)
    data, place = b"", 8
    while place < len(png):
        size = struct.unpack(">I", png[place : place + 4])[0]
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + size]
        place += size + 12
    raw = zlib.decompress(data)
    return width, height, raw


def test_png_is_twice_the_svg_and_white():
    svg = to_svg(TUNE)
    root = ElementTree.fromstring(svg)
    png = to_png(svg=svg)
    width, height, raw = pixels(png)
    assert width == 2000
    assert abs(height - 2 * float(root.get("height"))) <= 2
    first_row = raw[1:]  # filter 0 to 4: the first pixel is as it is
    assert first_row[:4] == b"\xff\xff\xff\xff"


def test_a_long_score_is_less_wide_and_as_tall_as_it_should_be():
    svg = to_svg("M:4/4\nL:1/8\nK:D\n" + "d8|\n" * 149 + "d8|]\n")
    root = ElementTree.fromstring(svg)
    shape = float(root.get("height")) / float(root.get("width"))
    width, height, _ = pixels(to_png(svg=svg))
    assert 2 * width * height > score.MOST_PIXELS
    assert width * height <= score.MOST_PIXELS + width + height
    assert abs(height - shape * width) < shape + 1


def test_musicxml_that_is_there_is_not_written_again(monkeypatch):
    expected = to_svg(TUNE)
    there = to_musicxml(TUNE)
    monkeypatch.setattr(score, "to_musicxml", None)
    assert to_svg(TUNE, musicxml=there) == expected


def test_letters_come_from_the_package_not_from_the_system(monkeypatch):
    import resvg_py

    draw, calls = resvg_py.svg_to_bytes, []

    def without_system_fonts(**options):
        calls.append(options)
        return draw(**options, skip_system_fonts=True)

    with_system = to_png(TUNE)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", without_system_fonts)
    assert to_png(TUNE) == with_system
    assert len(calls[0]["font_files"]) == 3
    untitled = TUNE.replace("T:Test", "T: ")
    assert len(to_png(untitled)) < len(with_system)


def test_fonts_have_their_license():
    folder = Path(score.__file__).parent / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text()


def test_what_would_take_the_engraver_long_is_refused():
    long = "M:none\nL:1/8\nK:D\n" + "d" * 1000 + "|]\n"
    with pytest.raises(MelodyError, match="at most 100 signs to be drawn"):
        to_svg(long)
