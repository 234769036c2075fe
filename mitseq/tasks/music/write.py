#!/usr/bin/env python3
"""Writes a tune by `model.onnx`, which stands beside this file.

    python write.py            another tune each time
    python write.py 7          the tune of seed 7

It needs numpy and onnxruntime, nothing else: `mitseq music export --format
onnx` writes a copy of it. What it prints is ABC notation as the model writes
it; nobody has added up its bars, which `mitseq music generate` does.

Letters: T steps, V vocabulary.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

TEMPERATURE = 0.8  # below 1: more of what is likely
LONGEST = 600  # tokens of a tune


def write(
    next_logits: Callable[[list[int]], np.ndarray],
    about: dict,
    seed: int | None = None,
    temperature: float = TEMPERATURE,
    longest: int = LONGEST,
) -> str:
    """Returns a tune, drawn token by token.

    Args:
        next_logits: Takes the ids so far, gives the logits of the next, `(V,)`.
        about: What vocabulary.json holds.
        seed: Of what is drawn; None for another one each time.
        temperature: What the logits are divided by.
        longest: How many tokens there are at most.
    """
    draw = np.random.default_rng(seed)
    ids = [about["start"]]
    while len(ids) <= longest:
        logits = np.asarray(next_logits(ids), "float64") / temperature
        logits[[about["pad"], about["start"]]] = -np.inf  # they are no text
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        ids.append(int(draw.choice(len(probabilities), p=probabilities)))
        if ids[-1] == about["end"]:
            break
    return "".join(about["tokens"][i] for i in ids)


def main(seed: int | None, folder: Path) -> None:
    """Prints a tune in ABC notation."""
    import onnxruntime

    about = (folder / "vocabulary.json").read_text(encoding="utf-8")
    session = onnxruntime.InferenceSession(
        folder / "model.onnx", providers=["CPUExecutionProvider"]
    )

    def next_logits(ids):
        (logits,) = session.run(["logits"], {"ids": np.array([ids], "int64")})
        return logits[0, -1]

    print("X:1\n" + write(next_logits, json.loads(about), seed))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else None, Path(__file__).parent)
