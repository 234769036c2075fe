r"""Encoder, decoder, bottleneck: a sentence grows, and one vector must hold it.

Notes on Lecture 2, "Machine Translation" and "Attention"
(docs/slides.md#translation). Two networks translate in the page, word by word.
Of both the encoder reads the sentence both ways and hands on its last states,
the context vector; the decoder of one has nothing else, that of the other one
looks at all states of the encoder at each step:

    a_t = softmax over s of score(h_t, memory_s)
    context_t = sum over s of a_ts memory_s

Their language is made up (mitseq/tasks/translate/language.py), so it is known
what is right, also of a sentence that somebody types. The networks are small
(`mitseq/pretrained/pages.py`); what the page computes is in `translator.js`,
what is right in `language.js`, what it shows in `bottleneck.js`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from mitseq.errors import MitseqError
from mitseq.layers.cross_attention import (
    AdditiveAttention,
    DotProductAttention,
)
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import cell_of
from mitseq.pages.weights import Block
from mitseq.tasks.translate import language
from mitseq.tasks.translate.model import (
    load_translation_model,
    parts_of,
    vocabularies_of,
)
from mitseq.tasks.translate.questions import (
    ASKED,
    CLAUSES,
    SENTENCES,
    asked,
)
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import UNKNOWN

TITLE = "Encoder, decoder, bottleneck"
BUNDLED = Path(__file__).parents[1] / "pretrained"
MODELS = {
    "Without attention": "pages_translate_none.keras",
    "With attention": "pages_translate_additive.keras",
}


def bottleneck_page(
    models: Mapping[str, keras.Model] | None = None, title: str = ""
) -> str:
    """Returns the page.

    Args:
        models: A name for each model of `build_translation_model`, recurrent
            and of the same two vocabularies; None for the bundled small ones.
        title: Heading.

    Raises:
        MitseqError: if there is none, one is a Transformer, or they do not
            have the same vocabularies.

    Example:

    >>> "<h1>Encoder, decoder, bottleneck</h1>" in bottleneck_page()
    True
    """
    if models is None:
        models = {
            name: load_translation_model(BUNDLED / file)
            for name, file in MODELS.items()
        }
    if not models:
        raise MitseqError("`models` must hold a model. Received: none.")
    block = Block(16)
    translators = [
        {"name": printable(name)} | translator_of(model, block)
        for name, model in models.items()
    ]
    first, *others = map(vocabularies_of, models.values())
    if any(other != first for other in others):
        raise MitseqError("`models` must have the same vocabularies.")
    source, target = first
    page = {
        "translators": translators,
        "source": ["", "", "", *map(printable, source.tokens)],
        "target": ["", "", "", *map(printable, target.tokens)],
        "ids": {
            "start": START,
            "end": END,
            "unknown": source.encode([UNKNOWN])[0],
            "banned": [PAD, START, *target.encode([UNKNOWN])],
        },
        "language": spelled_language(),
        "asked": asked(),
    }
    return offline_page(
        "pages/bottleneck",
        title=printable(title) or TITLE,
        styles=("tunes/page", "pages/page"),
        scripts=("pages/network", "pages/translator", "pages/language"),
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
        names=[each["name"] for each in translators],
        asked=ASKED * CLAUSES,
        sentences=SENTENCES,
    )


def translator_of(model: keras.Model, block: Block) -> dict[str, Any]:
    """Returns the parts of a model as `translator.js` reads them.

    Raises:
        MitseqError: if no page can run it.
    """
    encoder, decoder = parts_of(model)
    layers = {layer.name: layer for layer in (*encoder.layers, *decoder.layers)}
    if "both_ways" not in layers:
        raise MitseqError(
            "`models` must be recurrent to run in a page. Received: a "
            f"Transformer, layers {list(layers)}."
        )
    both = layers["both_ways"]
    writer = decoder.get_layer(both.forward_layer.name.removeprefix("forward_"))
    (E_source,) = encoder.get_layer("embedding").get_weights()
    (E,) = decoder.get_layer("embedding").get_weights()
    W, b = decoder.get_layer("combine").get_weights()
    return {
        "E_source": block.add(E_source),
        "forward": cell_of(both.forward_layer, block),
        "backward": cell_of(both.backward_layer, block),
        "E": block.add(E),
        "decoder": cell_of(writer, block),
        "attention": _attention(layers.get("attention"), block),
        "combine": {"W": block.add(W.T), "b": block.add(b)},
    }


def _attention(layer, block):
    if layer is None:
        return None
    matrices = {
        AdditiveAttention: ("additive", ("W_q", "W_k", "w")),
        DotProductAttention: ("dot", ("W_a",)),
    }
    kind, names = matrices[type(layer)]
    return {"kind": kind} | {
        name: block.add(keras.ops.convert_to_numpy(getattr(layer, name)).T)
        for name in names
    }


def spelled_language() -> dict[str, Any]:
    """Returns the words of the language and their translations, by kind."""
    kinds = {
        "nouns": language.NOUNS,
        "adjectives": language.ADJECTIVES,
        "verbs": language.VERBS,
        "adverbs": language.ADVERBS,
        "joints": language.JOINTS,
    }
    plurals = {
        language.PLURALS.get(noun, f"{noun}s"): noun for noun in language.NOUNS
    }
    of_many = {many: one for one, many in language.VERBS.items()}
    return {
        "lexicon": {
            kind: [(word, language.LEXICON[word]) for word in words]
            for kind, words in kinds.items()
        },
        "many": list((plurals | of_many).items()),
        "articles": [
            *language.ARTICLES.items(),
            ("an", language.ARTICLES["a"]),
        ],
        "ending": "j",
    }
