"""Requests a second of `mitseq sentiment serve`, and how long each takes.

    python benchmarks/serve.py
    python benchmarks/serve.py --model runs/reviews --clients 1 8 64

Starts a server in a process of its own and asks it from this one: each client
has a connection, sends a sentence of the project's grammar, waits for the
answer, and sends the next one. Both processes share the machine's cores. At the
end SIGTERM comes while all clients ask; every request that was sent before must
have its answer.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
from tables import print_results

from mitseq.errors import MitseqError

COLUMNS = {
    "clients": "clients|d",
    "requests": "requests/s|,.0f",
    "median": "median ms|.1f",
    "p99": "p99 ms|.1f",
    "longest": "longest ms|.1f",
    "batch": "texts a batch|.1f",
    "cpu": "server CPU ms a request|.2f",
}


def sentences(count: int = 1000) -> list[str]:
    """Returns different sentences of reviews, about twenty words each."""
    from mitseq.tasks.sentiment.grammar import write_reviews

    reviews = write_reviews(1 + count // 50, distances=(0, 1), seed=0)
    return [review.text for review in reviews][:count]


def request_of(text: str) -> bytes:
    """Returns the bytes of a request that asks about a text."""
    body = json.dumps({"text": text}).encode()
    head = (
        "POST /predict HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict]:
    """Reads an answer: its status, and what it holds."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    size = int(head.split("content-length:")[1].split("\r\n")[0])
    return int(head.split()[1]), json.loads(await reader.readexactly(size))


async def ask(
    port: int, requests: list[bytes], until: float, times: list[float]
) -> int:
    """Asks over one connection until a time, or until the server closes it.

    Args:
        port: Of the server.
        requests: What is sent, over and over.
        until: When to end, as of `time.monotonic`.
        times: Is given the seconds that each answer took.

    Returns:
        How many requests had no answer, or an error for one.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lost = count = 0
    try:
        while time.monotonic() < until and not reader.at_eof():
            started = time.monotonic()
            writer.write(requests[count % len(requests)])
            try:
                status, _ = await answer(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                lost += 1
                break
            times.append(time.monotonic() - started)
            lost += status != 200
            count += 1
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return lost


def cpu_seconds(process: subprocess.Popen) -> float:
    """Returns the CPU time of a process so far, or nan where none is told."""
    try:
        with open(f"/proc/{process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(
    process: subprocess.Popen,
    port: int,
    clients: int,
    seconds: float,
    requests: list[bytes],
) -> dict:
    """Lets clients ask at once; returns the row of the table."""

    async def batches():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        _, found = await answer(reader)
        writer.close()
        return found["batches"]

    times: list[float] = []
    before, started = await batches(), time.monotonic()
    spent = cpu_seconds(process)
    lost = await asyncio.gather(
        *(
            ask(port, requests[i::clients], started + seconds, times)
            for i in range(clients)
        )
    )
    took = time.monotonic() - started
    if any(lost):
        raise MitseqError(f"{sum(lost)} requests had no good answer")
    ms = 1000 * np.array(times)
    return {
        "clients": clients,
        "requests": len(ms) / took,
        "median": float(np.median(ms)),
        "p99": float(np.quantile(ms, 0.99)),
        "longest": float(ms.max()),
        "batch": len(ms) / (await batches() - before),
        "cpu": 1000 * (cpu_seconds(process) - spent) / len(ms),
    }


@contextlib.contextmanager
def server(options: list[str]) -> Iterator[tuple[subprocess.Popen, int]]:
    """Runs `mitseq sentiment serve`; gives the process and its port."""
    command = [sys.executable, "-m", "mitseq", "sentiment", "serve"]
    with subprocess.Popen(
        [*command, "--port", "0", *options], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline()
            if not line:
                raise MitseqError("the server did not start")
            yield process, int(line.rsplit(":", 1)[1])
        finally:
            process.terminate()


async def end(
    process: subprocess.Popen, port: int, clients: int, requests: list[bytes]
) -> int:
    """Sends SIGTERM while clients wait; returns how many were not answered."""

    async def one(request):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await writer.drain()
        sent.append(writer)
        try:
            status, _ = await answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            return 1
        finally:
            writer.close()
        return int(status != 200)

    sent: list = []
    asked = [asyncio.create_task(one(r)) for r in requests[:clients]]
    while len(sent) < clients:
        await asyncio.sleep(0)
    process.send_signal(signal.SIGTERM)
    return sum(await asyncio.gather(*asked))


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", help="a folder; the bundled one without it")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    requests = [request_of(text) for text in sentences()]
    asked = ["--model", options.model] if options.model else []
    with server(asked) as (process, port):
        asyncio.run(load(process, port, max(options.clients), 0.5, requests))
        rows = [
            asyncio.run(load(process, port, clients, options.seconds, requests))
            for clients in options.clients
        ]
        most = max(options.clients)
        lost = asyncio.run(end(process, port, most, requests))
        code = process.wait()
    print_results(
        "mitseq sentiment serve",
        COLUMNS,
        rows,
        [
            f"one sentence a request, {options.seconds:g} s a row",
            f"SIGTERM while {most} requests wait: {lost} without an answer, "
            f"exit code {code}",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    main()
