"""How a command works: quiet libraries, TensorFlow on a device, progress."""

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator

from mitseq.progress import show_progress


def quiet_libraries() -> None:
    """Before TensorFlow loads: Keras on TensorFlow, and both without chatter.

    Variables that the user has set win, except for the backend: mitseq's
    layers are written for TensorFlow. What compiled code writes is held back
    since `import mitseq` (quiet.py), here as in a notebook.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in ("absl", "tensorflow"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def load_tensorflow() -> None:
    """Imports TensorFlow, without warnings for those who write programs."""
    import tensorflow  # noqa: F401
    from absl import logging as absl_logging

    absl_logging.set_verbosity(absl_logging.ERROR)  # what Keras returns to


@contextlib.contextmanager
def progress() -> Iterator[bool]:
    """Shows how far the work inside is, and prints to standard error.

    Keras prints its progress to standard output, where only the result
    belongs.

    Yields:
        Whether a person is watching, so that a moving bar makes sense.
    """
    with contextlib.redirect_stdout(sys.stderr), show_progress():
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
