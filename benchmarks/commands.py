r"""How long one waits for a command, beside importing TensorFlow and Keras.

    python benchmarks/commands.py
    python benchmarks/commands.py --rounds 3 --only music sentiment

Each command works with the bundled model of its job and is a new process. In
each round all have their turn, and before each of them

    python -c "import tensorflow, keras"

`beyond` is what the command takes more than that import just before it; the
median of the rounds, and the least and the most. A command can stay below the
import: `mitseq` has Keras do without libraries that it does not need, and keeps
Python's collector of cycles out of the import. New tunes differ in their
lengths, and so in their times: `music` has another seed in each round, which is
the round's number.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from memory import Cost, cost_of
from tables import print_results

COMMANDS = {
    "music": ("music", "generate", "--seed", "{round}", "--out", "{folder}"),
    "sentiment": ("sentiment", "the food was good, not bad at all"),
    "words": ("words", "The clouds are in the"),
    "tag": ("tag", "Time flies like an arrow"),
    "translate": ("translate", "I am hungry."),
}
COLUMNS = {
    "command": "mitseq",
    "import": "import s|.1f",
    "seconds": "command s|.1f",
    "beyond": "beyond the import s|.2f",
    "least": "least|.2f",
    "most": "most|.2f",
    "megabytes": "most memory, MB|,.0f",
}


def measure(command: str, turn: int) -> tuple[Cost, Cost]:
    """Returns the cost of the import and of the command after it."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [
            each.format(round=turn, folder=Path(folder) / "out")
            for each in COMMANDS[command]
        ]
        return (
            cost_of(sys.executable, "-c", "import tensorflow, keras"),
            cost_of(sys.executable, "-m", "mitseq", *arguments),
        )


def row_of(command: str, pairs: list[tuple[Cost, Cost]]) -> dict:
    """Returns a row of the table: medians, and the range of the difference."""
    beyond = [own.seconds - imported.seconds for imported, own in pairs]
    return {
        "command": command,
        "import": statistics.median(pair[0].seconds for pair in pairs),
        "seconds": statistics.median(pair[1].seconds for pair in pairs),
        "beyond": statistics.median(beyond),
        "least": min(beyond),
        "most": max(beyond),
        "megabytes": max(pair[1].megabytes for pair in pairs),
    }


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", nargs="+", choices=COMMANDS, default=list(COMMANDS)
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    pairs = {command: [] for command in options.only}
    for turn in range(1, options.rounds + 1):
        for command, found in pairs.items():
            found.append(measure(command, turn))
    rows = [row_of(command, found) for command, found in pairs.items()]
    notes = [f"{os.cpu_count()} cores; medians of {options.rounds} rounds"]
    print_results("Commands", COLUMNS, rows, notes, as_json=options.json)
    return rows


if __name__ == "__main__":
    main()
