r"""Attention is a search: queries, keys and values of a sentence, head by head.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#attention-weighting). A Transformer of one block that has
learned to predict the next word reads in the page. Each word asks (Q), each
word is labeled (K) and holds something (V):

    A = softmax(Q K^T / sqrt(K)),  A V

Scaling, mask and positions can be switched off, and one sees what becomes of
the weights and of the prediction. The model is small
(`mitseq/pretrained/pages.py`); what the page computes is in `search.js`.
"""

import json
from pathlib import Path

import keras

from mitseq.errors import MitseqError
from mitseq.layers.transformer import TransformerBlock
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import activation
from mitseq.pages.weights import Block
from mitseq.tasks.words.model import embedding_of, load_words_model
from mitseq.text.vocabulary import START
from mitseq.text.words import UNKNOWN

TITLE = "Attention is a search"
BUNDLED = Path(__file__).parents[1] / "pretrained" / "pages_transformer.keras"
SENTENCES = (
    "France is where I grew up. I speak fluent",
    "This morning I took my cat for a",
    "The clouds are in the",
    "Maria was born in Greece. She sings. Her mother tongue is",
)


def search_page(model: keras.Model | None = None, title: str = "") -> str:
    """Returns the page.

    Args:
        model: Of `build_words_model(..., cell="transformer", layers=1)`; None
            for the bundled small one.
        title: Heading.

    Raises:
        MitseqError: if the model is another one.

    Example:

    >>> "<h1>Attention is a search</h1>" in search_page()
    True
    """
    model = load_words_model(BUNDLED) if model is None else model
    embedding = embedding_of(model)
    vocabulary = embedding.vocabulary
    block = Block(16)
    page = {
        "weights": _weights(model, block),
        "tokens": ["", "", "", *map(printable, vocabulary.tokens)],
        "start": START,
        "unknown": vocabulary.encode([UNKNOWN])[0],
    }
    return offline_page(
        "pages/search",
        title=printable(title) or TITLE,
        styles=("tunes/page", "pages/page"),
        scripts=("pages/network",),
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
        heads=page["weights"]["heads"],
        sentences=SENTENCES,
    )


def _weights(model, block):
    blocks = [x for x in model.layers if isinstance(x, TransformerBlock)]
    others = {layer.name: layer for layer in model.layers}
    is_known = {"width", "norm", "logits"} <= set(others)
    if len(blocks) != 1 or blocks[0].norm != "pre" or not is_known:
        raise MitseqError(
            "`model` must be a Transformer of words with one block that "
            f"normalizes first. Received: layers {list(others)}."
        )
    (one,) = blocks
    attention = one.attention
    norms = {
        "attention_norm": one.attention_norm,
        "feed_forward_norm": one.feed_forward_norm,
        "norm": others["norm"],
    }
    dense = {
        "width": others["width"],
        "expand": one.expand,
        "contract": one.contract,
        "logits": others["logits"],
    }
    found = {
        "E": block.add(embedding_of(model).get_weights()[0]),
        "heads": attention.num_heads,
        "rotary": attention.position == "rotary",
        "causal": attention.causal,
        "activation": activation(one, one.activation.__name__),
    }
    for name in ("W_q", "W_k", "W_v", "W_o"):
        W = keras.ops.convert_to_numpy(getattr(attention, name))
        found[name] = block.add(W.T)
    for name, layer in norms.items():
        gamma, beta = layer.get_weights()
        found[f"{name}_gamma"] = block.add(gamma)
        found[f"{name}_beta"] = block.add(beta)
    for name, layer in dense.items():
        W, b = layer.get_weights()
        found[f"{name}_W"] = block.add(W.T)
        found[f"{name}_b"] = block.add(b)
    return found
