"""What is done around the first import of a module, and only then."""

import contextlib
import importlib
import sys

import pytest

from mitseq.first_import import around_first_import


@pytest.fixture
def told():
    return []


@pytest.fixture
def around(told):
    @contextlib.contextmanager
    def around():
        told.append("before")
        yield
        told.append("after")

    return around


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The name of a module that does what its file says."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    (tmp_path / "first_seen.py").write_text("value = 4\n")
    yield "first_seen"
    sys.modules.pop("first_seen", None)


def test_the_module_runs_inside_and_once(module, around, told):
    finders = len(sys.meta_path)
    around_first_import(module, around)
    around_first_import(module, around)  # has a context already
    assert told == []
    assert importlib.import_module(module).value == 4
    assert told == ["before", "after"]
    del sys.modules[module]
    assert importlib.import_module(module).value == 4
    assert told == ["before", "after"] and len(sys.meta_path) == finders


def test_other_modules_are_as_ever(module, around, told):
    around_first_import("no_such_module", around)
    assert importlib.import_module(module).value == 4
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        importlib.import_module("no_such_module")
    assert told == []


def test_a_module_that_is_there_is_left_alone(module, around, told):
    importlib.import_module(module)
    finders = len(sys.meta_path)
    around_first_import(module, around)
    assert len(sys.meta_path) == finders and told == []


def test_an_import_that_fails_is_not_the_first(
    module, around, told, tmp_path, monkeypatch
):
    path = tmp_path / "first_seen.py"
    path.write_text("raise OSError('torn')\n")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    around_first_import(module, around)
    with pytest.raises(OSError, match="torn"):
        importlib.import_module(module)
    assert told == ["before"]
    path.write_text("value = 4  # mended\n")
    importlib.invalidate_caches()
    assert importlib.import_module(module).value == 4
    assert told == ["before", "before", "after"]
