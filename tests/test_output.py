import errno
import os
import pickle
import subprocess
import sys

import pytest

from mitseq.errors import MitseqError
from mitseq.output import (
    OutputError,
    atomic_path,
    atomic_write,
    check_folder,
    output_folder,
)


def test_atomic_write_text_is_utf8_with_line_ends_kept(tmp_path):
    path = atomic_write(tmp_path / "a.abc", "T:Dún\r\nK:D\n")
    assert path.read_bytes() == "T:Dún\r\nK:D\n".encode()


def test_atomic_write_bytes_creates_folders(tmp_path):
    atomic_write(tmp_path / "one" / "two" / "a.mid", b"\x00\xff")
    assert (tmp_path / "one/two/a.mid").read_bytes() == b"\x00\xff"


def test_atomic_write_replaces_and_leaves_nothing_else(tmp_path):
    (tmp_path / "a.txt").write_text("before")
    atomic_write(tmp_path / "a.txt", "after")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "after"


def test_atomic_write_long_name_fits(tmp_path):
    name = "n" * 251 + ".abc"
    assert atomic_write(tmp_path / name, "x").read_text() == "x"


def test_atomic_write_link_stays_a_link(tmp_path):
    (tmp_path / "real.txt").write_text("before")
    (tmp_path / "link.txt").symlink_to("real.txt")
    atomic_write(tmp_path / "link.txt", "after")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "after"


def test_atomic_path_block_fails_old_file_stays(tmp_path):
    (tmp_path / "a.txt").write_text("before")
    with pytest.raises(KeyboardInterrupt):
        with atomic_path(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"


@pytest.mark.parametrize("name", ["m.keras", "m.weights.h5", "plain"])
def test_atomic_path_temporary_keeps_suffix_and_folder(tmp_path, name):
    with atomic_path(tmp_path / name) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.endswith(name[name.find(".") :] * ("." in name))
        temporary.write_text("x")
    assert (tmp_path / name).read_text() == "x"


def test_atomic_path_nothing_written_says_so(tmp_path):
    with pytest.raises(OutputError, match="a.txt: nothing was written"):
        with atomic_path(tmp_path / "a.txt"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_atomic_path_disk_full_is_one_line_and_leaves_nothing(tmp_path):
    with pytest.raises(OutputError, match="a.txt: No space left") as caught:
        with atomic_path(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError)
    assert list(tmp_path.iterdir()) == []


def test_atomic_path_error_of_another_file_passes(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing.abc"):
        with atomic_path(tmp_path / "a.txt"):
            (tmp_path / "missing.abc").read_text()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_atomic_write_device_is_refused_and_stays():
    with pytest.raises(OutputError, match="/dev/full: it is not a regular"):
        atomic_write("/dev/full", "x")
    assert not os.path.isfile("/dev/full")


def test_atomic_write_onto_folder_is_refused(tmp_path):
    with pytest.raises(OutputError, match="it is a folder, expected a file"):
        atomic_write(tmp_path, "x")


def test_atomic_write_file_in_place_of_folder_is_refused(tmp_path):
    (tmp_path / "tunes").write_text("a file")
    with pytest.raises(OutputError, match="is a file, expected a folder"):
        atomic_write(tmp_path / "tunes" / "a.mid", "x")
    with pytest.raises(OutputError, match="Not a directory"):
        atomic_write(tmp_path / "tunes" / "deep" / "a.mid", "x")


def test_output_folder_name_too_long_is_one_line(tmp_path):
    with pytest.raises(OutputError, match="File name too long"):
        output_folder(tmp_path / ("n" * 300))


def test_output_folder_creates_and_accepts_existing(tmp_path):
    folder = output_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert output_folder(folder) == folder


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="no /proc")
def test_output_folder_that_cannot_be_written_is_refused():
    with pytest.raises(OutputError, match="cannot write /proc/mitseq: "):
        output_folder("/proc/mitseq")


def test_output_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="Permission denied"):
        output_folder(tmp_path)


def test_check_folder_creates_nothing(tmp_path):
    check_folder(tmp_path / "a" / "b")
    check_folder("relative")
    assert list(tmp_path.iterdir()) == []


def test_check_folder_finds_a_file_in_the_way(tmp_path):
    (tmp_path / "tunes").write_text("a file")
    for path in (tmp_path / "tunes", tmp_path / "tunes" / "deep" / "er"):
        with pytest.raises(OutputError, match="tunes is a file, expected"):
            check_folder(path)


def test_check_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="Permission denied"):
        check_folder(tmp_path / "new")


def test_output_error_survives_pickling():
    error = pickle.loads(pickle.dumps(OutputError("a.mid", "disk full")))
    assert isinstance(error, MitseqError)
    assert str(error) == "cannot write a.mid: disk full"
    assert (str(error.path), error.reason) == ("a.mid", "disk full")


def test_atomic_write_permissions_follow_umask(tmp_path):
    code = (
        "import os; os.umask(0o027); from mitseq.output import atomic_write; "
        "atomic_write('a.txt', 'x')"
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = os.environ | {"PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=1)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640
