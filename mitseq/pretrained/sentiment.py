"""Train the bundled sentiment classifier again, and write it small.

    python -m mitseq.pretrained.sentiment --data rt-polarity \
        --rated everyday --out runs/bundled

Reads the sentences of the Sentence Polarity Dataset (the path of its two
files), and the rated sentences and words of Hutto and Gilbert (the folder of
`sentiment_data.DOMAINS` and the lexicon). Holds a tenth of them out to measure,
and another tenth to stop, to weigh the parts by and to say what is neutral.
Trains on the others, on phrases (`sentiment_phrases.py`) and on reviews of the
project's grammar, from which the LSTM learns what order does: "not", "but",
"although". Writes `sentiment.keras` and its card `sentiment.md` into the
folder. Copy both beside this file to make them the bundled ones.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.pretrained.sentiment_data import (
    DOMAINS,
    NAMES,
    NEITHER,
    NEUTRAL,
    WEIGHTS,
    WORDS_BEYOND,
    Mixture,
    Rated,
    add_films,
    add_grammar,
    add_phrases,
    add_rated,
    add_words,
    read_lexicon,
    read_rated,
    split,
    split_reviews,
    words_held_out,
)
from mitseq.pretrained.sentiment_phrases import of_adjectives
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.diagnose import Diagnosis, diagnose
from mitseq.tasks.sentiment.grammar import ORDER_FAMILIES
from mitseq.tasks.sentiment.labels import meaning_of
from mitseq.tasks.sentiment.neutral import with_neutral
from mitseq.tasks.sentiment.read import read_texts
from mitseq.tasks.sentiment.texts import Texts
from mitseq.text.tokens import strings
from mitseq.training.metrics import (
    Evaluation,
    evaluate_probabilities,
)

SETTINGS = {
    "units": 32,
    "buckets": 2**19,
    "min_count": 3,
    "least_known": 0.6,
    "dropout": 0.3,
    "learning_rate": 3e-3,
    "batch_size": 128,
    "epochs": 6,
    "patience": 6,  # order may be found late
    "minutes": None,
    "seed": 0,
}
# Minimal groups of each family and distance of the grammar: to train on, and
# others to stop and to weigh the parts by.
GROUPS, HELD_GROUPS = 150, 10
DISTANCES = (0, 1, 3)
PHRASES = 8  # of each rated word
THRESHOLDS = tuple(round(0.05 * i, 2) for i in range(1, 15))
AS_GOOD = 0.002  # of macro-F1: less is chance
MISTAKES = 20  # that the card shows
SIDES = ("negative", "positive")

# Shown, and never trained on, whoever may have written them into the data.
SHOWN = {
    "The food was good, not bad at all.": "positive",
    "The food was bad, not good at all.": "negative",
    "The @MIT Introduction to #DeepLearning is definitely one of the best "
    "courses of its kind currently available online "
    "introtodeeplearning.com": "positive",
    "I wouldn't mind a bit of snow right now. We haven't had any in my bit of "
    "the Midlands this winter! :(": "negative",
    "I love this product!": "positive",
    "not what I hoped for": "negative",
    "a gripping, beautifully acted film": "positive",
    "a dull, lifeless mess": "negative",
    "The parcel arrived on Thursday.": "neutral",
    "Das Essen war schlecht und kalt, aber der Kellner war freundlich.": (
        "neutral"
    ),
}


@dataclass(frozen=True)
class Held:
    """Texts of one kind that nothing was trained on."""

    texts: list[str]
    labels: list[str]

    def sided(self) -> "Held":
        """Returns those that are praise or blame."""
        kept = [i for i, label in enumerate(self.labels) if label != NEUTRAL]
        return Held(
            [self.texts[i] for i in kept], [self.labels[i] for i in kept]
        )


@dataclass(frozen=True)
class Parts:
    """What is trained on, stopped by, and measured on, by domain."""

    train: Mixture
    stop: dict[str, Held]
    held: dict[str, Held]


def part(
    films: Texts,
    rated: Path,
    ratings: dict[str, float],
    domains: Sequence[str] = tuple(DOMAINS),
    seed: int = 0,
) -> Parts:
    """Splits the data, and adds grammar and phrases to what is trained on.

    Args:
        films: Of the film reviews.
        rated: The folder of the rated sentences.
        ratings: From `read_lexicon`.
        domains: Of the rated sentences those to learn from.
        seed: Of the draw of what is held out, and of phrases and grammar.
    """
    mixture, stop, held = Mixture(), {}, {}
    train, *others = split(len(films.texts), seed)
    add_films(mixture, films, train)
    for target, chosen in zip((stop, held), others, strict=True):
        meaning = meaning_of(set(films.labels))
        target["films"] = Held(
            [films.texts[i] for i in chosen],
            [NAMES[meaning[str(films.labels[i])]] for i in chosen],
        )
    for domain in domains:
        sentences, *others = split_reviews(read_rated(rated, domain), seed)
        add_rated(mixture, domain, sentences)
        for target, chosen in zip((stop, held), others, strict=True):
            target[domain] = held_of(chosen)
    add_words(mixture, ratings)
    add_grammar(mixture, GROUPS, DISTANCES, seed)
    out = words_held_out(ratings, seed)
    add_phrases(mixture, ratings, PHRASES, out, seed)
    for target, other in ((stop, 1000), (held, 2000)):
        target["phrases"] = phrases_of(ratings, out, seed + other)
    return Parts(mixture.without(list(SHOWN)), stop, held)


def held_of(rated: Sequence[Rated]) -> Held:
    """Returns rated sentences as texts and labels."""
    return Held([each.text for each in rated], [r.label for r in rated])


def phrases_of(ratings: dict[str, float], words: list[str], seed: int) -> Held:
    """Returns phrases of words that no phrase was trained on with."""
    chosen = {word: ratings[word] for word in words}
    phrases = of_adjectives(chosen, random.Random(seed), PHRASES)
    kept = [each for each in phrases if each.side]
    return Held(
        [each.text for each in kept], [SIDES[each.side > 0] for each in kept]
    )


def stopped_by(stop: dict[str, Held]) -> tuple[list[str], list[str]]:
    """Returns the texts that take sides, and reviews of the grammar."""
    grammar = Mixture()
    add_grammar(grammar, HELD_GROUPS, DISTANCES, seed=99)
    texts, labels = grammar.texts, grammar.labels
    for each in stop.values():
        sided = each.sided()
        texts, labels = texts + sided.texts, labels + sided.labels
    return texts, labels


def three_ways(
    probs: np.ndarray, labels: list[str], neutral: float
) -> Evaluation:
    """Judges the three answers that a threshold gives."""
    three, names = with_neutral(probs, list(SIDES), neutral, [NEUTRAL])
    return evaluate_probabilities(labels, three, names)


def choose_neutral(
    classifier: SentimentClassifier, rated: dict[str, Held]
) -> dict[float, float]:
    """Returns the macro-F1 of the three answers for each threshold.

    It is the mean over the kinds of texts of which some are neutral.
    """
    found: dict[float, list] = {threshold: [] for threshold in THRESHOLDS}
    for each in rated.values():
        if NEUTRAL not in each.labels:
            continue
        probs = classifier.predict_proba(each.texts)
        for threshold, values in found.items():
            judged = three_ways(probs, each.labels, threshold)
            values.append(judged.macro_f1)
    return {t: float(np.mean(values)) for t, values in found.items()}


def smallest_of_the_best(thresholds: dict[float, float]) -> float:
    """Returns the smallest threshold that is within `AS_GOOD` of the best.

    Who asks for an answer would rather have one.

    Example:

    >>> smallest_of_the_best({0.1: 0.5, 0.2: 0.619, 0.3: 0.62, 0.4: 0.6})
    0.2
    """
    best = max(thresholds.values())
    return min(t for t, f1 in thresholds.items() if f1 >= best - AS_GOOD)


def measure(
    classifier: SentimentClassifier, held: dict[str, Held], neutral: float
) -> dict:
    """Returns the figures of the card, as JSON can hold them."""
    figures: dict = {"sided": {}, "three": {}, "mistakes": []}
    wrong = []
    for name, each in held.items():
        sided = each.sided()
        judged = classifier.evaluate(sided.texts, sided.labels)
        figures["sided"][name] = judged.as_dict()
        scores = classifier.polarity(sided.texts)
        for text, label, score in zip(
            sided.texts, sided.labels, scores, strict=True
        ):
            if name != "phrases" and (score > 0) != (label == SIDES[1]):
                wrong.append((float(score), label, name, text))
        if NEUTRAL in each.labels:
            probs = classifier.predict_proba(each.texts)
            judged = three_ways(probs, each.labels, neutral)
            figures["three"][name] = judged.as_dict()
    # evenly from the surest to the least sure
    wrong.sort(key=lambda each: -abs(each[0]))
    places = np.linspace(0, len(wrong) - 1, min(MISTAKES, len(wrong)))
    figures["mistakes"] = [wrong[round(place)] for place in places]
    figures["wrong"] = len(wrong)
    figures["silenced"] = {
        name: _silenced(classifier, each.texts) for name, each in held.items()
    }
    return figures


def _silenced(classifier, texts):
    """The share of texts of which nothing is read."""
    model = classifier.model
    read = keras.Model(model.input, model.get_layer("familiar").output[1])
    is_read = [read(strings([text])).numpy().any() for text in texts]
    return 1 - sum(is_read) / len(texts)


def card(
    classifier: SentimentClassifier,
    figures: dict,
    diagnosis: Diagnosis,
    size: int,
) -> str:
    """Returns the model card as Markdown.

    Args:
        classifier: The classifier in half precision.
        figures: From `measure`, and "counts", "stopped_by", "neutral" and
            "thresholds".
        diagnosis: What it knows of the grammar.
        size: Of the file, bytes.
    """
    said = classifier.predict(list(SHOWN))
    scores = classifier.polarity(list(SHOWN))
    rows = "\n".join(
        f"| {text} | {label} | {score:+.2f} |"
        for text, label, score in zip(SHOWN, said, scores, strict=True)
    )
    families = "\n".join(
        f"| {name} | {accuracy:.0%} |"
        for name, accuracy in diagnosis.families.items()
    )
    near, far = min(diagnosis.distances), max(diagnosis.distances)
    counts = figures["counts"]
    rated = sum(counts[domain] for domain in DOMAINS)
    neutral = figures["neutral"]
    return f"""# The bundled sentiment classifier

