"""One self-contained HTML page: scores, players, moving light, ABC to copy.

Everything is in the file: scores as inline SVG, a wide and a narrow one of
each tune, one style sheet and one script. The script computes the sound from
the notes. The page asks for nothing from the network, and a content policy in
it forbids it to. Whatever a tune's text holds is escaped, and only the page's
own script, named by its hash, may run. What it looks like is in `page.html`,
`page.css` and `page.js`.
"""

import base64
import functools
import json
from collections.abc import Sequence
from typing import Any, Protocol

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.tunes.audio import TAIL
from mitseq.tunes.melody import Melody, check_drawable
from mitseq.tunes.midi import to_midi
from mitseq.tunes.musicxml import to_musicxml
from mitseq.tunes.score import NARROW, to_svg


class Shown(Protocol):
    """What the page shows of a tune; `Tune` has it."""

    title: str  # "" where there is none, as for meter and key
    meter: str  # as it is written after `M:`
    key: str  # as it is written after `K:`
    abc: str
    melody: Melody  # a `MitseqError` where it cannot be read


def to_html(tunes: Sequence[Shown], title: str = "", first: int = 1) -> str:
    r"""Returns tunes as one HTML page that works offline from `file://`.

    A tune that the checker does not accept is shown as ABC, with the reason.

    Args:
        tunes: The tunes, at least one.
        title: Heading of the page; the title of a single tune, or how many
            tunes there are, where none is given.
        first: Number of the first tune, as in the names of its files.

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
    return offline_page(
        "tunes/page",
        title=printable(title) or "A tune",
        tunes=[
            _article(tune, f"t{place}-", number)
            for place, (number, tune) in enumerate(
                enumerate(tunes, start=first), start=1
            )
        ],
    )


def _article(tune: Shown, prefix: str, number: int) -> dict[str, Any]:
    facts = [printable(tune.meter), printable(tune.key)]
    name = printable(tune.title) or f"Tune {number}"
    article = {"name": name, "number": number}
    try:
        melody = tune.melody
        facts.append(f"{round(melody.tempo)} quarter notes a minute")
        article |= scores_and_player(melody, prefix)
    except MitseqError as error:
        article["problem"] = str(error)
    return {**article, "facts": list(filter(None, facts)), "abc": tune.abc}


def scores_and_player(melody: Melody, prefix: str) -> dict[str, Any]:
    """Returns what the template `tunes/player.html` shows of a tune.

    Args:
        melody: Of the tune.
        prefix: Of the ids in its scores, another for each tune of a page.
    """
    check_drawable(melody)
    draw = functools.partial(
        to_svg, melody, heading=False, musicxml=to_musicxml(melody)
    )
    return {
        "wide": draw(prefix),
        # The script finds a note of the narrow score by this name.
        "narrow": draw(f"narrow-{prefix}", width=NARROW),
        "lights": _json(lights(melody, prefix)),
        "sounds": _json(heard(melody)),
        "length": round(melody.duration + TAIL, 4),
        "midi": base64.b64encode(to_midi(melody)).decode(),
    }


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def heard(melody: Melody) -> list[list]:
    r"""Returns the sounds from which the page computes what is heard.

    These are `[pitch, start, stop, volume]`: a MIDI number, seconds, seconds,
    and 0 to 1.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> heard(read_melody("X:1\nM:2/4\nL:1/8\nQ:1/4=60\nK:D\nd2 A2|]\n"))
    [[74, 0.0, 1.0, 1.0], [69, 1.0, 2.0, 0.86]]
    """
    return [
        [
            sound.pitch,
            round(melody.seconds(sound.start), 5),
            round(melody.seconds(sound.stop), 5),
            sound.volume,
        ]
        for sound in melody.sounds()
    ]


def lights(melody: Melody, prefix: str = "") -> list[list]:
    r"""Returns when each note of the score is lit: the times of its sound.

    These are `[id, start, stop]` in seconds, in the order of their starts;
    `prefix` is what `to_svg` put before the ids.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> lights(read_melody("X:1\nM:2/4\nL:1/8\nQ:1/4=60\nK:D\nd2 A2|]\n"))
    [['n0', 0.0, 1.0], ['n1', 1.0, 2.0]]
    """
    found = [
        [prefix + name, *(round(melody.seconds(time), 4) for time in times)]
        for sound in melody.sounds()
        for name, *times in sound.parts
    ]
    return sorted(found, key=lambda light: (light[1], light[0]))
