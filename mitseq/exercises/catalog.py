"""The exercises in the order of the lecture."""

import difflib
import functools
import importlib

from mitseq.errors import MitseqError
from mitseq.exercises.exercise import Exercise

NAMES = (
    "pencil",
    "trace",
    "state_update",
    "my_rnn_cell",
    "rnn_loop",
    "vocabulary",
    "batches",
    "next_word",
    "total_loss",
    "bptt",
    "truncated_bptt",
    "gradient_flow",
    "clipping",
    "lstm_forget",
    "lstm_store",
    "lstm_update",
    "lstm_output",
    "lstm_step",
    "gru_step",
    "temperature",
    "bar_check",
    "sentiment_head",
    "positions",
    "scores",
    "scaling",
    "causal_mask",
    "masked_weights",
    "head",
    "multi_head",
    "cross_attention",
)


@functools.cache
def load(name: str) -> Exercise:
    """Returns the exercise of a name.

    Raises:
        MitseqError: if there is none, with the name that is closest.

    Example:

    >>> load("lstm_forget").slide
    'Long Short Term Memory (LSTM) Networks'
    >>> load("lstm_froget")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: no exercise is called 'lstm_froget' (did you
    mean 'lstm_forget'?)
    """
    if name not in NAMES:
        close = difflib.get_close_matches(name, NAMES, 1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise MitseqError(f"no exercise is called {name!r}{hint}")
    return importlib.import_module(f"mitseq.exercises.lecture.{name}").EXERCISE


def all_exercises() -> list[Exercise]:
    """Returns every exercise, in order."""
    return [load(name) for name in NAMES]


@functools.cache
def by_function() -> dict[str, Exercise]:
    """Returns the exercises by the name of what the student writes."""
    return {each.function: each for each in all_exercises()}


def number(name: str) -> int:
    """Returns the number of an exercise, from 1 on.

    Example:

    >>> number("trace")
    2
    """
    return NAMES.index(name) + 1
