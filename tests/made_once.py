"""What many files of tests ask: the first one makes it for all.

Tests run in several processes, and a fixture of a session is made anew in each
of them, and in each folder that imports it.
"""

import shutil
import time

from mitseq.training.lock import FolderLock, LockedError


def made_once(tmp_path_factory, name, make):
    """Returns the folder that `make(folder)` fills; nobody writes into it."""
    base = tmp_path_factory.getbasetemp()
    if base.name.startswith("popen-gw"):  # one of several processes
        base = base.parent
    shared = base / f"once_{name}"
    while not (shared / "complete").exists():
        try:
            with FolderLock(shared):
                if not (shared / "complete").exists():
                    shutil.rmtree(shared / name, ignore_errors=True)
                    make(shared / name)
                    (shared / "complete").touch()
        except LockedError:
            time.sleep(0.1)
    return shared / name


def trained_once(tmp_path_factory, name, train):
    """Returns a copy of the folder that `train(folder)` fills."""
    return shutil.copytree(
        made_once(tmp_path_factory, name, train),
        tmp_path_factory.mktemp(name) / name,
    )