Strings in, `negative`, `neutral` or `positive` out, and a score from -1 to 1.
Three parts vote: a bidirectional LSTM, the words and pairs of words present,
and the character n-grams present ({classifier.model.count_params():,} numbers,
{size / 1e6:.1f} MB). Trained by `mitseq/pretrained/sentiment.py`. The weights
are rounded to half precision ({MANTISSA_BITS} bits behind the leading one).

## Data

The package holds no copy of what others wrote.

- {counts["films"]:,} sentences of the Sentence Polarity Dataset 1.0 by Bo Pang
  and Lillian Lee, [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/):
  single sentences of film reviews in English, lower case, labeled by the
  review's rating ("Seeing stars", ACL 2005).
- {rated:,} sentences of product reviews ({counts["products"]:,}), tweets
  ({counts["tweets"]:,}) and editorials ({counts["editorials"]:,}), each rated
  by 20 people from -4 to 4, and {counts["words"]:,} texts of one word or
  emoticon of the VADER lexicon that are rated beyond {WORDS_BEYOND}: C.J. Hutto
  and Eric Gilbert, "VADER", ICWSM 2014, MIT license.
- {counts["grammar"]:,} reviews that this project's own grammar wrote
  (`mitseq/tasks/sentiment/grammar.py`), so that the LSTM has met what order
  does: "not", "but", "although", who said it, what it used to be.
