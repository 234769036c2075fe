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
    check_new,
    output_folder,
    remove_temporaries,
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


def test_a_synced_file_is_on_the_disk_before_it_has_its_name(
    tmp_path, monkeypatch
):
    done = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(opened):
        kind = "folder" if os.path.isdir(f"/proc/self/fd/{opened}") else "file"
        done.append(kind)
        fsync(opened)

    def watched_replace(source, target):
        done.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    atomic_write(tmp_path / "a.txt", "x")
    assert done == ["name"]
    atomic_write(tmp_path / "a.txt", "y", sync=True)
    assert done[1:] == ["file", "name", "folder"]
    assert (tmp_path / "a.txt").read_text() == "y"


def test_a_file_system_that_cannot_sync_is_no_mistake(tmp_path, monkeypatch):
    def refuse(opened):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(os, "fsync", refuse)
    atomic_write(tmp_path / "a.txt", "x", sync=True)
    assert (tmp_path / "a.txt").read_text() == "x"


def test_a_failed_sync_leaves_the_file_before(tmp_path, monkeypatch):
    def fail(opened):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    atomic_write(tmp_path / "a.txt", "x")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="a.txt: Input/output error"):
        atomic_write(tmp_path / "a.txt", "y", sync=True)
    assert (tmp_path / "a.txt").read_text() == "x"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def temporary_of(tmp_path, code):
    """The name of a temporary file of a process that runs some code in it."""
    begin = (
        "import os, sys; from mitseq.output import atomic_path\n"
        "with atomic_path('a.npz') as path:\n"
        "    path.write_text('half'); print(path.name, flush=True)\n"
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return subprocess.Popen(
        [sys.executable, "-c", f"{begin}    {code}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_only_what_killed_processes_left_is_removed(tmp_path):
    killed = temporary_of(tmp_path, "os.kill(os.getpid(), 9)")
    dead = killed.communicate()[0].strip()
    assert (tmp_path / dead).exists()
    alive = temporary_of(tmp_path, "sys.stdin.read()")
    living = alive.stdout.readline().strip()
    mine = (".hidden.npz", ".0123456789abcdef.npz", "a.txt", ".mitseq-1.npz")
    for name in mine:
        (tmp_path / name).write_text("mine")
    with atomic_path(tmp_path / "b.txt") as own:
        own.write_text("half")
        # of another process that had our number, as in a new container
        before = own.with_name(f".mitseq-{os.getpid()}-000000-01234567.txt")
        before.write_text("half")
        remove_temporaries(tmp_path)
        left = {p.name for p in tmp_path.iterdir()}
        assert left == {living, own.name, *mine}
        # a day old: whose number this is now, nobody knows
        os.utime(tmp_path / living, (0, 0))
        remove_temporaries(tmp_path)
        assert not (tmp_path / living).exists()
    alive.kill()
    alive.communicate()


def test_a_file_that_is_there_is_replaced_only_if_asked(tmp_path):
    path = tmp_path / "a"
    check_new(path, overwrite=False)
    path.touch()
    check_new(path, overwrite=True)
    with pytest.raises(MitseqError, match="a exists; --overwrite"):
        check_new(path, overwrite=False)
