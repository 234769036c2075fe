"""One self-contained HTML page: scores, players, moving light, ABC to copy.

Everything is in the file: scores as inline SVG, sound as data URIs, one style
sheet and one script. It asks for nothing from the network, and a content
policy in the page forbids it to. Whatever a tune's text holds is escaped, and
only the page's own script, named by its hash, may run. What it looks like is
in `page.html`, `page.css` and `page.js`.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any, Protocol

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.tunes.audio import to_wav
from mitseq.tunes.melody import Melody
from mitseq.tunes.midi import to_midi
from mitseq.tunes.score import to_svg

_SAMPLE_RATE = 22_050  # half the size of 44,100; small speakers say the same


class Shown(Protocol):
    """What the page shows of a tune; `Tune` has it."""

    title: str  # "" where there is none, as for meter and key
    meter: str  # as it is written after `M:`
    key: str  # as it is written after `K:`
    abc: str
    melody: Melody  # a `MitseqError` where it cannot be read


def to_html(tunes: Sequence[Shown], title: str = "") -> str:
    r"""Returns tunes as one HTML page that works offline from `file://`.

    A tune that the checker does not accept is shown as ABC, with the reason.

    Args:
        tunes: The tunes, at least one.
        title: Heading of the page; the title of a single tune, or how many
            tunes there are, where none is given.

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
        tunes=[_article(tune, i) for i, tune in enumerate(tunes, start=1)],
    )


def _article(tune: Shown, number: int) -> dict[str, Any]:
    facts = [printable(tune.meter), printable(tune.key)]
    article = {"name": printable(tune.title) or f"Tune {number}"}
    try:
        melody = tune.melody
        facts.append(f"{round(melody.tempo)} quarter notes a minute")
        article |= _score_and_player(melody, f"t{number}-")
    except MitseqError as error:
        article["problem"] = str(error)
    return {**article, "facts": list(filter(None, facts)), "abc": tune.abc}


def _score_and_player(melody: Melody, prefix: str) -> dict[str, str]:
    wav, midi = to_wav(melody, _SAMPLE_RATE), to_midi(melody)
    return {
        "svg": to_svg(melody, prefix, heading=False),
        "lights": json.dumps(lights(melody, prefix)),
        "wav": base64.b64encode(wav).decode(),
        "midi": base64.b64encode(midi).decode(),
    }


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
