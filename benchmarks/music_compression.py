r"""Bits per character of held-out tunes: this project's models and peers.

    mitseq music prepare --out data/music
    python benchmarks/music_compression.py --data data/music \
        --model mitseq/pretrained/music.keras --recipe runs/recipe

Every row reads the same normalized text and the same split. Bits per
character is the code length of the held-out tunes, the end of each tune
included, divided by the number of characters of their normalized text. So
models over characters and over ABC tokens compare.

The n-gram and the networks learn from the training tunes only, and each
held-out tune starts afresh. bz2 conditional on the training text is
len(bz2(training + held-out)) - len(bz2(training)), a blank line after each
tune, all held-out tunes at once. It is the mean over shuffled orders of the
training tunes, because bz2 chooses its code tables for the whole text anew:
that moves the difference by 1 % for all held-out tunes together, and by
several bits per character for a single one, so tune by tune is no measure.
bz2 sees nothing beyond a block of 900,000 bytes: where the training text is
longer, only as much of its end is used as fits in one block with the held-out
text.
"""

import argparse
import bz2
import json
import random
import statistics
import time
from pathlib import Path

from errors import told_in_one_line
from ngram import WittenBell
from splits import read_split
from tables import print_results

from mitseq.errors import MitseqError

# A block of bzip2 -9 is 900,000 bytes less 19, after a first run-length
# coding that can add one byte to every four equal ones.
BLOCK = 890_000
COLUMNS = {
    "model": "model",
    "bits_per_character": "bits/character|.3f",
    "below_ngram": "below n-gram|.1%",
    "seconds": "seconds|.1f",
}


def ngram_row(train: list[str], held_out: list[str], order: int) -> dict:
    """An n-gram with `order` characters of context."""
    started = time.perf_counter()
    bits = WittenBell(train, order).bits_per_character(held_out)
    return {
        "model": f"n-gram, {order} characters of context, Witten-Bell",
        "bits_per_character": bits,
        "seconds": time.perf_counter() - started,
    }


def bz2_bits(train: str, held_out: str, block: int = BLOCK) -> int:
    """Bits that bz2 adds for a text after the training text.

    Args:
        train: The training text.
        held_out: The text to code.
        block: Bytes that fit in one block; of a longer training text only
            the end is used that fits in one with the held-out text.

    Returns:
        Bits, a multiple of 8.

    Raises:
        ValueError: if the held-out text alone does not fit in a block.
    """
    new = held_out.encode()
    if len(new) >= block:
        raise ValueError(
            f"`held_out` must have less than {block} bytes, what bz2 looks at "
            f"at once. Received: {len(new)} bytes."
        )
    known = train.encode()[-(block - len(new)) :]
    return 8 * (len(bz2.compress(known + new)) - len(bz2.compress(known)))


def bz2_row(train: list[str], held_out: list[str], shuffles: int = 12) -> dict:
    """bz2 conditional on the training text, the mean over shuffled orders."""
    started = time.perf_counter()
    new = "".join(tune + "\n" for tune in held_out)
    characters = sum(map(len, held_out))
    bits = []
    for seed in range(shuffles):
        order = random.Random(seed).sample(train, len(train))
        known = "".join(tune + "\n" for tune in order)
        bits.append(bz2_bits(known, new) / characters)
    return {
        "model": "bz2 after the training text",
        "bits_per_character": statistics.fmean(bits),
        "standard_deviation": statistics.stdev(bits),
        "seconds": time.perf_counter() - started,
    }


def recipe_rows(directory: Path) -> list[dict]:
    """The recipe's figures, as `music_training.py recipe` left them."""
    path = directory / "results.json"
    if not path.is_file():
        raise MitseqError(
            f"{path}: expected the results of `benchmarks/music_training.py "
            f"recipe --out {directory}`. Received: no such file."
        )
    results = json.loads(path.read_text(encoding="utf-8"))
    return [
        {
            "model": f"recipe in plain Keras, {which} step {row['step']}",
            "bits_per_character": row["test_bits_per_character"],
            "seconds": row["seconds"],
            "characters": row["test_characters"],
        }
        for which, row in results["test"].items()
    ]


def mitseq_row(path: Path, held_out: list[str]) -> dict:
    """One saved mitseq model, judged as `mitseq music evaluate` judges it."""
    from mitseq.tasks.music.evaluation import evaluate_music_model
    from mitseq.tasks.music.model import load_music_model

    started = time.perf_counter()
    figures = evaluate_music_model(load_music_model(path), held_out)
    return {
        "model": f"mitseq {path}",
        "bits_per_character": figures["bits_per_character"],
        "seconds": time.perf_counter() - started,
    }


def main(arguments: list[str] | None = None) -> list[dict]:
    """Run every row and print the table; returns the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the split"
    )
    parser.add_argument(
        "--split", default="test", choices=("validation", "test")
    )
    parser.add_argument(
        "--model",
        type=Path,
        nargs="*",
        default=[],
        help="saved mitseq models (file or folder)",
    )
    parser.add_argument(
        "--recipe", type=Path, help="folder of `music_training.py recipe`"
    )
    parser.add_argument(
        "--order",
        type=int,
        nargs="*",
        default=[5],
        help="characters of context of the n-gram; the first one is the peer",
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)

    train = read_split(options.data, "train")
    held_out = read_split(options.data, options.split)
    characters = sum(map(len, held_out))
    rows = [ngram_row(train, held_out, order) for order in options.order]
    ngram = rows[0]["bits_per_character"] if rows else None
    rows.append(bz2_row(train, held_out))
    if options.recipe:
        rows += recipe_rows(options.recipe)
        if any(row.pop("characters", characters) != characters for row in rows):
            raise MitseqError(
                f"{options.recipe}: the recipe's figures are of another split."
            )
    rows += [mitseq_row(path, held_out) for path in options.model]
    for row in rows:
        if ngram:
            row["below_ngram"] = 1 - row["bits_per_character"] / ngram
    print_results(
        "Held-out bits per character, lower is better",
        COLUMNS,
        rows,
        notes=[
            f"{len(train)} training tunes, {sum(map(len, train))} characters;"
            f" {options.split}: {len(held_out)} tunes, {characters}"
            " characters, normalized ABC.",
            "Code length of each tune with its end mark, divided by the"
            " characters of the normalized text.",
            "Seconds: n-gram and bz2 learning and coding; recipe training"
            " only; mitseq models loading and coding only.",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    with told_in_one_line():
        main()
