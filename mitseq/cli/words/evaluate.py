"""`mitseq words evaluate`: how well does a model know the next word?"""

from pathlib import Path

import click

from mitseq.cli.options import (
    data_option,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    positive,
    seed,
)
from mitseq.cli.program import (
    ManyPaths,
    check_out,
    command,
    print_figures,
    print_json,
)
from mitseq.cli.work import at_work

FILES = ("agreement.png", "evaluation.json")  # in --out


@command(
    "mitseq words evaluate",
    "mitseq words evaluate --model runs/book",
    "mitseq words evaluate --model runs/book --data other.txt --json",
    cls=ManyPaths,
)
@model_option("the model")
@data_option(
    "Text files that it has not learned from. Without it, what the training "
    "held out (test.txt beside the model), or new texts of the grammar."
)
@option(
    "--distance",
    type=click.IntRange(min=4),
    default=20,
    help="Of the grammar: the largest one.",
)
@option(
    "--count",
    type=positive,
    default=200,
    help="Of the grammar: questions of each kind and distance.",
)
@option("--seed", type=seed, default=0, help="Of the questions.")
@out_option("Folder for agreement.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: tuple[Path, ...],
    distance: int,
    count: int,
    seed: int,
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Measure a model on texts that it has not learned from.

    perplexity is e to the mean loss: among how many words the model hesitates.
    accuracy is how often the likeliest word is the one that came. A model of
    the grammar is asked for words that agree with one far before, in frames in
    which no training text has them; an n-gram of order 5, counted on the
    training's texts, is asked the same.
    """
    check_out(out, FILES, overwrite)
    paths = data or _kept(model)
    of_grammar = not paths
    from mitseq.tasks.words.texts import grammar_texts, read_paragraphs

    texts = [text for path in paths for text in read_paragraphs(path)]
    with at_work(device, verbose):
        from mitseq.tasks.words.evaluation import evaluate_words_model
        from mitseq.tasks.words.model import load_words_model

        loaded = load_words_model(model)
        if of_grammar:
            learned = grammar_texts(distance)
            texts = learned.test
        result = evaluate_words_model(loaded, texts)
        if of_grammar:
            result |= _agreement(loaded, learned, distance, count, seed)
    if out is not None:
        result["files"] = _write(out, result, distance)
    if as_json:
        print_json(result)
        return
    shown = ("texts", "words", "unknown", "perplexity", "accuracy")
    print_figures({name: result[name] for name in shown})
    for line in _table(result):
        click.echo(line)
    for path in result.get("files", ()):
        click.echo(path)


def _agreement(loaded, learned, distance, count, seed) -> dict:
    from functools import partial

    from mitseq.tasks.words.evaluation import agreement, chance
    from mitseq.tasks.words.model import embedding_of
    from mitseq.tasks.words.ngram import WordNGram
    from mitseq.tasks.words.predict import next_probs
    from mitseq.text.words import WordIndex

    index = WordIndex(embedding_of(loaded).vocabulary)
    ngram = WordNGram(learned.train)
    asked = {"most": distance, "count": count, "seed": seed}
    found = {
        "model": agreement(partial(next_probs, loaded), index, **asked),
        "n-gram": agreement(ngram.next_probs, ngram.index, **asked),
    }
    kinds = found["model"]
    return {
        "agreement": found,
        "chance": {kind: chance(kind) for kind in kinds},
    }


def _table(result: dict):
    """Yields the lines of the agreement, some of the distances a kind."""
    for kind, guess in result.get("chance", {}).items():
        yield f"{kind}, right at a distance of (a guess: {guess:.0%})"
        for name, kinds in result["agreement"].items():
            points = kinds[kind]
            chosen = list(points)[:: max(1, len(points) // 6)]
            chosen = dict.fromkeys([*chosen, max(points)])
            shares = "  ".join(f"{d}: {points[d]:.1%}" for d in chosen)
            yield f"  {name:6}  {shares}"


def _kept(model: Path | None) -> tuple[Path, ...]:
    """Returns what a training on text files held out, if it did."""
    import json

    if model is None:
        return ()
    folder = model if model.is_dir() else model.parent
    try:
        record = json.loads((folder / "run.json").read_text("utf-8"))
        has_files = bool(record["options"]["data"])
    except (OSError, ValueError, KeyError, TypeError):
        has_files = (folder / "test.txt").exists()
    return (folder / "test.txt",) if has_files else ()


def _write(out: Path, result: dict, distance: int) -> list[Path]:
    import json

    from mitseq.output import atomic_write
    from mitseq.plots.style import save_figure
    from mitseq.tasks.words.figures import plot_agreement

    files = []
    if "agreement" in result:
        curves = {
            f"{name}, {kind}": points
            for name, kinds in result["agreement"].items()
            for kind, points in kinds.items()
        }
        figure = plot_agreement(curves, chance=result["chance"]["language"])
        files.append(save_figure(figure, out / FILES[0]))
    text = json.dumps(result, indent=2) + "\n"
    return [*files, atomic_write(out / FILES[1], text)]
