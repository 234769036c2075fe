import ast
import configparser
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import mitseq

ROOT = Path(__file__).parents[1]


def _setup():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup


def _requirements(text):
    return [
        line.split(";")[0].strip()
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _name(requirement):
    name = re.match(r"[A-Za-z0-9_.-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of the working tree, built offline from a copy of it."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tracked = ["setup.cfg", "pyproject.toml", "README.md", "LICENSE"]
    tracked += [
        str(p.relative_to(ROOT))
        for p in (ROOT / "mitseq").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    ]
    for name in tracked:
        if (ROOT / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    build += ["--no-build-isolation", "--no-index", "--wheel-dir", folder, tree]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_wheel_holds_every_module_and_data_file(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    expected = {
        str(p.relative_to(ROOT))
        for p in (ROOT / "mitseq").rglob("*")
        if p.is_file()
        and "__pycache__" not in p.parts
        and not p.name.startswith(".")
    }
    assert "mitseq/cli/music/check.py" in expected
    assert expected <= held, sorted(expected - held)
    assert not any(name.startswith(("tests", "labs")) for name in held)


def test_wheel_has_the_bundled_model_within_8_mb(wheel):
    with zipfile.ZipFile(wheel) as archive:
        model = archive.getinfo("mitseq/pretrained/music.keras")
    assert 100_000 < model.file_size <= 8 * 2**20


def test_wheel_says_what_it_is_and_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
        metadata = archive.read(name).decode()
        entry = archive.read(name.replace("METADATA", "entry_points.txt"))
    assert f"Version: {mitseq.__version__}\n" in metadata
    assert "Requires-Python: >=3.10\n" in metadata
    for needed in ("tensorflow", "keras", "music21", "verovio", "click"):
        assert f"Requires-Dist: {needed}" in metadata
    assert b"mitseq = mitseq.cli:main" in entry


def test_wheel_alone_runs_the_command_line(wheel, tmp_path):
    # The wheel itself on the path: nothing of the working tree is in reach.
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    (tmp_path / "a.abc").write_text("X:1\nM:6/8\nL:1/8\nK:D\nDFA AFD|d6|]\n")
    code = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); import mitseq; "
        f"assert mitseq.__file__.startswith({str(unpacked)!r}); "
        "from mitseq.cli import main; "
        "sys.argv = ['mitseq', 'music', 'check', 'a.abc']; main()"
    )
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "1 of 1 tunes accepted" in done.stderr


def test_import_mitseq_is_light():
    code = (
        "import sys, mitseq, mitseq.errors, mitseq.output\n"
        "mitseq.MitseqError\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'music21', 'matplotlib',\n"
        "         'verovio', 'click'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "[]\n", done.stderr


def test_tunes_import_neither_tensorflow_nor_music21():
    modules = [
        "mitseq.tunes." + p.stem
        for p in (ROOT / "mitseq" / "tunes").glob("*.py")
        if p.stem != "__init__"
    ]
    code = (
        f"import sys, importlib\nfor m in {modules}:\n"
        "    importlib.import_module(m)\n"
        "heavy = {'tensorflow', 'keras', 'music21', 'matplotlib', 'verovio'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "[]\n", done.stderr


def test_every_import_is_declared():
    setup = _setup()
    extras = setup["options.extras_require"]
    declared = {
        _name(r)
        for text in [setup["options"]["install_requires"], *extras.values()]
        for r in _requirements(text)
    } | {"mitseq"}
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "mitseq").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imports(node)
    }
    foreign = imported - set(sys.stdlib_module_names)
    others = {"sklearn": "scikit-learn", "absl": "absl-py"}
    foreign = {others.get(n, n) for n in foreign}
    assert {_name(n) for n in foreign} - declared == set()


def _imports(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module]
    return []


def test_every_requirement_is_pinned():
    setup = _setup()
    pinned = {
        _name(line)
        for line in _requirements((ROOT / "requirements.txt").read_text())
    }
    wanted = {
        _name(r)
        for text in (
            setup["options"]["install_requires"],
            setup["options.extras_require"]["test"],
        )
        for r in _requirements(text)
    }
    assert wanted <= pinned, sorted(wanted - pinned)


def test_pins_are_exact():
    for line in _requirements((ROOT / "requirements.txt").read_text()):
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.+]+", line), line
