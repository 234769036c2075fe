"""`mitseq tag predict`: each word of a sentence with its tag."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    paths,
)
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.texts import given_texts, listed
from mitseq.cli.work import at_work

SHOWN = 8  # unknown words that are named


@command(
    'mitseq tag predict "Time flies like an arrow"',
    "mitseq tag predict --file sentences.txt --conllu",
    'mitseq tag predict --figure tags.png "I saw her with a saw."',
)
@click.argument("texts", nargs=-1, metavar="TEXT ...")
@option(
    "--file",
    type=paths,
    help="Tag this file too: a sentence a line, or CoNLL-U (*.conllu), whose "
    "words stay as they are.",
)
@model_option("the model")
@option("--conllu", is_flag=True, help="Print CoNLL-U instead of a table.")
@option(
    "--figure",
    type=paths,
    metavar="FILE",
    help="Also draw the probabilities of the first sentence: .png, .svg, .pdf.",
)
@option("--overwrite", is_flag=True, help="Replace a figure that is there.")
@device_options
@json_option
def predict(
    texts: tuple[str, ...],
    file: Path | None,
    model: Path | None,
    conllu: bool,
    figure: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Print each word of each text with its tag and the tag's probability.

    A text is one sentence; "-" reads a sentence a line from standard input.
    The tags are those of Universal Dependencies, unless your model has others.
    A word that the model has not learned is tagged by its ending and its
    neighbors, and named in a remark.
    """
    if conllu and as_json:
        raise click.UsageError("--conllu and --json exclude each other")
    if figure is not None:
        _check_figure(figure, overwrite)
    sentences = _read(texts, file)
    with at_work(device, verbose):
        from mitseq.tasks.tag.model import load_tag_model
        from mitseq.tasks.tag.predict import tag_words

        found = tag_words(load_tag_model(model), [s for _, s in sentences])
    _say_unknown(found, model)
    if figure is not None:
        from mitseq.plots.style import save_figure
        from mitseq.tasks.tag.figures import plot_tags

        save_figure(plot_tags(found[0]), figure)
    if as_json:
        print_json({"sentences": list(map(_as_dict, found))})
        return
    if conllu:
        click.echo(_as_conllu(sentences, found), nl=False)
        return
    for i, each in enumerate(found):
        if i:
            click.echo()
        width = max(map(len, each.words))
        for row in zip(each.words, each.tags, each.probabilities, strict=True):
            word, name, p = row
            click.echo(f"{one_line(word):{width}}  {name:5}  {p:.4f}")


def _read(texts, file):
    """Returns pairs of a text and its words; of CoNLL-U the text is None."""
    from mitseq.errors import MitseqError
    from mitseq.tasks.tag.conllu import read_conllu
    from mitseq.tasks.tag.cut import cut_sentence
    from mitseq.text.encodings import read_text

    found = [(text, cut_sentence(text)) for text in given_texts(texts)]
    if file is not None and file.suffix == ".conllu":
        given = read_conllu([file], needs_tags=False)
        found += [(None, list(sentence.words)) for sentence in given]
    elif file is not None:
        lines = read_text(file)[0].split("\n")
        found += [(line, cut_sentence(line)) for line in lines]
    found = [(text, words) for text, words in found if words]
    if found:
        return found
    if file is not None:
        raise MitseqError(f"{file}: holds no word.")
    raise click.UsageError("no text: expected TEXT ... with a word in it")


def _say_unknown(found, model) -> None:
    unknown = list(dict.fromkeys(w for each in found for w in each.unknown))
    if not unknown:
        return
    names = listed(unknown[:SHOWN])
    more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
    advice = ""
    if model is None:
        advice = (
            "; a treebank teaches more words: mitseq tag train --data *.conllu"
        )
    remark(one_line(f"tagged by ending and neighbors: {names}{more}{advice}"))


def _check_figure(path: Path, overwrite: bool) -> None:
    from mitseq.output import check_folder, check_new
    from mitseq.plots.style import check_format, new_figure

    check_format(path)
    check_new(path, overwrite)
    check_folder(path.parent)
    new_figure()  # says at once if matplotlib is missing


def _as_dict(each) -> dict:
    rows = zip(each.words, each.tags, each.probs, strict=True)
    return {
        "words": [
            {
                "word": word,
                "tag": name,
                "probability": probs.max(),
                "probabilities": dict(zip(each.names, probs, strict=True)),
                "unknown": word in each.unknown,
            }
            for word, name, probs in rows
        ]
    }


def _as_conllu(sentences, found) -> str:
    from mitseq.tasks.tag.conllu import write_conllu
    from mitseq.tasks.tag.cut import is_glued
    from mitseq.tasks.tag.sentences import Sentence

    texts = [text or " ".join(words) for text, words in sentences]
    return write_conllu(
        [Sentence(each.words, each.tags) for each in found],
        texts,
        [
            ["SpaceAfter=No" if glued else "_" for glued in is_glued(text, w)]
            for text, (_, w) in zip(texts, sentences, strict=True)
        ],
    )
