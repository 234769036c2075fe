"""`mitseq translate evaluate`: how good is a model, at which length?"""

from pathlib import Path

import click

from mitseq.cli.options import (
    data_option,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
)
from mitseq.cli.program import (
    ManyPaths,
    check_out,
    command,
    print_figures,
    print_json,
)
from mitseq.cli.translate.sentence import beams, penalty
from mitseq.cli.work import at_work

FILES = ("by_length.png", "evaluation.json")  # in --out
TEST = "test.tsv"


@command(
    "mitseq translate evaluate --model runs/translate",
    "mitseq translate evaluate --data pairs.tsv --out report",
    "mitseq translate evaluate --model runs/translate --beams 1 --json",
    cls=ManyPaths,
)
@model_option("the model")
@data_option(
    "Files of pairs that it has not learned from. Without it, what the "
    "training held out: test.tsv beside the model."
)
@option(
    "--reverse",
    is_flag=True,
    help="Of --data: the second column is the source.",
)
@beams
@penalty
@out_option("Folder for by_length.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: tuple[Path, ...],
    reverse: bool,
    beams: int,
    length_penalty: float,
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Measure a model on pairs that it has not learned from.

    chrF (characters) and BLEU (words) compare with all translations that are
    known of a sentence, 0 to 100; they need sacrebleu. perplexity is e to the
    mean loss: among how many words the model hesitates. exact is how many
    sentences are one of the known translations, with the interval that so few
    sentences leave; accuracy is the share of words at their place.
    """
    check_out(out, FILES, overwrite)
    from mitseq.tasks.translate.pairs import read_pairs

    paths = data or _kept(model)
    pairs = [pair for path in paths for pair in read_pairs(path)]
    if data and reverse:
        pairs = [pair.reversed() for pair in pairs]
    with at_work(device, verbose):
        from mitseq.tasks.translate.evaluation import evaluate_translation_model
        from mitseq.tasks.translate.model import load_translation_model

        result = evaluate_translation_model(
            load_translation_model(model),
            pairs,
            beams=beams,
            length_penalty=length_penalty,
        )
    if out is not None:
        result["files"] = _write(out, result)
    if as_json:
        print_json(result)
        return
    shown = ("sentences", "unknown", "perplexity", "chrf", "bleu", "accuracy")
    print_figures({name: result[name] for name in shown})
    low, high = result["exact_interval"]
    click.echo(f"exact       {result['exact']:.1%} ({low:.1%} to {high:.1%})")
    click.echo("words  sentences  chrF  accuracy")
    for row in result["by_length"]:
        click.echo(
            f"{row['words']:5}  {row['sentences']:9}  {row['chrf']:4.1f}  "
            f"{row['accuracy']:8.1%}"
        )
    for path in result.get("files", ()):
        click.echo(path)


def _kept(model: Path | None) -> tuple[Path, ...]:
    """Returns what a training held out."""
    if model is None:
        raise click.UsageError(
            "the model that comes with mitseq carries no pairs: expected "
            "--data PATH, or --model DIR of a training"
        )
    folder = model if model.is_dir() else model.parent
    if not (folder / TEST).exists():
        raise click.UsageError(
            f"{folder / TEST} is not there: expected --data PATH"
        )
    return (folder / TEST,)


def _write(out: Path, result: dict) -> list[Path]:
    import json

    from mitseq.output import atomic_write
    from mitseq.plots.style import save_figure
    from mitseq.tasks.translate.figures import plot_by_length

    figure = plot_by_length(
        {"this model": result["by_length"]},
        measure="chrf",
        fewest=1,
        title="How good by the length of the source",
    )
    text = json.dumps(result, indent=2) + "\n"
    return [
        save_figure(figure, out / FILES[0]),
        atomic_write(out / FILES[1], text),
    ]
