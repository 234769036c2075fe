r"""Reading, normalizing and splitting tunes: what is kept, how long, how much.

    python benchmarks/corpus.py
    python benchmarks/corpus.py --data tunes.abc more/ --megabytes 50

The first table says what became of every tune of the collections that music21
installs, or of `--data`. The second measures each stage on a generated file of
ABC, no tune like another, in a process of its own: seconds, and the memory at
its peak less the memory before. The generated file mixes what ABC in the wild
has: line ends of three systems, latin-1, old `!` line breaks, prose, missing
blank lines and missing `X:`.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tables import print_results

from mitseq.errors import MitseqError
from mitseq.tunes.corpus import near_duplicate_groups, prepare, read_tunes

STAGES = ("read_tunes", "near_duplicate_groups", "prepare")
KEPT = {"what": "what", "tunes": "tunes|,d", "share": "of those read|.1%"}
SPEED = {
    "stage": "stage",
    "tunes": "tunes|,d",
    "seconds": "seconds|.1f",
    "megabytes": "peak memory, MB|.0f",
}
_NOTES = "CDEFGABcdefgab"


def generated_tune(rng: random.Random, number: int) -> str:
    """A tune of 16 bars that walks up and down, dirty now and then."""
    step, bars = 7, []
    for _ in range(16):
        bar = ""
        for _ in range(8):
            step = min(max(step + rng.randint(-3, 3), 0), len(_NOTES) - 1)
            bar += _NOTES[step]
        bars.append(bar)
    end = rng.choice(("\n", "\n", "\n", "!\n", " \\\n"))
    lines = [
        "|".join(bar[:4] + " " + bar[4:] for bar in bars[i : i + 4])
        for i in range(0, 16, 4)
    ]
    body = "|" + (end + "|").join(lines) + "|]\n"
    start = "" if number % 10 == 9 else f"X:{number}\n"
    header = f"T:Le caf\u00e9 {number}\nM:4/4\nL:1/8\nK:{rng.choice('CDGA')}\n"
    after = rng.choice(("", "\n", "\n\n", "\nFrom the manuscript.\n\n"))
    return start + header + body + after


def write_generated(path: Path, megabytes: float, seed: int = 0) -> None:
    """Writes tunes until the file has so many megabytes."""
    rng = random.Random(seed)
    left = int(megabytes * 1e6)
    number = 0
    with open(path, "wb") as file:
        while left > 0:
            number += 1
            text = generated_tune(rng, number)
            text = text.replace("\n", ("\n", "\r\n", "\r")[number // 1000 % 3])
            data = text.encode(("utf-8", "latin-1")[number % 2])
            left -= file.write(data)


def kept_rows(report: dict) -> list[dict]:
    """One row for each reason of the report, and for each split."""
    read = report["read"]
    counts = {"read": read}
    counts |= {f"dropped: {k}": n for k, n in report["dropped"].items()}
    counts["kept"] = report["kept"]
    counts |= {k: split["tunes"] for k, split in report["splits"].items()}
    return [
        {"what": what, "tunes": count, "share": count / read}
        for what, count in counts.items()
    ]


def measure(stage: str, path: str) -> dict:
    """Runs one stage in this process and looks at its clock and memory."""
    if stage == "near_duplicate_groups":
        tunes = [
            "M:4/4\nL:1/8\nK:C\n" + "".join(tune.text.split("\n")[-5:]) + "\n"
            for tune in read_tunes(path)
        ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    if stage == "read_tunes":
        count = sum(1 for _ in read_tunes(path))
    elif stage == "near_duplicate_groups":
        near_duplicate_groups(tunes)
        count = len(tunes)
    else:
        count = prepare(path).report["read"]
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS.
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return {
        "stage": stage,
        "tunes": count,
        "seconds": seconds,
        "megabytes": (after - before) / scale,
    }


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", nargs="+", metavar="PATH")
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--stages", nargs="*", default=STAGES, choices=STAGES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.measure:
        print(json.dumps(measure(*args.measure)))
        return

    started = time.perf_counter()
    report = prepare(args.data).report
    seconds = time.perf_counter() - started
    similar = report.get("near_duplicates", {"groups": 0, "tunes": 0})
    characters = {k: v["characters"] for k, v in report["splits"].items()}
    print_results(
        "What was read, dropped and kept",
        KEPT,
        kept_rows(report),
        [
            f"sources: {', '.join(report['sources'])}",
            f"prepared in {seconds:.1f} s",
            f"characters: {characters}",
            f"{similar['tunes']} tunes are near-duplicates of another, in "
            f"{similar['groups']} groups; a group stays in one split",
        ],
        args.json,
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.abc"
        if args.stages:
            write_generated(path, args.megabytes)
        for stage in args.stages:
            command = [sys.executable, __file__, "--measure", stage, path]
            run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            rows.append(json.loads(run.stdout))
    if rows:
        print()
        print_results(
            f"{args.megabytes:g} MB of generated ABC in one file",
            SPEED,
            rows,
            ["prepare keeps the tunes, read_tunes one at a time"],
            args.json,
        )


if __name__ == "__main__":
    try:
        main()
    except MitseqError as error:
        sys.exit(f"error: {error}")
