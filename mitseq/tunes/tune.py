"""One tune, and everything that can be made of it.

`Tune` holds ABC text. It shows its score in a notebook, plays, checks itself
and saves itself in the format that the file's suffix names.
"""

import os
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any
from zlib import crc32

from mitseq.arguments import check_choice, check_path, received
from mitseq.errors import MitseqError
from mitseq.output import OutputError, atomic_write
from mitseq.tunes.check import check
from mitseq.tunes.events import Problem
from mitseq.tunes.melody import Melody, accepted_melody, check_drawable
from mitseq.tunes.midi import to_midi
from mitseq.tunes.musicxml import to_musicxml
from mitseq.tunes.reading import cut_tunes
from mitseq.tunes.score import to_png, to_svg
from mitseq.tunes.tokens import header_fields, scan

FORMATS = ("abc", "midi", "musicxml", "svg", "png", "wav", "html")
SHORT_NAMES = {"mid": "midi", "xml": "musicxml"}


class Tune:
    r"""One tune in ABC notation, to read, to hear and to save.

    Args:
        abc: The text of one tune. Its music is not checked here: `check` says
            what is wrong with it, and drawing or playing it raises that as an
            error.

    Raises:
        TypeError: if `abc` is not a string.
        MitseqError: if it holds several tunes; `cut_tunes` cuts it.

    Example:

    >>> tune = Tune("X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
    >>> tune.title, tune.key, tune.meter, tune.check()
    ('Short', 'D', '2/4', [])
    """

    def __init__(self, abc: str):
        if not isinstance(abc, str):
            raise TypeError(
                "`abc` must be the text of one tune. "
                f"Received: abc={received(abc)}."
            )
        count = len(cut_tunes(abc))
        if count > 1:
            raise MitseqError(
                "`abc` must be the text of one tune. "
                f"Received: {count} tunes; `[Tune(one) for one in "
                "mitseq.cut_tunes(abc)]` makes a `Tune` of each."
            )
        self._abc = abc

    @property
    def abc(self) -> str:
        """The ABC text, as it was given."""
        return self._abc

    @property
    def title(self) -> str:
        """Text of the first `T:`, "" where there is none."""
        return self._header.get("T", "")

    @property
    def key(self) -> str:
        """Text of the first `K:`, "" where there is none."""
        return self._header.get("K", "")

    @property
    def meter(self) -> str:
        """Text of the first `M:`, "" where there is none."""
        return self._header.get("M", "")

    @cached_property
    def _header(self) -> dict[str, str]:
        header: dict[str, str] = {}
        tokens = scan(self._abc.removeprefix("\ufeff"))
        for letter, value, _ in header_fields(tokens):
            header.setdefault(letter, value)
        return header

    def check(self) -> list[Problem]:
        """Returns what is wrong with it; nothing if every bar adds up."""
        return check(self._abc)

    @cached_property
    def melody(self) -> Melody:
        """The bars and sounds; an error if the tune is not accepted."""
        return accepted_melody(self._abc)

    def to(self, format: str) -> str | bytes:
        r"""Returns the tune in another format.

        Args:
            format: `abc`, `midi`, `musicxml`, `svg`, `png`, `wav` or `html`.

        Returns:
            Text for `abc`, `musicxml`, `svg` and `html`, else bytes.

        Raises:
            MitseqError: if there is no such format.
            MelodyError: if the tune is not accepted by the checker.

        Example:

        >>> Tune("X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n").to("midi")[:4]
        b'MThd'
        """
        check_choice(FORMATS, format=format)
        if format == "abc":  # a lone surrogate has no UTF-8
            return self._abc.encode("utf-8", "replace").decode("utf-8")
        return getattr(self, f"_{format}")

    @property
    def _html(self) -> str:
        from mitseq.tunes.page import to_html

        return to_html([self])

    @cached_property
    def _midi(self) -> bytes:
        return to_midi(self.melody)

    @cached_property
    def _musicxml(self) -> str:
        return to_musicxml(self.melody)

    @cached_property
    def _svg(self) -> str:
        return self._drawn()

    def _drawn(self, prefix: str = "") -> str:
        check_drawable(self.melody)  # before its MusicXML is written
        return to_svg(self.melody, prefix, musicxml=self._musicxml)

    @property
    def _png(self) -> bytes:
        return to_png(svg=self._svg)

    @property
    def _wav(self) -> bytes:
        from mitseq.tunes.audio import to_wav

        return to_wav(self.melody)

    def save(
        self, path: str | os.PathLike[str], overwrite: bool = False
    ) -> Path:
        r"""Writes the tune to a file, in the format of its suffix.

        Args:
            path: Ends in `.abc`, `.mid`, `.midi`, `.musicxml`, `.xml`,
                `.svg`, `.png`, `.wav` or `.html`.
            overwrite: Whether a file of that name may be replaced.

        Returns:
            The path of the file.

        Raises:
            MitseqError: if the suffix is none of these.
            MelodyError: if the tune is not accepted by the checker.
            OutputError: if the file is there already or cannot be written.

        Example:

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "x.mid")
        ...     tune = Tune("X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
        ...     tune.save(path).stat().st_size > 50
        True
        """
        check_path(path=path)
        path = Path(path)
        suffix = path.suffix.lower().removeprefix(".")
        format = SHORT_NAMES.get(suffix, suffix)
        if format not in FORMATS:
            raise MitseqError(
                "`path` must end in .abc, .mid, .midi, .musicxml, .xml, .svg, "
                f".png, .wav, .html. Received: path={received(str(path))}."
            )
        if path.exists() and not overwrite:
            raise OutputError(path, "it is there already; use overwrite=True")
        return atomic_write(path, self.to(format))

    def play(self) -> Any:
        """Returns a player for the notebook, an `IPython.display.Audio`.

        Raises:
            ImportError: if IPython is not installed.
            MelodyError: if the tune is not accepted by the checker.
        """
        try:
            from IPython.display import Audio
        except ImportError as error:
            raise ImportError(
                "`Tune.play` must run where IPython is installed: "
                "pip install 'mitseq[notebook]'"
            ) from error
        return Audio(data=self._wav)

    def _repr_html_(self) -> str:
        """The score for notebooks; for a tune with problems, these."""
        # Several tunes may stand in one notebook: each has ids of its own.
        prefix = f"tune{crc32(self._abc.encode(errors='replace')):x}-"
        try:
            svg = self._drawn(prefix)
        except MitseqError as error:
            return f"<pre>{escape(self._abc)}</pre><p>{escape(str(error))}</p>"
        return f'<div style="background:#fff">{svg}</div>'

    def __str__(self) -> str:
        return self._abc

    def __repr__(self) -> str:
        title, key, meter = self.title, self.key, self.meter
        return f"Tune({title=}, {key=}, {meter=})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tune) and other.abc == self.abc

    def __hash__(self) -> int:
        return hash(self._abc)
