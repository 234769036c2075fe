"""CONTRIBUTING.md: the task that it adds is whole, and stands in the house."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import mitseq.cli
import mitseq.tasks
from mitseq.training.run import read_history
from tests.test_architecture import complaints

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# The first file that a paragraph names is the block below it.
FILES = dict(
    re.findall(
        r"^`(mitseq/\S+?\.py)`(?:(?!\n\n).)*\n\n```python\n(.*?)^```",
        PAGE,
        re.DOTALL | re.MULTILINE,
    )
)


@pytest.fixture
def house(tmp_path):
    """A copy of all sources, with the files that the page adds."""
    for folder in ("mitseq", "labs", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "architecture.md", tmp_path / "docs")
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_every_block_is_a_file():
    assert len(FILES) == PAGE.count("```python") == 5


def test_the_task_of_the_page_keeps_to_the_floors(house):
    assert complaints(house) == []


def test_the_task_of_the_page_keeps_to_the_rules_of_ruff(house):
    shutil.copy(ROOT / "pyproject.toml", house)
    ruff = [sys.executable, "-m", "ruff"]
    for rule in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run(
            [*ruff, *rule, *FILES], cwd=house, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout


def test_the_task_of_the_page_learns_and_resumes(house, monkeypatch):
    for package, name in ((mitseq.tasks, "tasks"), (mitseq.cli, "cli")):
        path = [*package.__path__, str(house / "mitseq" / name)]
        monkeypatch.setattr(package, "__path__", path)
    from mitseq.cli.recall import recall

    def run(line):
        done = CliRunner().invoke(recall, line.split(), prog_name="recall")
        assert done.exit_code == 0, done.output
        return done.stdout

    monkeypatch.chdir(house)
    printed = run("train --epochs 4 --out whole")
    run("train --epochs 2 --out parts")
    run("train --epochs 4 --out parts --resume")
    whole = read_history("whole/history.csv")
    assert printed == f"loss: {whole[-1]['loss']:.4f}\n"
    assert whole[-1]["loss"] < whole[0]["loss"] / 2
    losses = [
        [row["loss"] for row in read_history(f"{folder}/history.csv")]
        for folder in ("whole", "parts")
    ]
    assert losses[0] == losses[1]
    assert Path("whole/model.keras").stat().st_size
