"""What the docs say exists: slides, files, classes, tests and examples."""

import ast
import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import mitseq
from mitseq.exercises.catalog import NAMES
from mitseq.slides.page import write_tables

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
SLIDES = (ROOT / "docs" / "slides.md").read_text(encoding="utf-8")
SOURCES = [
    path
    for folder in ("mitseq", "labs", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
NOT_BUILT = "not built yet"
COLUMNS = ["idea", "code", "lab", "figure", "test"]
LINK = re.compile(r"\[([^]]+)\]\(([^)\s]+)\)")

# The titled slides of the deck, in its order.
DECK = """\
Given an image of a ball, can you predict where it will go next?
Sequences in the Wild
Sequence Modeling Applications
Neurons with Recurrence
The Perceptron Revisited
Feed-Forward Networks Revisited
Handling Individual Time Steps
Recurrent Neural Networks (RNNs)
RNN Intuition
RNN State Update and Output
RNNs: Computational Graph Across Time
RNNs from Scratch in TensorFlow
RNN Implementation: TensorFlow & PyTorch
RNNs for Sequence Modeling
Sequence Modeling: Design Criteria
A Sequence Modeling Problem: Predict the Next Word
Representing Language to a Neural Network
Encoding Language for a Neural Network
Handle Variable Sequence Lengths
Model Long-Term Dependencies
Capture Differences in Sequence Order
Backpropagation Through Time (BPTT)
Recall: Backpropagation in Feed Forward Models
RNNs: Backpropagation Through Time
Standard RNN Gradient Flow
Standard RNN Gradient Flow: Exploding Gradients
Standard RNN Gradient Flow: Vanishing Gradients
The Problem of Long-Term Dependencies
Gating Mechanisms in Neurons
RNN Applications & Limitations
Example Task: Music Generation
Example Task: Sentiment Classification
Limitations of Recurrent Models
Goal of Sequence Modeling
Attention Is All You Need
Intuition Behind Self-Attention
A Simple Example: Search
Understanding Attention with Search
Learning Self-Attention with Neural Networks
Applying Multiple Self-Attention Heads
Self-Attention Applied
Deep Learning for Sequence Modeling: Summary
Lab 1: Deep Learning in Python and Music Generation with RNNs
""".splitlines()

# Modules without a test file of their own, each with where it is tested.
WITHOUT_TEST_FILE = {
    "mitseq/__main__.py": "tests/cli/test_program.py",
    **{
        f"mitseq/exercises/lecture/{name}.py": "tests/exercises/test_lecture.py"
        for name in NAMES  # those that it runs
    },
}


def table_rows(text):
    """The cells of each row; where no figure is told, an empty one."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 5:
            cells.insert(4, "figure" if cells[1] == "idea" else "")
        if len(cells) == 6 and cells[1:] != COLUMNS and set(line) - set("|-"):
            yield cells


ROWS = list(table_rows(SLIDES))


def title_of(row):
    return re.sub(r"<a id=\"[\w-]+\"></a>", "", row[0])


def anchors(text):
    """Explicit anchors, and those that a Markdown reader gives to headings."""
    found = set(re.findall(r"<a id=\"([\w-]+)\"></a>", text))
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.replace(" ", "-"))
    return found


def definitions(path):
    """Names of classes, functions and methods in a Python file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.ClassDef, ast.FunctionDef))
    }


# The table of slides


def test_every_titled_slide_has_its_row_in_the_order_of_the_deck():
    titles = [title_of(row) for row in ROWS]
    last = titles.index(DECK[-1])
    assert [t for t in titles[: last + 1] if t in DECK] == DECK


@pytest.mark.parametrize("row", ROWS, ids=title_of)
def test_row_is_built_or_says_that_it_is_not(row):
    _, idea, code, lab, figure, test = row
    assert idea.endswith((".", "?", '..."'))
    if NOT_BUILT in code:
        assert (code, lab, figure, test) == (NOT_BUILT, "", "", "")
        return
    linked = {
        "code": (code, "../mitseq/"),
        "lab": (lab, "../labs/"),
        "figure": (figure, ("../mitseq/plots/", "../mitseq/tasks/")),
        "test": (test, "../tests/"),
    }
    for column, (cell, folder) in linked.items():
        links = LINK.findall(cell)
        assert links or column in ("lab", "figure"), f"{column} is missing"
        assert all(target.startswith(folder) for _, target in links)
    for name, target, cell in re.findall(
        r"\[(Lab \d+)\]\(([^)]+)\)(?: `(\w+)`)?", lab
    ):
        file = ROOT / "docs" / target
        assert name == f"Lab {int(file.name[:2])}"
        assert not cell or cell in definitions(file)


