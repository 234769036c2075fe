"""Train the small networks that the explorable pages look into, once more.

    python -m mitseq.pretrained.pages --out runs/pages

Small enough that every number of them can be shown:

- an RNN, an LSTM and a GRU of 32 units, and one Transformer block of 4 heads,
  models of words as `mitseq words train` makes them;
- an RNN, an LSTM and a GRU of 32 units, models of the characters of tunes as
  `mitseq music train` makes them;
- two translators of the language that is made up, one without and one with
  attention, as `mitseq translate train` makes them.

Copy the files beside this one to make them the bundled ones.
"""

import argparse
import json
from pathlib import Path

from mitseq.pretrained.half_precision import halve
from mitseq.tasks.music.train import train_music_model
from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.pairs import Pair, Pairs, as_pair
from mitseq.tasks.translate.questions import SENTENCES, asked
from mitseq.tasks.translate.train import train_translation_model
from mitseq.tasks.words.texts import grammar_texts
from mitseq.tasks.words.train import train_words_model
from mitseq.tunes.corpus import prepare

TEXTS, EPOCHS = 12_000, 14
# The longer of two trainings lost what the cat is taken for: see pages.md
OF_TRANSFORMER = {"texts": 6000, "epochs": 10}
SMALL = {"units": 32, "layers": 1, "embedding_dim": 24, "dropout": 0.0}
WORDS = {
    "rnn": SMALL,
    "lstm": SMALL,
    "gru": SMALL,
    "transformer": SMALL | {"embedding_dim": 32},
}
OF_TUNES = {
    "level": "character",
    "units": 32,
    "layers": 1,
    "dropout": 0.0,
    "sequence_length": 128,  # of each tune the first bars, as in the page
    "batch_size": 16,
    "learning_rate": 1e-2,
}
TUNE_EPOCHS = 15
# Short sentences more often: without attention they are hard enough
SIZES = (1, 1, 1, 1, 2, 2, 3, 4)
SENTENCES_LEARNED, HELD_OUT = 40_000, 1000
OF_TRANSLATORS = {
    "cell": "gru",
    "units": 128,
    "embedding_dim": 32,
    "dropout": 0.1,
    "batch_size": 64,
    "learning_rate": 5e-3,
}
TRANSLATOR_EPOCHS = {"none": 6, "additive": 2}


def train_words(cell: str, run: Path) -> list[dict]:
    """Trains a model of words; returns the rows of its history."""
    amount = {"texts": TEXTS, "epochs": EPOCHS}
    if cell == "transformer":
        amount = OF_TRANSFORMER
    return train_words_model(
        grammar_texts(count=amount["texts"]),
        run,
        cell=cell,
        epochs=amount["epochs"],
        verbose=2,
        **WORDS[cell],
    )


def train_tunes(cell: str, run: Path) -> list[dict]:
    """Trains a model of the characters of tunes, likewise."""
    return train_music_model(
        prepare(),
        run,
        cell=cell,
        epochs=TUNE_EPOCHS,
        sample=False,
        verbose=2,
        **OF_TUNES,
    )


def train_translator(attention: str, run: Path) -> list[dict]:
    """Trains a translator, likewise."""
    return train_translation_model(
        sentence_pairs(),
        run,
        attention=attention,
        epochs=TRANSLATOR_EPOCHS[attention],
        patience=100,
        verbose=2,
        **OF_TRANSLATORS,
    )


def sentence_pairs() -> Pairs:
    """Returns what the translators learn from: not what the page asks."""
    kept = {*SENTENCES, *(text for group in asked() for text in group)}
    made = write_sentences(SENTENCES_LEARNED + HELD_OUT, SIZES, seed=0)
    pairs: list[Pair] = [
        pair for pair in map(as_pair, made) if pair.source not in kept
    ]
    return Pairs(pairs[HELD_OUT:], pairs[:HELD_OUT], [])


TRAININGS = (
    {name: (train_words, name) for name in WORDS}
    | {f"tune_{cell}": (train_tunes, cell) for cell in ("rnn", "lstm", "gru")}
    | {
        f"translate_{name}": (train_translator, name)
        for name in TRANSLATOR_EPOCHS
    }
)


def main(arguments: list[str] | None = None) -> dict:
    """Trains the models; returns the best validation loss of each.

    Of tunes it is in bits a character, of the others in nats a word.
    """
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", nargs="+", default=list(TRAININGS))
    options = parser.parse_args(arguments)
    losses = {}
    for name in options.models:
        train, kind = TRAININGS[name]
        run = options.out / name
        rows = train(kind, run)
        halve(run / "model.keras", options.out / f"pages_{name}.keras")
        bits = "val_bits_per_character"
        measure = bits if bits in rows[0] else "val_loss"
        losses[name] = min(row[measure] for row in rows)
    print(json.dumps(losses, indent=1))
    return losses


if __name__ == "__main__":
    main()
