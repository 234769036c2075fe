"""Reading: from files and folders of ABC to one text per tune.

Read `lines.py` first. A file may hold one tune or ten thousand, with or without
a blank line between them, with prose and verses between them, and with fields
missing. The reader keeps one tune at a time and leaves its notes alone; whether
it is any good is for `check.py` and `normalize.py` to say.
"""

import io
import itertools
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mitseq.arguments import check_kind
from mitseq.input import input_path
from mitseq.tunes.lines import (
    MAX_CHARACTERS,
    CorpusError,
    clean_lines,
    field_letter,
    read_lines,
)

Line = tuple[int, str]  # its number in the file, its text

_NUMBER = re.compile(r"X:\s*(\d{1,9})")
# Music has notes and a bar line, and besides what is quoted nothing but ABC.
_QUOTED = re.compile(r'"[^"]*"|![^!|\s]*!|\+[^+|\s]*\+|%.*')
_NOTE, _BAR = re.compile("[A-Ga-gxz]"), re.compile("[|:]")
_ONLY_ABC = re.compile(r"[A-Ga-gxyzZHuvT0-9/,'^_=|:()\[\]{}<>~.&*$!+\s`\\-]+")


@dataclass(frozen=True)
class RawTune:
    """One tune as it stands in its file, before anyone judged it.

    In its text a comment stands for a line between its own that is not the
    tune's, so line numbers keep their sense.
    """

    text: str  # its lines, each ended by a newline
    source: Path
    line: int  # number of its first line in the file, from 1
    number: int  # what its `X:` says, or its position in the file
    inherited: int = 0  # fields of the file's header, put in below `X:`
    damage: str = ""  # what the reader found wrong with it

    def file_line(self, line: int) -> int:
        r"""Returns the number in the file of a line of `text`, both from 1.

        Example:

        >>> tune = RawTune("X:1\nM:6/8\nK:D\nabc|", Path("a.abc"), 10, 1, 1)
        >>> tune.file_line(4)
        12
        """
        above = int(self.text.startswith("X:"))
        inserted = min(max(line - above, 0), self.inherited)
        return self.line + max(line - 1 - inserted, 0)


def read_tunes(
    paths: str | os.PathLike | Iterable[str | os.PathLike],
    skipped: list[CorpusError] | None = None,
) -> Iterator[RawTune]:
    r"""Reads the tunes of ABC files and folders, one after the other.

    Args:
        paths: Files with any name, "-" for standard input, and folders, of
            which every `.abc` file is read, however deep, in the order of
            their names.
        skipped: Receives a `CorpusError` for each file inside a folder that
            gives no tune. Such a file stops the reading only if it was named
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
    ...     size = path.write_text("X:1\nK:D\nabc|\n\nProse.\nX:2\nK:G\ngab|")
    ...     [(tune.number, tune.line, tune.text) for tune in read_tunes(path)]
    [(1, 1, 'X:1\nK:D\nabc|\n'), (2, 6, 'X:2\nK:G\ngab|\n')]
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    for path in map(input_path, paths):
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
            raise CorpusError(f"{path}: no .abc file with a tune in it")


def cut_tunes(text: str) -> list[str]:
    r"""Returns the text of each tune in a text, as `read_tunes` does of a file.

    Args:
        text: ABC of any number of tunes.

    Returns:
        One text a tune; none where there is no tune.

    Example:

    >>> cut_tunes("X:1\nK:D\nabc|\n\nX:2\nK:G\ngab|\n")
    ['X:1\nK:D\nabc|\n', 'X:2\nK:G\ngab|\n']
    """
    check_kind(str, "be a string", text=text)
    lines = io.StringIO(text.removeprefix("\ufeff"), newline=None)
    drafts = _drafts(_blocks(clean_lines(enumerate(lines, start=1))))
    tunes = filter(_Draft.is_tune, drafts)
    return [
        draft.finish(Path(), position).text
        for position, draft in enumerate(tunes, start=1)
    ]


def _abc_files(folder: Path) -> list[Path]:
    return sorted(
        Path(parent) / name
        for parent, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(".abc")
    )


def _read_file(path: Path) -> Iterator[RawTune]:
    position = 0
    for draft in _drafts(_blocks(read_lines(path))):
        if draft.is_tune():
            position += 1
            yield draft.finish(path, position)
    if not position and path.stat().st_size == 0:
        raise CorpusError(f"{path}: the file is empty")
    if not position:
        raise CorpusError(
            f"{path}: no ABC tune in this file, expected a line `X:1`, a line "
            "such as `K:D`, and notes below it"
        )


def _blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Cuts the lines at blank ones and where a new header begins."""
    block: list[Line] = []
    size = 0
    for number, line in lines:
        if block and (not line or line.startswith("X:")):
            yield from _split_at_titles(block)
            block, size = [], 0
        # The line that crosses the limit stays, so that the draft notices.
        if line and size <= MAX_CHARACTERS:
            block.append((number, line))
        size += len(line) + 1
    if block:
        yield from _split_at_titles(block)


