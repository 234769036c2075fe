"""Before any test imports Keras: TensorFlow as its backend, and no chatter."""

import functools
import gc
import os
import signal
import sys

import hypothesis
import pytest

# On a busy machine an example may take any time; that says nothing of the code.
hypothesis.settings.register_profile("mitseq", deadline=None)
hypothesis.settings.load_profile("mitseq")
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["MPLBACKEND"] = "Agg"
# Tests run beside each other: threads of a small matrix product that wait for
# the other process's cost more than they bring.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Most graphs of the tests run a few times: what TensorFlow does to make a graph
# faster takes a quarter of their time. With SLOW=1 it does all of it. oneDNN is
# off in the processes that tests start, too: they go on with trainings to the
# last bit.
SLOW = bool(os.environ.get("SLOW"))
if not SLOW:
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# A shell lets what it starts in the background ignore these, and mitseq keeps
# to that; the tests send them.
for _number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        is_int = _number == signal.SIGINT
        signal.signal(
            _number, signal.default_int_handler if is_int else signal.SIG_DFL
        )


def pytest_collection_modifyitems(config, items):
    """Leaves out what takes long, unless SLOW=1 is set."""
    if SLOW:
        return
    skip = pytest.mark.skip(reason="takes long: SLOW=1 make test")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


def pytest_collection_finish():
    """What is imported by now stays: it need not be searched for garbage.

    TensorFlow's graphs are many small objects, and each training makes some
    hundred thousand: by Python's own thresholds a tenth of the time of the
    tests goes into looking at all of them again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    if "tensorflow" in sys.modules:
        _forget_where_operations_were_made()
        _leave_datasets_untuned()
        if not SLOW:
            _leave_graphs_as_they_are()
            _trace_steps_once()


def _forget_where_operations_were_made():
    """Each operation of a graph keeps the lines of Python that made it.

    In a test these are a hundred, and to collect them is a tenth of the time
    that it takes to make a graph. What a test raises itself has its traceback.
    """
    from tensorflow.python.util import tf_stack

    stack = tf_stack.extract_stack()
    tf_stack.extract_stack = lambda stacklevel=1: stack


def _leave_datasets_untuned():
    """Keras has the datasets that it makes of arrays tuned, in a thread each.

    To throw one away can wait for its thread, up to a minute (`untuned`): a
    test that collects garbage would wait for those of the tests before.
    """
    from keras.src.trainers.data_adapters import array_data_adapter

    from mitseq.training.batches import untuned

    adapter = array_data_adapter.ArrayDataAdapter
    dataset_of = adapter.get_tf_dataset
    adapter.get_tf_dataset = lambda self: untuned(dataset_of(self))


def _leave_graphs_as_they_are():
    import tensorflow as tf

    tf.config.optimizer.set_experimental_options(
        {"disable_meta_optimizer": True}
    )


def _trace_steps_once():
    """An optimizer that makes its variables in the first step has it traced
    twice, the second time without making any.
    """
    import keras

    fit = keras.Model.fit

    @functools.wraps(fit)
    def fit_with_variables(self, *args, **settings):
        optimizer = getattr(self, "optimizer", None)
        if self.built and optimizer is not None and not optimizer.built:
            optimizer.build(self.trainable_variables)
        return fit(self, *args, **settings)

    keras.Model.fit = fit_with_variables


@pytest.fixture(autouse=True, scope="module")
def gradients_of_this_file_only():
    """TensorFlow keeps the graph of each `fit` without an embedding for good.

    Its sum over the devices is a custom gradient (mitseq's own ones leave with
    their graphs). With the graphs of all files before, each new one takes
    longer to make.
    """
    from tensorflow.python.framework import ops

    registry = ops.gradient_registry._registry
    before = set(registry)
    yield
    new = [n for n in set(registry) - before if n.startswith("CustomGradient-")]
    for name in new:
        del registry[name]
    if len(new) > 20:  # looking at all objects takes half a second
        gc.collect()


@pytest.fixture
def progress_lines(monkeypatch, capsys):
    """Shows progress inside the test, a line an update; returns the lines."""
    from mitseq import progress

    monkeypatch.setattr(progress, "FIRST_LINE", 0.0)
    monkeypatch.setattr(progress, "NEXT_LINES", 0.0)

    def lines():
        # without the time that it took
        return [
            line.split(",")[0] for line in capsys.readouterr().err.splitlines()
        ]

    with progress.show_progress("lines"):
        yield lines
