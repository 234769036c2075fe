"""Reading: from files of ABC, clean or not, to one text per tune.

ABC in the wild was typed by hand on every system of the last thirty years. A
file may hold one tune or ten thousand, with prose between them, in any of four
encodings. The reader finds the tunes and leaves their notes alone; whether a
tune is any good is for `meter.py` and `normalize.py` to say.

It reads line by line and keeps one tune at a time, so the size of the file does
not matter.
"""

import codecs
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mitseq.errors import MitseqError

# A tune with more text than this is cut: no dance tune has a tenth of it, and
# a file that never ends a tune must not fill the memory.
MAX_CHARACTERS = 100_000

Line = tuple[int, str]  # line number in the file, text without the line end

# "G:|" and "A::" are music, "A:" is a field.
_FIELD = re.compile(r"([A-Za-z+]):(?![|:])")
_NUMBER = re.compile(r"X:\s*(\d{1,9})")
_LETTER_AND_BAR = re.compile(r"[A-Ga-gxz].*[|:]|[|:].*[A-Ga-gxz]")
_NO_MUSIC = re.compile(r"[A-Ga-gxyzZHuvT0-9/,'^_=|:()\[\]{}<>~.&*$!+\s`\\-]+")
_QUOTED = re.compile(r'"[^"]*"|![^!|\s]*!|\+[^+|\s]*\+|%.*')
_DECORATION = re.compile(
    r"!(?:[a-zA-Z]{3,}[().]*|[fmprsz]{1,5}|D\.[SC]\.|[0-5+>^<]|[<>][()]"
    r"|crescendo[()]|diminuendo[()]|8v[ab][()])!"
)
# Fields that may stand between, or after, the sections of one tune.
_LYRICS = frozenset("wWs+")
_INHERITED = ("M", "L")


class CorpusError(MitseqError):
    """A file, a folder or a collection without a tune to read.

    Example:

    >>> next(read_tunes("no such folder"))
    Traceback (most recent call last):
    ...
    mitseq.music.reading.CorpusError: no such folder: no such file or folder
    """


@dataclass(frozen=True)
class RawTune:
    """One tune as it stands in its file, before anyone judged it.

    Args:
        text: Its lines, joined by newlines. Lines that are not the tune's
            are replaced by a comment, so that line numbers keep their sense.
        source: The file.
        line: Number of its first line in the file, from 1.
        number: What its `X:` field says, or its position in the file.
        inherited: How many fields of the file's header were put in after `X:`.
        damage: What the reader found wrong with it; empty if nothing.
    """

    text: str
    source: Path
    line: int
    number: int
    inherited: int = 0
    damage: str = ""

    def file_line(self, line: int) -> int:
        r"""Says where in the file a line of `text` stands.

        Args:
            line: Number of a line of `text`, from 1.

        Returns:
            Number of that line in the file.

        Example:

        >>> tune = RawTune("X:1\nM:6/8\nK:D\nabc|", Path("a.abc"), 10, 1, 1)
        >>> tune.file_line(4)
        12
        """
        header = int(self.text.startswith("X:"))
        skipped = min(max(line - header, 0), self.inherited)
        return self.line + max(line - 1 - skipped, 0)


