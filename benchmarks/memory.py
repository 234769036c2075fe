"""What a piece of work adds to the memory of a fresh process; Linux only.

One process would hand on what it once had: each measurement gets its own. The
benchmark starts itself again with `peak_of`; there it calls `print_peak`.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


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
