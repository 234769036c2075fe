"""`mitseq tag train`: a model that tags words."""

import click

from mitseq.cli.options import data_option, option, paths, positive
from mitseq.cli.program import ManyPaths, command, one_line, remark
from mitseq.cli.training import LENGTH, Training, training_options


@command(
    "mitseq tag train --data UD_English-EWT --out runs/ewt",
    "mitseq tag train --data train.conllu --validation dev.conllu --minutes 8",
    "mitseq tag train --minutes 8 --out runs/ewt --resume",
    cls=ManyPaths,
)
@data_option(
    "CoNLL-U files to learn from, or folders of them: files there whose names "
    'end with "dev" and "test" are to stop by and to judge by. Without it, '
    "sentences of the grammar that comes with mitseq."
)
@option(
    "--validation",
    type=paths,
    multiple=True,
    metavar="FILE",
    help="CoNLL-U to stop by. Without it, a tenth of the sentences is held "
    "out, and another tenth for `mitseq tag evaluate`.",
)
@option(
    "--cell",
    type=click.Choice(["rnn", "lstm", "gru"]),
    default="lstm",
    help="The recurrent layer.",
)
@option(
    "--units",
    type=positive,
    default=128,
    help="Size of the hidden state of each direction.",
)
@option("--layers", type=positive, default=1, help="How many are stacked.")
@option(
    "--embedding-dim",
    type=positive,
    default=96,
    help="Size of a word's vector.",
)
@option(
    "--affix-dim",
    type=click.IntRange(min=0),
    default=24,
    help="Size of the vector of each ending and beginning; 0 for words only.",
)
@option(
    "--directions",
    type=click.IntRange(1, 2),
    default=2,
    help="2 reads forward and backward, 1 forward only.",
)
@option(
    "--batch-size", type=positive, default=32, help="Sentences in each step."
)
@training_options("runs/tag", epochs="Passes over the sentences. [default: 8]")
def train(training: Training, **options) -> None:
    """Train a model, and keep its best weights in DIR/model.keras.

    After each epoch it writes loss and accuracy, of training and of held-out
    sentences, to DIR/history.csv; the loss is in nats a word.
    """
    with training.open(options) as (run, options):
        treebank = _treebank(options)
        with training.at_work() as verbose:
            from mitseq.tasks.tag.train import train_tag_model

            settings = {
                name: value
                for name, value in options.items()
                if name not in ("data", "validation", *LENGTH)
            }
            history = train_tag_model(
                treebank,
                run,
                verbose=verbose,
                **{name: options[name] for name in LENGTH},
                **settings,
            )
    training.print_result(
        history,
        "best held-out loss: {val_loss:.4f} nats a word, "
        "{val_accuracy:.2%} of the tags right",
        settings=settings,
        data=treebank.name,
    )


def _treebank(options: dict):
    """Returns the sentences to learn from, as they were given."""
    if not options["data"]:
        if options["validation"]:
            raise click.UsageError("--validation needs --data")
        from mitseq.tasks.tag.grammar import grammar_treebank

        return grammar_treebank(seed=options["seed"])
    from mitseq.tasks.tag.treebank import read_treebank

    treebank = read_treebank(
        options["data"], options["validation"] or (), options["seed"]
    )
    remark(
        one_line(
            f"{treebank.name}: {len(treebank.train)} sentences to learn from, "
            f"{len(treebank.validation)} to stop by, {len(treebank.test)} to "
            "judge by"
        )
    )
    return treebank