def read_tunes(
    paths: str | os.PathLike | Iterable[str | os.PathLike],
    skipped: list[CorpusError] | None = None,
) -> Iterator[RawTune]:
    r"""Reads the tunes of ABC files and folders, one after the other.

    Args:
        paths: Files with any name, and folders, of which every `.abc` file is
            read, however deep, in the order of their names.
        skipped: Receives a `CorpusError` for each file inside a folder that
            has no tune. Such a file stops the reading only if it was named
            itself, or if the folder has no other.

    Yields:
        The tunes in the order of the files.

    Raises:
        CorpusError: for a path that does not exist, cannot be read, is binary
            or has no tune.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "two.abc"
    ...     size = path.write_bytes(b"X:1\r\nK:D\r\nabc|\r\nX:2\r\nK:G\r\ngab|")
    ...     [(tune.number, tune.line) for tune in read_tunes(path)]
    [(1, 1), (2, 4)]
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    for path in map(Path, paths):
        if not path.is_dir():
            yield from _read_file(path)
            continue
        found = False
        for file in _abc_files(path):
            try:
                for tune in _read_file(file):
                    found = True
                    yield tune
            except CorpusError as error:
                if skipped is not None:
                    skipped.append(error)
        if not found:
            raise CorpusError(
                f"{path}: no .abc file with a tune in this folder"
            )


def _abc_files(folder: Path) -> list[Path]:
    files = [
        Path(parent) / name
        for parent, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(".abc")
    ]
    return sorted(files)


def _read_file(path: Path) -> Iterator[RawTune]:
    found = False
    for tune in _tunes(_lines(path), path):
        found = True
        yield tune
    if not found:
        if path.stat().st_size == 0:
            raise CorpusError(f"{path}: the file is empty")
        raise CorpusError(
            f"{path}: no ABC tune in this file; a tune starts with a line "
            "`X:1` and has notes after a line `K:`"
        )


# --- from bytes to lines -----------------------------------------------------


def _latin_1(error: UnicodeError) -> tuple[str, int]:
    # Only the bytes that are not UTF-8 are read as latin-1: collections are
    # often glued together from files of both kinds.
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("mitseq-latin-1", _latin_1)


def _lines(path: Path) -> Iterator[Line]:
    """Yields numbered lines, none longer than the limit, of any line end."""
    try:
        with open(path, "rb") as file:
            start = file.read(4096)
        utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoding = "utf-16" if utf_16 else "utf-8-sig"
        errors = "replace" if utf_16 else "mitseq-latin-1"
        with open(path, encoding=encoding, errors=errors) as file:
            number, inside = 1, False
            while text := file.readline(MAX_CHARACTERS + 1):
                if "\0" in text:
                    raise CorpusError(
                        f"{path}: a binary file, expected text in ABC notation"
                    )
                if not inside:
                    yield number, text.strip()
                inside = not text.endswith("\n")
                number += not inside
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if isinstance(error, FileNotFoundError):
            reason = "no such file or folder"
        raise CorpusError(f"{path}: {reason}") from error


# --- from lines to tunes -----------------------------------------------------


class _Draft:
    """The tune that is being read."""

    def __init__(self, defaults: dict[str, str]):
        self.lines: list[Line] = []
        self.defaults = defaults
        self.fields: set[str] = set()
        self.size = 0
        self.music = False

    def add(self, piece: list[Line]) -> None:
        for number, line in piece:
            gap = number - self.lines[-1][0] - 1 if self.lines else 0
            self.size += len(line) + 1 + 2 * gap
            if self.size > MAX_CHARACTERS:
                return
            self.lines.append((number, line))
            letter = _field(line)
            if letter:
                self.fields.add(letter)
            elif line and not line.startswith("%"):
                self.music = True

    def finish(self, source: Path, position: int) -> RawTune | None:
        if "X" not in self.fields and not (
            self.music and self.fields & set("KMLT")
        ):
            return None
        first = self.lines[0][0]
        texts = ["%"] * (self.lines[-1][0] - first + 1)
        for number, line in self.lines:
            texts[number - first] = line
        inherited = [
            line
            for letter, line in self.defaults.items()
            if letter not in self.fields
        ]
        at = int("X" in self.fields)
        texts[at:at] = inherited
        number = _NUMBER.match(texts[0])
        damage = ""
        if self.size > MAX_CHARACTERS:
            damage = f"longer than {MAX_CHARACTERS:,} characters"
        elif not self.music:
            damage = "no music"
        return RawTune(
            text="\n".join(texts) + "\n",
            source=source,
            line=first,
            number=int(number[1]) if number else position,
            inherited=len(inherited),
            damage=damage,
        )


def _tunes(lines: Iterable[Line], source: Path) -> Iterator[RawTune]:
    """Joins pieces of text to tunes and leaves out what is none."""
    defaults: dict[str, str] = {}
    draft: _Draft | None = None
    position = 0

    for piece in _pieces(lines):
        letters = [_field(line) for _, line in piece]
        letter = next(
            (
                letter
                for letter, (_, line) in zip(letters, piece, strict=True)
                if letter or not line.startswith("%")
            ),
            "%",
        )
        only_fields = all(
            letter or line.startswith("%")
            for letter, (_, line) in zip(letters, piece, strict=True)
        )
        if letter == "%":
            continue
        headless = draft is not None and not draft.music
        starts = letter == "X" or (
            letter
            and letter not in _LYRICS
            and not set(letters).isdisjoint("KMLT")
            and not (headless and "K" not in draft.fields)
        )
        if starts:
            if draft and (tune := draft.finish(source, position + 1)):
                position += 1
                yield tune
            draft = None
            file_header = position == 0 and only_fields and letter != "X"
            if file_header and set(letters).isdisjoint("KT"):
                for inherited, (_, line) in zip(letters, piece, strict=True):
                    if inherited in _INHERITED:
                        defaults[inherited] = line
                continue
            draft = _Draft(dict(defaults))
            draft.add(piece)
        elif draft is None:
            continue
        elif letter or headless and not only_fields or _is_music(piece):
            if letter and draft.music:
                continue  # verses and remarks below a tune
            if not letter and not _is_music(piece):
                continue  # text above the music
            draft.add(piece)
        else:
            tune = draft.finish(source, position + 1)
            draft = None
            if tune:
                position += 1
                yield tune
    if draft and (tune := draft.finish(source, position + 1)):
        yield tune


def _pieces(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Cuts at blank lines, before `X:` and before a second header."""
    piece: list[Line] = []
    size = 0
    for number, line in lines:
        if piece and (not line or line.startswith("X:")):
            yield from _split_headers(piece)
            piece, size = [], 0
        if not line:
            continue
        size += len(line) + 1
        # One line over the limit stays in, so that the draft sees it.
        if size - len(line) <= MAX_CHARACTERS + 1:
            piece.append((number, _without_old_break(line)))
    if piece:
        yield from _split_headers(piece)


