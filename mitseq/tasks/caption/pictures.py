"""Pictures of any size and kind, brought to what a model sees.

Pillow reads them. A picture that is transparent lies on white paper, a photo
that was taken upright stands upright, and what is not square gets margins of
the color that its edge has.

Letters: S side of the picture that a model sees, C 1 for grey, 3 for colors.
"""

import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mitseq.arguments import check_choice, check_count, check_path
from mitseq.errors import MitseqError
from mitseq.output import atomic_path

MOST_SIDE = 2**13  # of a picture that a model sees
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")


class PictureError(MitseqError):
    """A file that is no picture, or one that cannot be read."""


def pillow():
    """Returns `PIL.Image` and `PIL.ImageDraw`.

    Raises:
        MitseqError: if Pillow is not installed.
    """
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise MitseqError(
            "pictures need Pillow: pip install 'mitseq[caption]'"
        ) from error
    return Image, ImageDraw


def read_picture(
    path: str | os.PathLike, size: int = 64, channels: int = 1
) -> np.ndarray:
    """Returns a picture as a model sees it.

    Args:
        path: A file that Pillow reads; of several frames the first one.
        size: S.
        channels: C, 1 or 3.

    Returns:
        `(S, S, C)` of uint8.

    Raises:
        PictureError: if there is no such file, it is no picture, it ends too
            early, or it has more pixels than Pillow trusts.
        MitseqError: if Pillow is not installed.
    """
    check_path(path=path)
    check_count(most=MOST_SIDE, size=size)
    check_choice((1, 3), channels=channels)
    image, _ = pillow()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # from a warning on: a picture that fills the memory
            warnings.simplefilter("error", image.DecompressionBombWarning)
            with image.open(path) as opened:
                return _to_model(_upright(opened), size, channels)
    except (image.DecompressionBombWarning, image.DecompressionBombError):
        raise PictureError(
            f"{path}: it has more than the {image.MAX_IMAGE_PIXELS} pixels "
            "that a picture may have"
        ) from None
    except image.UnidentifiedImageError:
        raise PictureError(
            f"{path}: not a picture that Pillow reads; expected PNG, JPEG or "
            "the like"
        ) from None
    except IsADirectoryError:
        raise PictureError(f"{path}: a folder, expected a picture") from None
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise PictureError(f"{path}: cannot be read: {reason}") from None
    except (ValueError, SyntaxError, EOFError, IndexError, KeyError) as error:
        # whatever a damaged file makes its decoder raise
        raise PictureError(f"{path}: a damaged picture: {error}") from None


def find_pictures(paths: Iterable[str | os.PathLike]) -> list[Path]:
    """Returns the files of pictures; of a folder all in it, by name.

    Raises:
        PictureError: if a folder has none.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = [p for p in path.iterdir() if p.suffix.lower() in SUFFIXES]
        if not inside:
            raise PictureError(
                f"{path}: a folder without a picture; expected files that end "
                f"in {', '.join(SUFFIXES)}"
            )
        found += sorted(inside)
    return found


def write_picture(path: str | os.PathLike, picture: np.ndarray) -> Path:
    """Writes a picture `(H, W)` or `(H, W, 3)` of uint8 as PNG."""
    image, _ = pillow()
    with atomic_path(path) as temporary:
        image.fromarray(picture).save(temporary, "PNG")
    return Path(path)


def _upright(opened):
    """The picture, loaded, without transparency, as its camera was held."""
    from PIL import ImageOps

    image, _ = pillow()
    opened.load()
    picture = ImageOps.exif_transpose(opened)
    if picture.mode[0] in "IF":  # 16 or 32 bits a pixel: any range
        values = np.asarray(picture, "float64")
        low, high = np.nanmin(values), np.nanmax(values)
        known = 65535.0 if low >= 0 and high > 255 else max(high, 1.0)
        values = np.nan_to_num(values / known).clip(0, 1)
        return image.fromarray((255 * values).astype("uint8"))
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if not has_alpha:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    paper = image.new("RGBA", picture.size, "white")
    return image.alpha_composite(paper, picture).convert("RGB")


def _to_model(picture, size, channels):
    image, _ = pillow()
    picture = picture.convert("L" if channels == 1 else "RGB")
    width, height = picture.size
    scale = size / max(width, height)
    fitted = (max(1, round(width * scale)), max(1, round(height * scale)))
    if picture.size != fitted:
        picture = picture.resize(
            fitted, image.Resampling.LANCZOS, reducing_gap=3.0
        )
    values = np.asarray(picture).reshape(fitted[1], fitted[0], channels)
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    square = np.empty((size, size, channels), "uint8")
    square[:] = np.median(edge, axis=0).round().astype("uint8")
    top, left = (size - fitted[1]) // 2, (size - fitted[0]) // 2
    square[top : top + fitted[1], left : left + fitted[0]] = values
    return square