- {counts["phrases"]:,} short phrases that this project wrote around the rated
  words (`mitseq/pretrained/sentiment_phrases.py`): denied, weakened,
  strengthened; emoticons and emoji; marks out of ten; idioms of reviews.

The n-grams do not learn from the grammar, and from phrases only where order
does not decide. The loss of a text weighs {json.dumps(WEIGHTS)}.
None of the sentences shown below was trained on.

## Settings

Those of `mitseq sentiment train`, but {json.dumps(SETTINGS)}.

## Neutral

A mean rating of at most {NEITHER} either way is called neither praise nor
blame: ratings of words differ by 0.9 from person to person, the mean of 20
people by 0.2, and twice that cannot be told from 0. Such a sentence is learned
from with both labels, half the weight each. The answer is neutral where the
score is nearer to 0 than {neutral}: of {len(THRESHOLDS)} thresholds the
smallest whose macro-F1 of the three answers, mean of the domains, is within
{AS_GOOD:.1%} of the best, on rated sentences that were held out for this:

| threshold | macro-F1 |
|---|---|
{_threshold_rows(figures)}

On sentences held out from everything, with all three answers:

| domain | sentences | right | macro-F1 | neutral ones right | others neutral |
|---|---|---|---|---|---|
{_three_rows(figures)}

