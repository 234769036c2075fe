"""The prepared tunes that every music benchmark reads."""

from pathlib import Path

from mitseq.errors import MitseqError

SPLITS = ("train", "validation", "test")


def read_split(directory: str | Path, name: str) -> list[str]:
    r"""The normalized tunes of one split.

    Args:
        directory: What `mitseq music prepare --out` wrote: `train.abc`,
            `validation.abc` and `test.abc`, in each a tune an `X:` line, the
            normalized text and a blank line.
        name: "train", "validation" or "test".

    Returns:
        One normalized text a tune: no `X:` line, one line feed at the end.

    Raises:
        MitseqError: if the file is missing or has no tune.
    """
    path = Path(directory) / f"{name}.abc"
    if not path.is_file():
        raise MitseqError(
            f"{path}: expected a file written by `mitseq music prepare --out "
            f"{directory}`. Received: no such file."
        )
    return read_tunes(path)


def read_tunes(path: Path) -> list[str]:
    r"""The texts of a file that has an `X:` line and a blank line a tune.

    Not `mitseq.tunes.corpus.read_tunes`: samples are to be judged as they are,
    with nothing repaired or left out.

    Args:
        path: An ABC file.

    Returns:
        One text a tune, without its `X:` line; an empty tune is "\n".

    Raises:
        MitseqError: if the file has no tune.
    """
    tunes = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        if lines and lines[0].startswith("X:"):
            tunes.append("\n".join(lines[1:]) + "\n")
    if not tunes:
        raise MitseqError(f"{path}: expected tunes. Received: none.")
    return tunes
