"""Trainings as plain graphs: most of a short one is the time to make its graph.

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
_VARIABLE = keras.Variable
_initialize = _VARIABLE._initialize
_OF_FUNCTIONS = 50  # the priority with which a tf.function makes variables


@functools.wraps(_compile)
def _compile_plain(self, *args, **settings):
    settings["jit_compile"] = False
    _compile(self, *args, **settings)


def _plain_function(func=None, **settings):
    settings.pop("jit_compile", None)
    return _function(func, **settings)


@functools.wraps(_initialize)
def _initialize_outside(self, value):
    """Makes a variable (of an optimizer, a metric) outside of the graph.

    TensorFlow traces a step that makes variables twice.
    """
    if tf.distribute.has_strategy():
        _initialize(self, value)
        return
    with tf.init_scope():
        graph = tf.compat.v1.get_default_graph()
        creators = graph._variable_creator_stack
        graph._variable_creator_stack = [
            each for each in creators if each[0] != _OF_FUNCTIONS
        ]
        try:
            _initialize(self, value)
        finally:
            graph._variable_creator_stack = creators


def _optimize_graphs(is_on):
    """Whether TensorFlow makes another graph of each, a fifth of its time.

    Returns:
        Whether it did before.
    """
    options = tf.config.optimizer
    before = options.get_experimental_options()
    options.set_experimental_options({"disable_meta_optimizer": not is_on})
    return not before.get("disable_meta_optimizer", False)


@contextlib.contextmanager
def without_xla():
    """What is compiled meanwhile is a graph as it is written, made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_TRAINER, "compile", _compile_plain)
        patch.setattr(tf, "function", _plain_function)
        patch.setattr(_VARIABLE, "_initialize", _initialize_outside)
        before = _optimize_graphs(False)
        try:
            yield
        finally:
            _optimize_graphs(before)


def as_plain_graphs(make):
    """For a fixture of the session: it may be made before `plain_graphs`.

    Its training and one of a test then have the same bits.
    """

    @functools.wraps(make)
    def made(*args, **kwargs):
        with without_xla():
            return make(*args, **kwargs)

    return made


@pytest.fixture(autouse=True, scope="package")
def plain_graphs():
    """Holds for all tests of the folder whose conftest.py imports it."""
    with without_xla():
        yield
