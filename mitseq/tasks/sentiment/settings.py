"""The settings of a classifier, checked before any text is read.

A training takes long, and what is wrong with it should be said at its start.
"""

from collections.abc import Mapping
from typing import Any

from mitseq.arguments import (
    check_choice,
    check_count,
    check_flag,
    check_not_negative,
    check_path,
    check_positive,
    check_seed,
    check_share,
    check_sizes,
    is_int,
    is_number,
    wrong,
)
from mitseq.precision import check_precision
from mitseq.tasks.sentiment.model import (
    CELLS,
    MOST_NGRAM,
    POOLINGS,
    RECURRENT,
)


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuses the first setting that is out of its range.

    Args:
        settings: Arguments of `SentimentClassifier`, by their names.

    Raises:
        MitseqError: that names it.

    Example:

    >>> check_settings({"units": 0})
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `units` must be a positive int. Received:
    units=0.
    """
    for name, value in settings.items():
        if name in CHECKS:
            CHECKS[name](**{name: value})
    if settings.get("unlabelled") is not None:
        cell = settings.get("cell", "lstm")
        if cell not in RECURRENT:
            raise wrong(
                "cell",
                "be one of "
                f"{', '.join(RECURRENT)}, which guess the next word, where "
                "there is `unlabelled`",
                cell,
            )


def _optional(check):
    def checked(**given):
        check(**{name: x for name, x in given.items() if x is not None})

    return checked


def _whole(check):
    """What is not given must be, too."""

    def checked(**given):
        for name, value in given.items():
            if value is None:
                raise wrong(name, "be a number", value)
        check(**given)

    return checked


def _ngram(**given):
    check_count(0, MOST_NGRAM, **given)


def _least_known(least_known):
    if not is_number(least_known) or not 0 <= least_known <= 1:
        raise wrong("least_known", "be in [0, 1]", least_known)


def _validation_split(validation_split):
    if not is_number(validation_split) or not 0 < validation_split < 1:
        raise wrong("validation_split", "be in (0, 1)", validation_split)


def _class_weight(class_weight):
    if class_weight is None or class_weight is False:
        return
    if isinstance(class_weight, dict):
        for weight in class_weight.values():
            _whole(check_not_negative)(class_weight=weight)
    elif not isinstance(class_weight, str) or class_weight != "balanced":
        must = "be 'balanced', a dict or None"
        raise wrong("class_weight", must, class_weight)


def _verbose(verbose):
    if not (is_int(verbose) or isinstance(verbose, bool)):
        raise wrong("verbose", "be 0, 1 or 2", verbose)
    if not 0 <= verbose <= 2:
        raise wrong("verbose", "be 0, 1 or 2", verbose)


def _cell(cell):
    if cell is not None:
        check_choice(CELLS, cell=cell)


def _pooling(pooling):
    check_choice(POOLINGS, pooling=pooling)


def _precision(precision):
    check_precision(precision)


def _seed(seed):
    check_seed(seed)


CHECKS = {
    "cell": _cell,
    "units": check_sizes,
    "layers": check_sizes,
    "embedding_dim": check_sizes,
    "bidirectional": _whole(check_flag),
    "pooling": _pooling,
    "dropout": check_share,
    "num_steps": check_count,
    "ngrams": _ngram,
    "characters": _ngram,
    "buckets": lambda buckets: check_count(0, buckets=buckets),
    "min_count": check_count,
    "vectors": _optional(check_path),
    "unlabelled": _optional(check_path),
    "class_weight": _class_weight,
    "validation_split": _validation_split,
    "epochs": _optional(check_count),
    "patience": check_count,
    "minutes": check_positive,
    "batch_size": _optional(check_count),
    "learning_rate": _optional(check_positive),
    "precision": _precision,
    "least_known": _least_known,
    "neutral": check_share,
    "seed": _seed,
    "verbose": _verbose,
}
