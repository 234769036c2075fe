"""The house: a file imports only from the floors below its own.

The floors are read from the table in docs/architecture.md, the imports from
the sources with `ast`. An import counts wherever it stands: at the top, in a
function, under TYPE_CHECKING, or as the name that `import_module` takes.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = Path("docs", "architecture.md")
PACKAGE = "mitseq"
BESIDE = ("labs", "benchmarks")  # folders of scripts beside the package
# The doors stand on no floor: the table of public names knows every floor, but
# lazily, and `python -m mitseq` is the command.
FRONT_DOOR = Path(PACKAGE, "__init__.py")
DOORS = (FRONT_DOOR, Path(PACKAGE, "__main__.py"))


class Floor(NamedTuple):
    """A row of the table.

    Args:
        level: Counts from the top.
        banned: Packages of others that the floor does without.
    """

    level: int
    banned: tuple[str, ...]


class Import(NamedTuple):
    """One import of one file; `target` is a file, or the name of a package."""

    file: Path
    line: int
    target: Path | str

    def __str__(self) -> str:
        target = self.target
        if isinstance(target, Path):
            target = target.as_posix()
        return f"{self.file.as_posix()}, line {self.line}, imports {target}"


# Reading


def read_floors(page: str) -> dict[str, Floor]:
    """Returns the floor of each folder: `{"layers/": Floor(8, ()), ...}`."""
    floors: dict[str, Floor] = {}
    rows = re.findall(r"^\|(.+)\|(.+)\|(.+)\|$", page, re.MULTILINE)
    for level, (names, _, must_not) in enumerate(
        row for row in rows if "`" in row[0]
    ):
        banned = tuple(re.findall(r"`(\w+)`", must_not))
        for name in re.findall(r"`([\w.]+/?)`", names):
            floors[name] = Floor(level, banned)
    return floors


def sources(root: Path) -> list[Path]:
    """Returns the files whose imports count, relative to the root."""
    return [
        path.relative_to(root)
        for folder in (PACKAGE, *BESIDE)
        for path in sorted((root / folder).rglob("*.py"))
        if path.relative_to(root) not in DOORS
    ]


def imports_of(root: Path, file: Path) -> Iterator[Import]:
    """Yields every import of a file, wherever it stands."""
    for node in ast.walk(ast.parse((root / file).read_text("utf-8"))):
        for name in _imported(node, file):
            target = _find(root, file, name)
            if target is not None and target != file:
                yield Import(file, node.lineno, target)


def _imported(node: ast.AST, file: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if node.level:
            above = file.parts[: len(file.parts) - node.level]
            module = ".".join([*above, *filter(None, [module])])
        return [f"{module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args:
        called = ast.unparse(node.func).rpartition(".")[2]
        if called in ("import_module", "__import__"):
            return _start_of(node.args[0])
    return []


def _start_of(argument: ast.expr) -> list[str]:
    """The text of a string, or of an f-string up to its first value."""
    if isinstance(argument, ast.JoinedStr):
        argument = argument.values[0]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value.rstrip(".")]
    return []


def _find(root: Path, file: Path, name: str) -> Path | str | None:
    """The file that a dotted name stands for; else the package's name."""
    parts = name.split(".")
    scripts = file.parts[0] in BESIDE
    # A script finds the files beside it without the name of their folder.
    for start in (Path(), file.parent) if scripts else (Path(),):
        for count in range(len(parts), 0, -1):
            path = start.joinpath(*parts[:count])
            if (root / path).with_suffix(".py").is_file():
                return path.with_suffix(".py")
            if (root / path / "__init__.py").is_file():
                return path / "__init__.py"
    if (root / parts[0]).is_dir():
        return Path(parts[0])
    return parts[0]


# Judging


def folder_of(file: Path) -> str:
    """Returns what stands in the table: a folder, or a file of the ground."""
    parts = file.parts[1:] if file.parts[0] == PACKAGE else file.parts
    return parts[0] if parts[0].endswith(".py") else f"{parts[0]}/"


def room_of(file: Path) -> str:
    """Returns the folder within which files may import each other.

    It is the folder of the table, and for a task the task's own.
    """
    folder = folder_of(file)
    if folder == "tasks/" and len(file.parts) > 3:
        return f"tasks/{file.parts[2]}/"
    return folder if folder.endswith("/") else "the ground"


