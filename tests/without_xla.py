"""Trainings as plain graphs: most of a short one is XLA's time to compile it.

That compiled steps learn the same is tested in tests/layers and
tests/training. The commands are about something else.
"""

import contextlib
import functools

import keras
import pytest
import tensorflow as tf


@contextlib.contextmanager
def without_xla():
    """What is compiled meanwhile is a plain graph."""
    compile_model, function = keras.Model.compile, tf.function

    @functools.wraps(compile_model)  # as Keras knows its own
    def compile_plain(self, *args, **settings):
        settings["jit_compile"] = False
        compile_model(self, *args, **settings)

    def plain_function(func=None, **settings):
        settings.pop("jit_compile", None)
        return function(func, **settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.Model, "compile", compile_plain)
        patch.setattr(tf, "function", plain_function)
        yield


@pytest.fixture(autouse=True, scope="package")
def plain_graphs():
    """Holds for all tests of the folder whose conftest.py imports it."""
    with without_xla():
        yield
