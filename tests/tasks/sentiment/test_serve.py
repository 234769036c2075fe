"""A server: who waits is one batch, and who asks nonsense is told so."""

import asyncio
import builtins
import importlib
import re
import sys
import threading

import numpy as np
import pytest
from aiohttp.test_utils import TestClient, TestServer

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.serve import Batcher, Limits, Refusal, Service


def lengths(texts):
    return np.array([[len(text)] for text in texts])


def test_those_who_wait_are_one_batch():
    seen, go = [], threading.Event()

    def run(texts):
        go.wait(10)
        seen.append(len(texts))
        return lengths(texts)

    async def main():
        batcher = Batcher(run, Limits(batch=6))
        first = asyncio.create_task(batcher(["a"]))
        await asyncio.sleep(0.05)  # it is at work, and alone
        later = [
            asyncio.create_task(batcher(["b" * i] * 2)) for i in range(1, 5)
        ]
        await asyncio.sleep(0.05)
        assert batcher.count == 9
        later[1].cancel()  # who has gone is not worked for
        await asyncio.sleep(0)
        go.set()
        assert (await first).tolist() == [[1]]
        for i in (0, 2, 3):
            assert (await later[i]).tolist() == [[i + 1]] * 2
        await batcher.close()
        return batcher.count

    assert asyncio.run(main()) == 0
    assert seen == [1, 4, 2]  # at most 6 at once, one of which has gone


def test_what_goes_wrong_is_told_to_all_of_the_batch():
    def run(texts):
        if "bad" in texts:
            raise RuntimeError("broken")
        return lengths(texts)

    async def main():
        batcher = Batcher(run, Limits(waiting=3))
        both = await asyncio.gather(
            batcher(["bad"]), batcher(["x"]), return_exceptions=True
        )
        assert [str(error) for error in both] == ["broken"] * 2
        assert (await batcher(["good"])).tolist() == [[4]]
        with pytest.raises(Refusal, match="0 texts wait already") as refused:
            await batcher(["a"] * 4)
        assert refused.value.status == 503
        await batcher.close()

    asyncio.run(main())


@pytest.fixture
def answers(trained):
    """Asks a service of the trained classifier, one request after another."""

    def answers(*requests, limits=None, before=None):
        async def main():
            service = Service(trained, limits or Limits())
            if before is not None:
                before(service)
            async with TestClient(TestServer(service.app())) as client:
                found = []
                for path, sent in requests:
                    how = {"json": sent}
                    if isinstance(sent, bytes):
                        how = {"data": sent}
                    method = "GET" if sent is None else "POST"
                    answer = await client.request(method, path, **how)
                    assert answer.content_type == "application/json"
                    found.append((answer.status, await answer.json()))
                return found

        return asyncio.run(main())

    return answers


def test_it_answers_as_the_classifier_does(trained, answers):
    texts = ["the food was good", "the plot was dull", "", "\ud800"]
    one, several, none, reasons, other, health = answers(
        ("/predict", {"text": texts[0]}),
        ("/predict", {"texts": texts}),
        ("/predict", {"texts": []}),
        ("/explain", {"text": texts[0]}),
        ("/explain", {"text": texts[0], "label": "neg"}),
        ("/health", None),
    )
    probs = trained.predict_proba(texts)
    assert {status for status, _ in (one, several, none, reasons)} == {200}
    assert [x["label"] for x in several[1]["texts"]] == [
        *trained.predict(texts)
    ]
    for row, found in zip(probs, several[1]["texts"], strict=True):
        values = list(found["probabilities"].values())
        np.testing.assert_allclose(values, row, atol=1e-6)
        assert found["probability"] == max(values)
        np.testing.assert_allclose(found["score"], row[1] - row[0], atol=1e-6)
    np.testing.assert_allclose(one[1]["probability"], probs[0].max(), 1e-6)
    assert none[1] == {"classes": ["neg", "pos"], "texts": []}
    expected = trained.explain(texts[0]).to_dict()
    assert reasons[1]["words"] == expected["words"]
    np.testing.assert_allclose(
        reasons[1]["contributions"]["leave_one_out"],
        expected["contributions"]["leave_one_out"],
        atol=1e-6,
    )
    assert other[1]["label"] == "neg"
    told = {"status": "ok", "classes": ["neg", "pos"], "waiting": 0}
    assert health == (200, {**told, "batches": 2})


@pytest.mark.parametrize(
    ("path", "sent", "status", "why"),
    [
        ("/predict", b'{"text": "go', 400, "no JSON"),
        ("/predict", b'{"text": "\xff"}', 400, "not UTF-8 at byte 10"),
        ("/predict", b"[" * 100_000, 400, "no JSON"),
        ("/predict", b"", 400, "no JSON"),
        ("/predict", [1], 400, "the body must be an object.*an array"),
        ("/predict", {}, 400, 'either "text" or "texts"'),
        ("/predict", {"text": "a", "texts": []}, 400, "either"),
        ("/predict", {"text": 3}, 400, '"text" must be a string.*a number'),
        ("/predict", {"text": None}, 400, "Received: null"),
        ("/predict", {"texts": "a"}, 400, '"texts" must be an array'),
        ("/predict", {"texts": ["a", True]}, 400, r'"texts\[1\]".*true or'),
        ("/predict", {"txt": "a"}, 400, '"txt" is not known, expected "text"'),
        ("/predict", {"texts": ["a"] * 6}, 413, "6 texts, at most 5"),
        ("/predict", {"text": "a" * 200_000}, 413, "more than 150000 bytes"),
        ("/explain", {"text": "a" * 101}, 413, "101 characters, at most 100"),
        ("/explain", {"text": "a", "label": "x"}, 400, '"label" must be one'),
        ("/explain", {"text": "a", "label": {}}, 400, '"label" must be one'),
        ("/explain", {"label": "pos"}, 400, '"text" must be a string'),
        ("/nothing", {"text": "a"}, 404, "Not Found"),
        ("/predict", None, 405, "Method Not Allowed"),
    ],
)
def test_what_cannot_be_answered_has_its_reason(
    answers, path, sent, status, why
):
    limits = Limits(bytes=150_000, texts=5, characters=100)
    (refused, fine) = answers(
        (path, sent), ("/predict", {"text": "good"}), limits=limits
    )
    assert refused[0] == status
    assert re.search(why, refused[1]["error"])
    assert fine[0] == 200


def test_who_waits_too_long_is_told(answers):
    held = threading.Event()

    def slow(service):
        service.batcher.run = lambda texts: held.wait(0.4) or lengths(texts)

    ((status, answer),) = answers(
        ("/predict", {"text": "a"}), limits=Limits(seconds=0.1), before=slow
    )
    assert (status, answer) == (503, {"error": "not done in 0.1 seconds"})


def test_what_breaks_is_an_answer_too(answers, caplog):
    def broken(service):
        service.batcher.run = lambda texts: 1 / 0

    ((status, answer),) = answers(("/predict", {"text": "a"}), before=broken)
    assert (status, answer) == (500, {"error": "something broke here"})
    assert "ZeroDivisionError" in caplog.text


def test_without_aiohttp_the_error_names_the_command(monkeypatch):
    known = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("aiohttp"):
            raise ImportError(name)
        return known(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    module = sys.modules["mitseq.tasks.sentiment.serve"]
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[serve\]'"):
        importlib.reload(module)
