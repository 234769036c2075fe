import ast
import configparser
import doctest
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import yaml

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


# What a checkout holds, and a source distribution with it
PARTS = (
    [
        f"{name}.md"
        for name in ("README", "CHANGELOG", "CONTRIBUTING", "SECURITY")
    ]
    + ["LICENSE", "CITATION.cff", "Makefile", "MANIFEST.in", "requirements.txt"]
    + ["pyproject.toml", "setup.cfg", "setup.py"]
    + ["mitseq", "labs", "docs", "tests", "benchmarks", ".ci", ".github"]
)


def _hook(tree, call):
    """Calls the build backend as pip does: in the tree, in a new process."""
    code = f"from setuptools import build_meta; build_meta.{call}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def _names(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the working tree, as a checkout has it."""
    tree = tmp_path_factory.mktemp("checkout") / "tree"
    tree.mkdir()
    made = ("__pycache__", "*.py[cod]", ".*_cache")
    for name in PARTS:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns(*made)
            shutil.copytree(ROOT / name, tree / name, ignore=ignore)
        else:
            shutil.copy(ROOT / name, tree)
    return tree


@pytest.fixture(scope="module")
def wheel(tree):
    """A wheel of the working tree, built offline from a copy of it."""
    folder = tree.parent / "wheel"
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    build += ["--no-build-isolation", "--no-index", "--wheel-dir", folder, tree]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def source(tree):
    """The folder that a source distribution unpacks to."""
    folder = tree.parent / "source"
    _hook(tree, f"build_sdist({str(folder)!r})")
    (path,) = folder.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    return folder / path.name.removesuffix(".tar.gz")


# The wheel


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
    assert {"mitseq/cli/music/check.py", "mitseq/py.typed"} <= expected
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


def test_building_leaves_nothing_in_the_tree(tree, wheel, source):
    assert {path.name for path in tree.iterdir()} == set(PARTS)
    left = [name for name in _names(tree) if "egg-info" in name]
    assert left == []


# What a package index shows


def _metadata(tree):
    folder = tree / "metadata"
    folder.mkdir()
    _hook(tree, f"prepare_metadata_for_build_wheel({str(folder)!r})")
    (path,) = folder.rglob("METADATA")
    return Parser().parsestr(path.read_text("utf-8"))


def _small_tree(folder, **changed):
    """What the metadata is made of."""
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "README.md"):
        (folder / name).write_text(
            changed.get(name, (ROOT / name).read_text("utf-8")), "utf-8"
        )
    shutil.copy(ROOT / "LICENSE", folder)
    (folder / "mitseq").mkdir()
    shutil.copy(ROOT / "mitseq" / "__init__.py", folder / "mitseq")
    return folder


