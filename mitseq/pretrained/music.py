"""Train the bundled music model again, and write it in half precision.

    python -m mitseq.pretrained.music --out runs/bundled

Reads the collections in the installed music21, trains with the settings below
(under an hour on two cores), measures the best model on the test tunes, and
writes `music.keras` and its card `music.md` into the folder. Copy both beside
this file to make them the bundled ones.
"""

import argparse
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from mitseq.models.music import load_music_model, vocabulary_of
from mitseq.music.corpus import Corpus, prepare
from mitseq.output import atomic_path, atomic_write
from mitseq.training.callbacks import EpochLog
from mitseq.training.evaluation import evaluate_music_model
from mitseq.training.music import train_music_model

SETTINGS = {
    "level": "token",
    "cell": "lstm",
    "units": 512,
    "layers": 2,
    "dropout": 0.3,
    "epochs": 30,
    "batch_size": 32,
    "sequence_length": 256,
    "learning_rate": 3e-3,
    "seed": 0,
}
MANTISSA_BITS = 8  # that are kept of float16's ten; the rest compresses away
WEIGHTS = "model.weights.h5"
# written as null by Keras 3.15, refused by 3.12, the last for Python 3.10
NEWER = {"quantization_config", "input_axes", "output_axes"}


def halve(source: str | os.PathLike, target: str | os.PathLike) -> None:
    """Write a saved model anew, its weights in half precision and compressed.

    The optimizer's state is left out. Keras loads the file as any other and
    computes in float32.

    Args:
        source: A `.keras` file.
        target: The `.keras` file to write.
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
    """Round float16 values to fewer bits behind the leading one.

    Args:
        values: Array of numbers.
        bits: How many of the ten bits to keep.

    Returns:
        Array of float16.

    Example:

    >>> round_mantissa(np.array([1 + 1 / 4, 1 + 1 / 1024]), 2)
    array([1.25, 1.  ], dtype=float16)
    """
    mantissa, exponent = np.frexp(np.asarray(values, "float64"))
    scale = 2.0 ** (bits + 1)
    rounded = np.ldexp(np.round(mantissa * scale) / scale, exponent)
    return rounded.astype("float16")


def readable_by_older(config: Any) -> Any:
    """Drop what is unset and unknown to older versions of Keras.

    Args:
        config: The content of a model's `config.json`.

    Returns:
        The same without the keys of `NEWER` whose value is None.

    Example:

    >>> readable_by_older([{"units": 4, "quantization_config": None}])
    [{'units': 4}]
    """
    if isinstance(config, dict):
        return {
            key: readable_by_older(value)
            for key, value in config.items()
            if value is not None or key not in NEWER
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


def card(
    model: keras.Model, corpus: Corpus, rows: list[dict], figures: dict
) -> str:
    """Return the model card as Markdown.

    Args:
        model: The model in half precision.
        corpus: What it was trained on.
        rows: The rows of its history.
        figures: From `evaluate_music_model` on the test tunes.

    Returns:
        The text.
    """
    vocabulary = vocabulary_of(model)
    best = min(rows, key=lambda row: row["val_bits_per_character"])
    settings = "\n".join(f"- {k}: {v}" for k, v in SETTINGS.items())
    table = {
        "bits per character": f"{figures['bits_per_character']:.3f}",
        "tunes": figures["tunes"],
        "characters": figures["characters"],
        "samples our checker accepts": f"{figures['accepted']:.1%}",
        "samples that repeat a training tune": f"{figures['copied']:.1%}",
        "longest run shared with training tunes": (
            f"{figures['longest_copied_run']} characters"
        ),
    }
    lines = "\n".join(f"| {what} | {value} |" for what, value in table.items())
    return f"""# The bundled music model

A {SETTINGS["layers"]}-layer LSTM over ABC tokens ({len(vocabulary)} ids,
{model.count_params():,} weights), trained by `mitseq/pretrained/music.py`.
The weights are rounded to half precision ({MANTISSA_BITS} bits behind the
leading one); Keras computes with them in float32.

## Data

The collections in the corpus of music21, in ABC: O'Neill's Music of Ireland,
Ryan's Mammoth Collection and Aird's Airs, Irish, Scottish and English dance
tunes that are in the public domain. The transcriptions come with music21 and
are read where it is installed; the package holds no copy.
Normalized, checked, near-duplicates on one side of the split only:
{len(corpus.train)} tunes to train, {len(corpus.validation)} to choose the best
epoch, {len(corpus.test)} to measure.

## Settings

{settings}

Best epoch: {int(best["epoch"])} of {len(rows)}, after
{best["seconds"] / 60:.0f} minutes on two cores;
{best["val_bits_per_character"]:.3f} bits per character of the validation tunes.

## Figures

Of this file, on the test tunes and on {figures["samples"]} unfiltered samples
at temperature 1.0:

| what | value |
|---|---|
{lines}

## Use and limits

It writes single-line dance tunes in the styles it has seen. It knows no words,
chords or second voices, and nothing of other traditions.

## Train it again

```
python -m mitseq.pretrained.music --out runs/bundled
```
"""


def main() -> None:
    """Train, measure and write the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--resume", action="store_true", help="go on with a stopped training"
    )
    parser.add_argument(
        "--trained",
        action="store_true",
        help="the folder holds a finished training: only measure and write",
    )
    options = parser.parse_args()
    corpus = prepare()
    run = options.out / "training"
    if options.trained:
        rows = EpochLog.read(run / "history.csv")
    else:
        rows = train_music_model(
            corpus, run, resume=options.resume, patience=100, **SETTINGS
        )
    halve(run / "model.keras", options.out / "music.keras")
    model = load_music_model(options.out / "music.keras")
    figures = evaluate_music_model(
        model, corpus.test, samples=200, train_tunes=corpus.train
    )
    atomic_write(options.out / "music.md", card(model, corpus, rows, figures))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
