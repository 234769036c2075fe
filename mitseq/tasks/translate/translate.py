"""From a sentence to its translation, word by word.

Notes: "Machine Translation" (docs/slides.md#translation). The encoder reads
the sentence once; the decoder writes, greedy or by beam search
(mitseq/generation/beam.py), both in a compiled graph. A word that the model
does not know is read as an unknown one. Where the model attends, it may write
"unknown" too, and what stands there in the end is the source word that it
looks at most: names are handed on so.

Letters: B batch, S source steps, T target steps, K beams.
"""

import dataclasses
import weakref
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.arguments import check_count, check_texts
from mitseq.errors import MitseqError
from mitseq.generation.beam import MOST_BEAMS, beam_search, check_penalty
from mitseq.generation.generate import generate
from mitseq.inside.attention import (
    CrossAttentionMap,
    attention_calls,
    attention_layers,
)
from mitseq.progress import follow
from mitseq.tasks.translate.model import parts_of, vocabularies_of
from mitseq.tasks.translate.rows import encode_source, pad
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import UNKNOWN, WordIndex, cut_words, join_words

BATCH_SIZE, BEAMS = 64, 4
MOST_WORDS = 10_000  # of a translation
MOST_READ = 1000  # words of a sentence; attention looks at all from each
END_LABEL = "(end)"

# The compiled encoder of each model, for as long as the model lives.
_encoders: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Translation:
    """A sentence in the other language.

    Args:
        source: What was read.
        text: What was written.
        words: The words of `text`.
        score: The mean logarithm of the probability of a word, its end among
            them.
        unknown: Words of the source that the model does not know.
        copied: Words of the source that stand in the translation, where the
            model wrote "unknown".
    """

    source: str
    text: str
    words: tuple[str, ...]
    score: float
    unknown: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()


def translate(
    model: keras.Model,
    texts: Sequence[str],
    *,
    beams: int = BEAMS,
    length_penalty: float = 1.0,
    count: int = 1,
    max_words: int | None = None,
) -> list[list[Translation]]:
    """Translates sentences.

    Notes: "Machine Translation" (docs/slides.md#translation).

    Args:
        model: From `load_translation_model`.
        texts: The sentences.
        beams: Positive int; 1 is greedy.
        length_penalty: As for `beam_search`.
        count: How many translations of each, the best ones; at most `beams`.
        max_words: The most words of a translation; None for twice those of
            the longest sentence it is read with, and 10.

    Returns:
        For each sentence its translations, best first.

    Raises:
        MitseqError: if an argument does not fit, or a sentence has no word, or
            none that the model knows.

    Example:

    >>> from mitseq.tasks.translate.model import load_translation_model
    >>> model = load_translation_model()
    >>> translate(model, ["I am hungry."])[0][0].text
    'Tengo hambre.'
    """
    check_count(count=count, beams=beams)
    check_count(most=MOST_BEAMS, beams=beams)
    check_penalty(length_penalty)
    if max_words is not None:
        check_count(most=MOST_WORDS, max_words=max_words)
    texts = check_texts(texts)
    if count > beams:
        raise MitseqError(
            f"`count` must be from 1 to `beams`. Received: count={count!r}, "
            f"beams={beams!r}."
        )
    source, target = map(WordIndex, vocabularies_of(model))
    for text in texts:
        _check_text(source, text)
    encoded = [encode_source(source, text) for text in texts]
    unknown = [source.unknown_id in ids for ids in encoded]
    found: dict[int, list[Translation]] = {}
    batches = list(_batches(encoded, unknown))
    for rows in follow(batches, "sentences"):
        sources = pad([encoded[i] for i in rows])
        # "unknown" is for a sentence with such a word, and for a model that
        # can tell which word it means
        may_copy = unknown[rows[0]] and _attends(model)
        banned = [PAD, START] if may_copy else [PAD, START, target.unknown_id]
        ids, lengths, scores = _write(
            *(model, sources, beams, length_penalty, max_words, banned)
        )
        for row, i in enumerate(rows):
            given = cut_words(texts[i])
            lacking = tuple(source.unknown(given))
            found[i] = [
                Translation(
                    texts[i],
                    join_words(words),
                    tuple(words),
                    float(scores[row, k]),
                    lacking,
                    tuple(copied),
                )
                for k in range(count)
                if np.isfinite(scores[row, k])
                for words, copied in [
                    _words(
                        model,
                        target,
                        sources[row : row + 1, : len(encoded[i])],
                        ids[row, k, : lengths[row, k]],
                        given,
                    )
                ]
            ]
    return [found[i] for i in range(len(texts))]


