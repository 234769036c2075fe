r"""Everyday English of a kind that was not learned from: the bundled recipe.

    python benchmarks/sentiment_everyday.py --films mr --rated everyday \
        --out runs/everyday
    python benchmarks/sentiment_everyday.py ... --models vader tfidf mitseq

`--films` takes the two files of rt-polarity, `--rated` the folder of rated
sentences and words of Hutto and Gilbert (mitseq/pretrained/sentiment_data.py).
One domain of the rated sentences (product reviews, tweets, editorials) is held
out as a whole; what remains is learned from as the bundled classifier learns,
and the whole domain is the test. Sides: sentences that 20 people rate beyond
0.4 either way, and whoever answers has to take one. Three: all sentences,
those up to 0.4 being neutral; macro-F1.

    vader     VADER (vaderSentiment): a lexicon and rules, no training; neutral
              within 0.05, as its authors say. Where it says 0, it gets the
              domain's commoner side, which flatters it
    tfidf     TF-IDF of words and pairs, logistic regression, as in
              sentiment.py, on the same texts and rated words
    linear    the recipe without its LSTM
    mitseq    the recipe

VADER's lexicon and rules were made by looking at such tweets, and it was
published with these figures: the tweets are no fair test for it, nor is the
lexicon, which the others learn from, made without it. Thresholds of the others
are chosen on the domains that they learn from. With `--seeds` what is held out,
drawn and begun with changes; VADER has no seed. Each model, domain and seed is
a line in OUT/results.jsonl, and those that are there are not run again.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sentiment import tfidf
from tables import print_results

from mitseq.pretrained import sentiment as recipe
from mitseq.pretrained.sentiment_data import (
    DOMAINS,
    NEUTRAL,
    Mixture,
    add_films,
    add_rated,
    add_words,
    read_lexicon,
    read_rated,
)
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.read import read_texts
from mitseq.training.metrics import share_interval

COLUMNS = {
    "domain": "held out",
    "model": "model",
    "seeds": "seeds|d",
    "n": "sides of|,d",
    "accuracy": "right %|.1f",
    "least": "least seed|.1f",
    "most": "most|.1f",
    "low": "from|.1f",
    "high": "to|.1f",
    "f1": "three, macro-F1 %|.1f",
}
VADERS = 0.05  # its authors' threshold


class Vader:
    """Scores of VADER."""

    def fit(self, options, ratings, domain, seed):
        try:
            from vaderSentiment.vaderSentiment import (
                SentimentIntensityAnalyzer,
            )
        except ModuleNotFoundError:
            raise SystemExit(
                "VADER is missing: pip install vaderSentiment"
            ) from None
        self.analyzer = SentimentIntensityAnalyzer()
        self.neutral = VADERS
        return self

    def scores(self, texts):
        found = map(self.analyzer.polarity_scores, texts)
        return np.array([each["compound"] for each in found])


class Recipe:
    """The recipe of the bundled classifier, or its parts that are no LSTM."""

    def __init__(self, **changed):
        self.changed = changed

    def fit(self, options, ratings, domain, seed):
        others = [name for name in DOMAINS if name != domain]
        films = read_texts(options.films)
        parts = recipe.part(films, options.rated, ratings, others, seed)
        settings = {**recipe.SETTINGS, "seed": seed, **self.changed}
        self.classifier = SentimentClassifier(**settings)
        train, flags = parts.train, {"for_order": parts.train.for_order}
        if self.classifier.cell is None:
            train, flags = train.without_order(), {}
        self.classifier.fit(
            train.texts,
            train.labels,
            validation_data=recipe.stopped_by(parts.stop),
            sample_weight=train.weights,
            **flags,
        )
        found = recipe.choose_neutral(self.classifier, parts.stop)
        self.neutral = max(found, key=found.get)
        return self

    def scores(self, texts):
        return self.classifier.polarity(texts)


class Tfidf:
    """The peer that is hard to beat, on what people wrote and rated."""

    def fit(self, options, ratings, domain, seed):
        others = [name for name in DOMAINS if name != domain]
        films = read_texts(options.films)
        mixture, stop = Mixture(), {}
        chosen, stopped, _ = recipe.split(len(films.texts), seed)
        add_films(mixture, films, sorted([*chosen, *stopped]))
        for name in others:
            train, held, _ = recipe.split_reviews(
                read_rated(options.rated, name), seed
            )
            sided = [each for each in [*train, *held] if each.label != NEUTRAL]
            add_rated(mixture, name, sided)
            stop[name] = recipe.held_of(held)
        add_words(mixture, ratings)
        self.model = tfidf().fit(mixture.texts, mixture.labels)
        self.predict_proba = self.model.predict_proba
        found = recipe.choose_neutral(self, stop)
        self.neutral = max(found, key=found.get)
        return self

    def scores(self, texts):
        probs = self.predict_proba(texts)
        return probs[:, 1] - probs[:, 0]


MODELS: dict[str, Callable] = {
    "vader": Vader,
    "tfidf": Tfidf,
    "linear": lambda: Recipe(cell=None),
    "mitseq": Recipe,
}


def judge(model, held: recipe.Held) -> dict:
    """Returns the figures of a fitted model on a domain.

    Args:
        model: Has `scores(texts)` and a threshold `neutral`.
        held: The whole domain.
    """
    scores = model.scores(held.texts)
    labels = np.array(held.labels)
    sided = labels != NEUTRAL
    praise = labels[sided] == "positive"
    said = np.where(scores == 0, praise.mean() >= 0.5, scores > 0)[sided]
    right = int((said == praise).sum())
    # as probabilities, to be judged as ours are
    probs = np.stack([(1 - scores) / 2, (1 + scores) / 2], axis=1)
    three = recipe.three_ways(probs, held.labels, model.neutral)
    return {
        "n": int(sided.sum()),
        "right": right,
        "accuracy": 100 * right / int(sided.sum()),
        "f1": 100 * three.macro_f1,
        "threshold": model.neutral,
    }


def run(options: argparse.Namespace, show: Callable) -> list[dict]:
    """Judges each model on each domain; what is there is not run again."""
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "results.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    results = [json.loads(line) for line in lines]
    done = {(r["domain"], r["model"], r["seed"]) for r in results}
    ratings = read_lexicon(options.rated)
    for domain in options.domains:
        held = recipe.held_of(read_rated(options.rated, domain))
        for name in options.models:
            for seed in options.seeds[: 1 if name == "vader" else None]:
                if (domain, name, seed) in done:
                    continue
                model = MODELS[name]().fit(options, ratings, domain, seed)
                row = {"domain": domain, "model": name, "seed": seed}
                results.append({**row, **judge(model, held)})
                with file.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(results[-1]) + "\n")
                show(json.dumps(results[-1]))
    return results


def table(results: list[dict]) -> list[dict]:
    """The mean over the seeds, of each domain and model, with an interval.

    The interval is Wilson's at the mean number of right answers.
    """
    rows = []
    for domain, model in dict.fromkeys(
        (r["domain"], r["model"]) for r in results
    ):
        mine = [
            r for r in results if (r["domain"], r["model"]) == (domain, model)
        ]
        right = round(float(np.mean([r["right"] for r in mine])))
        low, high = share_interval(right, mine[0]["n"])
        seeds = [r["accuracy"] for r in mine]
        rows.append(
            {
                "domain": domain,
                "model": model,
                "seeds": len(mine),
                "n": mine[0]["n"],
                "accuracy": float(np.mean(seeds)),
                "least": min(seeds),
                "most": max(seeds),
                "low": 100 * low,
                "high": 100 * high,
                "f1": float(np.mean([r["f1"] for r in mine])),
            }
        )
    return rows


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--films", required=True, help="rt-polarity")
    parser.add_argument("--rated", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--domains", nargs="+", choices=list(DOMAINS), default=list(DOMAINS)
    )
    parser.add_argument(
        "--models", nargs="+", choices=list(MODELS), default=list(MODELS)
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)

    def show(line):
        if not options.json:
            print(line, flush=True)

    rows = table(run(options, show))
    print_results(
        "Everyday English, a domain held out",
        COLUMNS,
        rows,
        [
            "the tweets are no fair test for VADER: it was made by such tweets",
            "from, to: Wilson's interval at 95 %, of the mean over the seeds",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    main()
