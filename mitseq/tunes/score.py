"""The score of a tune as SVG and PNG.

MusicXML (`musicxml.py`) goes to verovio, which engraves it as SVG; resvg turns
SVG into PNG without a system library. verovio's own reader of ABC is never
used: it ends the whole Python process on bad input. Every note is a group
`<g class="note" id="n7">` whose id is that of `Melody.sounds()`.
"""

import math
import re
import xml.etree.ElementTree as ElementTree  # nosec B405
from pathlib import Path
from typing import Any

from mitseq.tunes.bars import MelodyError
from mitseq.tunes.heads import xml_text
from mitseq.tunes.melody import Melody, accepted_melody, check_drawable
from mitseq.tunes.musicxml import to_musicxml

WIDTH = 1000  # pixels of the SVG; the PNG has up to twice as many
NARROW = 460  # for the screen of a phone: one to three bars a line
MOST_PIXELS = 8_000_000  # of a PNG; each takes resvg ten bytes and more
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FONT = "'Mitseq Serif', 'Times New Roman', Times, 'Liberation Serif', serif"
_OPTIONS = {
    "adjustPageHeight": True,
    "breaks": "smart",
    "breaksSmartSb": 0.35,
    "font": "Leland",
    "footer": "none",
    "header": "none",
    "minLastJustification": 0.55,
    "pageHeight": 60000,
    "pageMarginBottom": 40,
    "pageMarginLeft": 40,
    "pageMarginRight": 40,
    "pageMarginTop": 20,
    "scale": 50,
    "spacingSystem": 5,
    "staffLineWidth": 0.17,
    "svgViewBox": True,
    "xmlIdSeed": 1,
}
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
_STYLE = (
    "g.ending{font-weight:bold}g.dir,g.mNum{font-style:italic}"
    "g.mNum{fill:#777}ellipse,path,polygon,polyline,rect"
    "{stroke:currentColor}g.placeholder{visibility:hidden}"
)


def to_svg(
    tune: str | Melody,
    prefix: str = "",
    heading: bool = True,
    width: int = WIDTH,
    *,
    musicxml: str | None = None,
) -> str:
    r"""Returns the score of a tune as the text of an SVG: one tall white page.

    The same tune gives the same text.

    Args:
        tune: ABC text of one tune, or the `Melody` read from it.
        prefix: Put before every id, so that several scores can stand in one
            page.
        heading: Whether title and composer stand above the music.
        width: Of the page, in pixels; the smaller, the fewer bars a line.
        musicxml: The text that `to_musicxml` made of it, where it is there
            already.

    Raises:
        MelodyError: if the tune is not accepted by our checker.

    Example:

    >>> svg = to_svg("X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
    >>> svg.count('class="note"')
    2
    """
    melody = accepted_melody(tune)
    check_drawable(melody)
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({**_OPTIONS, "pageWidth": 2 * width})
    if not toolkit.loadData(musicxml or to_musicxml(melody)):
        raise MelodyError(
            "A tune must be engraved by verovio. "
            f"Received: {melody.title or 'a tune'}, which verovio rejects."
        )
    drawn = toolkit.renderToSVG(1)  # what verovio has just written
    engraved = ElementTree.fromstring(drawn)  # nosec B314
    return _page(engraved, melody, prefix, heading)


def to_png(
    tune: str | Melody | None = None, *, svg: str | None = None
) -> bytes:
    r"""Returns the score of a tune as a PNG file: 2000 pixels wide, white.

    A score that is more than twice as tall as wide is smaller, so that it has
    at most 8,000,000 pixels.

    Args:
        tune: ABC text of one tune, or the `Melody` read from it.
        svg: The text that `to_svg` made of it, where it is there already.

    Raises:
        MelodyError: if the tune is not accepted by our checker.

    Example:

    >>> to_png("X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")[:4]
    b'\x89PNG'
    """
    import resvg_py

    fonts = sorted(map(str, (Path(__file__).parent / "fonts").glob("*.ttf")))
    svg = to_svg(tune) if svg is None else svg
    width, height = map(float, _SIZE.search(svg).groups())
    pixels = resvg_py.svg_to_bytes(
        svg_string=svg,
        background="#ffffff",
        zoom=min(2.0, math.sqrt(MOST_PIXELS / (width * height))),
        font_files=fonts or None,
    )
    return bytes(pixels)


def _page(engraved: Any, melody: Melody, prefix: str, heading: bool) -> str:
    """Puts verovio's drawing under a heading, with ids and style of ours."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    tag = f"{{{_SVG}}}"
    _, _, width, height = map(float, engraved.get("viewBox").split())
    drawing = engraved.find(f"{tag}svg")
    definitions = engraved.find(f"{tag}defs")
    title, composer = xml_text(melody.title), xml_text(melody.composer)
    # Long titles get smaller letters, so that they fit on one line.
    size = min(30.0, 1.75 * width / max(len(title), 1))
    heading = heading and bool(title or composer)
    top = 64.0 if heading else 0.0
    root = ElementTree.Element(f"{tag}svg", {"class": "score"})
    box = f"0 0 {width:g} {height + top:g}"
    _set(root, width=width, height=height + top, viewBox=box)
    _set(root, role="img", id="score")
    _add(root, "title", title or "A tune")
    # The rules hold only inside this score.
    scope = f"#{prefix}score "
    _add(root, "style", re.sub(r"(?<=[},])(?=\w)|^(?=\w)", scope, _STYLE))
    paper = _add(root, "rect", None, width="100%", height="100%")
    _set(paper, fill="#fff", style="stroke:none", class_="paper")
    middle = {"font_family": _FONT, "text_anchor": "middle"}
    end = {"font_family": _FONT, "text_anchor": "end", "font_style": "italic"}
    if heading and title:
        _add(root, "text", title, x=width / 2, y=42, font_size=size, **middle)
    if heading and composer:
        _add(root, "text", composer, x=width - 24, y=62, font_size=15, **end)
    if definitions is not None:
        root.append(definitions)
    drawing.set("overflow", "visible")  # no clipping: twice as fast as PNG
    _set(drawing, y=top, width=width, height=height, font_family=_FONT)
    root.append(drawing)
    _rename(root, prefix)
    return ElementTree.tostring(root, encoding="unicode")


def _add(parent: Any, tag: str, text: str | None, **attributes) -> Any:
    """Appends an element to its parent, and returns it."""
    element = ElementTree.SubElement(parent, f"{{{_SVG}}}{tag}")
    element.text = text
    _set(element, **attributes)
    return element


def _set(element: Any, **attributes: str | float) -> None:
    """Sets attributes; `font_size=15.0` is written `font-size="15"`."""
    for name, value in attributes.items():
        value = value if isinstance(value, str) else f"{value:g}"
        element.set(name.strip("_").replace("_", "-"), value)


def _rename(root: Any, prefix: str):
    """Puts `prefix` before all ids and drops verovio's labels and gaps."""
    for element in root.iter():
        if element.get("id"):
            element.set("id", prefix + element.get("id"))
        link = element.get(f"{{{_XLINK}}}href")
        if link:
            element.set(f"{{{_XLINK}}}href", f"#{prefix}{link[1:]}")
        if element.text and not element.text.strip():
            element.text = None
        if element.tail and not element.tail.strip():
            element.tail = None
        for child in list(element):
            if child.get("class") == "labelAttr":
                element.remove(child)
