"""Sentences are translated, unknown words handed on, alignments read out."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.model import (
    build_translation_model,
    vocabularies_of,
)
from mitseq.tasks.translate.pairs import as_pair
from mitseq.tasks.translate.rows import encode_source, pad
from mitseq.tasks.translate.translate import (
    alignment,
    translate,
    translate_greedily,
)
from mitseq.text.vocabulary import START
from mitseq.text.words import WordIndex, cut_words, word_vocabulary

UNSEEN = write_sentences(40, 1, seed=77)


@pytest.fixture(scope="module")
def found(model):
    return translate(model, [as_pair(made).source for made in UNSEEN], count=2)


def test_most_words_of_unseen_sentences_are_right(found):
    hits = total = 0
    for made, (best, *_) in zip(UNSEEN, found, strict=True):
        words = cut_words(best.text.lower())
        hits += sum(a == b for a, b in zip(words, made.target, strict=False))
        total += len(made.target)
    assert hits / total > 0.7


def test_translations_are_in_order_and_as_read_alone(model, found):
    for each in found:
        scores = [one.score for one in each]
        assert scores == sorted(scores, reverse=True)
        assert len({one.text for one in each}) == len(each) == 2
    # neither the batch nor its padding matters
    (alone,) = translate(model, [found[3][0].source], count=2)
    assert [one.text for one in alone] == [one.text for one in found[3]]
    np.testing.assert_allclose(
        [one.score for one in alone], [one.score for one in found[3]], atol=1e-4
    )


def test_scores_are_the_mean_log_probability_of_the_words(model, found):
    best = found[0][0]
    source, target = map(WordIndex, vocabularies_of(model))
    before = [START, *target.encode(best.words)]
    inputs = [pad([encode_source(source, best.source)]), np.array([before])]
    logits = np.array(model(inputs)[0])
    logits[:, [0, 1, target.unknown_id]] = -np.inf  # what is never written
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    after = [*before[1:], 2]
    mean = np.mean([log_p[t, i] for t, i in enumerate(after)])
    np.testing.assert_allclose(best.score, mean, atol=1e-3)


def test_one_beam_is_what_the_loop_writes(model):
    texts = [as_pair(made).source for made in UNSEEN[:8]]
    source, target = map(WordIndex, vocabularies_of(model))
    ids = translate_greedily(
        model, pad([encode_source(source, text) for text in texts]), 30
    )
    for text, row in zip(texts, ids, strict=True):
        (best,) = translate(model, [text], beams=1)[0]
        assert target.words(row) == list(best.words)


def test_an_unknown_word_is_named_and_may_be_handed_on(model, monkeypatch):
    from mitseq.tasks.translate import translate as file

    text = "The old Ulrike sees a tree ."
    (best,) = translate(model, [text])[0]
    assert best.unknown == ("Ulrike",)
    assert "<unknown>" not in best.text
    # as if the second word were written "unknown"
    _, target = map(WordIndex, vocabularies_of(model))

    def write(model, sources, *others):
        ids = [target.encode(["lo", "<unknown>", "."]) + [2]]
        return np.array([ids]), np.array([[4]]), np.array([[-1.0]])

    looks = np.zeros((1, 4, 8))
    looks[0, 1, 2] = 1.0
    monkeypatch.setattr(file, "_write", write)
    monkeypatch.setattr(file, "cross_weights", lambda *given: looks)
    (best,) = translate(model, [text], beams=1)[0]
    assert best.words == ("lo", "Ulrike", ".")
    assert best.copied == ("Ulrike",)
    assert best.text == "Lo Ulrike."


def test_the_alignment_says_which_word_looks_where(model, found):
    at = next(
        i
        for i, made in enumerate(UNSEEN)
        if found[i][0].text.lower().split(" ")[:-1] == list(made.target)[:-1]
    )
    look = alignment(model, found[at][0])
    assert look.tokens == [*UNSEEN[at].source, ".", "(end)"]
    assert look.queries == [*found[at][0].words, "(end)"]
    weights = look.weights[0]
    assert weights.shape == (len(look.queries), len(look.tokens))
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
    looked = weights[: len(UNSEEN[at].target)].argmax(-1)
    hits = looked == np.array(UNSEEN[at].alignment)
    assert hits.mean() > 0.5


def test_without_attention_there_is_no_alignment():
    words = word_vocabulary(["a b c."])
    keras.utils.set_random_seed(0)
    model = build_translation_model(
        words, words, attention="none", units=8, embedding_dim=8
    )
    (best,) = translate(model, ["a b"], max_words=4)[0]
    assert len(best.words) <= 5
    with pytest.raises(MitseqError, match="no attention, so no alignment"):
        alignment(model, best)


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        (
            ["..."],
            {"beams": 0, "count": 0},
            "`(count|beams)` must be a positive int",
        ),
        (["a"], {"count": 9}, "`count` must be from 1 to `beams`"),
        ([" "], {}, "it has no word"),
        (["xyzzy plugh"], {}, "knows none of these words"),
        (["the cat"], {"length_penalty": -1}, "`length_penalty` must be"),
    ],
)
def test_bad_arguments_are_named(model, texts, options, message):
    with pytest.raises(MitseqError, match=message):
        translate(model, texts, **options)