def _check_text(index, text):
    words = cut_words(text)
    if not words:
        raise MitseqError(
            f"{text[:60]!r}: expected a sentence, it has no word."
        )
    if len(words) > MOST_READ:
        raise MitseqError(
            f"{text[:40]!r}...: expected a sentence of at most {MOST_READ} "
            f"words. Received: {len(words)}."
        )
    if set(map(index.usual, words)) == {UNKNOWN}:
        raise MitseqError(
            f"{text[:60]!r}: the model knows none of these words. It knows "
            f"{len(index.vocabulary)} words and signs of the sentences it was "
            "trained on."
        )


def _batches(encoded, unknown) -> Iterator[list[int]]:
    """Sentences of about the same length, with and without unknown words."""
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    for kind in (False, True):
        rows = [i for i in order if unknown[i] == kind]
        for at in range(0, len(rows), BATCH_SIZE):
            yield rows[at : at + BATCH_SIZE]


def _attends(model) -> bool:
    return bool(attention_layers(parts_of(model)[1]))


def read_sources(model: keras.Model, sources: np.ndarray) -> list[tf.Tensor]:
    """Returns what the encoder makes of ids `(B, S)`: the decoder's context."""
    if model not in _encoders:
        encoder = parts_of(model)[0]
        _encoders[model] = tf.function(
            lambda ids: keras.tree.flatten(encoder(ids, training=False)),
            input_signature=[tf.TensorSpec([None, None], tf.int32)],
            autograph=False,
        )
    return _encoders[model](tf.constant(sources, tf.int32))


def _write(model, sources, beams, length_penalty, max_words, banned):
    """Ids `(B, K, L)` behind `START`, lengths, and scores."""
    decoder = parts_of(model)[1]
    context = read_sources(model, sources)
    if max_words is None:
        max_words = 2 * sources.shape[1] + 10
    ids, lengths, scores = beam_search(
        decoder,
        np.full(len(sources), START),
        beams=beams,
        max_length=max_words + 2,
        end_id=END,
        length_penalty=length_penalty,
        banned_ids=banned,
        context=context,
    )
    return ids[:, :, 1:], lengths - 1, scores


def translate_greedily(
    model: keras.Model, sources: np.ndarray, max_words: int
) -> np.ndarray:
    """Returns the ids that are likeliest at each step, `(B, T)`.

    The same as `beams=1`, by the loop that writes with every model.

    Args:
        model: From `load_translation_model`.
        sources: Ids `(B, S)`, as `encode_source` gives them, padded.
        max_words: The most words.
    """
    _, target = map(WordIndex, vocabularies_of(model))
    ids, _ = generate(
        parts_of(model)[1],
        np.full((len(sources), 1), START),
        max_length=max_words + 2,
        end_id=END,
        temperature=0,
        banned_ids=(PAD, START, target.unknown_id),
        context=read_sources(model, sources),
    )
    return ids[:, 1:]


def _words(model, target, source_ids, ids, given):
    """The words of ids, where "unknown" is the source word it looks at."""
    words = target.words(ids)
    if UNKNOWN not in words:
        return words, []
    written = pad([[START, *ids]])[:, : len(words) + 1]
    weights = cross_weights(model, source_ids, written)[0]  # (T, S)
    copied = []
    for t, word in enumerate(words):
        if word == UNKNOWN:
            words[t] = given[int(weights[t, : len(given)].argmax())]
            copied.append(words[t])
    return words, copied


def cross_weights(
    model: keras.Model, sources: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """Returns which source words a decoder looks at, step by step.

    Args:
        model: A model with attention.
        sources: Ids `(B, S)`.
        before: Ids `(B, T)`, what is known before each step: `START`, then the
            words.

    Returns:
        `(B, T, S)`, the mean over heads and blocks; row t is about the word
        that is written behind `before[:, t]`.

    Raises:
        MitseqError: if the model has no attention.
    """
    decoder = parts_of(model)[1]
    context = read_sources(model, sources)
    calls = attention_calls(decoder, [tf.constant(before), *context])
    blocks = [w for name, w in calls if "cross_attention" in name]
    weights = blocks or [w for _, w in calls]
    return np.mean([w.mean(axis=1) for w in weights], axis=0)


def alignment(model: keras.Model, found: Translation) -> CrossAttentionMap:
    """Returns the map of a translation: which word looks at which.

    Args:
        model: The model that wrote it.
        found: From `translate`.

    Raises:
        MitseqError: if the model has no attention: there is nothing to see.
    """
    if not _attends(model):
        raise MitseqError(
            "this model has no attention, so no alignment: its decoder sees "
            "the context vector alone."
        )
    source, target = map(WordIndex, vocabularies_of(model))
    given = cut_words(found.source)
    sources = pad([encode_source(source, found.source)])
    before = pad([[START, *target.encode(found.words)]])
    return CrossAttentionMap(
        "alignment",
        cross_weights(model, sources, before),
        [*given, END_LABEL],
        [*found.words, END_LABEL],
    )
