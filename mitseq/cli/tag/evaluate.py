"""`mitseq tag evaluate`: how many tags are right?"""

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
    one_line,
    print_figures,
    print_json,
)
from mitseq.cli.work import at_work

FILES = ("confusion.png", "evaluation.json")  # in --out


@command(
    "mitseq tag evaluate",
    "mitseq tag evaluate --model runs/ewt --data en_ewt-ud-test.conllu",
    "mitseq tag evaluate --model runs/ewt --out evaluation --json",
    cls=ManyPaths,
)
@model_option("the model")
@data_option(
    "CoNLL-U that it has not learned from. Without it, what the training held "
    "out (test.conllu beside the model), or new sentences of the grammar."
)
@out_option("Folder for confusion.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: tuple[Path, ...],
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Measure a model on sentences that it has not learned from.

    An unknown word is one that no training sentence has, in any spelling. The
    peer gives each word the tag that it has most often in the training, and an
    unknown one the most frequent tag of all.
    """
    check_out(out, FILES, overwrite)
    sentences, peer, name = _judges(model, data)
    with at_work(device, verbose):
        from mitseq.tasks.tag.evaluation import evaluate_tags
        from mitseq.tasks.tag.model import load_tag_model
        from mitseq.tasks.tag.predict import tag_words

        loaded = load_tag_model(model)
        words = [sentence.words for sentence in sentences]
        given = [each.tags for each in tag_words(loaded, words)]
        found = evaluate_tags(sentences, given, peer.knows)
        counted = evaluate_tags(
            sentences, [peer.tags_for(each) for each in words], peer.knows
        )
    result = {"data": name, **found.as_dict()}
    result["most_frequent_tag"] = {
        "accuracy": counted.accuracy,
        "unknown_accuracy": counted.as_dict()["unknown_accuracy"],
    }
    if out is not None:
        result["files"] = _write(out, found, result)
    if as_json:
        print_json(result)
        return
    low, high = result["accuracy_interval"]
    print_figures(
        {
            "data": one_line(name),
            "sentences": found.sentences,
            "words": found.words,
            "accuracy": found.accuracy,
            "  95 % interval": f"{low:.4f} to {high:.4f}",
            "  most frequent tag": counted.accuracy,
            "unknown words": found.unknown,
            "unknown accuracy": found.unknown_accuracy,
            "  most frequent tag ": counted.unknown_accuracy,
            "whole sentences": found.whole / found.sentences,
        }
    )
    click.echo("tag     words  recall  precision")
    for tag, row in found.by_tag().items():
        click.echo(
            f"{one_line(tag):6} {row['words']:6}  {row['recall']:6.4f}  "
            f"{row['precision']:9.4f}"
        )
    for path in result.get("files", ()):
        click.echo(path)


def _judges(model, data):
    """Returns sentences to judge by, the peer, and where they are from."""
    import json

    from mitseq.errors import MitseqError
    from mitseq.tasks.tag.baseline import MostFrequentTag
    from mitseq.tasks.tag.conllu import read_conllu
    from mitseq.tasks.tag.grammar import grammar_treebank

    if model is None:
        treebank = grammar_treebank()
        peer = MostFrequentTag.count(treebank.train)
        if not data:
            return treebank.test, peer, treebank.name
        return read_conllu(data), peer, ", ".join(map(str, data))
    folder = model if model.is_dir() else model.parent
    counted = folder / "most_frequent.json"
    kept = folder / "test.conllu"
    try:
        peer = MostFrequentTag.from_config(
            json.loads(counted.read_text("utf-8"))
        )
    except (OSError, ValueError, KeyError, TypeError):
        if model.exists():
            raise MitseqError(
                f"{counted}: cannot be read. It says which words the training "
                "had; `mitseq tag train` writes it beside the model."
            ) from None
        peer = MostFrequentTag({}, "")
    if not data and not kept.exists() and model.exists():
        raise MitseqError(
            f"{folder}: the training held nothing out to judge by. Name a "
            "CoNLL-U file that it has not learned from, with --data."
        )
    paths = data or ((kept,) if kept.exists() else ())
    return read_conllu(paths), peer, ", ".join(map(str, paths))


def _write(out: Path, found, result: dict) -> list[Path]:
    import json

    from mitseq.output import atomic_write
    from mitseq.plots.classification import plot_confusion_matrix
    from mitseq.plots.style import save_figure

    figure = plot_confusion_matrix(
        found.confusion,
        found.tags,
        title=f"{found.accuracy:.1%} of {found.words:,} words right",
    )
    return [
        save_figure(figure, out / FILES[0]),
        atomic_write(out / FILES[1], json.dumps(result, indent=2) + "\n"),
    ]
