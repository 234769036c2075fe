"""Train the bundled music model again, and write it in half precision.

    python -m mitseq.pretrained.music --out runs/bundled

Reads the collections in the installed music21, trains with the settings below
(under an hour on two cores), measures the best model on the test tunes, lets it
write tunes for its discriminator, and writes `music.keras`,
`music_discriminator.keras` and the card `music.md` into the folder. Copy them
beside this file to make them the bundled ones.
"""

import argparse
import json
from pathlib import Path

import keras

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.tasks.music.discriminator import (
    BUNDLED,
    measure_all,
    train_discriminator,
)
from mitseq.tasks.music.evaluation import evaluate_music_model
from mitseq.tasks.music.generate import draw_tunes
from mitseq.tasks.music.model import (
    build_music_model,
    load_music_model,
    vocabulary_of,
)
from mitseq.tasks.music.train import train_music_model
from mitseq.training.run import HISTORY, read_history
from mitseq.tunes.corpus import Corpus, prepare

SETTINGS = {
    "level": "token",
    "cell": "lstm",
    "units": 480,  # so that the file stays below 8 MB
    "layers": 2,
    "dropout": 0.5,
    "epochs": 24,
    "batch_size": 16,
    "sequence_length": 256,
    "learning_rate": 2e-3,
    "seed": 0,
    "precision": "mixed_bfloat16",  # half of the time
}
WRITTEN = 12_288  # candidates that the discriminator learns from
WRITTEN_SEED = 11
ARCHITECTURE = ("cell", "units", "layers", "dropout")


def in_float32(model: keras.Model, **architecture) -> keras.Model:
    """Returns a model of the same weights that computes in float32.

    A training in 16 bits keeps its weights in 32.

    Args:
        model: A music model.
        **architecture: As it was built, see `build_music_model`.
    """
    whole = build_music_model(vocabulary_of(model), **architecture)
    whole.set_weights(model.get_weights())
    return whole


def write_discriminator(model: keras.Model, corpus: Corpus, out: Path) -> dict:
    """Trains the discriminator of a model and writes it in half precision.

    Args:
        model: The model in half precision.
        corpus: What it was trained on.
        out: Folder for `music_discriminator.keras`.

    Returns:
        How many tunes of both sides there were, and its AUC.
    """
    people = measure_all(corpus.train, "measuring tunes of people")
    written = draw_tunes(model, WRITTEN, seed=WRITTEN_SEED)
    found, auc = train_discriminator(people, written)
    found.save(out / "discriminator.keras")
    halve(out / "discriminator.keras", out / BUNDLED.name)
    return {"people": len(people), "written": len(written), "auc": auc}


def card(
    model: keras.Model,
    corpus: Corpus,
    rows: list[dict],
    figures: dict,
    discriminator: dict,
) -> str:
    """Returns the model card as Markdown.

    Args:
        model: The model in half precision.
        corpus: What it was trained on.
        rows: The rows of its history.
        figures: From `evaluate_music_model` on the test tunes.
        discriminator: From `write_discriminator`.
    """
    vocabulary = vocabulary_of(model)
    best = min(rows, key=lambda row: row["val_bits_per_character"])
    settings = "\n".join(f"- {k}: {v}" for k, v in SETTINGS.items())
    shared = figures["longest_copied_run"]
    table = {
        "bits per character": f"{figures['bits_per_character']:.3f}",
        "tunes": figures["tunes"],
        "characters": figures["characters"],
        "samples our checker accepts": f"{figures['accepted']:.1%}",
        "samples that repeat a training tune": f"{figures['copied']:.1%}",
        "longest run shared with training tunes": f"{shared} characters",
    }
    lines = "\n".join(f"| {what} | {value} |" for what, value in table.items())
    return f"""# The bundled music model

A {SETTINGS["layers"]}-layer LSTM over ABC tokens ({len(vocabulary)} ids,
{model.count_params():,} weights), trained by `mitseq/pretrained/music.py`.
It reads and writes notes as degrees of their key, is told where in the bar it
stands and what stood there 1, 2, 4, 8 and 16 bars ago, and may point at what
came next then.
The weights are rounded to half precision ({MANTISSA_BITS} bits behind the
leading one); Keras computes with them in float32.

## Data

The collections in the corpus of music21, in ABC: O'Neill's Music of Ireland,
Ryan's Mammoth Collection and Aird's Airs, Irish, Scottish and English dance
tunes that are in the public domain. The transcriptions come with music21 and
are read where it is installed; the package holds no copy.
Normalized, checked, near-duplicates on one side of the split only:
{len(corpus.train)} tunes to train, {len(corpus.validation)} to choose the best
epoch, {len(corpus.test)} to measure.

## Settings

{settings}

Best epoch: {int(best["epoch"])} of {len(rows)}, after
{best["seconds"] / 60:.0f} minutes on two cores;
{best["val_bits_per_character"]:.3f} bits per character of the validation tunes.

## Figures

Of this file, on the test tunes and on {figures["samples"]} unfiltered samples
at temperature 1.0:

| what | value |
|---|---|
{lines}

## The discriminator

`mitseq music generate` draws each tune from several, by three small networks
that have learned to tell {discriminator["people"]} of the training tunes from
{discriminator["written"]} tunes that this model wrote
(`mitseq/tasks/music/discriminator.py`). Of tunes that it has not learned from
it puts {discriminator["auc"]:.0%} of the pairs in the right order. It knows
what is measured of a tune, not its notes, and only what this model writes: it
would take a drone of one note for a person's.

## Use and limits

It writes single-line dance tunes in the styles it has seen. It knows no words,
chords or second voices, and nothing of other traditions.

Twenty tunes in a row that `generate` returned, read, have these faults. One
ends away from its tonic, and one repeats a bar eleven times. Four end on a
tonic that is hammered in eighths where a player would hold it. Second halves
wander more often than people's do, one leaps about without an aim, and dotted
notes are rarer than with people (docs/benchmarks.md).

## Train it again

```
python -m mitseq.pretrained.music --out runs/bundled
```
"""


def main() -> None:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--resume", action="store_true", help="go on with a stopped training"
    )
    parser.add_argument(
        "--trained",
        action="store_true",
        help="the folder holds a finished training: only measure and write",
    )
    options = parser.parse_args()
    corpus = prepare()
    run = options.out / "training"
    if options.trained:
        rows = read_history(run / HISTORY)
    else:
        rows = train_music_model(
            corpus, run, resume=options.resume, patience=100, **SETTINGS
        )
    best = load_music_model(run / "model.keras")
    whole = in_float32(best, **{k: SETTINGS[k] for k in ARCHITECTURE})
    whole.save(options.out / "float32.keras")
    halve(options.out / "float32.keras", options.out / "music.keras")
    model = load_music_model(options.out / "music.keras")
    figures = evaluate_music_model(
        model, corpus.test, samples=200, train_tunes=corpus.train
    )
    told = write_discriminator(model, corpus, options.out)
    text = card(model, corpus, rows, figures, told)
    atomic_write(options.out / "music.md", text)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