def _split_headers(piece: list[Line]) -> Iterator[list[Line]]:
    """Cuts before a `T:` that begins a new header, in text with no blank line.

    A title inside a tune names its next section; a title whose own `K:` follows
    before any note begins another tune.
    """
    letters = [_field(line) for _, line in piece]
    start = 0
    key_seen = False
    for i, letter in enumerate(letters):
        if letter == "T" and i > start and (key_seen or not letters[i - 1]):
            end = i
            while end < len(letters) and letters[end]:
                end += 1
            if "K" in letters[i:end]:
                yield piece[start:i]
                start, key_seen = i, False
        key_seen = key_seen or letter == "K"
    yield piece[start:]


def _field(line: str) -> str:
    match = _FIELD.match(line)
    return match[1] if match else ""


def _is_music(piece: list[Line]) -> bool:
    """Tells notes with a bar line from prose, by the first line that counts."""
    for _, line in piece:
        bare = _QUOTED.sub("", line)
        if bare.strip():
            return bool(
                _LETTER_AND_BAR.search(bare) and _NO_MUSIC.fullmatch(bare)
            )
    return False


def _without_old_break(line: str) -> str:
    """Drops the `!` that ended a line of the staff in old ABC.

    A `!` that closes a decoration, as in `abc !fermata!`, stays.
    """
    if not line.endswith("!") or _FIELD.match(line) or line.startswith("%"):
        return line
    kept = _DECORATION.split(line)
    if not kept[-1].endswith("!"):
        return line
    marks = iter(_DECORATION.findall(line))
    return "".join(
        part.replace("!", " ") + next(marks, "") for part in kept
    ).rstrip()
