"""The program beside model.onnx, with models that are known by hand."""

import ast
import sys
from pathlib import Path

import numpy as np

from mitseq.tasks.music import write

ABOUT = {"pad": 0, "start": 1, "end": 2, "tokens": ["", "", "", *"ABC"]}


def spells(ids):
    """Logits that favor A, B, C in turn, then the end."""
    logits = np.zeros(6)
    logits[[3, 4, 5, 2][min(len(ids) - 1, 3)]] = 100
    return logits


def test_what_is_likely_is_written_up_to_the_end():
    assert write.write(spells, ABOUT, seed=0) == "ABC"
    assert write.write(spells, ABOUT, seed=0, longest=2) == "AB"


def test_special_tokens_are_never_drawn_and_seeds_repeat():
    def even(ids):
        logits = np.zeros(6)
        logits[:2], logits[2] = 50, -100  # padding and start, never the end
        return logits

    tunes = [write.write(even, ABOUT, seed, longest=50) for seed in (1, 1, 2)]
    assert len(tunes[0]) == 50 and set(tunes[0]) == set("ABC")
    assert tunes[0] == tunes[1] != tunes[2]


def test_temperature_divides_the_logits():
    """A is e^2 times as likely as B and C; at temperature 2 it is e times."""

    def some(ids):
        return np.array([0, 0, -100, 2.0, 0, 0])

    for temperature, ratio in ((1, np.e**2), (2, np.e)):
        tune = write.write(some, ABOUT, 0, temperature, longest=4000)
        share = tune.count("A") / len(tune)
        np.testing.assert_allclose(share, ratio / (ratio + 2), atol=0.03)


def test_it_imports_numpy_and_onnxruntime_alone():
    tree = ast.parse(Path(write.__file__).read_text(encoding="utf-8"))
    names = {
        (getattr(node, "module", None) or node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert names - sys.stdlib_module_names == {"numpy", "onnxruntime"}