def _split_at_titles(block: list[Line]) -> Iterator[list[Line]]:
    """Cuts before a `T:` that begins another header without a blank line.

    A title below notes names the next section of the tune; with a `K:` of its
    own, before any note, it begins the next tune.
    """
    letters = [field_letter(line) for _, line in block]
    key_follows, cuts = False, [len(block)]
    for i in range(len(letters) - 1, 0, -1):
        key_follows = letters[i] == "K" or (key_follows and bool(letters[i]))
        if letters[i] == "T" and key_follows and letters[i - 1] in ("", "K"):
            cuts.append(i)
    for start, end in itertools.pairwise([0, *reversed(cuts)]):
        yield block[start:end]


class _Draft:
    """The tune that is being put together."""

    def __init__(self, block: list[Line], defaults: dict[str, str]):
        self.lines: list[Line] = []
        self.defaults = defaults
        self.fields: set[str] = set()
        self.size = 0
        self.has_music = False
        self.add(block)

    def add(self, block: list[Line]) -> None:
        for number, line in block:
            gap = number - self.lines[-1][0] - 1 if self.lines else 0
            self.size += len(line) + 1 + len("%\n") * gap
            if self.size > MAX_CHARACTERS:
                break
            letter = field_letter(line)
            # `H:` goes on over the lines below it, up to the next field.
            above = field_letter(self.lines[-1][1]) if self.lines else ""
            if not letter and above == "H" and "K" not in self.fields:
                continue
            self.lines.append((number, line))
            if letter:
                self.fields.add(letter)
            elif not line.startswith("%"):
                self.has_music = True

    def is_tune(self) -> bool:
        is_headed = self.has_music and bool(self.fields & set("KMLT"))
        return "X" in self.fields or is_headed

    def finish(self, source: Path, position: int) -> RawTune:
        first, last = self.lines[0][0], self.lines[-1][0]
        texts = ["%"] * (last - first + 1)
        for number, line in self.lines:
            texts[number - first] = line
        number = _NUMBER.match(texts[0])
        below = int("X" in self.fields)
        missing = [name for name in self.defaults if name not in self.fields]
        texts[below:below] = [self.defaults[name] for name in missing]
        damage = "" if self.has_music else "no music"
        if self.size > MAX_CHARACTERS:
            damage = f"longer than {MAX_CHARACTERS:,} characters"
        return RawTune(
            text="\n".join(texts) + "\n",
            source=source,
            line=first,
            number=int(number[1]) if number else position,
            inherited=len(missing),
            damage=damage,
        )


def _drafts(blocks: Iterable[list[Line]]) -> Iterator[_Draft]:
    """Joins blocks to tunes and leaves out prose, verses and remarks."""
    defaults: dict[str, str] = {}
    draft: _Draft | None = None
    at_start = True
    for block in blocks:
        kind, letters = _kind(block)
        waiting = draft is not None and not draft.has_music
        if kind == "header" and waiting:
            # The header goes on, unless both parts are headers of their own.
            if "K" not in draft.fields or not letters & {"K", "T"}:
                kind = "music"
        if kind == "header" and at_start and letters <= set("ABCDFGHILMNORSUZ"):
            fields = {field_letter(line): line for _, line in block}
            defaults |= {
                name: fields[name] for name in fields if name in ("L", "M")
            }
        elif kind in ("tune", "header"):
            if draft:
                yield draft
            draft = _Draft(block, dict(defaults))
        elif draft and (kind == "music" or (kind == "remark" and waiting)):
            draft.add(block)
        elif draft and kind == "prose" and not waiting:
            yield draft
            draft = None
        at_start = at_start and kind != "tune" and draft is None
    if draft:
        yield draft


def _kind(block: list[Line]) -> tuple[str, set[str]]:
    """Returns what a block is, and the letters of its fields.

    It is a "tune" (from its `X:`), "header" (no `X:`), "remark" (other fields),
    "music", "prose" or "comment". A line that is no field has the letter "".
    """
    lines = [line for _, line in block if not line.startswith("%")]
    letters = {field_letter(line) for line in lines}
    if not lines:
        return "comment", letters
    first = field_letter(lines[0])
    if first == "X":
        return "tune", letters
    if first:
        is_header = not letters.isdisjoint("KLMT") and first not in "Wws+"
        return "header" if is_header else "remark", letters
    bare = next(filter(str.strip, (_QUOTED.sub("", x) for x in lines)), "")
    has_both = _NOTE.search(bare) and _BAR.search(bare)
    is_music = has_both and _ONLY_ABC.fullmatch(bare)
    return "music" if is_music else "prose", letters
