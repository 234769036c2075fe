"""The server as a user starts it: a process, a port, an orderly end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT


@contextlib.contextmanager
def serving(model, *options):
    """Runs a server in a process; gives the process and its port."""
    command = [sys.executable, "-m", "mitseq", "sentiment", "serve"]
    command += ["--port", "0", "--model", str(model), *options]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            address = process.stdout.readline()
            assert address.startswith("http://127.0.0.1:"), (
                process.stderr.read()
            )
            yield process, int(address.rsplit(":", 1)[1])
        finally:
            process.kill()


def send(port, body, path="/predict", size=None):
    """Sends a request over a connection of its own, and returns that."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    size = len(body) if size is None else size
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def answer(connection):
    """Reads one answer: its status, its JSON, and whether it is the last."""
    with connection, connection.makefile("rb") as file:
        status = int(file.readline().split()[1])
        head = {}
        while line := file.readline().strip():
            name, _, value = line.decode().partition(": ")
            head[name.lower()] = value
        found = json.loads(file.read(int(head["content-length"])))
    return status, found, head.get("connection") == "close"


def test_from_the_first_request_to_the_last(tiny_model):
    limits = ("--max-bytes", "200000", "--max-seconds", "20")
    with serving(tiny_model, *limits) as (process, port):
        good = json.dumps({"text": "good"}).encode()
        status, found, _ = answer(send(port, good))
        assert (status, found["label"]) == (200, "positive")

        # requests that are none; the server goes on
        with send(port, b'{"text"', size=100):
            pass  # the client has gone in the middle
        status, found, is_last = answer(send(port, b"", size=10**9))
        assert (status, is_last) == (413, True)
        assert found == {"error": "more than 200000 bytes"}
        assert answer(send(port, b"\xff{}"))[0] == 400
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
            assert b"400" in connection.recv(1000)
        assert answer(send(port, good))[0] == 200

        # many wait, one of them for a body that has not come; then SIGTERM
        text = "good bad not " * 60
        slow = json.dumps({"text": text}).encode()
        waiting = [send(port, slow, "/explain") for _ in range(20)]
        waiting += [send(port, good) for _ in range(20)]
        half = send(port, good[:5], size=len(good))
        process.send_signal(signal.SIGTERM)
        half.sendall(good[5:])
        answers = [answer(connection) for connection in [*waiting, half]]
        assert [status for status, _, _ in answers] == [200] * 41
        assert all(len(x["words"]) == 180 for _, x, _ in answers[:20])
        assert process.wait(timeout=20) == 0
        with pytest.raises(ConnectionRefusedError):
            send(port, good)
        assert "Traceback" not in process.stderr.read()


def test_a_port_that_is_taken_is_one_line(run, tiny_model):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("sentiment", "serve", "--model", tiny_model, "--port", port)
    assert done.code == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"mitseq: error: cannot listen at 127.0.0.1:{port}")
