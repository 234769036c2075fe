"""What a reference of deck.py stands for: the object, its file, its source."""

import importlib
import inspect
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]  # the checkout, or where mitseq is installed


def load(reference: str) -> Any:
    """Returns what `"module:name"` names, imported.

    Example:

    >>> load("mitseq.errors:MitseqError").__name__
    'MitseqError'
    """
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def file_of(reference: str) -> str:
    """Returns the file of `"module:name"`, as it stands in the repository.

    Example:

    >>> file_of("mitseq.layers.rnn:rnn_step")
    'mitseq/layers/rnn.py'
    """
    return reference.partition(":")[0].replace(".", "/") + ".py"


def name_of(reference: str) -> str:
    """Returns the name in `"module:name"`.

    Example:

    >>> name_of("mitseq.layers.rnn:rnn_step")
    'rnn_step'
    """
    return reference.partition(":")[2]


def path_here(file: str) -> str | None:
    """Returns where a file of the repository is, for a person to open.

    Args:
        file: As it stands in the repository, "labs/09_sentiment.py".

    Returns:
        The same in a checkout; elsewhere the whole path, or None for a file
        that is not installed with the package, as labs and tests are not.

    Example:

    >>> path_here("labs/99_none.py") is None
    True
    """
    if not (ROOT / file).is_file():
        return None
    is_checkout = (ROOT / "setup.cfg").is_file()
    return file if is_checkout else str(ROOT / file)


def source_of(reference: str) -> str:
    """Returns the source of `"module:name"`, with its docstring."""
    return inspect.getsource(load(reference)).rstrip()
