"""How the verbs that write tunes read one and print what they wrote."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mitseq.cli.program import remark
from mitseq.errors import MitseqError

if TYPE_CHECKING:
    from mitseq.tasks.music.generate import GeneratedTunes
    from mitseq.tunes.tune import Tune


def read_one(file: Path) -> str:
    """Returns the text of the only tune of a file.

    Raises:
        MitseqError: if it cannot be read or has several.
    """
    from mitseq.tunes.reading import read_tunes

    tunes = list(read_tunes(file))
    if len(tunes) > 1:
        raise MitseqError(
            f"{file}: {len(tunes)} tunes, expected one; the second begins in "
            f"line {tunes[1].line}"
        )
    if tunes[0].damage:
        raise MitseqError(f"{file}: line {tunes[0].line}: {tunes[0].damage}")
    return tunes[0].text


def corpus_of(model: Path | None) -> Path | None:
    """Returns the split that the training kept beside the model, if any."""
    from mitseq.tunes.corpus import is_split

    if model is None:
        return None
    beside = (model if model.is_dir() else model.parent) / "corpus"
    return beside if is_split(beside) else None


def tune_as_dict(tune: "Tune") -> dict:
    """Returns what the JSON document tells of a tune."""
    return {
        "title": tune.title,
        "key": tune.key,
        "meter": tune.meter,
        "abc": tune.abc,
        "problems": [str(p) for p in tune.check()],
    }


def generated_as_dict(result: "GeneratedTunes", files: Sequence[Path]) -> dict:
    """Returns what the JSON document tells of what a model wrote."""
    return {
        "tunes": list(map(tune_as_dict, result.tunes)),
        "files": files,
        "rejected": result.rejected,
        "reasons": result.reasons,
        "passed_over": result.passed_over,
        "seed": result.seed,
    }


def print_tunes(tunes: Sequence["Tune"], files: Sequence[Path]) -> None:
    """Prints each tune, and the files that were written."""
    for tune in tunes:
        click.echo(tune.abc.rstrip("\n") + "\n")
    for path in files:
        click.echo(path)


def remark_on(result: "GeneratedTunes", seconds: float) -> None:
    """Says how long it took, the seed, and what was thrown away."""
    most = sorted(result.reasons.items(), key=lambda item: -item[1])[:3]
    remark(
        f"{number_of(len(result.tunes), 'tune')} in {seconds:.1f} s, seed "
        f"{result.seed}; {number_of(result.rejected, 'sample')} thrown away"
        + (f", {result.passed_over} not chosen" if result.passed_over else "")
        + "".join(f"\n  {n} x {why}" for why, n in most)
    )


def number_of(count: int, what: str) -> str:
    """Returns `1 tune` or `2 tunes`.

    Example:

    >>> number_of(1, "tune"), number_of(2, "tune")
    ('1 tune', '2 tunes')
    """
    return f"{count} {what}{'s' * (count != 1)}"
