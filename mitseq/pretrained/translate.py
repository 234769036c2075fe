"""Train the bundled model of translation again, in half precision.

    python -m mitseq.pretrained.translate --data spa.txt --out runs/bundled

Reads English and Spanish sentences of Tatoeba, as manythings.org/anki packs
them, trains (some minutes on two cores), measures, and writes
`translate.keras` and its card `translate.md` into the folder. Copy both beside
this file to make them the bundled ones. The sentences are not part of the
package.
"""

import argparse
import json
from pathlib import Path

import keras

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.tasks.translate.evaluation import evaluate_translation_model
from mitseq.tasks.translate.model import (
    load_translation_model,
    vocabularies_of,
)
from mitseq.tasks.translate.pairs import Pairs, read_split
from mitseq.tasks.translate.train import train_translation_model
from mitseq.tasks.translate.translate import translate
from mitseq.training.run import RECORD

SETTINGS = {
    "cell": "lstm",
    "attention": "additive",
    "units": 256,
    "embedding_dim": 128,
    "batch_size": 128,
    "epochs": 5,
    "seed": 0,
}
PAIRS, MIN_COUNT = 60_000, 3  # the first pairs of the file: the short ones
EXAMPLES = (
    "I am hungry.",
    "Where is the cat?",
    "She doesn't like coffee.",
    "We want to go home.",
    "Did you see my red car?",
    "Ulrike is here.",
)


def measure(model: keras.Model, pairs: Pairs) -> dict:
    """Returns the figures of the card: beam search, and greedy."""
    return {
        "beam": evaluate_translation_model(model, pairs.test),
        "greedy": evaluate_translation_model(model, pairs.test, beams=1),
    }


def card(model: keras.Model, rows: list[dict], figures: dict, size: int) -> str:
    """Returns the model card as Markdown.

    Args:
        model: The model in half precision.
        rows: The rows of its history.
        figures: From `measure`.
        size: Of the file, bytes.
    """
    best = min(rows, key=lambda row: row["val_loss"])
    english, spanish = vocabularies_of(model)
    beam, greedy = figures["beam"], figures["greedy"]
    scores = "\n".join(
        f"| {name} | {each['chrf']:.1f} | {each['bleu']:.1f} | "
        f"{each['exact']:.1%} ({each['exact_interval'][0]:.1%} to "
        f"{each['exact_interval'][1]:.1%}) |"
        for name, each in (("beam search, 4", beam), ("greedy", greedy))
    )
    lengths = "\n".join(
        f"| {row['words']} | {row['sentences']} | {row['chrf']:.1f} |"
        for row in beam["by_length"]
        if row["sentences"] >= 20
    )
    examples = "\n".join(
        f"| {each.source} | {each.text} |"
        for (each, *_) in translate(model, EXAMPLES)
    )
    return f"""# The bundled model of translation

From English to Spanish: an LSTM that reads both ways, an LSTM that writes, and
Bahdanau's attention between them ({len(english)} and {len(spanish)} ids,
{model.count_params():,} weights, {size / 1e6:.1f} MB), trained by
`mitseq/pretrained/translate.py`. The weights are rounded to half precision
({MANTISSA_BITS} bits behind the leading one).

## Data

The first {PAIRS:,} pairs of the English-Spanish file of
[manythings.org/anki](http://www.manythings.org/anki/), dated 2018-05-13: short
sentences of the [Tatoeba Project](https://tatoeba.org), written and translated
by its contributors, under [CC BY 2.0](http://creativecommons.org/licenses/by/2.0).
A word that stands fewer than {MIN_COUNT} times in the training's sentences is
unknown. A twentieth of the English sentences was held out to stop by and a
twentieth to judge by, each with all its translations.

## Settings

Those of `mitseq translate train`, but {json.dumps(SETTINGS)}. Best epoch:
{int(best["epoch"])} of {len(rows)}; {best["val_loss"]:.3f} nats a word of the
validation sentences.

## Figures

On {beam["sentences"]} English sentences that it has not learned from, against
all their translations in the file (sacrebleu; 100 is the best). "exact" is how
many are one of these translations, but for capital letters, with the 95 %
interval:

| search | chrF | BLEU | exact |
|---|---|---|---|
{scores}

{beam["unknown"]:.1%} of their words are unknown to it. Perplexity
{beam["perplexity"]:.2f}. By the number of English words and signs:

| words | sentences | chrF |
|---|---|---|
{lengths}

Sentences as one may type them; some of them may stand in the training:

| English | the model |
|---|---|
{examples}

## Use and limits

It shows how translation works; it is no dictionary. It has read short
sentences only, and many of the held out ones are close to one that it has read:
the figures are for such sentences, not for a text, and not for longer
sentences. A word that it does not know is named, and copied where the model
writes "unknown". What the sentences of volunteers favor (names, politeness, who
is meant by "you"), it favors too.

## Train it again

```
python -m mitseq.pretrained.translate --data spa.txt --out runs/bundled
```
"""


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    pairs = read_split([options.data], MIN_COUNT, most=PAIRS)
    run = options.out / "training"
    rows = train_translation_model(
        pairs,
        run,
        patience=100,
        resume=(run / RECORD).exists(),
        verbose=2,
        **SETTINGS,
    )
    file = options.out / "translate.keras"
    halve(run / "model.keras", file)
    model = load_translation_model(file)
    figures = measure(model, pairs)
    atomic_write(
        options.out / "translate.md",
        card(model, rows, figures, file.stat().st_size),
    )
    print(json.dumps(figures, indent=1))
    return figures


if __name__ == "__main__":
    main()
