"""`mitseq sentiment serve`: a classifier that answers over HTTP."""

from pathlib import Path

import click

from mitseq.cli.options import (
    PositiveNumber,
    device_option,
    model_option,
    option,
    positive,
)
from mitseq.cli.program import command, remark
from mitseq.cli.work import at_work


@command(
    "mitseq sentiment serve --model runs/reviews --port 8000",
)
@model_option("the classifier")
@option("--host", default="127.0.0.1", help="The address to listen at.")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    help="The port; 0 for one that is free.",
)
@option(
    "--max-bytes",
    type=positive,
    default=1_000_000,
    help="Largest request.",
)
@option(
    "--max-seconds",
    type=PositiveNumber(3600),
    default=30,
    help="Longest time from a request to its answer.",
)
@device_option
def serve(
    model: Path | None,
    host: str,
    port: int,
    max_bytes: int,
    max_seconds: float,
    device: str,
) -> None:
    """Answer JSON over HTTP: POST /predict, POST /explain, GET /health.

    To ask: curl -d '{"text": "so good"}' http://127.0.0.1:8000/predict

    For programs on this machine, or behind a proxy that encrypts and knows who
    may ask. The address is printed when it is ready. SIGTERM or Ctrl-C end it,
    when all who wait have their answer. Needs mitseq[serve].
    """
    with at_work(device):
        from mitseq.tasks.sentiment.classifier import SentimentClassifier
        from mitseq.tasks.sentiment.serve import Limits
        from mitseq.tasks.sentiment.serve import serve as answer

        classifier = SentimentClassifier.load(model)
    remark("Ctrl-C ends it; see docs/command_line.md for what to ask")
    from mitseq.devices import device as on_device

    with on_device(device):
        answer(
            classifier,
            host,
            port,
            limits=Limits(bytes=max_bytes, seconds=max_seconds),
            told=click.echo,
        )
