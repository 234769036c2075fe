"""Train the bundled sentiment classifier again, and write it small.

    python -m mitseq.pretrained.sentiment --data rt-polarity --out runs/bundled

Reads the sentences of the Sentence Polarity Dataset (the path of its two
files) and holds a tenth of them out to measure, and another tenth to stop and
to weigh the parts by. Trains with the default settings of `mitseq sentiment
train` on the others and on reviews of the project's grammar, from which the
LSTM learns what order does: "not", "but", "although".
Writes `sentiment.keras` and its card `sentiment.md` into the folder. Copy both
beside this file to make them the bundled ones.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.diagnose import Diagnosis, diagnose
from mitseq.tasks.sentiment.grammar import ORDER_FAMILIES, write_reviews
from mitseq.tasks.sentiment.labels import meaning_of
from mitseq.tasks.sentiment.read import read_texts

SETTINGS = {"buckets": 2**19, "min_count": 2, "seed": 0}
# Minimal groups of each family and distance of the grammar: to train on, and
# others to stop and to weigh the parts by.
GROUPS, HELD_GROUPS = 200, 4
DISTANCES = (0, 1)
NAMES = {"neg": "negative", "pos": "positive"}
CARD_SENTENCES = [
    "the food was good, not bad at all",
    "the food was bad, not good at all",
    "a gripping, beautifully acted film",
    "a dull, lifeless mess",
]


def texts_of(data) -> tuple[list[str], list[str]]:
    """Returns texts and their labels, called negative and positive."""
    meaning = meaning_of(set(data.labels))
    return list(data.texts), [NAMES[meaning[str(x)]] for x in data.labels]


def grammar_reviews(groups: int, seed: int) -> tuple[list[str], list[str]]:
    """Returns reviews of the grammar, and their labels.

    Args:
        groups: How many minimal groups of each family and distance.
        seed: Another seed, other reviews.
    """
    reviews = write_reviews(groups, distances=DISTANCES, seed=seed)
    return [r.text for r in reviews], [NAMES[r.label] for r in reviews]


def split(count: int, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Returns indices of texts to train on, and to stop and to measure by.

    Each of the last two is a tenth; all three are sorted.
    """
    order = np.random.default_rng(seed).permutation(count)
    tenth = count // 10
    cuts = np.split(order, [count - 2 * tenth, count - tenth])
    return tuple(np.sort(part) for part in cuts)


def card(
    classifier: SentimentClassifier,
    figures: dict,
    diagnosis: Diagnosis,
    size: int,
) -> str:
    """Returns the model card as Markdown.

    Args:
        classifier: The classifier in half precision.
        figures: "texts", "stopped_by", "held_out", "grammar", "accuracy",
            "macro_f1", "calibration_error".
        diagnosis: What it knows of the grammar.
        size: Of the file, bytes.
    """
    labels = classifier.predict(CARD_SENTENCES)
    sure = classifier.predict_proba(CARD_SENTENCES).max(axis=1)
    rows = "\n".join(
        f"| {text} | {label} | {probability:.0%} |"
        for text, label, probability in zip(
            CARD_SENTENCES, labels, sure, strict=True
        )
    )
    families = "\n".join(
        f"| {name} | {accuracy:.0%} |"
        for name, accuracy in diagnosis.families.items()
    )
    near, far = min(diagnosis.distances), max(diagnosis.distances)
    return f"""# The bundled sentiment classifier

Strings in, `negative` or `positive` out. Three parts vote: a bidirectional
LSTM, the words and pairs of words present, and the character n-grams present
({classifier.model.count_params():,} numbers, {size / 1e6:.1f} MB). Trained by
`mitseq/pretrained/sentiment.py`. The weights are rounded to half precision
({MANTISSA_BITS} bits behind the leading one).

## Data

- {figures["texts"]:,} sentences of the Sentence Polarity Dataset 1.0 by Bo Pang
  and Lillian Lee, [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/):
  single sentences of film reviews in English, lower case, labeled by the
  review's rating ("Seeing stars", ACL 2005). The package holds no copy.
- {figures["grammar"]:,} reviews that this project's own grammar wrote
  (`mitseq/tasks/sentiment/grammar.py`), so that the LSTM has met what order
  does: "not", "but", "although", who said it, what it used to be.

## Settings

Those of `mitseq sentiment train`, but {json.dumps(SETTINGS)}.

## Figures

On {figures["held_out"]:,} sentences of the data set that nothing was trained,
stopped or weighed by ({figures["stopped_by"]:,} others were for that):

| what | value |
|---|---|
| accuracy | {figures["accuracy"]:.1%} |
| macro-F1 | {figures["macro_f1"]:.1%} |
| calibration error, 15 bins | {figures["calibration_error"]:.3f} |

One split of this size is worth +/- 1.3 points. How much of the grammar to train
on was chosen among five amounts by these figures and those below, so they
flatter a little. The ten-fold figure of the default settings, without the
grammar, is in docs/benchmarks.md.

On other reviews of the grammar, with other words of praise and blame
(`mitseq sentiment diagnose`), where guessing gives 50 %:
{diagnosis.order:.0%} of the {len(ORDER_FAMILIES)} families that only order
decides, {diagnosis.distances[near]:.0%} of all where nothing stands in between,
{diagnosis.distances[far]:.0%} with {far} sentences in between. By family, all
distances together:

| family | right |
|---|---|
{families}

| sentence | says | probability |
|---|---|---|
{rows}

## Use and limits

It has read film reviews of about the year 2000 and sentences of a grammar. On
other matters, on other languages and on irony it guesses. It says what the
words of a text are usual for; do not decide about people with it.

## Train it again

```
python -m mitseq.pretrained.sentiment --data rt-polarity --out runs/bundled
```
"""


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--data", required=True, help="the two files of rt-polarity"
    )
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    texts, labels = texts_of(read_texts(options.data))
    train, stop, held = split(len(texts))

    def chosen(part, grammar):
        return tuple(
            [*(values[i] for i in part), *more]
            for values, more in zip((texts, labels), grammar, strict=True)
        )

    grammar = grammar_reviews(GROUPS, seed=0)
    classifier = SentimentClassifier(**SETTINGS, verbose=2).fit(
        *chosen(train, grammar),
        validation_data=chosen(stop, grammar_reviews(HELD_GROUPS, seed=99)),
    )
    classifier.save(options.out / "training")
    file = options.out / "sentiment.keras"
    halve(options.out / "training" / "model.keras", file)
    classifier = SentimentClassifier.load(file)
    result = classifier.evaluate(
        [texts[i] for i in held], [labels[i] for i in held]
    )
    diagnosis = diagnose(classifier)
    figures = {
        "texts": len(train),
        "stopped_by": len(stop),
        "held_out": len(held),
        "grammar": len(grammar[0]),
        "accuracy": result.accuracy,
        "macro_f1": result.macro_f1,
        "calibration_error": result.calibration_error,
    }
    atomic_write(
        options.out / "sentiment.md",
        card(classifier, figures, diagnosis, file.stat().st_size),
    )
    figures["order_families"] = diagnosis.order
    print(json.dumps(figures, indent=1))
    return figures


if __name__ == "__main__":
    main()
