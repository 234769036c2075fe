"""Lines: from the bytes of a file of ABC to clean lines of text.

ABC was typed by hand on every system of the last thirty years. A file may be
UTF-8, UTF-16 or latin-1, or glued together from several; its lines end as on
Unix, Windows or the old Mac; and in ABC of the nineties a `!` ends a line of
the staff, where today it encloses a decoration such as `!trill!`.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mitseq.errors import MitseqError

# More than this is no line, and no tune: no dance tune has a tenth of it, and
# a file without line ends must not fill the memory.
MAX_CHARACTERS = 100_000

# "A:" is a field; "G:|" and "A::" are a note and a repeat.
_FIELD = re.compile(r"([A-Za-z+]):(?![|:])")
_BLOCK = re.compile(r"%%begin(\w+)")
_DECORATION = re.compile(
    r"!(?:(?![A-Ga-gxz]+!)[a-zA-Z]{3,}[().]*"  # !trill! !crescendo(!
    r"|[fmprsz]{1,5}|D\.[SC]\.|[0-5+>^<]|[<>][()])!"  # !mf! !D.C.! !>! !<(!
)


class CorpusError(MitseqError):
    """A file, a folder or a collection that gives no tune, and why."""


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    r"""Returns the number and the text of each line of a file of any encoding.

    Bytes that are not UTF-8 are read as latin-1 one by one, so a file glued
    together from both kinds comes out right. Text between `%%begintext` and
    `%%endtext` (and its kin) comes out empty.

    Lines count from 1. They have no white space at their ends, and are cut
    where they are longer than `MAX_CHARACTERS`.

    Raises:
        CorpusError: if the file cannot be read, or is binary.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.abc"
    ...     size = path.write_bytes(b"T:Caf\xe9\r\nabc !\rd !trill!")
    ...     list(read_lines(path))
    [(1, 'T:Café'), (2, 'abc'), (3, 'd !trill!')]
    """
    return clean_lines(_decoded(path))


def clean_lines(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yields numbered lines as `read_lines` does, of a text that is read.

    Example:

    >>> list(clean_lines([(1, "abc !"), (2, "%%begintext"), (3, "Prose.")]))
    [(1, 'abc'), (2, ''), (3, '')]
    """
    block_end = ""
    for number, text in lines:
        line = text.strip(" \t\r\n\f\v\x1a\ufeff")
        if line.startswith("X:"):
            block_end = ""  # of a block that nobody ended
        if block_end:
            block_end = "" if line.startswith(block_end) else block_end
            line = ""
        elif begin := _BLOCK.match(line):
            block_end = f"%%end{begin[1]}"
            line = ""
        yield number, without_old_break(line)


def field_letter(line: str) -> str:
    """Returns the letter of a line that is a field, "" for other lines.

    Example:

    >>> field_letter("K:D"), field_letter("abc|"), field_letter("G:|")
    ('K', '', '')
    """
    match = _FIELD.match(line)
    return match[1] if match else ""


def without_old_break(line: str) -> str:
    """Returns a line with a space for each `!` that breaks it in old ABC.

    Only a line that ends in one is changed; a `!` that closes a decoration is
    none.

    Example:

    >>> without_old_break("abc|d!efg|a!"), without_old_break("abc|!fermata!")
    ('abc|d efg|a', 'abc|!fermata!')
    """
    if not line.endswith("!") or line.startswith("%") or field_letter(line):
        return line
    kept = _DECORATION.split(line)
    if not kept[-1].endswith("!"):
        return line
    decorations = [*_DECORATION.findall(line), ""]
    return "".join(
        part.replace("!", " ") + decoration
        for part, decoration in zip(kept, decorations, strict=True)
    ).rstrip()


def _decoded(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with open(path, "rb") as file:
            utf_16 = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        with open(
            path,
            encoding="utf-16" if utf_16 else "utf-8-sig",
            errors="replace" if utf_16 else "mitseq-latin-1",
        ) as file:
            number, inside = 1, False
            while text := file.readline(MAX_CHARACTERS + 1):
                if "\0" in text:
                    raise CorpusError(
                        f"{path}: a binary file, expected text in ABC notation"
                    )
                if not inside:
                    yield number, text
                inside = not text.endswith("\n")
                number += not inside
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if isinstance(error, FileNotFoundError):
            reason = "no such file or folder"
        raise CorpusError(f"{path}: {reason}") from error


def _latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("mitseq-latin-1", _latin_1)
