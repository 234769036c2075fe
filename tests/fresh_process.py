"""Programs in processes that have imported TensorFlow and Keras, no more.

To import TensorFlow takes seconds. One process does it once, before anything
of TensorFlow has run, and each program is a copy (`os.fork`) of that process.
What a program prints while it imports TensorFlow, and in which order things
are imported, is for processes of their own.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Each line that it reads asks for a program; it answers with the exit code.
_PARENT = """
import json, os, sys, traceback
import tensorflow, keras
assert "mitseq.layers" not in sys.modules

def run(code, argv, out, cwd):
    for number, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(f"{out}/{name}", os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(cwd)
    sys.argv = ["-c", *argv]
    status = 0
    try:
        exec(compile(code, "<program>", "exec"), {"__name__": "__main__"})
    except SystemExit as error:
        status = error.code
        if not (status is None or isinstance(status, int)):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)

answers = os.dup(1)
for line in sys.stdin:
    child = os.fork()
    if not child:
        run(**json.loads(line))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(answers, f"{status}\\n".encode())
"""


@functools.cache
def _parent():
    paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "KERAS_BACKEND": "tensorflow",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=env,
    )


def run_fresh(code, *argv, cwd=None):
    """Runs a program; returns what `subprocess.run` does.

    It ends when this process does: its standard input is then closed.
    """
    if not hasattr(os, "fork"):  # Windows
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, argv)],
            capture_output=True,
            text=True,
            cwd=cwd,
        )
    parent = _parent()
    with tempfile.TemporaryDirectory() as out:
        asked = {
            "code": code,
            "argv": [str(each) for each in argv],
            "out": out,
            "cwd": str(cwd or Path.cwd()),
        }
        parent.stdin.write(json.dumps(asked) + "\n")
        parent.stdin.flush()
        status = int(parent.stdout.readline())
        told = [
            Path(out, name).read_text(encoding="utf-8")
            for name in ("stdout", "stderr")
        ]
    return subprocess.CompletedProcess(["-c", code], status, *told)