A text of whose words fewer than {SETTINGS["least_known"]:.0%} are known is read
as an empty one and is neutral: another language, most often. Of the sentences
held out these are {_percent_each(figures["silenced"])}.

## Figures

On texts that nothing was trained, stopped or weighed by (others,
{figures["stopped_by"]:,} with those of the grammar, were for that), where a
side has to be taken; the interval is Wilson's at 95 %:

| texts | number | right | interval | calibration error |
|---|---|---|---|---|
{_sided_rows(figures)}

The phrases are of adjectives that stand in no other phrase.

On other reviews of the grammar, with other words of praise and blame
(`mitseq sentiment diagnose`), where guessing gives 50 % and neutral is wrong:
{diagnosis.order:.0%} of the {len(ORDER_FAMILIES)} families that only order
decides, {diagnosis.distances[near]:.0%} of all where nothing stands in between,
{diagnosis.distances[far]:.0%} with {far} sentences in between. By family, all
distances together:

| family | right |
|---|---|
{families}

| sentence | says | score |
|---|---|---|
{rows}

## What it gets wrong

{len(figures["mistakes"])} of its {figures["wrong"]:,} mistakes on the sentences
held out, evenly from the surest to the least sure:

| sentence | from | is | score |
|---|---|---|---|
{_mistake_rows(figures)}

## Use and limits

It has read film reviews of about the year 2000, and product reviews, tweets and
editorials of the years until 2013. On other matters and on irony it guesses. It
says what the words of a text are usual for; do not decide about people with it.

## Train it again

```
python -m mitseq.pretrained.sentiment --data rt-polarity --rated everyday \\
    --out runs/bundled
```
"""


def _threshold_rows(figures):
    return "\n".join(
        f"| {threshold} | {f1:.1%} |"
        for threshold, f1 in figures["thresholds"].items()
    )


def _sided_rows(figures):
    rows = []
    for name, found in figures["sided"].items():
        low, high = found["accuracy_interval"]
        rows.append(
            f"| {name} | {found['n']:,} | {found['accuracy']:.1%} | "
            f"{low:.1%} to {high:.1%} | {found['calibration_error']:.3f} |"
        )
    return "\n".join(rows)


def _three_rows(figures):
    rows = []
    for name, found in figures["three"].items():
        matrix = np.array(found["confusion_matrix"])
        others = matrix[[0, 2]]
        rows.append(
            f"| {name} | {found['n']:,} | {found['accuracy']:.1%} | "
            f"{found['macro_f1']:.1%} | {matrix[1, 1] / matrix[1].sum():.1%} | "
            f"{others[:, 1].sum() / others.sum():.1%} |"
        )
    return "\n".join(rows)


def _mistake_rows(figures):
    return "\n".join(
        f"| {text.replace('|', '/')} | {name} | {label} | {score:+.2f} |"
        for score, label, name, text in figures["mistakes"]
    )


def _percent_each(shares):
    return ", ".join(f"{s:.1%} ({n})" for n, s in shares.items())


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--data", required=True, help="the two files of rt-polarity"
    )
    parser.add_argument(
        "--rated", type=Path, required=True, help="folder of rated sentences"
    )
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    ratings = read_lexicon(options.rated)
    parts = part(read_texts(options.data), options.rated, ratings)
    stop = stopped_by(parts.stop)
    classifier = SentimentClassifier(**SETTINGS, verbose=2).fit(
        parts.train.texts,
        parts.train.labels,
        validation_data=stop,
        sample_weight=parts.train.weights,
        for_order=parts.train.for_order,
    )
    thresholds = choose_neutral(classifier, parts.stop)
    classifier.neutral = smallest_of_the_best(thresholds)
    classifier.save(options.out / "training")
    file = options.out / "sentiment.keras"
    halve(options.out / "training" / "model.keras", file)
    classifier = SentimentClassifier.load(file)
    diagnosis = diagnose(classifier)
    figures = {
        **measure(classifier, parts.held, classifier.neutral),
        "counts": parts.train.counts,
        "stopped_by": len(stop[0]),
        "neutral": classifier.neutral,
        "thresholds": thresholds,
        "order_families": diagnosis.order,
    }
    atomic_write(
        options.out / "sentiment.md",
        card(classifier, figures, diagnosis, file.stat().st_size),
    )
    print(json.dumps(figures, indent=1))
    return figures


if __name__ == "__main__":
    main()