def complaints(root: Path) -> list[str]:
    """Returns every rule that is broken, each with what breaks it."""
    floors = read_floors((root / PAGE).read_text("utf-8"))
    found = list(_homeless(root, floors))
    inside: dict[str, dict[Path, set[Path]]] = {}
    for file in sources(root):
        for each in imports_of(root, file):
            found += _judge(each, floors)
            target = each.target
            if isinstance(target, Path) and room_of(target) == room_of(file):
                room = inside.setdefault(room_of(file), {})
                room.setdefault(file, set()).add(target)
    for room, graph in inside.items():
        for circle in circles(graph):
            path = " -> ".join(p.as_posix() for p in circle)
            found.append(f"{room} has files that import each other: {path}")
    return found


def _homeless(root: Path, floors: dict[str, Floor]) -> Iterator[str]:
    for folder in sorted({folder_of(file) for file in sources(root)}):
        if folder not in floors:
            yield f"{folder} stands on no floor of {PAGE.as_posix()}"
    for name in floors:
        if not any((root / p / name).exists() for p in (PACKAGE, "")):
            yield f"{PAGE.as_posix()} has a floor for {name}: no such folder"


def _judge(each: Import, floors: dict[str, Floor]) -> Iterator[str]:
    """Yields what is wrong with one import: one thing, or nothing."""
    here = folder_of(each.file)
    own = floors.get(here)
    if isinstance(each.target, str):
        if own and each.target in own.banned:
            yield f"{here} must not know {each.target}: {each}"
        return
    if each.target == FRONT_DOOR:
        if each.file.parts[0] == PACKAGE and own and own.level > 0:
            yield f"{here} must not know all of {PACKAGE}: {each}"
        return
    there = folder_of(each.target)
    other = floors.get(there)
    if other is None:
        yield f"{here} must not know {there}, which is no floor: {each}"
    elif own and other.level < own.level:
        yield f"{here} must not know {there}, a floor above it: {each}"
    elif own and other.level == own.level:
        rooms = room_of(each.file), room_of(each.target)
        if rooms[0] != rooms[1]:
            yield f"{rooms[0]} must not know {rooms[1]}, beside it: {each}"


def circles(graph: dict[Path, set[Path]]) -> list[list[Path]]:
    """Returns a circle for each group of files that import each other.

    Each begins and ends with the first of its files in the alphabet.
    """
    found: list[list[Path]] = []
    seen: set[Path] = set()
    for start in sorted(graph):
        if start in seen:
            continue
        circle = _way_back(graph, start)
        if circle:
            found.append(circle)
            seen.update(circle)
    return found


def _way_back(graph, start) -> list[Path]:
    """The shortest way from a file to itself, or nothing."""
    ways, known = [[start]], set()
    for way in ways:  # it grows: breadth first
        for target in sorted(graph.get(way[-1], ())):
            if target == start:
                return [*way, start]
            if target not in known:
                known.add(target)
                ways.append([*way, target])
    return []


def test_every_import_leads_downstairs():
    found = complaints(ROOT)
    assert not found, "\n" + "\n".join(found)


def test_the_table_has_the_floors_from_the_top():
    floors = read_floors((ROOT / PAGE).read_text("utf-8"))
    order = "cli/ tasks/ plots/ inside/ by_hand/ generation/ training/ layers/"
    order = [*order.split(), "tunes/", "text/", "errors.py"]
    levels = [floors[name].level for name in order]
    assert levels == sorted(set(levels))


# The rules, each broken in a house of a few files

TABLE = """
| floor | holds | must not know |
|---|---|---|
| `cli/` `labs/` | commands | |
| `tasks/` | tasks | another task |
| `layers/` | layers | `matplotlib` |
| `tunes/` | tunes | models (`keras`) |
| `output.py` `errors.py` | ground | all others |
"""


@pytest.fixture
def build(tmp_path):
    """Writes a house that stands, changed by the given files."""

    def write(**changed):
        files = {
            "docs/architecture.md": TABLE,
            "mitseq/__init__.py": "import mitseq.cli.main",
            "mitseq/__main__.py": "import mitseq.cli.main",
            "mitseq/errors.py": "",
            "mitseq/output.py": "from mitseq.errors import MitseqError",
            "mitseq/tunes/__init__.py": "",
            "mitseq/tunes/tune.py": "from mitseq import errors",
            "mitseq/tunes/page.py": "import mitseq.tunes.tune",
            "mitseq/layers/__init__.py": "",
            "mitseq/layers/lstm.py": "import keras",
            "mitseq/tasks/__init__.py": "",
            "mitseq/tasks/music/__init__.py": "",
            "mitseq/tasks/music/model.py": "from mitseq.layers import lstm",
            "mitseq/tasks/music/train.py": "from . import model",
            "mitseq/tasks/sentiment/__init__.py": "",
            "mitseq/tasks/sentiment/model.py": "from ...layers.lstm import X",
            "mitseq/cli/__init__.py": "import mitseq",
            "mitseq/cli/main.py": "import mitseq.tasks.music.train",
            "labs/01_tunes.py": "import mitseq\nfrom tables import rows",
            "labs/tables.py": "",
            "tests/checks.py": "",
        }
        for name, text in {**files, **changed}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return complaints(tmp_path)

    return write


