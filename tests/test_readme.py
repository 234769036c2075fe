import ast
import re
from pathlib import Path

import pytest

import mitseq
from tests.cli.test_program import check_command_line

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def _lines(program):
    return [
        line.split("#")[0].strip()
        for language, block in BLOCKS
        for line in block.splitlines()
        if not language and line.startswith(program)
    ]


@pytest.mark.parametrize("line", _lines("mitseq "))
def test_commands_are_understood(line):
    check_command_line(line)


def test_two_commands_come_first():
    first_screen = README[: README.index("## ")]
    assert "make music" in first_screen and "make test" in first_screen


@pytest.mark.parametrize("line", _lines("make "))
def test_make_targets_exist(line):
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE)


def test_python_blocks_name_what_exists():
    blocks = [block for language, block in BLOCKS if language == "python"]
    assert blocks
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(
                node.value, ast.Name
            ):
                if node.value.id == "mitseq":
                    assert hasattr(mitseq, node.attr)


def test_links_lead_to_files():
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    assert targets
    missing = [t for t in targets if not (ROOT / t).exists()]
    assert not missing


def test_extras_are_those_of_the_package():
    setup = (ROOT / "setup.cfg").read_text()
    section = setup.split("[options.extras_require]")[1].split("\n[")[0]
    declared = set(re.findall(r"^(\w+) =$", section, re.MULTILINE))
    assert set(re.findall(r"^\| `mitseq\[(\w+)\]`", README, re.M)) == declared
