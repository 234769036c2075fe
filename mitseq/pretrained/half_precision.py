"""Bundled models are small: half precision, readable by older Keras."""

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from mitseq.output import atomic_path

MANTISSA_BITS = 8  # that are kept of float16's ten; the rest compresses away
WEIGHTS = "model.weights.h5"
# Written by Keras 3.15 where nothing was chosen, refused by 3.12, the last for
# Python 3.10.
NEWER = {
    "quantization_config": None,
    "input_axes": None,
    "output_axes": None,
    "oov_method": "floormod",
    "salt": None,
}


def halve(source: str | os.PathLike, target: str | os.PathLike) -> None:
    """Writes a saved model anew, its weights in half precision and compressed.

    The optimizer's state is left out. Keras loads the file as any other and
    computes in float32.
    """
    model = keras.saving.load_model(source, compile=False)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.keras"
        model.save(plain)
        with zipfile.ZipFile(plain) as archive:
            archive.extractall(folder)
            names = archive.namelist()
        _halve_weights(Path(folder) / WEIGHTS, Path(folder) / "half.h5")
        os.replace(Path(folder) / "half.h5", Path(folder) / WEIGHTS)
        config = Path(folder) / "config.json"
        config.write_text(
            json.dumps(readable_by_older(json.loads(config.read_text())))
        )
        with (
            atomic_path(target) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name in names:
                archive.write(Path(folder) / name, name)


def round_mantissa(values: np.ndarray, bits: int) -> np.ndarray:
    """Returns values as float16 with so many bits behind the leading one.

    Example:

    >>> round_mantissa(np.array([1 + 1 / 4, 1 + 1 / 1024]), 2)
    array([1.25, 1.  ], dtype=float16)
    """
    mantissa, exponent = np.frexp(np.asarray(values, "float64"))
    scale = 2.0 ** (bits + 1)
    rounded = np.ldexp(np.round(mantissa * scale) / scale, exponent)
    return rounded.astype("float16")


def readable_by_older(config: Any) -> Any:
    """Returns the content of `config.json` so that an older Keras reads it.

    Keys of `NEWER` whose value is the default are left out.

    Example:

    >>> readable_by_older([{"units": 4, "quantization_config": None}])
    [{'units': 4}]
    """
    if isinstance(config, dict):
        return {
            key: readable_by_older(value)
            for key, value in config.items()
            if key not in NEWER or value != NEWER[key]
        }
    if isinstance(config, list):
        return [readable_by_older(value) for value in config]
    return config


def _halve_weights(source: Path, target: Path) -> None:
    with h5py.File(source) as full, h5py.File(target, "w") as half:

        def copy(name, item):
            if isinstance(item, h5py.Group):
                group = half.require_group(name)
                group.attrs.update(item.attrs)
            elif np.issubdtype(item.dtype, np.floating) and item.ndim:
                half.create_dataset(
                    name,
                    data=round_mantissa(item[()], MANTISSA_BITS),
                    compression="gzip",
                    compression_opts=9,
                    shuffle=True,
                )
            else:
                half.create_dataset(name, data=item[()])

        half.attrs.update(full.attrs)
        full.visititems(copy)
