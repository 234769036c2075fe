"""Digits that people wrote by hand, cut into three parts by image.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning). They
are those of scikit-learn, 8 by 8 pixels, and come with that package.
"""

import functools

import numpy as np

from mitseq.errors import MitseqError

PARTS = {"train": (0.0, 0.6), "validation": (0.6, 0.7), "test": (0.7, 1.0)}


@functools.cache
def digit_images(part: str) -> dict[int, np.ndarray]:
    """Returns the images of one part, by what they show.

    Args:
        part: "train" (60 % of the images of each digit), "validation" or
            "test" (30 %). No image is in two of them.

    Returns:
        Digit -> `(images, 8, 8)` of uint8, 0 paper to 255 ink.

    Raises:
        MitseqError: if scikit-learn is not installed.

    Example:

    >>> images = digit_images("test")
    >>> sorted(images), images[7].shape[1:]
    ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], (8, 8))
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MitseqError(
            "the scenes of digits need scikit-learn: pip install "
            "'mitseq[caption]'"
        ) from error
    found = load_digits()
    low, high = PARTS[part]
    images = (found.images * (255 / 16)).astype("uint8")
    chosen = {}
    for digit in range(10):
        of_digit = images[found.target == digit]
        order = np.random.default_rng(digit).permutation(len(of_digit))
        first, last = int(low * len(order)), int(high * len(order))
        chosen[digit] = of_digit[np.sort(order[first:last])]
    return chosen
