r"""The labs in a row: how long one waits for each.

    python benchmarks/labs_in_a_row.py
    python benchmarks/labs_in_a_row.py --only 6 7 8

Each lab runs as a student runs it, `python labs/NN_NAME.py`, in a new process
and in a folder that is thrown away; before the first of them

    python -c "import tensorflow, keras"

which tells how fast the machine is just now. `says` is what stands in the lab
behind "Minutes:".
"""

import argparse
import ast
import os
import re
import sys
import tempfile
from pathlib import Path

from memory import cost_of
from tables import print_results

LABS = Path(__file__).resolve().parents[1] / "labs"
COLUMNS = {
    "lab": "lab",
    "says": "says",
    "seconds": "seconds|.0f",
    "processor": "of all cores|.0f",
    "megabytes": "most memory, MB|,.0f",
}


def labs(numbers: list[int]) -> list[Path]:
    """Returns the files of the labs of these numbers.

    Raises:
        SystemExit: if there is no such lab.
    """
    found = {int(path.name[:2]): path for path in LABS.glob("[0-9][0-9]_*.py")}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise SystemExit(f"there is no lab {missing[0]}; 1 to {max(found)} are")
    return [found[number] for number in numbers]


def minutes_of(lab: Path) -> str:
    """Returns what a lab says of its time, without the full stop."""
    told = ast.get_docstring(ast.parse(lab.read_text("utf-8"))) or ""
    found = re.search(r"^Minutes: (.*?)\.?$", told, re.M)
    return found[1] if found else "-"


def measure(lab: Path) -> dict:
    """Runs a lab; returns its row."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            cost = cost_of(sys.executable, str(lab))
        finally:
            os.chdir(before)
    name = lab.stem.replace("_", " ")
    return {"lab": name, "says": minutes_of(lab), **cost._asdict()}


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", type=int, default=range(1, 13))
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    chosen = labs(list(options.only))
    imported = cost_of(sys.executable, "-c", "import tensorflow, keras")
    rows = [
        {"lab": "the import alone", "says": "-", **imported._asdict()},
        *map(measure, chosen),
    ]
    total = sum(row["seconds"] for row in rows[1:])
    notes = [
        f"{os.cpu_count()} cores; {len(chosen)} labs in a row: {total:.0f} s"
    ]
    print_results("Labs", COLUMNS, rows, notes, as_json=options.json)
    return rows


if __name__ == "__main__":
    main()
