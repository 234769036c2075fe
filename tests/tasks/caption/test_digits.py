"""No image of a digit is in two parts, and none is lost."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mitseq.errors import MitseqError
from mitseq.tasks.caption.digits import PARTS, digit_images


def test_the_parts_hold_every_image_once():
    counts = []
    for digit in range(10):
        parts = [digit_images(part)[digit] for part in PARTS]
        counts.append([len(part) for part in parts])
        whole = np.concatenate(parts).reshape(-1, 64)
        found = load_digits()
        images = found.images[found.target == digit].reshape(-1, 64)
        scaled = (images * (255 / 16)).astype("uint8")
        assert sorted(map(bytes, whole)) == sorted(map(bytes, scaled))
    shares = np.sum(counts, axis=0) / 1797
    np.testing.assert_allclose(shares, [0.6, 0.1, 0.3], atol=0.01)


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    digit_images.cache_clear()
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[caption\]'"):
        digit_images("train")
    monkeypatch.undo()
    assert digit_images("train")[0].max() == 255
