"""`mitseq words train`: a model that predicts the next word."""

import click

from mitseq.cli.options import data_option, option, positive
from mitseq.cli.program import ManyPaths, command, one_line, remark
from mitseq.cli.training import LENGTH, Training, training_options


@command(
    "mitseq words train --data book.txt --minutes 5 --out runs/book",
    "mitseq words train --distance 20 --cell gru --out runs/words",
    "mitseq words train --minutes 5 --out runs/book --resume",
    cls=ManyPaths,
)
@data_option(
    "Text files. Without it, texts of the grammar that comes with mitseq."
)
@option(
    "--distance",
    type=click.IntRange(min=4),
    default=20,
    help="Of the grammar: the most words between one that decides and the one "
    "that is to be known.",
)
@option(
    "--min-count",
    type=positive,
    default=2,
    help="Of text files: a word that stands fewer times is unknown.",
)
@option(
    "--cell",
    type=click.Choice(["rnn", "lstm", "gru", "transformer"]),
    default="lstm",
    help="The recurrent layer, or a Transformer.",
)
@option(
    "--units",
    type=positive,
    default=128,
    help="Size of the hidden state, or width of the Transformer.",
)
@option(
    "--layers",
    type=positive,
    help="How many are stacked. [default: 1, Transformer 2]",
)
@option(
    "--embedding-dim",
    type=positive,
    default=64,
    help="Size of a word's vector.",
)
@option("--batch-size", type=positive, default=32, help="Rows in each step.")
@option(
    "--sequence-length",
    type=positive,
    default=48,
    help="Words in each row.",
)
@training_options("runs/words", epochs="Passes over the texts. [default: 16]")
def train(training: Training, **options) -> None:
    """Train a model, and keep its best weights in DIR/model.keras.

    After each epoch it writes the loss, in nats a word, to DIR/history.csv. Of
    text files a tenth of the paragraphs is held out to stop by, and a tenth
    for `mitseq words evaluate`, in DIR/test.txt.
    """
    with training.open(options) as (run, options):
        texts = _texts(options)
        with training.at_work() as verbose:
            from mitseq.tasks.words.train import train_words_model

            settings = {
                name: value
                for name, value in options.items()
                if name not in ("data", "distance", "min_count", *LENGTH)
            }
            history = train_words_model(
                texts,
                run,
                verbose=verbose,
                **{name: options[name] for name in LENGTH},
                **settings,
            )
    training.print_result(
        history,
        "best held-out loss: {val_loss:.4f} nats a word",
        settings=settings,
        data=texts.name,
    )


def _texts(options: dict):
    """Returns the texts to learn from, as they were given."""
    from mitseq.tasks.words.texts import grammar_texts, read_split

    seed = options["seed"]
    if not options["data"]:
        return grammar_texts(options["distance"], seed=seed)
    texts = read_split(options["data"], options["min_count"], seed)
    remark(
        one_line(
            f"{texts.name}: {len(texts.train)} paragraphs to learn from, "
            f"{len(texts.validation)} to stop by, {len(texts.test)} to judge by"
        )
    )
    return texts
