"""What the labels of data and of models mean, whatever they are called."""

import re
from collections.abc import Iterable

from mitseq.errors import MitseqError

POSITIVE, NEGATIVE = "pos", "neg"

# What classes are called that mean praise and blame.
_PRAISE = ("pos", "positive", "good", "favorable", "1")
_BLAME = ("neg", "negative", "bad", "unfavorable", "0", "-1")
_MEANINGS = dict.fromkeys(_PRAISE, POSITIVE) | dict.fromkeys(_BLAME, NEGATIVE)
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,9}(\.[0-9]{1,9})?\s*")


def meaning_of(classes: Iterable) -> dict[str, str | None]:
    """Returns for each label "pos", "neg", or None if it means neither.

    Of two or more numbers, such as stars, the lowest is blame and the highest
    is praise.

    Example:

    >>> meaning_of(["Negative", "neutral", "Positive"])
    {'Negative': 'neg', 'neutral': None, 'Positive': 'pos'}
    >>> meaning_of([1, 2, 3])
    {'1': 'neg', '2': None, '3': 'pos'}
    """
    meaning = dict.fromkeys(map(str, classes))
    if len(meaning) > 1 and all(map(_NUMBER.fullmatch, meaning)):
        in_order = sorted(meaning, key=float)
        meaning[in_order[0]], meaning[in_order[-1]] = NEGATIVE, POSITIVE
        return meaning
    return {name: _MEANINGS.get(name.strip().casefold()) for name in meaning}


def match_labels(labels: Iterable, classes: Iterable) -> dict[str, str]:
    """Returns the class of a model for each label of some data.

    It has the same name, the same name but for upper and lower case, or the
    same meaning.

    Raises:
        MitseqError: if a label has no class, or two have the same.

    Example:

    >>> match_labels(["pos", "neg"], ["negative", "positive"])
    {'pos': 'positive', 'neg': 'negative'}
    """
    labels = list(dict.fromkeys(map(str, labels)))
    classes = list(map(str, classes))
    folded = {name.casefold(): name for name in classes}
    meant = {m: name for name, m in meaning_of(classes).items() if m}
    found: dict[str, str] = {}
    for label, meaning in meaning_of(labels).items():
        alike = folded.get(label.casefold(), meant.get(meaning))
        if label not in classes and alike is None:
            raise MitseqError(
                f"the label {label!r} is none of the model's classes: "
                f"{', '.join(classes)}"
            )
        found[label] = label if label in classes else alike
    if len(set(found.values())) < len(found):
        raise MitseqError(
            f"the labels {', '.join(found)} do not fit the model's classes "
            f"{', '.join(classes)} one to one"
        )
    return found
