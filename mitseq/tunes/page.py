"""One self-contained HTML page: scores, players, moving light, ABC to copy.

Everything is in the file: scores as inline SVG, sound as data URIs, one style
sheet and one script. It asks for nothing from the network, and a content
policy in the page forbids it to. Whatever a tune's text holds is escaped, and
only the page's own script, named by its hash, may run.
"""

import base64
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from mitseq.errors import MitseqError
from mitseq.tunes.audio import to_wav
from mitseq.tunes.melody import Melody
from mitseq.tunes.midi import to_midi
from mitseq.tunes.score import to_svg
from mitseq.offline_page import offline_page, printable

if TYPE_CHECKING:
    from mitseq.tunes.tune import Tune

_SAMPLE_RATE = 22_050  # half the size of 44,100; small speakers say the same


def to_html(tunes: "Sequence[Tune]", title: str = "") -> str:
    r"""Writes tunes as one page that works offline from `file://`.

    A tune that the checker does not accept is shown as ABC, with the reason.

    Args:
        tunes: The tunes, at least one.
        title: Heading of the page; the title of a single tune, or how many
            tunes there are, where none is given.

    Returns:
        The HTML text.

    Raises:
        MitseqError: if there is no tune.

    Example:

    >>> from mitseq.tunes.tune import Tune
    >>> page = to_html([Tune("X:1\nT:<b>\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")])
    >>> "<b>" in page, "&lt;b&gt;" in page
    (False, True)
    """
    if not tunes:
        raise MitseqError("`tunes` must hold at least one tune. Received: [].")
    if not title:
        title = tunes[0].title if len(tunes) == 1 else f"{len(tunes)} tunes"
    title = clean(title) or "A tune"
    articles = "\n".join(
        _article(tune, number) for number, tune in enumerate(tunes, start=1)
    )
    contents = _contents(tunes) if len(tunes) > 1 else ""
    heading = f"<h1>{escape(title)}</h1>" if len(tunes) > 1 else ""
    return offline_page(
        title,
        f"<main>\n{heading}{contents}\n{articles}\n</main>\n"
        "<footer>Written by mitseq. Click a note to hear the tune from "
        "there.</footer>",
        "mitseq.tunes",
        "page",
        sources="media-src data: blob:; img-src data:; ",
    )


def clean(text: str) -> str:
    r"""Text with one kind of line end, without what no page can hold.

    Example:

    >>> clean("a\x00b\r\nc")
    'ab\nc'
    """
    return printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _contents(tunes: "Sequence[Tune]") -> str:
    items = "".join(
        f'<li><a href="#tune-{number}">{escape(_name(tune, number))}</a></li>'
        for number, tune in enumerate(tunes, start=1)
    )
    return f'<nav aria-label="Tunes"><ol>{items}</ol></nav>'


def _name(tune: "Tune", number: int) -> str:
    return clean(tune.title) or f"Tune {number}"


def _article(tune: "Tune", number: int) -> str:
    name = escape(_name(tune, number))
    facts = [clean(tune.meter), clean(tune.key)]
    try:
        melody = tune.melody
        facts.append(f"{round(melody.tempo)} quarter notes a minute")
        inside = _score(melody, number) + _player(melody, number)
    except MitseqError as error:
        inside = (
            f'<p class="problem">Not played: {escape(clean(str(error)))}</p>'
        )
    said = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<article id="tune-{number}">\n<header><h2>{name}</h2>'
        f'<p class="facts">{said}</p></header>\n{inside}'
        f"<details open><summary>ABC</summary>\n"
        f'<button type="button" class="copy">Copy ABC</button>'
        # An HTML parser drops the first line end inside `pre`.
        f'<pre class="abc">\n{escape(clean(tune.abc))}</pre></details>\n'
        "</article>"
    )


def _score(melody: Melody, number: int) -> str:
    svg = to_svg(melody, f"t{number}-", heading=False)
    return f'<div class="sheet">{svg}</div>\n'


def _player(melody: Melody, number: int) -> str:
    wav = base64.b64encode(to_wav(melody, _SAMPLE_RATE)).decode()
    midi = base64.b64encode(to_midi(melody)).decode()
    notes = escape(json.dumps(lights(melody, f"t{number}-")))
    return (
        f'<div class="player" data-notes="{notes}">\n'
        '<button type="button" class="play" aria-label="Play">▶</button>\n'
        '<input type="range" class="seek" min="0" max="1000" value="0" '
        'aria-label="Place in the tune">\n'
        '<output class="time">0:00</output>\n'
        '<label>Speed <select class="speed">'
        '<option value="0.5">50 %</option><option value="0.75">75 %</option>'
        '<option value="1" selected>100 %</option>'
        '<option value="1.25">125 %</option></select></label>\n'
        f'<a download="tune-{number}.mid" '
        f'href="data:audio/midi;base64,{midi}">MIDI</a>\n'
        f'<a class="wav" download="tune-{number}.wav">WAV</a>\n'
        f'<audio preload="auto" src="data:audio/wav;base64,{wav}"></audio>\n'
        "</div>\n"
    )


def lights(melody: Melody, prefix: str = "") -> list[list]:
    r"""When each note of the score is lit: the times of its sound.

    Args:
        melody: The tune.
        prefix: What `to_svg` put before the ids.

    Returns:
        `[id, start, stop]` in seconds, by start.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> lights(read_melody("X:1\nM:2/4\nL:1/8\nQ:1/4=60\nK:D\nd2 A2|]\n"))
    [['n0', 0.0, 1.0], ['n1', 1.0, 2.0]]
    """
    found = [
        [
            prefix + name,
            round(melody.seconds(start), 4),
            round(melody.seconds(stop), 4),
        ]
        for sound in melody.sounds()
        for name, start, stop in sound.parts
    ]
    return sorted(found, key=lambda light: (light[1], light[0]))
