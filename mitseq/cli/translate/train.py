"""`mitseq translate train`: a model that translates."""

import click

from mitseq.cli.options import (
    PositiveNumber,
    data_option,
    option,
    positive,
)
from mitseq.cli.program import ManyPaths, command, one_line, remark
from mitseq.cli.training import LENGTH, Training, training_options

OF_DATA = ("data", "clauses", "min_count", "reverse")


@command(
    "mitseq translate train --data spa.txt --minutes 10 --out runs/spanish",
    "mitseq translate train --data spa.txt --reverse --out runs/english",
    "mitseq translate train --attention none --out runs/bottleneck",
    "mitseq translate train --minutes 10 --out runs/spanish --resume",
    cls=ManyPaths,
)
@data_option(
    "Files of pairs: a sentence, TAB, its translation, perhaps TAB and where "
    "it is from. Without it, a language that is made up."
)
@option(
    "--reverse",
    is_flag=True,
    help="Learn from the second column to the first.",
)
@option(
    "--clauses",
    type=click.IntRange(1, 12),
    default=3,
    help="Of the made-up language: the most clauses of a sentence.",
)
@option(
    "--min-count",
    type=positive,
    default=2,
    help="Of files: a word that stands fewer times is unknown.",
)
@option(
    "--cell",
    type=click.Choice(["lstm", "gru", "transformer"]),
    default="lstm",
    help="The recurrent layer of encoder and decoder, or a Transformer.",
)
@option(
    "--attention",
    type=click.Choice(["additive", "dot", "none"]),
    default="additive",
    help="How the decoder asks the encoder's states; none: it has the context "
    "vector alone. A Transformer has its own.",
)
@option(
    "--units",
    type=positive,
    default=256,
    help="Size of the hidden state, or width of the Transformer.",
)
@option(
    "--embedding-dim",
    type=positive,
    default=128,
    help="Size of a word's vector.",
)
@option("--batch-size", type=positive, default=64, help="Pairs in each step.")
@option(
    "--learning-rate",
    type=PositiveNumber(),
    help="The highest one. [default: 0.003, Transformer 0.001]",
)
@training_options(
    "runs/translate", epochs="Passes over the pairs. [default: 10]"
)
def train(training: Training, **options) -> None:
    """Train a model, and keep its best weights in DIR/model.keras.

    After each epoch it writes the loss, in nats a word, to DIR/history.csv. Of
    the sentences of files a twentieth is held out to stop by, and a twentieth
    for `mitseq translate evaluate`, in DIR/test.tsv; a sentence with several
    translations goes to one side as a whole.
    """
    with training.open(options) as (run, options):
        pairs = _pairs(options)
        with training.at_work() as verbose:
            from mitseq.tasks.translate.train import train_translation_model

            settings = {
                name: value
                for name, value in options.items()
                if name not in (*OF_DATA, *LENGTH)
            }
            history = train_translation_model(
                pairs,
                run,
                verbose=verbose,
                **{name: options[name] for name in LENGTH},
                **settings,
            )
    training.print_result(
        history,
        "best held-out loss: {val_loss:.4f} nats a word",
        settings=settings,
        data=pairs.name,
    )


def _pairs(options: dict):
    """Returns the pairs to learn from, as they were given."""
    from mitseq.tasks.translate.pairs import language_pairs, read_split

    seed, reverse = options["seed"], options["reverse"]
    if not options["data"]:
        return language_pairs(options["clauses"], seed=seed, reverse=reverse)
    pairs = read_split(options["data"], options["min_count"], seed, reverse)
    remark(
        one_line(
            f"{pairs.name}: {len(pairs.train)} pairs to learn from, "
            f"{len(pairs.validation)} to stop by, {len(pairs.test)} to judge by"
        )
    )
    return pairs