def test_metadata_says_who_what_and_under_which_license(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Author"] == "The mitseq authors"
    classifiers = metadata.get_all("Classifier")
    assert "Typing :: Typed" in classifiers
    assert sum("Development Status ::" in c for c in classifiers) == 1
    # an expression and a classifier of the license exclude each other
    assert not any(c.startswith("License ::") for c in classifiers)
    urls = [url.split(", ") for url in metadata.get_all("Project-URL")]
    assert ["Lecture", "http://introtodeeplearning.com"] in urls
    assert all(re.match(r"https?://[^/ ]+\.", url) for _, url in urls)


def test_page_of_an_index_leads_nowhere_wrong_without_an_address(tmp_path):
    setup = (ROOT / "setup.cfg").read_text("utf-8")
    setup = re.sub(r"^    Source = .*\n", "", setup, flags=re.MULTILINE)
    tree = _small_tree(tmp_path, **{"setup.cfg": setup})
    page = _metadata(tree).get_payload()
    assert page.lstrip().startswith("# mitseq\n")
    assert "](" not in page.replace("](http", "")
    assert "(extras: notebooks" in page  # a link became its words


def test_page_of_an_index_shows_pictures_with_an_address(tmp_path):
    address = "https://host.example/some/where"
    setup = (ROOT / "setup.cfg").read_text("utf-8")
    setup = re.sub(r"^    Source = .*\n", "", setup, flags=re.MULTILINE)
    setup = setup.replace(
        "project_urls =\n", f"project_urls =\n    Source = {address}\n"
    )
    tree = _small_tree(tmp_path, **{"setup.cfg": setup})
    metadata = _metadata(tree)
    assert f"Source, {address}" in metadata.get_all("Project-URL")
    links = re.findall(r"(!?)\[[^]]*\]\(([^)]+)\)", metadata.get_payload())
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(links) == len(re.findall(r"\[[^]]*\]\(", readme))
    tag = f"v{mitseq.__version__}"
    for picture, link in links:
        start = f"{address}/{'raw' if picture else 'blob'}/{tag}/"
        assert link.startswith(start)
        assert (ROOT / link.removeprefix(start).split("#")[0]).exists()
    assert any(picture for picture, _ in links)


def test_examples_of_the_setup_script_run():
    spec = importlib.util.spec_from_file_location("script", ROOT / "setup.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    result = doctest.testmod(script)
    assert result.attempted and not result.failed
    assert script.version() == mitseq.__version__


# The source distribution


def test_source_distribution_holds_the_checkout(tree, source):
    missing = _names(tree) - _names(source)
    assert missing == set()
    added = {name for name in _names(source) - _names(tree)}
    assert added == {"PKG-INFO"}


def test_source_distribution_builds_the_same_wheel(source, wheel, tmp_path):
    _hook(source, f"build_wheel({str(tmp_path)!r})")
    (again,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {(e.filename, e.CRC) for e in one.infolist()} == {
            (e.filename, e.CRC) for e in other.infolist()
        }


def test_tests_of_a_source_distribution_start(source):
    env = os.environ | {
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    tests = ["tests/test_architecture.py"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            *tests,
        ],
        cwd=source,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d+ passed", done.stdout, re.MULTILINE)


# The files for those who cite and those who write


def _yaml(name):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def test_citation_is_that_of_the_package():
    """The fields of the Citation File Format, and ours in them."""
    citation, setup = _yaml("CITATION.cff"), _setup()["metadata"]
    needed = {"cff-version", "message", "title", "authors"}
    known = {"type", "abstract", "version", "license", "keywords"}
    assert needed <= set(citation) <= needed | known
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["authors"] == [{"name": setup["author"]}]
    assert citation["version"] == mitseq.__version__
    assert citation["license"] == setup["license_expression"]
    assert citation["title"] == f"{setup['name']}: {_lowered(setup)}"
    assert citation["keywords"] == setup["keywords"].split(", ")


def _lowered(setup):
    description = setup["description"]
    return description[0].lower() + description[1:]


FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_forms(path):
    """By the rules of issue forms: one that breaks them is not offered."""
    form = yaml.safe_load(path.read_text("utf-8"))
    if path.stem == "config":
        assert form == {"blank_issues_enabled": True}
        return
    assert set(form) == {"name", "description", "labels", "body"}
    kinds = {"input", "textarea", "dropdown"}
    for field in form["body"]:
        assert set(field) - {"validations"} == {"type", "id", "attributes"}
        assert field["type"] in kinds and field["attributes"]["label"]
        if field["type"] == "dropdown":
            options = field["attributes"]["options"]
            assert len(set(options)) == len(options) > 1
            assert all(type(option) is str for option in options)
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    assert any(f.get("validations") == {"required": True} for f in form["body"])


def test_there_are_forms_for_bugs_lessons_and_ideas():
    names = {path.stem for path in FORMS}
    assert names == {"bug", "lesson", "idea", "config"}


# What is imported, and what is declared


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
    others = {
        "sklearn": "scikit-learn",
        "absl": "absl-py",
        "PIL": "pillow",
    }
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
