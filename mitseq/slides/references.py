"""What a reference of deck.py stands for: the object, its file, its source."""

import importlib
import inspect
from typing import Any


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


def source_of(reference: str) -> str:
    """Returns the source of `"module:name"`, with its docstring."""
    return inspect.getsource(load(reference)).rstrip()
