"""The check's side of the process in which students' code runs."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from mitseq.errors import MitseqError

SECONDS = 10.0  # for one exercise
MEMORY = 2**31  # bytes
LONGEST = 2**24  # bytes of one reply
START = 60.0  # seconds until a process is ready, on a machine that is busy

Raw = dict[str, Any]


class Child:
    """A process that runs files of students, one after another.

    One process serves many files. It is started when it is first needed, and
    anew after it had to be stopped. Use it as a context.

    Raises:
        MitseqError: by `run`, if the process does not start.

    Args:
        seconds: For one exercise, and for what a file does when it is read.
        memory: Bytes that a file may use, where the platform has such limits.
        fork: Whether each file gets a fork of the process; None where the
            platform can.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Child() as child:
    ...     path = Path(folder, "01_pencil.py")
    ...     _ = path.write_text("import os; os._exit(7)")
    ...     child.run(path, ["pencil"])["stopped"]
    'it ended the process with exit code 7'
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        fork: bool | None = None,
    ):
        self.seconds, self.memory = seconds, memory
        self.fork = hasattr(os, "fork") if fork is None else fork
        self._process: subprocess.Popen | None = None
        self._replies: queue.Queue = queue.Queue()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def run(self, path: Path, names: list[str]) -> Raw:
        """Runs a file and calls what it defines.

        Args:
            path: The file.
            names: The exercises that it answers.

        Returns:
            "cases": for each exercise the outcomes so far; "lacks": the
            exercises whose function is not there; "failed": an outcome, if
            the file itself does not run; "stopped": why it was stopped or
            ended, and "at": in which exercise, '' for none; "printed"; "file",
            its name.
        """
        self._start()
        found: Raw = {"cases": {}, "lacks": [], "at": "", "file": path.name}
        request = {
            "path": os.path.abspath(path),
            "names": names,
            "memory": self.memory,
            "cpu": int(self.seconds * (len(names) + 1)) + 2,
            "fork": self.fork,
        }
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:  # it has gone
            self.close()
            return found | {"stopped": "it ended the process"}
        until = time.monotonic() + self.seconds
        done = False
        while True:
            try:
                reply = self._replies.get(
                    timeout=max(until - time.monotonic(), 0)
                )
            except queue.Empty:
                self.close()
                found["stopped"] = f"it did not end in {self.seconds:g} s"
                return found
            if reply is None or reply.get("end"):
                if reply is None:
                    self.close()
                if not done and "stopped" not in found:
                    found["stopped"] = "it ended the process"
                return found
            done = done or "done" in reply
            if "begins" in reply:
                until = time.monotonic() + self.seconds
            _note(reply, found)

    def close(self) -> None:
        """Ends the process, and all that it has started."""
        process, self._process = self._process, None
        if process is None:
            return
        if hasattr(os, "killpg"):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                process.kill()
        else:
            process.kill()
        process.wait()
        self._reader.join()
        process.stdin.close()
        process.stdout.close()

    def _start(self) -> None:
        if self._process is not None:
            return
        one = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")  # small products
        # no shell, and a module of this package
        self._process = subprocess.Popen(  # nosec B603
            [sys.executable, "-m", "mitseq.exercises.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={
                **os.environ,
                **{f"{name}_NUM_THREADS": "1" for name in one},
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            },
        )
        self._replies = queue.Queue()
        self._reader = threading.Thread(
            target=_read,
            args=(self._process.stdout, self._replies),
            daemon=True,
        )
        self._reader.start()
        try:
            ready = self._replies.get(timeout=START)
        except queue.Empty:
            ready = None
        if not ready:
            self.close()
            raise MitseqError(
                "the process for students' code did not start; python -m "
                "mitseq.exercises.worker says why"
            )


def _note(reply: Raw, found: Raw) -> None:
    """Adds a reply to what was found."""
    if "begins" in reply:
        found["at"] = reply["begins"]
        if found["at"]:
            found["cases"][found["at"]] = []
    elif "case" in reply:
        found["cases"][found["at"]].append(reply["case"])
    elif "lacks" in reply:
        found["lacks"].append(reply["lacks"])
    elif "died" in reply:
        found["stopped"] = reply["died"]
    else:
        found.update(reply)


def _read(stream, replies: queue.Queue) -> None:
    """Passes on each line, and None at the end."""
    while line := stream.readline(LONGEST):
        try:
            reply = json.loads(line)
        except ValueError:
            break
        if not isinstance(reply, dict):
            break
        replies.put(reply)
    replies.put(None)
