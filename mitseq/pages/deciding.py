r"""What decided: a sentiment model that reads in a page, as one types.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). All parts of the model are there: what is cut into
tokens, the n-grams that are looked up and those that are hashed, the
recurrence. The parts vote by adding, so what a word counts in one part and in
another adds up as well:

    s(text) - s(text without the word) = linear parts + recurrent part

With two classes only the difference of their logits counts, and only that is
written, unless a page of 16 bits would have to round it once more: then both
are. How a page cuts, hashes and reads is in `deciding.js`.

Letters: F features, C classes.
"""

import json
from typing import Any

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import cell_of, describe
from mitseq.pages.weights import Block
from mitseq.tasks.sentiment.forward import values_of
from mitseq.tasks.sentiment.model import classes_of
from mitseq.tasks.sentiment.neutral import sides
from mitseq.tasks.sentiment.parts import Part, parts_of
from mitseq.tasks.sentiment.verdict import Pooling
from mitseq.text.characters import MULTIPLIER, ODD, CharacterNGrams
from mitseq.text.familiar import Familiar
from mitseq.text.ngrams import NGrams
from mitseq.text.tokens import BLANK, REWRITES, SHOUT, TOKEN, CutMiddle

TITLE = "What decided"
EXAMPLES = (
    "The food was good, not bad at all.",
    "The food was bad, not good at all.",
    "I thought it would be wonderful, but it was a dull, lifeless mess.",
    "Not a great film, but I loved every minute of it!",
    "The parcel arrived on Thursday.",
)


def deciding_page(model: keras.Model, title: str = "", bits: int = 8) -> str:
    """Returns a page in which a sentiment model reads what is typed.

    Args:
        model: Of `build_sentiment_model`; its part that reads in order, if it
            has one, must be recurrent.
        title: Heading.
        bits: Of each weight in the page, 8 or 16.

    Raises:
        MitseqError: if it is a model of another kind, or no page can run it.

    Example:

    >>> from mitseq.tasks.sentiment.model import build_sentiment_model
    >>> model = build_sentiment_model(["good", "bad"], units=4)
    >>> "<h1>What decided</h1>" in deciding_page(model)
    True
    """
    classes = classes_of(model)
    block = Block(bits)
    vote = model.layers[-1]
    lookup = model.get_layer("ids")
    page = {
        "classes": [printable(str(name)) for name in classes],
        "neutral": vote.neutral,
        "sides": sides(classes),
        "cutting": cutting(),
        "words": lookup.get_vocabulary()[2:],
        "familiar": _familiar(model, block),
        "parts": [
            {"name": part.name, "worth": float(worth)}
            | describe_part(part, block)
            for part, worth in zip(
                parts_of(model), values_of(vote.a), strict=True
            )
        ],
        "examples": EXAMPLES,
    }
    return offline_page(
        "pages/deciding",
        title=printable(title) or TITLE,
        styles=("tunes/page", "pages/page"),
        scripts=("pages/network",),
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
        examples=EXAMPLES,
    )


def cutting() -> dict[str, Any]:
    r"""Returns how a text is cut: patterns, and what replaces them.

    Example: they are those of mitseq/text/tokens.py, as JavaScript spells them.

    >>> cutting()["shout"][1]
    '$1 <caps> '
    """

    def spelled(what, by):
        return [what, by.replace("$", "$$").replace("\\1", "$1")]

    return {
        "blank": BLANK,
        "shout": spelled(*SHOUT),
        "rewrites": [spelled(*each) for each in REWRITES],
        "token": TOKEN,
    }


def describe_part(part: Part, block: Block) -> dict[str, Any]:
    """Returns what a page needs to run one part of a model.

    Raises:
        MitseqError: if it cannot.
    """
    reader = part.reader
    if isinstance(reader, NGrams):
        return {
            "kind": "ngrams",
            "keys": block.add_sorted(values_of(reader.keys)),
            "num_words": reader.num_words,
            "size": reader.size,
        } | _linear(part, block)
    if isinstance(reader, CharacterNGrams):
        return {
            "kind": "characters",
            "buckets": reader.buckets,
            "sizes": list(reader.sizes),
            "most": reader.max_length,
            "multiplier": str(MULTIPLIER),
            "odd": str(ODD),
        } | _linear(part, block)
    return {"kind": "recurrent"} | _recurrent(part, block)


def differences(columns: np.ndarray) -> np.ndarray:
    """Returns one row for two classes, the second less the first.

    Args:
        columns: `(C, ...)`. Of one logit, or of three and more, they stay.

    Example:

    >>> differences(np.array([[1.0, 2.0], [4.0, 4.0]])).tolist()
    [[3.0, 2.0]]
    """
    return columns[1:] - columns[:1] if len(columns) == 2 else columns


def rows_of(W: np.ndarray, b: np.ndarray, bits: int) -> tuple:
    """Returns weights `(C, F)` and biases `(C,)` as a page keeps them.

    The differences of two classes; both of them where the weights are numbers
    of 16 bits, as the page has them, and their differences are not.
    """
    half = np.float16
    is_exact = bits == 16 and (W.astype(half) == W).all()
    less = differences(W)
    if is_exact and (less.astype(half) != less).any():
        return W, b
    return less, differences(b)


def _linear(part, block):
    verdict = part.verdict
    W, b = rows_of(values_of(verdict.W).T, values_of(verdict.b), block.bits)
    return {
        "W": block.add_table(W),
        "b": block.add(b),
        "scaled": verdict.scaled,
    }


def _recurrent(part, block):
    pooling, stack, embedding = "last", [], None
    for layer in part.model.layers:
        inner = getattr(layer, "forward_layer", layer)
        if isinstance(layer, (keras.layers.InputLayer, keras.layers.Dropout)):
            continue
        if isinstance(layer, keras.layers.Embedding):
            embedding = describe(layer, block)
        elif isinstance(layer, Pooling):
            pooling = "max_mean" if layer.use_max else "mean"
        elif isinstance(inner, RecurrentLayer):
            stack.append(_directions(layer, block))
        elif layer is not part.verdict:
            raise MitseqError(
                "`model` must read in order by recurrent layers to run in a "
                f"page. Received: layer {layer.name!r}, a "
                f"{type(layer).__name__}."
            )
    steps: CutMiddle = part.reader
    W, b = part.verdict.get_weights()
    W, b = rows_of(W.T, b, block.bits)
    return {
        "embedding": embedding,
        "stack": stack,
        "pooling": pooling,
        "num_steps": steps.num_steps,
        "num_ids": steps.num_ids,
        "W": block.add(W),
        "b": block.add(b),
    }


def _directions(layer, block):
    """The cells that read forward, and backward if there is one."""
    both = [layer]
    if isinstance(layer, keras.layers.Bidirectional):
        if layer.merge_mode != "concat":
            raise MitseqError(
                "directions of `model` must be put side by side. "
                f"Received: merge_mode={layer.merge_mode!r}."
            )
        both = [layer.forward_layer, layer.backward_layer]
    if any(each.cell.packed() is None for each in both):
        raise MitseqError(
            "recurrent layers of `model` must have activations that Keras "
            f"names. Received: layer {layer.name!r}."
        )
    return [cell_of(each, block) for each in both]


def _familiar(model, block):
    for layer in model.layers:
        if isinstance(layer, Familiar):
            is_word = block.add_integers(values_of(layer.is_word))
            return {"least": layer.least, "is_word": is_word}
    return None
