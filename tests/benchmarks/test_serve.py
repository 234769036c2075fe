"""The load generator: it counts what is answered, and what is not."""

import asyncio
import json

import pytest
from serve import ask, main, request_of, sentences

from mitseq.errors import MitseqError


def test_sentences_are_different_and_requests_are_whole():
    texts = sentences(100)
    assert len(set(texts)) == len(texts) == 100
    head, body = request_of("café").split(b"\r\n\r\n")
    assert json.loads(body) == {"text": "café"}
    assert f"Content-Length: {len(body)}".encode() in head


def test_what_has_no_answer_is_counted():
    async def close_at_once(reader, writer):
        await reader.readuntil(b"}")
        writer.close()

    async def refuse(reader, writer):
        await reader.readuntil(b"}")
        writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async def lost_by(server):
        async with await asyncio.start_server(server, "127.0.0.1", 0) as s:
            port = s.sockets[0].getsockname()[1]
            return await ask(port, [request_of("a")], float("inf"), [])

    assert asyncio.run(lost_by(close_at_once)) == 1
    assert asyncio.run(lost_by(refuse)) >= 1


def test_a_server_is_started_asked_and_ended(capsys):
    rows = main(["--clients", "1", "3", "--seconds", "0.3", "--json"])
    assert [row["clients"] for row in rows] == [1, 3]
    assert all(row["requests"] > 0 and row["p99"] > 0 for row in rows)
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert "0 without an answer, exit code 0" in notes[1]
    with pytest.raises(MitseqError, match="did not start"):
        main(["--model", "no such folder", "--seconds", "0.1"])
