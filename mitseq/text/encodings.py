"""From the bytes of a file to its text, whichever encoding it is in.

UTF-8 (with a byte order mark or without), UTF-16 with one, and what Windows
and older files hold: latin-1, read as Windows does (cp1252), so that curly
quotes and dashes come out right. What is none of these is one clear line.
"""

import codecs
import io
import os
from collections.abc import Iterable, Iterator

from mitseq.errors import MitseqError
from mitseq.input import input_path

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HEAD = 1 << 20  # bytes without a whole line by which an encoding is guessed


def read_text(
    path: str | os.PathLike, encoding: str | None = None
) -> tuple[str, str]:
    r"""Reads a text file; line ends become "\n".

    Returns:
        The text, and the name of its encoding, found out where it is None.

    Raises:
        MitseqError: if the file cannot be read, is not text in that encoding,
            or holds NUL bytes; with the line of the first one.
    """
    path = input_path(path)
    try:
        data = path.read_bytes()
        text, used = decode(data, encoding, str(path))
        return _line_ends(text), used
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise MitseqError(f"{path}: {reason}") from error
    except MemoryError:
        size = path.stat().st_size
        raise MitseqError(
            f"{path}: a text of {size:,} bytes, more than the memory holds; "
            "cut it into several files"
        ) from None


def decode(
    data: bytes,
    encoding: str | None = None,
    source: str = "input",
    *,
    can_be_named: bool = True,
) -> tuple[str, str]:
    r"""Decodes bytes of any of the encodings above.

    Args:
        data: The bytes.
        encoding: Name of the encoding; None to find out.
        source: Where they come from, for error messages.
        can_be_named: Whether an error may advise to name the encoding.

    Returns:
        The text, and the name of its encoding.

    Raises:
        MitseqError: as `read_text`.

    Example:

    >>> decode(b"caf\xc3\xa9")
    ('café', 'utf-8')
    >>> decode(b"caf\xe9 \x96 good")
    ('café – good', 'cp1252')
    """
    if encoding is None:
        encoding = _guess(data, source, can_be_named)
    try:
        b"a".decode(encoding)  # an empty string would be any encoding
    except UnicodeError:
        pass
    except (LookupError, TypeError, ValueError):
        raise MitseqError(
            "`encoding` must be the name of an encoding, such as utf-8 or "
            f"latin-1. Received: encoding={encoding!r}."
        ) from None
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise _not_in(encoding, data, error, source, can_be_named) from None
    if text.startswith("\ufeff"):
        text = text[1:]
    _refuse_nul(text, source, can_be_named)
    return text, encoding


def decode_pieces(
    pieces: Iterable[bytes], source: str = "input", *, can_be_named: bool = True
) -> Iterator[str]:
    r"""Decodes bytes as they come, for what may never end.

    Which encoding it is, the first lines tell that are more than ASCII.

    Args:
        pieces: The bytes, cut anywhere.
        source: As of `decode`, and so is `can_be_named`.

    Yields:
        Text, with "\n" at the end of each line.

    Raises:
        MitseqError: as `decode`, with the line.

    Example:

    >>> "".join(decode_pieces([b"good\r", b"\ncaf\xc3", b"\xa9"]))
    'good\ncaf\xe9'
    """
    reader = _PieceReader(source, can_be_named)
    for piece in pieces:
        if text := reader.read(piece):
            yield text
    if text := reader.read(b"", final=True):
        yield text


class _PieceReader:
    """What is known of an encoding so far, and the line it is at."""

    def __init__(self, source, can_be_named):
        self.source, self.can_be_named = source, can_be_named
        self.decoder: codecs.IncrementalDecoder | None = None
        self.encoding, self.pending = "ascii", b""
        self.is_begun, self.line = False, 0
        self.ends = io.IncrementalNewlineDecoder(None, translate=True)

    def read(self, piece: bytes, final: bool = False) -> str:
        """Returns what can be read by now."""
        encoding = self.encoding
        if self.decoder is None:
            piece, self.pending = self.pending + piece, b""
            encoding = self._encoding(piece, final)
            if encoding is None:  # up to the line that tells is ASCII
                whole = self._whole(piece)
                self.pending = piece[len(whole) :]
                piece, encoding = whole, "ascii"
            self.is_begun |= bool(piece)
        decoder = self.decoder or codecs.getincrementaldecoder(encoding)()
        if encoding != "ascii":
            self.decoder, self.encoding = decoder, encoding
        try:
            text = self.ends.decode(decoder.decode(piece, final), final)
        except UnicodeDecodeError as error:
            raise _not_in(
                *(encoding, error.object, error, self.source),
                *(self.can_be_named, self.line),
            ) from None
        _refuse_nul(text, self.source, self.can_be_named, self.line)
        self.line += text.count("\n")
        return text

    def _encoding(self, piece, final):
        """The encoding by the whole lines that are there; None for later."""
        if not self.is_begun and not piece.isascii():
            if len(piece) < 4 and not final:
                return None
            for mark, name in MARKS:
                if piece.startswith(mark):
                    return name
        if piece.isascii():
            return "ascii"
        whole = self._whole(piece)
        if not whole.isascii():
            return _guess(whole, self.source, self.can_be_named, self.line)
        if final or len(piece) > HEAD:
            return _guess(piece, self.source, self.can_be_named, self.line)
        return None

    def _whole(self, piece):
        if not self.is_begun and len(piece) < 4:
            return b""
        return piece[: piece.rfind(b"\n") + 1]


def _guess(data: bytes, source: str, can_be_named: bool, line: int = 0) -> str:
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        lenient = data.decode("utf-8", errors="surrogateescape")
        bad = sum("\udc80" <= c <= "\udcff" for c in lenient)
        good = sum(not c.isascii() for c in lenient) - bad
        if good > bad:  # UTF-8 with damage, not another encoding
            raise _not_in(
                "utf-8", data, error, source, can_be_named, line
            ) from None
        try:
            data.decode("cp1252")
        except UnicodeDecodeError:
            return "latin-1"
        return "cp1252"
    return "utf-8"


def _not_in(
    encoding: str,
    data: bytes,
    error: UnicodeError,
    source: str,
    can_be_named: bool,
    lines_before: int = 0,
) -> MitseqError:
    where = getattr(error, "start", 0)
    line = lines_before + data[:where].count(b"\n") + 1
    byte = f"0x{data[where]:02x}" if where < len(data) else "the end"
    advice = "; another one can be named, such as latin-1"
    return MitseqError(
        f"{source}: line {line}: {byte} is not {encoding}. Expected text in "
        f"that encoding{advice if can_be_named else ''}."
    )


def _refuse_nul(
    text: str, source: str, can_be_named: bool, lines_before: int = 0
) -> None:
    where = text.find("\0")
    if where < 0:
        return
    line = lines_before + _line_ends(text[:where]).count("\n") + 1
    advice = "name the encoding" if can_be_named else "save it as UTF-8"
    raise MitseqError(
        f"{source}: line {line}: a NUL byte, expected text "
        f"(UTF-16 without a byte order mark? then {advice})"
    )


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
