"""A classifier behind HTTP: JSON in, JSON out, many who ask at once.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). Who asks while the model is at work waits, and all
who wait are one batch. So there is no delay to wait for company, and the more
ask, the larger the batches are.

    POST /predict   {"text": "..."} or {"texts": ["...", ...]}
    POST /explain   {"text": "..."}, and {"label": "..."} if wished
    GET  /health

What goes wrong is an answer {"error": "..."} with its HTTP status. It is made
for programs on the same machine, or to stand behind a proxy that encrypts, and
knows who may ask.
"""

import asyncio
import contextlib
import json
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.neutral import scores_of

try:
    from aiohttp import web
except ImportError as error:
    raise MitseqError(
        "serving needs aiohttp: pip install 'mitseq[serve]'"
    ) from error

_log = logging.getLogger(__name__)

KINDS = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


@dataclass(frozen=True)
class Limits:
    """What a server refuses, so that one who asks cannot starve the others."""

    bytes: int = 1_000_000  # of a request
    texts: int = 1_000  # of a request
    characters: int = 20_000  # of a text that is explained
    waiting: int = 20_000  # texts that wait at once
    seconds: float = 30.0  # from the first byte of a request to its answer
    batch: int = 256  # texts that are classified together


class Refusal(Exception):
    """An answer that is an error: its HTTP status, and why."""

    def __init__(self, status: int, why: str):
        super().__init__(why)
        self.status = status


