"""Pictures from outside the world of the scenes, to see what a model says then.

noise       every pixel by chance
scribbles   strokes with a pen
houses      drawn houses with trees, a kind of drawing that no scene is
photos      pieces of the two photos that come with scikit-learn
"""

import functools

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.caption.pictures import pillow

KINDS = ("noise", "scribbles", "houses", "photos")
FINE = 2  # pixels drawn for one of the picture


def outside_pictures(
    kind: str, count: int, seed: int = 0, size: int = 64
) -> np.ndarray:
    """Returns pictures of a kind that no scene is.

    Args:
        kind: One of `KINDS`.
        count: How many.
        seed: Another seed, other pictures.
        size: Pixels of a side.

    Returns:
        `(count, size, size)` of uint8.

    Raises:
        MitseqError: for another kind, or if a package is missing.

    Example:

    >>> outside_pictures("houses", 3).shape
    (3, 64, 64)
    """
    if kind not in KINDS:
        raise MitseqError(
            f"`kind` must be one of {KINDS}. Received: kind={kind!r}."
        )
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    if kind == "noise":
        return rng.integers(0, 256, (count, size, size)).astype("uint8")
    draw = {"scribbles": _scribble, "houses": _house, "photos": _piece}[kind]
    return np.array([draw(rng, size) for _ in range(count)], "uint8").reshape(
        -1, size, size
    )


def _page(rng, size):
    """An empty page with a pen: the canvas, the pen, ink, width and side."""
    image, draw = pillow()
    paper, ink = int(rng.integers(205, 256)), int(rng.integers(0, 90))
    side = FINE * size
    canvas = image.new("L", (side, side), paper)
    return canvas, draw.Draw(canvas), ink, int(rng.integers(3, 6)), side


def _scribble(rng, size):
    canvas, pen, ink, width, side = _page(rng, size)
    for _ in range(rng.integers(2, 7)):
        steps = rng.normal(0, 0.12 * side, (rng.integers(3, 12), 2))
        points = rng.uniform(0.2, 0.8, 2) * side + np.cumsum(steps, axis=0)
        pen.line([tuple(p) for p in points], ink, width, joint="curve")
    return _finish(canvas, rng)


def _house(rng, size):
    canvas, pen, ink, width, side = _page(rng, size)
    w, h = side * rng.uniform(0.25, 0.45, 2)
    x, y = rng.uniform(0.05, 0.5) * side, rng.uniform(0.75, 0.95) * side
    pen.rectangle((x, y - h, x + w, y), None, ink, width)
    roof = [(x - 0.1 * w, y - h), (x + w / 2, y - 1.6 * h)]
    pen.polygon([*roof, (x + 1.1 * w, y - h)], None, ink, width)
    pen.rectangle((x + 0.6 * w, y - 0.5 * h, x + 0.8 * w, y), ink)
    pen.rectangle(
        (x + 0.15 * w, y - 0.7 * h, x + 0.4 * w, y - 0.4 * h), None, ink, width
    )
    x += 1.5 * w
    pen.line([(x, y), (x, y - 0.8 * h)], ink, 2 * width)
    r = 0.3 * h
    pen.ellipse((x - r, y - 0.8 * h - 2 * r, x + r, y - 0.8 * h), ink)
    return _finish(canvas, rng)


def _finish(canvas, rng):
    picture = np.asarray(canvas.reduce(FINE), "float32")
    picture += rng.normal(0, rng.uniform(0, 12), picture.shape)
    return picture.clip(0, 255).round()


@functools.cache
def _photos():
    try:
        from sklearn.datasets import load_sample_images
    except ImportError as error:
        raise MitseqError(
            "photos need scikit-learn: pip install 'mitseq[caption]'"
        ) from error
    return load_sample_images().images


def _piece(rng, size):
    image, _ = pillow()
    photos = _photos()
    photo = photos[rng.integers(len(photos))]
    length = int(rng.integers(size, min(photo.shape[:2]) + 1))
    top, left = (rng.integers(n - length + 1) for n in photo.shape[:2])
    piece = image.fromarray(photo[top : top + length, left : left + length])
    return np.asarray(piece.convert("L").resize((size, size)))
