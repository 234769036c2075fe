"""Trainings as plain graphs: most of a short one is XLA's time to compile it.

That compiled steps learn the same is tested in tests/layers and tests/training,
and tests/pretrained compiles the steps of each task (with SLOW=1). What imports
this is about something else.
"""

import contextlib
import functools

import keras
import pytest
import tensorflow as tf

# where Keras defines it: it asks whether a class has a `compile` of its own
_TRAINER = next(c for c in keras.Model.__mro__ if "compile" in vars(c))
_compile, _function = _TRAINER.compile, tf.function


@functools.wraps(_compile)
def _compile_plain(self, *args, **settings):
    settings["jit_compile"] = False
    _compile(self, *args, **settings)


def _plain_function(func=None, **settings):
    settings.pop("jit_compile", None)
    return _function(func, **settings)


@contextlib.contextmanager
def without_xla():
    """What is compiled meanwhile is a plain graph."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_TRAINER, "compile", _compile_plain)
        patch.setattr(tf, "function", _plain_function)
        yield


@pytest.fixture(autouse=True, scope="package")
def plain_graphs():
    """Holds for all tests of the folder whose conftest.py imports it."""
    with without_xla():
        yield
