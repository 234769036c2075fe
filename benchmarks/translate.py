r"""Translation: what attention is worth, with peers in the same run.

    python benchmarks/translate.py --data spa.txt --out runs/translate
    python benchmarks/translate.py --language --out runs/translate

Pairs of a file in the Tatoeba/Anki layout (its first `--pairs`), split by
their source sentence, or the language that is made up. Every model has the same
vocabulary, size and epochs:

    keras        the encoder-decoder of the Keras example "Character-level
                 recurrent sequence-to-sequence model", over words: two
                 `keras.layers.LSTM`, RMSprop, no attention
    none         ours: the encoder reads both ways, the context vector alone
    dot          the same, and attention over all states of the encoder
    transformer  encoder and decoder of Transformer blocks, half as wide

chrF and BLEU are sacrebleu's, against all translations of a sentence; beam
search has 4 hypotheses, greedy is 1. "by length" is chrF by the number of
source words, and on the language the share of words at their place. A training
that is in `--out` is not done again.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import keras
from keras import ops
from tables import print_results

from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.text.vocabulary import PAD, Vocabulary
from mitseq.tasks.translate.model import load_translation_model
from mitseq.tasks.translate.pairs import Pairs, language_pairs, read_split
from mitseq.tasks.translate.train import batches_of, train_translation_model
from mitseq.text.words import word_vocabulary

UNITS, DIM = 256, 128
MODELS = {
    "keras": {},
    "none": {"attention": "none", "units": UNITS},
    "dot": {"attention": "dot", "units": UNITS},
    "transformer": {"cell": "transformer", "units": UNITS // 2},
}
BATCH, KERAS_BATCH = 128, 64  # 64: the example's


def keras_example(source: Vocabulary, target: Vocabulary) -> keras.Model:
    """Returns the encoder-decoder of the Keras example, over words."""
    layers = keras.layers
    ids = keras.Input((None,), dtype="int32", name="source_ids")
    x = VocabularyEmbedding(source, DIM, mask_zero=True, name="embedding")(ids)
    _, *states = layers.LSTM(UNITS, return_state=True)(x)
    encoder = keras.Model(ids, states, name="encoder")
    before = keras.Input((None,), dtype="int32", name="target_ids")
    start = [keras.Input((UNITS,)) for _ in states]
    x = VocabularyEmbedding(target, DIM, name="embedding")(before)
    y = layers.LSTM(UNITS, return_sequences=True)(x, initial_state=start)
    decoder = keras.Model(
        [before, *start], layers.Dense(len(target))(y), name="decoder"
    )
    ids = keras.Input((None,), dtype="int32", name="source_ids")
    before = keras.Input((None,), dtype="int32", name="target_ids")
    return keras.Model([ids, before], decoder([before, *encoder(ids)]))


def train_keras_example(
    pairs: Pairs, folder: Path, epochs: int, seed: int
) -> None:
    """Trains the example as it is trained there; keeps the best epoch."""
    keras.utils.set_random_seed(seed)
    model = keras_example(
        word_vocabulary((p.source for p in pairs.train), pairs.min_count),
        word_vocabulary((p.target for p in pairs.train), pairs.min_count),
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
    for epoch in range(1, epochs + 1):
        batches.start(epoch)
        model.fit(batches.dataset(), verbose=0)
        loss = model.evaluate(validation, verbose=0)
        print(f"keras, epoch {epoch}: val_loss {loss:.4f}", file=sys.stderr)
        if loss < best:
            best, weights = loss, model.get_weights()
    model.set_weights(weights)
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / "model.keras")


def train(
    name: str, pairs: Pairs, folder: Path, epochs: int, seed: int
) -> tuple[keras.Model, float]:
    """Returns a trained model and the seconds of its training."""
    clock = folder / "seconds.json"
    if not clock.exists():
        started = time.monotonic()
        if name == "keras":
            train_keras_example(pairs, folder, epochs, seed)
        else:
            train_translation_model(
                pairs,
                folder,
                embedding_dim=DIM,
                batch_size=BATCH,
                epochs=epochs,
                seed=seed,
                verbose=2,
                **MODELS[name],
            )
        clock.write_text(json.dumps(time.monotonic() - started))
    return load_translation_model(folder), json.loads(clock.read_text())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="A file of pairs.")
    parser.add_argument("--pairs", type=int, default=60_000)
    parser.add_argument("--min-count", type=int, default=3)
    parser.add_argument("--clauses", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--models", nargs="+", default=list(MODELS))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    if options.data is None:
        pairs = language_pairs(options.clauses)
    else:
        pairs = read_split(
            [options.data], options.min_count, most=options.pairs
        )
    for seed in options.seeds:
        for name in options.models:
            folder = options.out / f"{name}-{seed}"
            train(name, pairs, folder, options.epochs, seed)


if __name__ == "__main__":
    main()