class Batcher:
    """Makes batches of texts that wait, and gives each its row.

    Args:
        run: From a list of texts to a row for each; runs in a thread.
        limits: Of them `waiting` and `batch` count.
    """

    def __init__(self, run: Callable[[list[str]], np.ndarray], limits: Limits):
        self.run, self.limits = run, limits
        self.waiting: list[tuple[list[str], asyncio.Future]] = []
        self.count = 0  # texts that wait or are at work
        self.batches = 0  # that were run
        self._come = asyncio.Event()
        self._thread = ThreadPoolExecutor(1)
        self._task: asyncio.Task | None = None

    async def __call__(self, texts: list[str]) -> np.ndarray:
        """Returns the rows of texts, when their batch has been run.

        Raises:
            Refusal: if too many texts wait.
        """
        if self.count + len(texts) > self.limits.waiting:
            raise Refusal(
                503, f"{self.count} texts wait already: ask again later"
            )
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        future = asyncio.get_running_loop().create_future()
        self.waiting.append((texts, future))
        self.count += len(texts)
        self._come.set()
        try:
            return await future
        finally:
            self.count -= len(texts)

    async def _work(self):
        loop = asyncio.get_running_loop()
        while True:
            await self._come.wait()
            taken = self._take()
            texts = [text for some, _ in taken for text in some]
            try:
                rows = await loop.run_in_executor(self._thread, self.run, texts)
            except Exception as error:
                for _, future in taken:
                    if not future.done():
                        future.set_exception(error)
                continue
            self.batches += 1
            done = 0
            for some, future in taken:
                if not future.done():  # who asked may have gone
                    future.set_result(rows[done : done + len(some)])
                done += len(some)

    def _take(self):
        """Those who came first, as many as a batch holds, at least one."""
        count, size = 0, 0
        for texts, _ in self.waiting:
            if count and size + len(texts) > self.limits.batch:
                break
            count, size = count + 1, size + len(texts)
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        if not self.waiting:
            self._come.clear()
        return [each for each in taken if not each[1].done()]

    async def close(self) -> None:
        """Ends the work; who still waits is not answered."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown()


class Service:
    """What a classifier answers, and to what.

    Args:
        classifier: A classifier that is fitted.
        limits: What is refused.
    """

    def __init__(self, classifier: SentimentClassifier, limits: Limits):
        self.classifier, self.limits = classifier, limits
        self.classes = [str(name) for name in classifier.classes_]
        self.batcher = Batcher(classifier.predict_proba, limits)
        self.explaining = Batcher(self._explanations, limits)
        self.is_closing = False

    def app(self) -> web.Application:
        """Returns the application of aiohttp."""
        app = web.Application(
            middlewares=[self._answer], client_max_size=self.limits.bytes
        )
        app.router.add_post("/predict", self.predict)
        app.router.add_post("/explain", self.explain)
        app.router.add_get("/health", self.health)

        async def close(app):
            await self.batcher.close()
            await self.explaining.close()

        app.on_cleanup.append(close)
        return app

    async def predict(self, request: web.Request) -> dict:
        """Answers with labels and probabilities."""
        asked = await self._asked(request, {"text", "texts"})
        if len(asked) != 1:
            raise Refusal(400, 'expected either "text" or "texts"')
        texts = asked.get("texts", [asked.get("text")])
        _check_kind("texts", texts, list)
        if len(texts) > self.limits.texts:
            raise Refusal(
                413,
                f'"texts" has {len(texts)} texts, at most {self.limits.texts}',
            )
        for i, text in enumerate(texts):
            name = f"texts[{i}]" if "texts" in asked else "text"
            _check_kind(name, text, str)
        rows = await self.batcher(texts) if texts else []
        results = self._told(rows)
        if "text" in asked:
            return results[0]
        return {"classes": self.classes, "texts": results}

    async def explain(self, request: web.Request) -> dict:
        """Answers with what each word contributes."""
        asked = await self._asked(request, {"text", "label"})
        text, label = asked.get("text"), asked.get("label")
        _check_kind("text", text, str)
        if len(text) > self.limits.characters:
            raise Refusal(
                413,
                f'"text" has {len(text)} characters, at most '
                f"{self.limits.characters} are explained",
            )
        if label is not None and label not in self.classes:
            raise Refusal(400, f'"label" must be one of {self.classes}')
        ((found,),) = await self.explaining([(text, label)])
        return found

    async def health(self, request: web.Request) -> dict:
        """Tells that it works, and how much there is to do."""
        return {
            "status": "closing" if self.is_closing else "ok",
            "classes": self.classes,
            "waiting": self.batcher.count,
            "batches": self.batcher.batches,
        }

    def warm_up(self) -> None:
        """Makes what is made once, before anybody waits for it."""
        self.classifier.predict_proba(["good"])
        self.classifier.explain("good")

    def _explanations(self, asked):
        found = []
        for text, label in asked:
            kept = self.classifier.classes_.tolist()
            if label is not None:
                label = kept[self.classes.index(label)]
            found.append([self.classifier.explain(text, label=label).to_dict()])
        return found

    def _told(self, rows):
        if not len(rows):
            return []
        probs = np.stack(rows)
        answers = self.classifier.answers(probs).tolist()
        scores = scores_of(probs, self.classes)
        told = [
            {
                "label": str(answer),
                "probability": max(row),
                "probabilities": dict(zip(self.classes, row, strict=True)),
            }
            for answer, row in zip(answers, probs.tolist(), strict=True)
        ]
        if scores is not None:
            for each, score in zip(told, scores.tolist(), strict=True):
                each["score"] = score
        return told

    async def _asked(self, request, known) -> dict:
        if (request.content_length or 0) > self.limits.bytes:
            raise Refusal(413, f"more than {self.limits.bytes} bytes")
        try:
            asked = json.loads((await request.read()).decode())
        except UnicodeDecodeError as error:
            raise Refusal(
                400, f"the body is not UTF-8 at byte {error.start}"
            ) from None
        except (ValueError, RecursionError) as error:
            raise Refusal(400, f"the body is no JSON: {error}") from None
        _check_kind("the body", asked, dict)
        for name in asked:
            if name not in known:
                raise Refusal(
                    400,
                    f"{json.dumps(name[:40])} is not known, expected "
                    f"{' or '.join(map(json.dumps, sorted(known)))}",
                )
        return asked

    @web.middleware
    async def _answer(self, request, handler):
        status, headers = 200, {}
        try:
            answer = await asyncio.wait_for(
                handler(request), self.limits.seconds
            )
        except Refusal as refusal:
            status, answer = refusal.status, {"error": str(refusal)}
        except asyncio.TimeoutError:  # Python 3.10 has two of this name
            status = 503 if request.content.is_eof() else 408
            answer = {"error": f"not done in {self.limits.seconds:g} seconds"}
        except web.HTTPRequestEntityTooLarge:
            status = 413
            answer = {"error": f"more than {self.limits.bytes} bytes"}
        except web.HTTPException as error:  # no such path, no such method
            status, answer = error.status, {"error": error.reason}
            headers = {k: v for k, v in error.headers.items() if k == "Allow"}
        except (ConnectionError, web.RequestPayloadError):
            status, answer = 400, {"error": "the request broke off"}
        except Exception:
            _log.exception("a request has failed")
            status, answer = 500, {"error": "something broke here"}
        response = web.Response(
            body=json.dumps(answer).encode(),
            status=status,
            headers=headers,
            content_type="application/json",
        )
        if self.is_closing or status in (408, 413):
            response.force_close()
        return response


def _check_kind(name: str, value: Any, kind: type) -> None:
    if type(value) is not kind:
        shown = name if name == "the body" else json.dumps(name)
        raise Refusal(
            400,
            f"{shown} must be {KINDS[kind]}. Received: {KINDS[type(value)]}.",
        )


def serve(
    classifier: SentimentClassifier,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    limits: Limits | None = None,
    told: Callable[[str], None] = print,
) -> None:
    """Answers over HTTP until SIGTERM or Ctrl-C; then those who wait.

    Args:
        classifier: A classifier that is fitted.
        host: The address to listen at.
        port: The port; 0 for one that is free.
        limits: What is refused.
        told: Is given the address when it is ready.

    Raises:
        MitseqError: if it cannot listen there.
    """
    service = Service(classifier, limits or Limits())
    service.warm_up()
    asyncio.run(_serve(service, host, port, told))


async def _serve(service: Service, host, port, told) -> None:
    seconds = service.limits.seconds
    runner = web.AppRunner(
        service.app(),
        handle_signals=False,
        access_log=None,
        shutdown_timeout=seconds,
        keepalive_timeout=75,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise MitseqError(
            f"cannot listen at {host}:{port}: {error.strerror or error}"
        ) from None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    address, number = runner.addresses[0][:2]
    if ":" in address:
        address = f"[{address}]"
    told(f"http://{address}:{number}")
    await stop.wait()
    # What has come by now is read and answered; each answer ends its
    # connection, so that nobody sends another request into it.
    service.is_closing = True
    await asyncio.sleep(GRACE)
    await runner.cleanup()  # listens no more, and waits for those at work


GRACE = 0.25  # seconds
