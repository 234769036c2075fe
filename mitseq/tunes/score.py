"""The score of a tune as SVG and PNG.

MusicXML (`musicxml.py`) goes to verovio, which engraves it as SVG; resvg turns
SVG into PNG without a system library. verovio's own reader of ABC is never
used: it ends the whole Python process on bad input. Every note is a group
`<g class="note" id="n7">` whose id is that of `Melody.sounds()`.
"""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

from mitseq.tunes.bars import MelodyError
from mitseq.tunes.heads import xml_text
from mitseq.tunes.melody import Melody, accepted_melody
from mitseq.tunes.musicxml import to_musicxml

WIDTH = 1000  # pixels of the SVG; the PNG has twice as many
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FONT = "'Mitseq Serif', 'Times New Roman', Times, 'Liberation Serif', serif"
_OPTIONS = {
    "breaks": "smart", "breaksSmartSb": 0.35, "minLastJustification": 0.55,
    "pageWidth": 2 * WIDTH, "pageHeight": 60000, "adjustPageHeight": True,
    "pageMarginLeft": 40, "pageMarginRight": 40,
    "pageMarginTop": 20, "pageMarginBottom": 40,
    "header": "none", "footer": "none", "font": "Leland",
    "scale": 50, "spacingSystem": 5, "staffLineWidth": 0.17,
    "svgViewBox": True, "xmlIdSeed": 1,
}  # fmt: skip
_STYLE = (
    "g.ending{font-weight:bold}g.dir,g.mNum{font-style:italic}"
    "g.mNum{fill:#777}ellipse,path,polygon,polyline,rect"
    "{stroke:currentColor}g.placeholder{visibility:hidden}"
)


def to_svg(tune: str | Melody, prefix: str = "", heading: bool = True) -> str:
    r"""Returns the score of a tune as the text of an SVG: one tall white page.

    The same tune gives the same text.

    Args:
        tune: ABC text of one tune, or the `Melody` read from it.
        prefix: Put before every id, so that several scores can stand in one
            page.
        heading: Whether title and composer stand above the music.

    Raises:
        MelodyError: if the tune is not accepted by our checker.

    Example:

    >>> svg = to_svg("X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
    >>> svg.count('class="note"')
    2
    """
    melody = accepted_melody(tune)
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(_OPTIONS)
    if not toolkit.loadData(to_musicxml(melody)):
        raise MelodyError(
            "A tune must be engraved by verovio. "
            f"Received: {melody.title or 'a tune'}, which verovio rejects."
        )
    engraved = ElementTree.fromstring(toolkit.renderToSVG(1))
    return _page(engraved, melody, prefix, heading)


def to_png(
    tune: str | Melody | None = None, *, svg: str | None = None
) -> bytes:
    r"""Returns the score of a tune as a PNG file: 2000 pixels wide, white.

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
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=to_svg(tune) if svg is None else svg,
            background="#ffffff",
            zoom=2,
            font_files=fonts or None,
        )
    )


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
    letters = min(30.0, 1.75 * width / max(len(title), 1))
    heading = heading and bool(title or composer)
    top = 64.0 if heading else 0.0
    root = ElementTree.Element(
        f"{tag}svg",
        {"class": "score", "width": f"{width:g}", "height": f"{height + top:g}",
         "viewBox": f"0 0 {width:g} {height + top:g}", "role": "img",
         "id": "score"},
    )  # fmt: skip
    ElementTree.SubElement(root, f"{tag}title").text = title or "A tune"
    style = ElementTree.SubElement(root, f"{tag}style")
    # The rules hold only inside this score.
    scope = f"#{prefix}score "
    style.text = re.sub(r"(?<=[},])(?=\w)|^(?=\w)", scope, _STYLE)
    ElementTree.SubElement(
        root, f"{tag}rect",
        {"width": "100%", "height": "100%", "fill": "#fff",
         "style": "stroke:none", "class": "paper"},
    )  # fmt: skip
    if heading and title:
        _text(root, title, width / 2, 42, letters, "middle")
    if heading and composer:
        _text(root, composer, width - 24, 62, 15, "end", italic=True)
    if definitions is not None:
        root.append(definitions)
    drawing.set("overflow", "visible")  # no clipping: twice as fast as PNG
    drawing.attrib |= {
        "y": f"{top:g}", "width": f"{width:g}", "height": f"{height:g}",
        "font-family": _FONT,
    }  # fmt: skip
    root.append(drawing)
    _rename(root, prefix)
    return ElementTree.tostring(root, encoding="unicode")


def _text(root, text, x, y, size, anchor, italic=False):
    element = ElementTree.SubElement(
        root, f"{{{_SVG}}}text",
        {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}",
         "font-family": _FONT, "text-anchor": anchor},
    )  # fmt: skip
    if italic:
        element.set("font-style", "italic")
    element.text = text


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
