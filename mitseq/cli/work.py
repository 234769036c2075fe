"""How a command works: quiet libraries, TensorFlow on a device, progress."""

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator


def quiet_libraries() -> None:
    """Before TensorFlow loads: Keras on TensorFlow, and both without chatter.

    Variables that the user has set win, except for the backend: mitseq's
    layers are written for TensorFlow.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in ("absl", "tensorflow"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def load_tensorflow() -> None:
    """Imports TensorFlow without the lines that it prints as it starts.

    They come from compiled code, before any setting is read. Whoever sets
    TF_CPP_MIN_LOG_LEVEL sees them.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "3":
        with _without_native_stderr():
            import tensorflow
    import tensorflow  # noqa: F401
    from absl import logging as absl_logging

    absl_logging.set_verbosity(absl_logging.ERROR)  # what Keras returns to


@contextlib.contextmanager
def progress() -> Iterator[bool]:
    """Sends what is printed inside to standard error.

    Keras prints its progress to standard output, where only the result
    belongs.

    Yields:
        Whether a person is watching, so that a moving bar makes sense.
    """
    with contextlib.redirect_stdout(sys.stderr):
        yield sys.stderr.isatty()


@contextlib.contextmanager
def at_work(device: str | None = None, verbose: bool = False) -> Iterator[bool]:
    """Loads TensorFlow and runs what is inside on a device, with `progress`.

    Args:
        device: As the user gave it; None to leave it to TensorFlow.
        verbose: Whether to say at the end which operation ran where.

    Yields:
        Whether a person is watching.
    """
    with progress() as watched, contextlib.ExitStack() as stack:
        load_tensorflow()
        if device is not None:
            from mitseq.devices import device as on_device

            stack.enter_context(on_device(device))
        stack.enter_context(placement_report(verbose))
        yield watched


@contextlib.contextmanager
def placement_report(verbose: bool) -> Iterator[None]:
    """Prints to standard error which operations inside ran on which device."""
    if not verbose:
        yield
        return
    from mitseq.placement import placement

    with placement() as found:
        yield
    print(found.report(), file=sys.stderr)


@contextlib.contextmanager
def _without_native_stderr() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            shown = os.dup(2)
            stack.callback(os.close, shown)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, nowhere)
        except OSError:  # started without a standard error
            yield
            return
        sys.stderr.flush()
        os.dup2(nowhere, 2)
        # Callbacks run last in, first out: 2 is back before `shown` closes.
        stack.callback(os.dup2, shown, 2)
        yield
