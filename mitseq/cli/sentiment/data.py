"""Options that say which labeled texts, and what is told about them."""

from mitseq.cli.options import option
from mitseq.cli.program import one_line, remark


def data_options(command):
    """Adds `--text-column`, `--label-column` and `--encoding`."""
    for add in (
        option(
            "--encoding",
            metavar="NAME",
            help="Of the files: utf-8, latin-1, ... [default: found by "
            "looking]",
        ),
        option("--label-column", metavar="C", help="The same of the labels."),
        option(
            "--text-column",
            metavar="C",
            help="Name of the column of texts, or its number from 1 on. "
            "[default: found by looking]",
        ),
    ):
        command = add(command)
    return command


def has_test(path: str) -> bool:
    """Tells whether data comes with texts to judge on."""
    from mitseq.tasks.sentiment.read import splits_of

    return "test" in splits_of(path)


def read(path: str, split: str | None, **columns):
    """Returns labeled texts, and tells what is worth knowing about them.

    Args:
        path: As for `mitseq.tasks.sentiment.read.read_texts`.
        split: "train", "test" or None.
        **columns: Arguments of `read_texts`.
    """
    from mitseq.tasks.sentiment.read import read_texts

    data = read_texts(path, split=split, **columns)
    sizes = ", ".join(f"{name}: {n}" for name, n in data.counts.items())
    remark(one_line(f"{path}: {len(data)} texts ({sizes})"))
    for note in data.notes:
        remark("  " + one_line(note))
    return data


def judge(figures: dict, which: str = "") -> list[str]:
    """Tells, and returns, what is worth knowing about an accuracy.

    Args:
        figures: As of an `Evaluation`.
        which: What to call the texts, as in "held-out ".
    """
    low, _ = figures["accuracy_interval"]
    if low > figures["majority"]:
        return []
    note = one_line(
        f"the accuracy may be that of always {figures['majority_class']!r}, "
        f"as far as {figures['n']} {which}texts tell: label more to judge by, "
        "and more to learn from"
    )
    remark(note)
    return [note]