def test_the_tables_are_those_of_the_deck():
    """`make slides` writes them; rows are edited in mitseq/slides/deck.py."""
    assert SLIDES == write_tables(SLIDES)


def test_every_public_name_is_in_the_table():
    linked = {
        text.strip("`") for row in ROWS for text, _ in LINK.findall(row[2])
    }
    assert set(mitseq.__all__) - {"__version__"} - linked == set()


def test_every_lab_is_in_the_table():
    linked = {target for row in ROWS for _, target in LINK.findall(row[3])}
    labs = {f"../labs/{path.name}" for path in (ROOT / "labs").glob("*.py")}
    assert linked == labs


# Links and names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_what_they_name(path):
    wrong = []
    for text, target in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue  # the network is not asked
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists():
            wrong.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(file.read_text("utf-8")):
            wrong.append(f"{target}: no such anchor")
        elif file.suffix == ".py" and re.fullmatch(r"`\w+`", text):
            if text.strip("`") not in definitions(file):
                wrong.append(f"{target} does not define {text}")
    assert not wrong


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_names_of_files_and_tests_exist(path):
    text = path.read_text(encoding="utf-8")
    files = re.findall(r"`((?:mitseq|tests|labs|docs|benchmarks)/[^`]+)`", text)
    files = [f for f in files if "/recall/" not in f]  # made as one reads on
    assert [f for f in files if not (ROOT / f).exists()] == []
    tests = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in definitions(file)
    }
    named = re.findall(r"`(test_\w+)`", text)
    assert [name for name in named if name not in tests] == []


def test_anchors_that_the_code_refers_to_exist():
    wrong = []
    for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for file, anchor in re.findall(r"(docs/\w+\.md)#([\w-]+)", text):
            if anchor not in anchors((ROOT / file).read_text("utf-8")):
                wrong.append(f"{path.relative_to(ROOT)}: {file}#{anchor}")
    assert wrong == []


def test_slides_that_the_code_names_are_titles_of_the_table():
    titles = " | ".join(title_of(row) for row in ROWS).lower()
    quoted = re.compile(r"Lecture 2,((?:\s*(?:and\s*)?\"[^\"]+\",?)+)")
    named, wrong = 0, []
    for path in SOURCES:
        for names in quoted.findall(path.read_text(encoding="utf-8")):
            for name in re.findall(r"\"([^\"]+)\"", names):
                named += 1
                # Docstrings break lines anywhere.
                if " ".join(name.split()).lower() not in titles:
                    wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert named > 10
    assert wrong == []


# Modules


def modules():
    found = pkgutil.walk_packages(mitseq.__path__, "mitseq.")
    return ["mitseq", *(m.name for m in found if "__main__" not in m.name)]


@pytest.mark.parametrize("name", modules())
def test_examples_of_the_docstrings_run(name):
    module = importlib.import_module(name)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testmod(module, optionflags=flags)
    assert result.failed == 0, "see the captured output"


@pytest.mark.parametrize("folder", ["mitseq", "labs", "benchmarks"])
def test_every_module_has_a_test_file(folder):
    missing = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        module = path.relative_to(ROOT)
        if path.name == "__init__.py":
            continue
        inside = module.relative_to("mitseq") if folder == "mitseq" else module
        test = Path("tests", inside).with_name(f"test_{path.name}")
        test = Path(WITHOUT_TEST_FILE.get(module.as_posix(), test))
        if not (ROOT / test).is_file():
            missing.append(str(test))
    assert missing == []


def test_every_folder_of_tests_is_a_package():
    """Two files of one name in two folders need it."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [f for f in folders if not (f / "__init__.py").exists()] == []
