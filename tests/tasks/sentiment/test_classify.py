"""The program that stands beside model.onnx; with a model in test_export.py."""

import ast
import sys
from pathlib import Path

import numpy as np

from mitseq.tasks.sentiment import classify
from mitseq.text.familiar import IS_NUMBER, IS_WORD
from mitseq.text.tokens import BLANK, REWRITES, SHOUT, TOKEN
from mitseq.text.tokens import tokenize as tokenize_of_mitseq

ABOUT = {
    "blank": BLANK,
    "shout": SHOUT,
    "rewrites": REWRITES,
    "token": TOKEN,
    "word": IS_WORD,
    "number": IS_NUMBER,
    "least_known": 0.0,
    "neutral": 0.0,
    "inputs": ["ids", "codes"],
}
TEXTS = ["@ann Sooooo good, isn't it?!", "", "<br />\t:-) https://a.b/c \udc80"]


def test_it_cuts_texts_as_mitseq_does():
    for text in TEXTS:
        assert classify.tokenize(text, ABOUT) == tokenize_of_mitseq(text)


def test_inputs_by_hand():
    found = classify.model_inputs(["b a!", ""], ["a", "b"], ABOUT)
    assert found["ids"].tolist() == [[3, 2, 1], [0, 0, 0]]
    assert found["codes"].tolist() == [
        [32, 98, 32, 97, 32, 33, 32],
        [32, 32, 0, 0, 0, 0, 0],
    ]
    assert found["ids"].dtype == np.int64
    only = classify.model_inputs(["a"], ["a"], {**ABOUT, "inputs": ["codes"]})
    assert list(only) == ["codes"]


def test_a_text_of_unknown_words_is_read_as_an_empty_one():
    words, about = ["so", "good", "10/10"], {**ABOUT, "least_known": 0.6}
    found = classify.model_inputs(
        ["so good 10/10", "so ein Mist", "10/10"], words, about
    )
    assert found["ids"].tolist() == [[2, 3, 4], [0] * 3, [4, 0, 0]]
    assert found["codes"][1].tolist()[:3] == [32, 32, 0]


def test_it_imports_numpy_and_onnxruntime_alone():
    tree = ast.parse(Path(classify.__file__).read_text(encoding="utf-8"))
    names = {
        (getattr(node, "module", None) or node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert names - sys.stdlib_module_names == {"numpy", "onnxruntime"}
