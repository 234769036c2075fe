"""What the tests see of a changed meter, equation, mask, vote or snapshot.

    python benchmarks/mutants.py [meter vote masks ...]

mutmut changes one operator, number or name at a time, in a copy of the tree,
and runs the tests of that file: a change that no test sees is printed. A share
below 90 % ends with exit code 1. `make mutants` installs mutmut, which the
package does not need.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEAST = 0.9  # of the mutants are to be seen
PARTS = ("mitseq", "tests", "docs", "benchmarks", "labs")


@dataclass(frozen=True)
class Part:
    """A file whose silent faults would cost most, and its tests."""

    file: str
    tests: tuple[str, ...]


MUTATED = {
    "meter": Part(
        "mitseq/tunes/notation.py",
        (
            "tests/tunes/test_notation.py",
            "tests/tunes/test_check.py",
            "tests/tunes/test_normalize.py",
        ),
    ),
    "equations": Part(
        "mitseq/layers/equations.py", ("tests/layers/test_equations.py",)
    ),
    "masks": Part("mitseq/layers/masks.py", ("tests/layers/test_masks.py",)),
    "vote": Part(
        "mitseq/tasks/sentiment/vote.py",
        ("tests/tasks/sentiment/test_vote.py",),
    ),
    "snapshots": Part(
        "mitseq/training/snapshot.py", ("tests/training/test_snapshot.py",)
    ),
}


@dataclass(frozen=True)
class Outcome:
    """How many mutants there were, and which ones no test saw."""

    count: int
    survived: list[str]

    @property
    def share(self) -> float:
        """Of the mutants, how many a test saw."""
        return 1 - len(self.survived) / max(1, self.count)


def configuration(part: Part) -> str:
    """Returns what pyproject.toml says to mutmut."""
    tests = ", ".join(f'"{each}"' for each in part.tests)
    copied = ", ".join(f'"{each}"' for each in PARTS[2:])
    return (
        "\n[tool.mutmut]\n"
        'source_paths = ["mitseq"]\n'
        f'only_mutate = ["{part.file}"]\n'
        f"also_copy = [{copied}]\n"
        f"pytest_add_cli_args_test_selection = [{tests}]\n"
        'pytest_add_cli_args = ["-q", "-p", "no:cacheprovider"]\n'
        "track_dependencies = false\n"
        "use_git_change_detection = false\n"
        "timeout_constant = 30\n"
    )


def read_results(text: str) -> Outcome:
    r"""Reads what `mutmut results --all true` prints.

    Example:

    >>> read_results("  a.x_f__mutmut_1: killed\n  a.x_f__mutmut_2: survived")
    Outcome(count=2, survived=['a.x_f__mutmut_2'])
    """
    found = re.findall(r"^\s*(\S+__mutmut_\d+): (.+)$", text, re.MULTILINE)
    unseen = ("survived", "no tests", "suspicious", "not checked")
    survived = [name for name, status in found if status.strip() in unseen]
    return Outcome(len(found), survived)


def mutate(part: Part, folder: Path) -> tuple[Outcome, list[str]]:
    """Runs mutmut on one file; returns the outcome, and each change unseen."""
    for name in PARTS:
        shutil.copytree(
            ROOT / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"),
        )
    for name in ("setup.cfg", "README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, folder / name)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        project + configuration(part), encoding="utf-8"
    )

    def mutmut(*arguments):
        command = [sys.executable, "-m", "mutmut", *arguments]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True
        )
        return done.stdout

    mutmut("run", "--max-children", "2")
    outcome = read_results(mutmut("results", "--all", "true"))
    return outcome, [mutmut("show", name) for name in outcome.survived]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", help=", ".join(MUTATED))
    options = parser.parse_args()
    seen = True
    for name in options.parts or MUTATED:
        if name not in MUTATED:
            parser.error(f"parts: {', '.join(MUTATED)}. Received: {name}")
        with tempfile.TemporaryDirectory() as folder:
            outcome, changes = mutate(MUTATED[name], Path(folder))
        print(
            f"{name}: {outcome.count} mutants, "
            f"{outcome.count - len(outcome.survived)} seen "
            f"({outcome.share:.0%})",
            flush=True,
        )
        for change in changes:
            print(change)
        seen = seen and outcome.count > 0 and outcome.share >= LEAST
    sys.exit(0 if seen else 1)


if __name__ == "__main__":
    main()
