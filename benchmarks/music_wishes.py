r"""How often a candidate meets a wish: what `mitseq music generate` asks for.

    python benchmarks/music_wishes.py

Of each wish, some candidates are written by the bundled model, which draws what
can add up only. A candidate counts when the checker accepts it and it is as
wished. `generate` writes until enough do, so a share of a tenth is ten
candidates a tune; of a share of 0 it says in one line that it gives up.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from errors import told_in_one_line
from music_people import SEEDS, interval
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.tasks.music.generate import Writer, rejection
from mitseq.tasks.music.like import wish_like
from mitseq.tasks.music.model import load_music_model
from mitseq.tasks.music.prompts import read_wish
from mitseq.tunes.corpus import prepare
from mitseq.tunes.normalize import normalize

WISHES: dict[str, dict] = {
    "none": {},
    'key "E dorian"': {"key": "E dorian"},
    "meter 9/8": {"meter": "9/8"},
    "form AABB": {"form": "AABB"},
    "form AAB": {"form": "AAB"},
    "form ABC": {"form": "ABC"},
    "bars 8": {"bars": 8},
    'range "G,:b"': {"range": "G,:b"},
    'range "D:a"': {"range": "D:a"},
    "all of E dorian, 9/8, AABB, 8 bars, G,:b": {
        "key": "E dorian",
        "meter": "9/8",
        "form": "AABB",
        "bars": 8,
        "range": "G,:b",
    },
}
TUNES = 25  # of people, whose like is wished
COLUMNS = {
    "wish": "wish",
    "count": "candidates|d",
    "met": "as wished|.0%",
    "interval": "95 %",
    "accepted": "accepted|.0%",
}


def wish_row(model, name: str, wish: dict, count: int) -> dict:
    """The share of the candidates that meet a wish.

    Args:
        model: A music model.
        name: Of the row.
        wish: The arguments of `read_wish`.
        count: Candidates in all.
    """
    writer = Writer(model, read_wish(**wish), SEEDS[0], adding_up=True)
    return _row(name, [writer], count)


def like_row(model, tunes: Sequence[str], count: int) -> dict:
    """The share of the candidates that are like a tune of people.

    As many are written for each tune. Those that cannot be wished are refused,
    and told in the name of the row.
    """
    writers = []
    refused = 0
    for tune in tunes:
        try:
            wish = wish_like(tune)
            writers.append(Writer(model, wish, SEEDS[0], adding_up=True))
        except MitseqError:
            refused += 1
    each = max(1, count // max(1, len(writers)))
    name = f"like one of {len(tunes)} test tunes, {refused} refused"
    return _row(name, writers, each)


def _row(name, writers, each):
    """What came of so many candidates of each writer."""
    met, accepted = [], []
    for writer in writers:
        for text, has_ended in writer.write(each):
            good = has_ended and rejection(text) is None
            accepted.append(good)
            met.append(good and writer.wish.unmet(normalize(text)) is None)
    low, high = interval(np.array(met, float), True)
    return {
        "wish": name,
        "count": len(met),
        "met": float(np.mean(met)),
        "interval": f"{low:.0%} to {high:.0%}",
        "accepted": float(np.mean(accepted)),
    }


def main(arguments: list[str] | None = None) -> list[dict]:
    """Measures every wish and prints the table; returns the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", type=Path, help="instead of the bundled one")
    parser.add_argument("--count", type=int, default=100, help="of each wish")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    model = load_music_model(options.model)
    rows = [
        wish_row(model, name, wish, options.count)
        for name, wish in WISHES.items()
    ]
    rows.append(like_row(model, prepare().test[:TUNES], options.count))
    print_results(
        "Candidates that meet a wish",
        COLUMNS,
        rows,
        notes=[f"Seed {SEEDS[0]}."],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    with told_in_one_line():
        main()
