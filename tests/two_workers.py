"""Runs code in two processes at once, workers of one cluster on loopback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 600  # nothing waits that long, but machines are slow


def free_addresses(count=2):
    """Addresses of this machine that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    found = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return ",".join(found)


def start(command, cwd=None):
    """Starts a process that sees no GPU, and one thread for each operation."""
    env = os.environ | {
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "PYTHONPATH": str(ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "2",
    }
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=cwd,
    )


def wait_for(processes):
    """Returns the exit code, output and errors of each process."""
    try:
        told = [p.communicate(timeout=SECONDS) for p in processes]
    finally:
        for process in processes:
            process.kill()
    return [
        (p.returncode, *texts) for p, texts in zip(processes, told, strict=True)
    ]


def run_two(code, *arguments):
    """Runs code with `sys.argv = [..., addresses, task, *arguments]`."""
    addresses = free_addresses()
    processes = [
        start(["-c", code, addresses, task, *arguments]) for task in (0, 1)
    ]
    return wait_for(processes)
