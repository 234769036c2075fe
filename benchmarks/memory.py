"""What a piece of work adds to the memory of a fresh process; Linux only.

One process would hand on what it once had: each measurement gets its own. The
benchmark starts itself again with `peak_of`; there it calls `print_peak`.

`cost_of` is what a whole command costs, on any Unix. A process inherits the
peak of the one that starts it, so a small one stands between.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple

_BETWEEN = """
import json, os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
seconds = time.perf_counter() - started
code = os.waitstatus_to_exitcode(status)
processor = used.ru_utime + used.ru_stime
unit = 1 if sys.platform == "darwin" else 1024
megabytes = used.ru_maxrss * unit / 1e6
print(json.dumps([code, seconds, processor, megabytes]))
"""


class Cost(NamedTuple):
    """What a command took."""

    seconds: float  # by the clock
    processor: float  # seconds of all cores
    megabytes: float  # the most that it had


def megabytes(name: str) -> float:
    """Of this process: `VmRSS`, what it has, or `VmHWM`, the most it had.

    Not `getrusage`, whose peak a process inherits from the one that starts it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(li for li in status.splitlines() if li.startswith(name))
    return int(line.split()[1]) / 1024


def print_peak(work: Callable[[], object]) -> None:
    """Prints by how many MB the peak lies above what there was before."""
    before = megabytes("VmRSS")
    work()
    print(json.dumps({"peak": megabytes("VmHWM") - before}))


def peak_of(script: str, *arguments: str) -> float:
    """MB that a script prints by `print_peak`, run in a fresh process."""
    command = [sys.executable, script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])["peak"]


def cost_of(*command: str, stdin: IO | None = None) -> Cost:
    """Runs a command whose output is of no interest.

    Raises:
        SystemExit: if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-S", "-c", _BETWEEN, *command],
        stdin=stdin,
        stdout=subprocess.PIPE,
        check=True,
    )
    code, *cost = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{' '.join(command)}: exit {code}")
    return Cost(*cost)
