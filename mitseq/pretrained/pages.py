"""Train the small networks that the explorable pages look into, once more.

    python -m mitseq.pretrained.pages --out runs/pages

An RNN, an LSTM and a GRU of 32 units, and one Transformer block of 4 heads,
each a model of words as `mitseq words train` makes them: small enough that
every number of them can be shown. Copy the four files beside this one to make
them the bundled ones.
"""

import argparse
import json
from pathlib import Path

from mitseq.pretrained.half_precision import halve
from mitseq.tasks.words.texts import grammar_texts
from mitseq.tasks.words.train import train_words_model

TEXTS, EPOCHS = 12_000, 14
# The longer of two trainings lost what the cat is taken for: see pages.md
OF_TRANSFORMER = {"texts": 6000, "epochs": 10}
SMALL = {"units": 32, "layers": 1, "embedding_dim": 24, "dropout": 0.0}
SETTINGS = {
    "rnn": SMALL,
    "lstm": SMALL,
    "gru": SMALL,
    "transformer": SMALL | {"embedding_dim": 32},
}


def main(arguments: list[str] | None = None) -> dict:
    """Trains the four models; returns the best validation loss of each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cells", nargs="+", default=list(SETTINGS))
    options = parser.parse_args(arguments)
    losses = {}
    for cell in options.cells:
        run = options.out / cell
        amount = {"texts": TEXTS, "epochs": EPOCHS}
        if cell == "transformer":
            amount = OF_TRANSFORMER
        rows = train_words_model(
            grammar_texts(count=amount["texts"]),
            run,
            cell=cell,
            epochs=amount["epochs"],
            verbose=2,
            **SETTINGS[cell],
        )
        halve(run / "model.keras", options.out / f"pages_{cell}.keras")
        losses[cell] = min(row["val_loss"] for row in rows)
    print(json.dumps(losses, indent=1))
    return losses


if __name__ == "__main__":
    main()
