"""Train the bundled sentiment classifier again, and write it small.

    python -m mitseq.pretrained.sentiment --data rt-polarity --out runs/bundled

Reads the sentences of the Sentence Polarity Dataset (the path of its two
files), holds a tenth of them out to measure, and trains with the default
settings of `mitseq sentiment train` on the others and on sentences of the
project's grammar, so that it has met "not", "but" and "although".
Writes `sentiment.keras` and its card `sentiment.md` into the folder. Copy both
beside this file to make them the bundled ones.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from mitseq.data.sentiment import read_texts
from mitseq.output import atomic_write
from mitseq.pretrained.music import MANTISSA_BITS, halve
from mitseq.sentiment.classifier import SentimentClassifier
from mitseq.sentiment.grammar import write_reviews
from mitseq.sentiment.labels import meaning_of

SETTINGS = {"buckets": 2**19, "min_count": 2, "seed": 0}
# Of the grammar: minimal groups of these families, nothing put in between.
GRAMMAR = {"plain": 100, "not bad": 1000, "but": 100, "although": 100}
NAMES = {"neg": "negative", "pos": "positive"}
CARD_SENTENCES = (
    "the food was good, not bad at all",
    "the food was bad, not good at all",
    "a gripping, beautifully acted film",
    "a dull, lifeless mess",
)


def texts_of(data) -> tuple[list[str], list[str]]:
    """The texts of `read_texts`, their labels called negative and positive.

    Args:
        data: The `Texts`.

    Returns:
        Texts and labels.
    """
    meaning = meaning_of(set(data.labels))
    return list(data.texts), [NAMES[meaning[str(x)]] for x in data.labels]


def grammar_sentences() -> tuple[list[str], list[str]]:
    """The sentences of the grammar that are trained on, and their labels."""
    reviews = [
        review
        for family, groups in GRAMMAR.items()
        for review in write_reviews(groups, distances=[0], families=[family])
    ]
    return [r.text for r in reviews], [NAMES[r.label] for r in reviews]


def split(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Deals indices: nine tenths to train on, one tenth to measure on.

    Args:
        count: How many texts.
        seed: Of the deal.

    Returns:
        Two sorted arrays.
    """
    order = np.random.default_rng(seed).permutation(count)
    cut = count - count // 10
    return np.sort(order[:cut]), np.sort(order[cut:])


def card(classifier: SentimentClassifier, figures: dict, size: int) -> str:
    """Return the model card as Markdown.

    Args:
        classifier: The classifier in half precision.
        figures: "texts", "held_out", "grammar", "accuracy", "macro_f1",
            "calibration_error".
        size: Of the file, bytes.

    Returns:
        The text.
    """
    rows = "\n".join(
        f"| {text} | {label} | {probability:.0%} |"
        for text, label, probability in zip(
            CARD_SENTENCES,
            classifier.predict(list(CARD_SENTENCES)),
            classifier.predict_proba(list(CARD_SENTENCES)).max(axis=1),
            strict=True,
        )
    )
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
- {figures["grammar"]:,} sentences that this project's own grammar of reviews
  wrote (`mitseq/sentiment/grammar.py`), so that the model has met "not",
  "but" and "although". It does not master them: `mitseq sentiment diagnose`
  prints how often it is right, by family and distance.

## Settings

Those of `mitseq sentiment train`, but {json.dumps(SETTINGS)}.

## Figures

On {figures["held_out"]:,} sentences of the data set that were not trained on:

| what | value |
|---|---|
| accuracy | {figures["accuracy"]:.1%} |
| macro-F1 | {figures["macro_f1"]:.1%} |
| calibration error, 15 bins | {figures["calibration_error"]:.3f} |

One split of this size is worth +/- 1.3 points. The ten-fold figure of the
default settings, without the grammar, is in the README.

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
    """Train, measure and write the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--data", required=True, help="the two files of rt-polarity"
    )
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    texts, labels = texts_of(read_texts(options.data))
    more_texts, more_labels = grammar_sentences()
    train, held = split(len(texts))
    classifier = SentimentClassifier(**SETTINGS, verbose=2).fit(
        [*(texts[i] for i in train), *more_texts],
        [*(labels[i] for i in train), *more_labels],
    )
    classifier.save(options.out / "training")
    file = options.out / "sentiment.keras"
    halve(options.out / "training" / "model.keras", file)
    classifier = SentimentClassifier.load(file)
    result = classifier.evaluate(
        [texts[i] for i in held], [labels[i] for i in held]
    )
    figures = {
        "texts": len(train),
        "held_out": len(held),
        "grammar": len(more_texts),
        "accuracy": result.accuracy,
        "macro_f1": result.macro_f1,
        "calibration_error": result.calibration_error,
    }
    atomic_write(
        options.out / "sentiment.md",
        card(classifier, figures, file.stat().st_size),
    )
    print(json.dumps(figures, indent=1))
    return figures


if __name__ == "__main__":
    main()