def test_a_house_that_stands_gets_no_complaint(build):
    assert build() == []


@pytest.mark.parametrize(
    "text",
    [
        "import mitseq.tasks.music.model",
        "from mitseq.tasks.music import model",
        "from mitseq.tasks.music.model import build",
        "from ..tasks.music.model import build",
        "def f():\n    from mitseq.tasks.music.model import build",
        "if TYPE_CHECKING:\n    from mitseq.tasks.music.model import Model",
        "import_module('mitseq.tasks.music.model')",
    ],
)
def test_an_upward_import_is_found_and_named(build, text):
    (found,) = build(**{"mitseq/layers/lstm.py": text})
    assert found == (
        "layers/ must not know tasks/, a floor above it: "
        f"mitseq/layers/lstm.py, line {text.count(chr(10)) + 1}, imports "
        "mitseq/tasks/music/model.py"
    )


def test_an_upward_import_of_a_name_made_up_at_run_time_is_found(build):
    text = "importlib.import_module(f'mitseq.tasks.{kind}.model')"
    (found,) = build(**{"mitseq/tunes/tune.py": text})
    assert found.startswith("tunes/ must not know tasks/, a floor above it")


def test_a_task_that_imports_another_is_found_and_named(build):
    text = "from mitseq.tasks.music.model import build"
    (found,) = build(**{"mitseq/tasks/sentiment/model.py": text})
    assert found.startswith(
        "tasks/sentiment/ must not know tasks/music/, beside it: "
    )


def test_a_folder_that_imports_its_neighbor_is_found(build):
    (found,) = build(**{"labs/01_tunes.py": "import mitseq.cli.main"})
    assert found.startswith("labs/ must not know cli/, beside it: ")


def test_a_circle_is_found_and_named(build):
    found = build(
        **{
            "mitseq/tunes/tune.py": "def f():\n    import mitseq.tunes.score",
            "mitseq/tunes/score.py": "from mitseq.tunes.page import Page",
        }
    )
    assert found == [
        "tunes/ has files that import each other: mitseq/tunes/page.py -> "
        "mitseq/tunes/tune.py -> mitseq/tunes/score.py -> mitseq/tunes/page.py"
    ]


def test_a_circle_on_the_ground_is_found(build):
    text = "from mitseq.output import write"
    (found,) = build(**{"mitseq/errors.py": text})
    assert found.startswith("the ground has files that import each other")


@pytest.mark.parametrize(
    ("text", "folder"),
    [("import tests.checks", "tests/"), ("import labs.tables", "labs/")],
)
def test_a_package_that_knows_what_lies_beside_it_is_found(build, text, folder):
    (found,) = build(**{"mitseq/tunes/page.py": text})
    assert found.startswith(f"tunes/ must not know {folder}, ")


def test_a_floor_that_imports_what_it_does_without_is_found(build):
    (found,) = build(**{"mitseq/tunes/page.py": "from keras import ops"})
    assert found == (
        "tunes/ must not know keras: mitseq/tunes/page.py, line 1, imports "
        "keras"
    )


def test_the_front_door_is_for_those_on_top_only(build):
    (found,) = build(**{"mitseq/tunes/page.py": "from mitseq import LSTM"})
    assert found.startswith("tunes/ must not know all of mitseq: ")


def test_a_folder_on_no_floor_is_found(build):
    found = build(**{"mitseq/plots/style.py": "", "mitseq/utils.py": ""})
    assert found == [
        "plots/ stands on no floor of docs/architecture.md",
        "utils.py stands on no floor of docs/architecture.md",
    ]


def test_a_floor_without_a_folder_is_found(build):
    page = TABLE.replace("`tunes/`", "`tunes/` `voices/`")
    assert build(**{"docs/architecture.md": page}) == [
        "docs/architecture.md has a floor for voices/: no such folder"
    ]
