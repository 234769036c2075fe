"""`mitseq music evaluate`: how well a model knows tunes it has never seen."""

from pathlib import Path

import click

from mitseq.cli.music.tunes import corpus_of
from mitseq.cli.options import (
    data_option,
    device_options,
    json_option,
    model_option,
    option,
    seed,
)
from mitseq.cli.program import (
    ManyPaths,
    command,
    print_figures,
    print_json,
    remark,
)
from mitseq.cli.work import at_work, progress


@command(
    "mitseq music evaluate --model runs/music",
    "mitseq music evaluate --model runs/music --data other.abc "
    "--samples 100 --json",
    cls=ManyPaths,
)
@model_option("the model")
@data_option(
    "Held-out tunes: ABC files and folders, all of them; of a folder of "
    "`mitseq music prepare` its test.abc. Without it, the test split of the "
    "tunes that the model was trained on."
)
@option(
    "--samples",
    type=click.IntRange(min=0),
    default=100,
    help="Also draw this many unfiltered tunes, and report how many the "
    "checker accepts and how many repeat a training tune.",
)
@option("--seed", type=seed, default=0, help="Of the samples.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: tuple[Path, ...],
    device: str,
    verbose: bool,
    as_json: bool,
    **samples,
) -> None:
    """Measure a model on tunes that it has not learned from.

    bits_per_character is the length of the held-out tunes, coded with the
    model, by the number of characters of their normalized text: models of
    characters and of tokens compare. Less is better.
    """
    with progress():
        tunes, dropped, train_tunes = _held_out(model, data)
    with at_work(device, verbose):
        from mitseq.tasks.music.evaluation import evaluate_music_model
        from mitseq.tasks.music.model import load_music_model

        result = evaluate_music_model(
            load_music_model(model), tunes, train_tunes=train_tunes, **samples
        )
    if as_json:
        nothing = {"samples": 0, "accepted": None, "copied": None}
        print_json(nothing | result | {"dropped": dropped})
        return
    if dropped:
        remark(f"{dropped} tunes could not be normalized and are left out")
    print_figures(result)


def _held_out(
    model: Path | None, data: tuple[Path, ...]
) -> tuple[list[str], int, list[str]]:
    """Returns tunes to judge on, how many were dropped, and training tunes."""
    from mitseq.tunes import corpus
    from mitseq.tunes.normalize import normalize
    from mitseq.tunes.notation import ABCError

    split = data[0] if len(data) == 1 and corpus.is_split(data[0]) else None
    if split or not data:
        learned = corpus.prepare(split or corpus_of(model))
        if not learned.test:
            raise corpus.CorpusError(
                f"{split or corpus_of(model)}: test.abc has no tune"
            )
        return learned.test, 0, learned.train
    tunes, dropped = [], 0
    for raw in corpus.read_tunes(data):
        try:
            tunes.append(normalize(raw.text))
        except ABCError:
            dropped += 1
    if not tunes:
        names = ", ".join(map(str, data))
        raise corpus.CorpusError(
            f"{names}: none of {dropped} tunes can be used"
        )
    return tunes, dropped, corpus.prepare(corpus_of(model)).train
