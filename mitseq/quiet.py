"""TensorFlow says only what a user can act on.

As it loads, compiled code of TensorFlow writes lines to standard error, and
more when it looks for a GPU and when XLA starts. None of them is a mistake of
the user's. The level that holds them back is the user's `TF_CPP_MIN_LOG_LEVEL`
if that is set, and is else set here:

    3    no GPU can be there: an error is about a GPU that is missing
    2    a GPU may be there: errors are shown, as of a driver that fails

What a program has done wrong comes as an exception in both cases, and so does
memory that is used up. TensorFlow reads the level when it has loaded only, so
the lines of before are held back here, by the same level. All else that is
written to standard error meanwhile is passed on.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator

from mitseq.first_import import around_first_import

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_RANKS = {b"I": 0, b"W": 1, b"E": 2, b"F": 3}

# What a line of compiled code begins with, in new and in old versions.
_NATIVE = re.compile(
    rb"(?:([IWEF])\d{4} \d\d:\d\d:\d"
    rb"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: ([IWEF]) )"
)
_ABOUT_NATIVE = b"WARNING: All log messages before absl::InitializeLog()"

# Keras makes functions anew for each model, and so do we where a model is
# measured: of many models TensorFlow thinks that one function is traced again
# and again.
_MADE_ANEW = re.compile(
    r"(?:TensorFlowTrainer\.\w+|CodeLength\._batch_bits|StepModel\.pack"
    r"|(?:quantiles_of|fault_scores)\.<locals>).* retracing",
    re.S,
)

_SET_LEVEL = re.compile(
    rb"_ZN4absl\d+lts_\d{8}14SetMinLogLevelENS0_18LogSeverityAtLeastE"
)


def quiet_tensorflow() -> None:
    """Sets the level, and holds it from the first line on.

    `import mitseq` calls it. TensorFlow is not loaded by it. It may be loaded
    already: then the level counts from now on.
    """
    loaded = sys.modules.get("tensorflow")
    if LEVEL not in os.environ:
        os.environ[LEVEL] = level = "2" if _may_have_gpu() else "3"
        if loaded is not None:
            _set_level(loaded, int(level))
    if loaded is not None:
        _quiet_logger()
    else:
        around_first_import("tensorflow", _loaded_quietly)


@contextlib.contextmanager
def _loaded_quietly():
    with held_back(_level()):
        yield
    _quiet_logger()


@contextlib.contextmanager
def held_back(level: int) -> Iterator[None]:
    """Holds back lines of compiled code below a level.

    Other lines on standard error are passed on at the end.

    Args:
        level: 0 for nothing; 1, 2, 3 for lines that are below a warning, an
            error, the end of the program.
    """
    with contextlib.ExitStack() as stack:
        try:
            if level <= 0:
                raise OSError
            import tempfile

            kept = stack.enter_context(tempfile.TemporaryFile())
            shown = os.dup(2)  # fails in a process without standard error
        except OSError:
            yield
            return
        stack.callback(os.close, shown)
        _flush()
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            _flush()
            os.dup2(shown, 2)
            kept.seek(0)
            with contextlib.suppress(OSError):
                os.write(2, lines_to_show(kept.read(), level))


def lines_to_show(text: bytes, level: int) -> bytes:
    r"""Returns the lines without those of compiled code below a level.

    Example:

    >>> text = b"I0000 00:00:1.5 7 port.cc:153] oneDNN is on\nmine\n"
    >>> lines_to_show(text, 1)
    b'mine\n'
    """
    shown = []
    for line in text.splitlines(keepends=True):
        match = _NATIVE.match(line)
        if match:
            is_shown = _RANKS[match[1] or match[2]] >= level
        else:
            is_shown = not line.startswith(_ABOUT_NATIVE)
        if is_shown:
            shown.append(line)
    return b"".join(shown)


def _level() -> int:
    with contextlib.suppress(ValueError):
        return int(os.environ.get(LEVEL, "0"))
    return 0


def _may_have_gpu() -> bool:
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in ("", "-1"):
        return False
    signs = (  # NVIDIA's driver; the same in Windows' Linux; AMD's
        "/dev/nvidiactl",
        "/usr/lib/wsl/lib/libcuda.so.1",
        "/dev/kfd",
    )
    return any(map(os.path.exists, signs))


def _set_level(tensorflow, level: int) -> None:
    """Sets the level of a TensorFlow that has read its variable already.

    There is a function for it, but none in Python. Its name has the date of
    the version in it, so it is looked up. Where it is not found, all stays as
    it was.
    """
    import ctypes
    import mmap

    with contextlib.suppress(OSError, AttributeError, ValueError):
        folder = tensorflow.sysconfig.get_lib()
        path = os.path.join(folder, "libtensorflow_framework.so.2")
        with (
            open(path, "rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            found = _SET_LEVEL.search(content)
            name = found and found[0].decode()
        if name:
            ctypes.CDLL(path)[name](level)


def _quiet_logger() -> None:
    import logging

    logging.getLogger("tensorflow").addFilter(_is_worth_reading)


def _is_worth_reading(record) -> bool:
    return not _MADE_ANEW.search(record.getMessage())


def _flush() -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
