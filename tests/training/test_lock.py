"""One training at a time: who is there is named, and a crash leaves nothing."""

import os
import signal
import subprocess
import sys

import pytest

from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.training.lock import FolderLock, LockedError

HOLD = """
import sys, time
from mitseq.training.lock import FolderLock
with FolderLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds a folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "run"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_refused_and_told_the_first_ones_number(
    tmp_path, holder
):
    with pytest.raises(LockedError, match=rf"run: .*process {holder.pid}\)"):
        with FolderLock(tmp_path / "run"):
            pass
    # it was not disturbed by that
    with pytest.raises(LockedError, match=f"process {holder.pid}"):
        FolderLock(tmp_path / "run").__enter__()


def test_a_killed_process_leaves_no_lock(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "run" / ".lock").exists()
    with FolderLock(tmp_path / "run"):
        held = (tmp_path / "run" / ".lock").read_text()
    assert held == str(os.getpid())


def test_a_folder_without_content_goes_again(tmp_path):
    with FolderLock(tmp_path / "a"):
        pass
    assert not (tmp_path / "a").exists()
    with FolderLock(tmp_path / "b"):
        (tmp_path / "b" / "model").touch()
    assert [p.name for p in (tmp_path / "b").iterdir()] == ["model"]
    (tmp_path / "c").mkdir()
    with FolderLock(tmp_path / "c"):
        pass
    assert (tmp_path / "c").exists()


def test_a_file_in_its_place_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="expected a folder"):
        FolderLock(tmp_path / "file").__enter__()
    assert issubclass(LockedError, MitseqError)
