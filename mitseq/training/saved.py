"""Models in files: a `.keras` archive, or the folder of a training.

A damaged file, or one that holds a model of another kind, is one clear line.
"""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras

from mitseq.arguments import check_path
from mitseq.errors import MitseqError
from mitseq.training.archive import check_archive


class ModelError(MitseqError):
    """A model that is missing, damaged or of another kind."""


def load_saved_model(
    path: str | os.PathLike,
    command: str,
    check: Callable[[keras.Model], object],
    compile: bool = True,
) -> keras.Model:
    """Loads a model that a command of mitseq wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`.
        command: The command that writes such a model, for the error.
        check: Raises `ModelError` if a model is of another kind.
        compile: Whether the model is compiled as it was when it was saved.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.
    """
    check_path(path=path)
    file = Path(path)
    if file.is_dir():
        file = file / "model.keras"
    if not file.exists():
        raise ModelError(
            f"{file}: no such model. Expected a .keras file or a folder with "
            f"model.keras in it, as `{command}` writes it."
        )
    if not zipfile.is_zipfile(file):
        raise ModelError(
            f"{file}: not a Keras model. Expected a .keras file (a zip "
            "archive); this one is damaged or of another kind."
        )
    try:
        check_archive(file)
        model = keras.saving.load_model(file, compile=compile)
    except Exception as error:  # whatever a damaged archive makes Keras raise
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"{file}: cannot be loaded as a Keras model{_saved_by(file)}: "
            f"{reason[0]}"
        ) from error
    try:
        check(model)
    except ModelError as error:
        raise ModelError(f"{file}: {error}") from None
    return model


def _saved_by(file: Path) -> str:
    """Which Keras saved a file, if it says so and it is another one."""
    try:
        with zipfile.ZipFile(file) as archive:
            version = json.loads(archive.read("metadata.json"))["keras_version"]
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile):
        return ""
    if version == keras.__version__:
        return ""
    return f" (saved by Keras {version}, this is {keras.__version__})"
