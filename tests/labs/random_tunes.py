"""Tunes whose bars are all alike: only where bar lines stand can be learned."""

import random
from pathlib import Path

NOTES = "D E F G A B c d".split()


def random_tune(rng: random.Random, number: int) -> str:
    """Eight bars of four notes."""
    bars = ["".join(rng.choices(NOTES, k=4)) for _ in range(8)]
    return f"X:{number}\nM:2/4\nL:1/8\nK:D\n{'|'.join(bars)}|]\n"


def write_random_tunes(path: Path, count: int) -> str:
    """Writes a file of so many tunes; returns its path as text."""
    rng = random.Random(0)
    tunes = [random_tune(rng, number) for number in range(1, count + 1)]
    path.write_text("\n".join(tunes))
    return str(path)
