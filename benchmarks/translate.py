r"""Translation: what attention is worth, with peers in the same run.

    python benchmarks/translate.py --data spa.txt --out runs/real
    python benchmarks/translate.py --out runs/language --units 64 \
        --embedding-dim 32 --batch-size 32 --learning-rate 5e-3 \
        --clauses 2 --sentences 4000 --epochs 8 --figure bottleneck.png

Pairs of a file in the Tatoeba/Anki layout (its first `--pairs`), split by
their source sentence, or the language that is made up. Every model has the same
vocabulary and the same epochs:

    keras        the encoder-decoder of the Keras example "Character-level
                 recurrent sequence-to-sequence model", over words: two
                 `keras.layers.LSTM`, RMSprop, batches of 64, no attention
    none         ours: the encoder reads both ways, the context vector alone
    attention    the same, and Bahdanau's attention over all its states
    transformer  encoder and decoder of Transformer blocks, half as wide

chrF and BLEU are sacrebleu's, against all translations of a sentence; beam
search has 4 hypotheses, greedy is 1. exact is how many sentences are one of
their translations, accuracy the share of words at their place. Of the made-up
language also: longer, the accuracy with one clause more than any sentence of
the training, and aligned, how often the source word with the largest weight is
the true one. A training that is in `--out` is not done again.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import keras
import numpy as np
from tables import print_results

from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.tasks.translate.evaluation import (
    alignment_accuracy,
    evaluate_translation_model,
)
from mitseq.tasks.translate.figures import plot_by_length
from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.model import load_translation_model
from mitseq.tasks.translate.pairs import (
    Pairs,
    as_pair,
    language_pairs,
    read_split,
)
from mitseq.tasks.translate.train import batches_of, train_translation_model
from mitseq.text.vocabulary import PAD, Vocabulary
from mitseq.text.words import cut_words, word_vocabulary

MODELS = {
    "keras": {},
    "none": {"attention": "none"},
    "attention": {"attention": "additive"},
    "transformer": {"cell": "transformer"},
}
TITLES = {
    "keras": "Keras example",
    "none": "context vector alone",
    "attention": "attention",
    "transformer": "Transformer",
}
KERAS_BATCH = 64  # the example's
COLUMNS = {
    "model": "model",
    "seeds": "seeds",
    "chrf": "chrF",
    "bleu": "BLEU",
    "greedy_chrf": "chrF, greedy",
    "exact": "exact %",
    "accuracy": "accuracy %",
    "longer": "longer %",
    "aligned": "aligned %",
    "weights": "weights",
    "minutes": "minutes",
}


def keras_example(
    source: Vocabulary, target: Vocabulary, units: int, dim: int
) -> keras.Model:
    """Returns the encoder-decoder of the Keras example, over words."""
    layers = keras.layers
    ids = keras.Input((None,), dtype="int32", name="source_ids")
    x = VocabularyEmbedding(source, dim, mask_zero=True, name="embedding")(ids)
    _, *states = layers.LSTM(units, return_state=True)(x)
    encoder = keras.Model(ids, states, name="encoder")
    before = keras.Input((None,), dtype="int32", name="target_ids")
    start = [keras.Input((units,)) for _ in states]
    x = VocabularyEmbedding(target, dim, name="embedding")(before)
    y = layers.LSTM(units, return_sequences=True)(x, initial_state=start)
    decoder = keras.Model(
        [before, *start], layers.Dense(len(target))(y), name="decoder"
    )
    ids = keras.Input((None,), dtype="int32", name="source_ids")
    before = keras.Input((None,), dtype="int32", name="target_ids")
    return keras.Model([ids, before], decoder([before, *encoder(ids)]))


def train_keras_example(
    pairs: Pairs, folder: Path, options: argparse.Namespace, seed: int
) -> None:
    """Trains the example as it is trained there; keeps the best epoch."""
    keras.utils.set_random_seed(seed)
    model = keras_example(
        word_vocabulary((p.source for p in pairs.train), pairs.min_count),
        word_vocabulary((p.target for p in pairs.train), pairs.min_count),
        options.units,
        options.embedding_dim,
    )
    model.compile(
        optimizer="rmsprop",
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        jit_compile=False,
    )
    batches = batches_of(model, pairs.train, KERAS_BATCH, seed, True)
    validation = batches_of(model, pairs.validation, KERAS_BATCH).dataset()
    best = float("inf")
    for epoch in range(1, options.epochs + 1):
        batches.start(epoch)
        model.fit(batches.dataset(), shuffle=False, verbose=0)
        loss = model.evaluate(validation, verbose=0)
        print(f"keras, epoch {epoch}: val_loss {loss:.4f}", file=sys.stderr)
        if loss < best:
            best, weights = loss, model.get_weights()
    model.set_weights(weights)
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / "model.keras")


def train(
    name: str, pairs: Pairs, options: argparse.Namespace, seed: int
) -> tuple[keras.Model, float]:
    """Returns a trained model and the seconds of its training."""
    folder = options.out / f"{name}-{seed}"
    clock = folder / "seconds.json"
    if not clock.exists():
        started = time.monotonic()
        if name == "keras":
            train_keras_example(pairs, folder, options, seed)
        else:
            train_translation_model(
                pairs,
                folder,
                units=options.units // (2 if name == "transformer" else 1),
                embedding_dim=options.embedding_dim,
                batch_size=options.batch_size,
                learning_rate=options.learning_rate,
                epochs=options.epochs,
                seed=seed,
                verbose=0 if options.json else 2,
                **MODELS[name],
            )
        clock.write_text(json.dumps(time.monotonic() - started))
    return load_translation_model(folder), json.loads(clock.read_text())


def measure(
    name: str,
    model: keras.Model,
    pairs: Pairs,
    clauses: int | None,
    questions: int,
) -> dict:
    """Returns what a model reaches, greedily and by beam search.

    Args:
        name: Of the model.
        model: A trained one.
        pairs: Those that it is judged by are `pairs.test`.
        clauses: Of the made-up language; None for pairs of a file.
        questions: Sentences of the language that are asked besides.
    """
    greedy = evaluate_translation_model(model, pairs.test, beams=1)
    beam = evaluate_translation_model(model, pairs.test)
    found = {
        "chrf": beam["chrf"],
        "bleu": beam["bleu"],
        "greedy_chrf": greedy["chrf"],
        "exact": 100 * beam["exact"],
        "accuracy": 100 * beam["accuracy"],
        "weights": model.count_params(),
        "by_length": beam["by_length"],
    }
    if clauses is not None:
        asked = write_sentences(questions, [clauses + 1], 1)
        longer = [as_pair(made) for made in asked]
        more = evaluate_translation_model(model, longer)
        found["longer"] = 100 * more["accuracy"]
        found["by_length"] = join_lengths(beam, more)
        if name in ("attention", "transformer"):
            judged = alignment_accuracy(
                model, write_sentences(questions, clauses, 2)
            )
            found["aligned"] = 100 * judged["aligned"]
            found["aligned_interval"] = judged["interval"]
            found["aligned_words"] = judged["words"]
    return found


def join_lengths(*found: dict) -> list[dict]:
    """Returns rows of several evaluations as one row a length.

    Example:

    >>> row = {"words": 5, "sentences": 1, "accuracy": 0.0}
    >>> more = {"words": 5, "sentences": 3, "accuracy": 1.0}
    >>> join_lengths({"by_length": [row]}, {"by_length": [more]})
    [{'words': 5, 'sentences': 4, 'accuracy': 0.75}]
    """
    rows: dict[int, list[dict]] = {}
    for each in found:
        for row in each["by_length"]:
            rows.setdefault(row["words"], []).append(row)
    return [
        {
            "words": length,
            "sentences": (total := sum(row["sentences"] for row in same)),
            **{
                name: sum(row["sentences"] * row[name] for row in same) / total
                for name in same[0]
                if name not in ("words", "sentences")
            },
        }
        for length, same in sorted(rows.items())
    ]


def spread(name: str, found: list[dict]) -> dict:
    """Returns a row of the table: mean, lowest and highest of the seeds."""
    row: dict[str, object] = {"model": name, "seeds": len(found)}
    for column in list(COLUMNS)[2:]:
        values = [each[column] for each in found if column in each]
        if column == "weights":
            row[column] = values[0]
        elif values:
            low, high = min(values), max(values)
            row[column] = f"{np.mean(values):.1f} ({low:.1f}-{high:.1f})"
    return row


def main(arguments: list[str] | None = None) -> list[dict]:
    """Trains what is not trained yet, measures, prints and draws."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="A file of pairs.")
    parser.add_argument("--pairs", type=int, default=60_000)
    parser.add_argument("--min-count", type=int, default=3)
    parser.add_argument(
        "--clauses", type=int, default=3, help="Of the made-up language."
    )
    parser.add_argument("--sentences", type=int, default=12_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--units", type=int, default=256)
    parser.add_argument("--embedding-dim", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument(
        "--learning-rate", type=float, help="Of ours; as the command's."
    )
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--models", nargs="+", choices=MODELS, default=list(MODELS)
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figure", type=Path, help="A picture by length.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    clauses = options.clauses if options.data is None else None
    if options.data is None:
        pairs = language_pairs(options.clauses, options.sentences)
    else:
        pairs = read_split(
            [options.data], options.min_count, most=options.pairs
        )
    found: dict[str, list[dict]] = {}
    with show_progress():
        for seed in options.seeds:
            for name in options.models:
                model, seconds = train(name, pairs, options, seed)
                result = measure(name, model, pairs, clauses, options.questions)
                result["minutes"] = seconds / 60
                found.setdefault(name, []).append(result)
                print(f"{name}, seed {seed}: done", file=sys.stderr)
    rows = [spread(name, each) for name, each in found.items()]
    source = "the made-up language" if clauses else options.data.name
    print_results(
        f"Translation, {source}: mean, lowest and highest of the seeds",
        {k: v for k, v in COLUMNS.items() if any(k in row for row in rows)},
        rows,
        [f"{len(pairs.train)} pairs to learn from, {options.epochs} epochs"],
        as_json=options.json,
    )
    if options.figure is not None:
        curves = {
            TITLES[name]: join_lengths(*each) for name, each in found.items()
        }
        figure = plot_by_length(
            curves,
            measure="chrf" if clauses is None else "accuracy",
            trained=max(len(cut_words(pair.source)) for pair in pairs.train),
            fewest=20,
            title="English to Spanish, by the length of the source"
            if clauses is None
            else "A longer sentence, the same context vector",
        )
        save_figure(figure, options.figure)
    return [{**row, "found": found[row["model"]]} for row in rows]


if __name__ == "__main__":
    main()
