#!/usr/bin/env python3
"""Classifies texts by `model.onnx`, which stands beside this file.

    python classify.py "a text" "another"

It needs numpy and onnxruntime, nothing else: `mitseq sentiment export --format
onnx` writes a copy of it. Whoever writes the same in another language finds all
that it reads in model.json: the regular expressions that cut a text into
tokens, and the classes. words.txt has a word a line; the first one's index is
2, an unknown word is 1, and 0 stands behind a text's end. A text is read as an
empty one if a smaller share of its words than `least_known` is in words.txt
(numbers and signs that are known do not count);
the answer is "neutral" where two probabilities differ by less than `neutral`.

Letters: B batch, T tokens, L characters, C classes.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np

UNKNOWN, FIRST_WORD = 1, 2


def tokenize(text: str, about: dict) -> list[str]:
    """Cuts a text into tokens, by the expressions in model.json."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = re.sub(about["blank"], " ", text)
    shout, marked = about["shout"]
    text = re.sub(shout, marked, text, flags=re.ASCII).lower()
    for what, by in about["rewrites"]:
        text = re.sub(what, by, text)
    return re.findall(about["token"], text)


def is_word(token: str, about: dict) -> bool:
    """Tells words from numbers, signs and emoticons."""
    is_number = re.fullmatch(about["number"], token)
    return not is_number and bool(re.fullmatch(about["word"], token))


def model_inputs(
    texts: list[str], words: list[str], about: dict
) -> dict[str, np.ndarray]:
    """Returns what the model takes: `ids` (B, T) and `codes` (B, L), int64.

    `ids` are the indices of the tokens; `codes` are the code points of the
    tokens joined by spaces, with one more at either end. A model takes one of
    the two or both.
    """
    index = {word: i for i, word in enumerate(words, start=FIRST_WORD)}
    ids, codes = [], []
    for text in texts:
        tokens = tokenize(text, about)
        known = sum(t in index and is_word(t, about) for t in tokens)
        unknown = sum(t not in index for t in tokens)
        if known < about["least_known"] * (known + unknown):
            tokens = []
        ids.append([index.get(token, UNKNOWN) for token in tokens])
        joined = f" {' '.join(tokens)} "
        codes.append([ord(character) for character in joined])
    both = {"ids": _padded(ids), "codes": _padded(codes)}
    return {name: both[name] for name in about["inputs"]}


def _padded(rows: list[list[int]]) -> np.ndarray:
    padded = np.zeros((len(rows), max([1, *map(len, rows)])), "int64")
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    return padded


def main(texts: list[str], folder: Path) -> None:
    """Prints the class of each text, and its probability."""
    import onnxruntime

    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")[:-1]
    session = onnxruntime.InferenceSession(
        folder / "model.onnx", providers=["CPUExecutionProvider"]
    )
    inputs = model_inputs(texts, words, about)
    (probabilities,) = session.run(["probabilities"], inputs)
    for text, row in zip(texts, probabilities, strict=True):
        best = int(row.argmax())
        label = about["classes"][best]
        if row.max() - row.min() < about["neutral"]:
            label = "neutral"
        print(f"{label}  {row[best]:.3f}  {text}")


if __name__ == "__main__":
    main(sys.argv[1:], Path(__file__).parent)
