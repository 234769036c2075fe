"""The songs to learn from, as the course's notebook reads them.

A song is a `str`: ABC with a header X, T, Z, M, L, K and no blank line in it;
a blank line ends it. The course's own file is not ours to carry: the songs
are those of O'Neill's *Music of Ireland* in the installed music21.
"""

import os
import re
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.output import atomic_write
from mitseq.tunes.corpus import music21_collections
from mitseq.tunes.drops import Drops, normalized_tunes
from mitseq.tunes.layout import layout
from mitseq.tunes.reading import RawTune, read_tunes
from mitseq.tunes.tune import Tune

_MODES = {
    "": "Major", "m": "Minor", "dor": "Dorian", "mix": "Mixolydian",
    "phr": "Phrygian", "lyd": "Lydian", "loc": "Locrian",
}  # fmt: skip


def load_training_data(
    path: str | os.PathLike[str] | None = None,
) -> list[str]:
    r"""Returns the songs to learn from, and prints how many there are.

    Args:
        path: A file of songs with a blank line between them, such as the
            course's own, which is read as it stands; or a folder of ABC files.
            None for the tunes of music21 whose bars add up, each once; that
            takes some seconds.

    Raises:
        CorpusError: if music21's tunes are not there, or the folder has none.
        MitseqError: if the file cannot be read or has no song.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "two.abc")
    ...     _ = file.write_text("X:1\nK:D\nABc\n\nX:2\nK:G\nGAB\n")
    ...     songs = load_training_data(file)
    2 songs were found.
    >>> songs
    ['X:1\nK:D\nABc', 'X:2\nK:G\nGAB']
    """
    if path is None:
        tunes = read_tunes(music21_collections()[0])
        songs = _course_layout(tunes)
    elif Path(path).is_dir():
        songs = [_without_blank_lines(raw.text) for raw in read_tunes(path)]
    else:
        # At the end of a file a song is over, blank line or not.
        songs = _cut(_read(path) + "\n\n")
        if not songs:
            raise MitseqError(
                f"{os.fspath(path)}: no song in this file, expected ABC with "
                "a blank line between two songs"
            )
    _say_how_many(songs)
    return songs


def extract_song_snippet(text: str) -> list[str]:
    r"""Returns the songs of a text, and prints how many there are.

    A song stands between two blank lines, and one blank line ends a song and
    begins the next. The first needs none before it. The last is dropped
    unless a blank line ends it: a model may have stopped in the middle.

    Example:

    >>> extract_song_snippet("X:1\nABc|\n\nX:2\ncBA|\n\nX:3\nAB")
    2 songs were found.
    ['X:1\nABc|', 'X:2\ncBA|']
    """
    songs = _cut(text)
    _say_how_many(songs)
    return songs


def save_song_to_abc(song: str, filename: str | os.PathLike = "tmp") -> str:
    """Writes a song to `filename` with `.abc` added; returns `filename`.

    A file of that name is replaced, as in the course's package.

    Raises:
        OutputError: if it cannot be written.
    """
    name = os.fspath(filename)
    # Half of a pair of surrogates, which a model may write, has no UTF-8.
    atomic_write(f"{name}.abc", song.encode("utf-8", "replace"))
    return name


def _cut(text: str) -> list[str]:
    *ended, _ = re.split(r"\n\n+", text.replace("\r\n", "\n"))
    return [song for song in ended if song]


def _say_how_many(songs: list[str]) -> None:
    plural = "song was" if len(songs) == 1 else "songs were"
    print(f"{len(songs)} {plural} found.")


def _read(path: str | os.PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise MitseqError(f"{os.fspath(path)}: {error.strerror}") from error


def _without_blank_lines(text: str) -> str:
    """The text of one tune; the reader writes `%` where no line of it was."""
    kept = [line for line in text.split("\n") if line.strip() not in ("", "%")]
    return "\n".join(kept)


def _course_layout(tunes) -> list[str]:
    """Tunes whose bars add up, each once, with a header X, T, Z, M, L, K."""
    found: dict[str, RawTune] = {}
    for text, raw in normalized_tunes(tunes, Drops()):
        found.setdefault(text, raw)
    numbered = enumerate(found.items(), start=1)
    return [_song(text, raw, number) for number, (text, raw) in numbered]


def _song(text: str, raw: RawTune, number: int) -> str:
    title = Tune(raw.text).title or "Untitled"
    name, *music = layout(text, number, title).rstrip("\n").split("\n")
    collection = raw.source.parent.name
    music.insert(1, f"Z: id:{collection}-{raw.number}")
    return "\n".join([name, *(_long_key(line) for line in music)])


def _long_key(line: str) -> str:
    """`K:Ador` as `K:A Dorian`; other lines as they are."""
    match = re.fullmatch(r"K:([A-G][#b]?)([a-z]*)", line)
    return f"K:{match[1]} {_MODES[match[2]]}" if match else line
