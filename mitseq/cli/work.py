"""How a command works: quiet libraries, TensorFlow on a device, progress."""

import contextlib
import gc
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence

from mitseq.progress import show_progress

# Keras imports them for wrappers, tables and galleries where they are there. No
# command uses those, and they take a quarter of the time that TensorFlow takes.
KERAS_CAN_DO_WITHOUT = ("sklearn", "pandas", "matplotlib")


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
    if "tensorflow" not in sys.modules:
        with _uncollected(), _as_if_absent(KERAS_CAN_DO_WITHOUT):
            import tensorflow  # noqa: F401
    from absl import logging as absl_logging

    absl_logging.set_verbosity(absl_logging.ERROR)  # what Keras returns to


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Keeps Python's collector of cycles away from what is imported inside.

    TensorFlow and Keras are half a million objects, and all of them stay to the
    end. The collector would look through them again and again while they are
    made, while a model is, and when the command ends: a second of a command
    that takes five.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def _as_if_absent(names: Sequence[str]) -> Iterator[None]:
    """Has imports of these fail inside, but for those imported already."""
    names = [name for name in names if name not in sys.modules]
    # Python's own way to say that there is no such module
    sys.modules.update(dict.fromkeys(names))
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


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
