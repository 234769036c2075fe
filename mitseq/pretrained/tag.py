"""Train the bundled tagger again, and write it in half precision.

    python -m mitseq.pretrained.tag --out runs/bundled

Writes sentences by the project's own grammar, trains (a few minutes on two
cores), measures, and writes `tag.keras` and its card `tag.md` into the folder.
Copy both beside this file to make them the bundled ones. `--treebank` names a
file in CoNLL-U to measure on as well, such as the test set of UD English EWT;
nothing is learned from it.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import keras

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.tasks.tag.baseline import MostFrequentTag, ambiguous_words
from mitseq.tasks.tag.conllu import read_conllu
from mitseq.tasks.tag.evaluation import Evaluation, evaluate_tags
from mitseq.tasks.tag.grammar import COUNT, EVERYDAY, grammar_treebank
from mitseq.tasks.tag.model import features_of, load_tag_model
from mitseq.tasks.tag.predict import tag_words
from mitseq.tasks.tag.sentences import Sentence
from mitseq.tasks.tag.train import train_tag_model
from mitseq.training.metrics import share_interval

SETTINGS = {
    "units": 96,
    "embedding_dim": 64,
    "affix_dim": 16,
    "batch_size": 64,
    "learning_rate": 4e-3,
    "epochs": 10,
    "seed": 0,
}


def measure(
    model: keras.Model, peer: MostFrequentTag, sentences: Sequence[Sentence]
) -> tuple[Evaluation, Evaluation]:
    """Returns what model and peer make of sentences.

    Args:
        model: The model.
        peer: Counted on what the model learned from.
        sentences: With their tags.
    """
    words = [sentence.words for sentence in sentences]
    given = (
        [each.tags for each in tag_words(model, words)],
        [peer.tags_for(each) for each in words],
    )
    return tuple(evaluate_tags(sentences, tags, peer.knows) for tags in given)


def card(
    model: keras.Model,
    rows: list[dict],
    figures: dict[str, tuple[Evaluation, Evaluation]],
    ambiguous: int,
    size: int,
) -> str:
    """Returns the model card as Markdown.

    Args:
        model: The model in half precision.
        rows: The rows of its history.
        figures: Name of what was judged by -> from `measure`.
        ambiguous: How many words of the grammar have more than one tag.
        size: Of the file, bytes.
    """
    best = min(rows, key=lambda row: row["val_loss"])
    table = "\n".join(
        f"| {name} | {ours.words:,} | {_share(ours.right, ours.words)} "
        f"| {peers.accuracy:.1%} | {ours.unknown:,} "
        f"| {_share(ours.unknown_right, ours.unknown)} |"
        for name, (ours, peers) in figures.items()
    )
    tagged = tag_words(model, [s.words for s in EVERYDAY])
    wrong = [
        f"{' '.join(found.words)}: {word} is {true}, not {tag}"
        for found, sentence in zip(tagged, EVERYDAY, strict=True)
        for word, tag, true in zip(
            found.words, found.tags, sentence.tags, strict=True
        )
        if tag != true
    ]
    whole = len(EVERYDAY) - len({each.split(": ")[0] for each in wrong})
    mistakes = "".join(f"\n- {each}" for each in wrong) or " none"
    known = len(features_of(model).words)
    return f"""# The bundled tagger

A bidirectional LSTM over words and their beginnings and endings ({known:,} ids
of words, {model.count_params():,} weights, {size / 1e6:.1f} MB) that gives each
word its part of speech, trained by `mitseq/pretrained/tag.py`. The weights are
rounded to half precision ({MANTISSA_BITS} bits behind the leading one).

## Data

{COUNT:,} sentences that this project's own grammar wrote
(`mitseq/tasks/tag/grammar.py`), with the tags of Universal Dependencies.
{ambiguous:,} of their words have more than one tag, so that only the sentence
says which. A tenth of the nouns, verbs, adjectives, adverbs and names are made
up, with the endings of their kind; they are most of the ids. No treebank was
copied: the English ones have licenses that a model would have to share. The
lists of words were widened once, for the kinds of words that an earlier model
got wrong on the dev set of UD English EWT; its test set was not looked at.

## Settings

Those of `mitseq tag train`, but {json.dumps(SETTINGS)}. Best epoch:
{int(best["epoch"])} of {len(rows)}; {best["val_loss"]:.3f} nats a word of the
validation sentences.

## Figures

Share of right tags, with the interval in which it lies in 95 % of draws of
words; unknown words stand in no training sentence. The peer gives each word its
most frequent tag in the training.

| judged by | words | right | peer | unknown words | right |
|---|---|---|---|---|---|
{table}

The sentences of the grammar have patterns of tags that no training sentence
has.

Of {len(EVERYDAY)} everyday sentences that are in no training ("Time flies like
an arrow", "Fruit flies like a banana", "Can you open the can?", ...)
{whole} are tagged without a mistake. Mistakes:{mistakes}.

## Use and limits

It has learned how short English sentences are built, and a few thousand words.
Of what people write, it gets far more tags wrong than a model that learned from
a treebank: `mitseq tag train --data *.conllu`. Whoever asks for its tags is
told which words it did not know.

## Train it again

```
python -m mitseq.pretrained.tag --out runs/bundled
```
"""


def _share(right, of):
    low, high = share_interval(right, of)
    return f"{right / of:.1%} ({low:.1%}-{high:.1%})"


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--treebank", type=Path, nargs="*", default=[])
    options = parser.parse_args(arguments)
    judges = {str(p): read_conllu([p]) for p in options.treebank}
    treebank = grammar_treebank(COUNT)
    run = options.out / "training"
    rows = train_tag_model(treebank, run, patience=100, verbose=2, **SETTINGS)
    file = options.out / "tag.keras"
    halve(run / "model.keras", file)
    model = load_tag_model(file)
    peer = MostFrequentTag.count(treebank.train)
    judges = {"the grammar": treebank.test} | judges
    figures = {
        Path(name).name: measure(model, peer, sentences)
        for name, sentences in judges.items()
    }
    ambiguous = len(ambiguous_words(treebank.train))
    atomic_write(
        options.out / "tag.md",
        card(model, rows, figures, ambiguous, file.stat().st_size),
    )
    for name, (ours, peers) in figures.items():
        print(name, json.dumps(ours.as_dict()["by_tag"]))
        print(f"{ours.accuracy:.4f} {peers.accuracy:.4f}")
    return figures


if __name__ == "__main__":
    main()
