"""Scores are sacrebleu's, by length, and the alignment is judged rightly."""

import builtins

import numpy as np
import pytest
import sacrebleu

from mitseq.errors import MitseqError
from mitseq.tasks.translate import evaluation
from mitseq.tasks.translate.evaluation import (
    alignment_accuracy,
    evaluate_translation_model,
    score,
    word_accuracy,
)
from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.pairs import Pair
from tests.tasks.translate.conftest import small_pairs


def test_scores_take_every_reference():
    written = ["Tengo hambre.", "El gato duerme."]
    references = [["Tengo mucha hambre.", "Tengo hambre."], ["Un gato."]]
    found = score(written, references)
    chrf = sacrebleu.CHRF().corpus_score(
        written, [["Tengo mucha hambre.", "Un gato."], ["Tengo hambre.", None]]
    )
    assert found["chrf"] == pytest.approx(chrf.score)
    only_first = score(written, [row[:1] for row in references])
    assert found["chrf"] > only_first["chrf"] + 5
    assert score(["a b c d e"], [["a b c d e"]])["bleu"] == pytest.approx(100)


def test_without_sacrebleu_the_pip_line_is_named(monkeypatch):
    real = builtins.__import__

    def lacking(name, *others, **more):
        if name == "sacrebleu":
            raise ImportError(name)
        return real(name, *others, **more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[translate\]'"):
        score(["a"], [["a"]])


def test_word_accuracy_is_of_the_best_reference():
    assert word_accuracy("Lo kato.", ["lo kato ."]) == 1
    assert word_accuracy("lo", ["lo kato"]) == 0.5
    assert word_accuracy("lo a b c", ["lo"]) == 0.25
    assert word_accuracy("x", ["y", "x z"]) == 0.5


def test_a_model_is_measured_on_what_it_has_not_seen(model):
    pairs = [*small_pairs().test]
    found = evaluate_translation_model(model, pairs, beams=2)
    assert found["sentences"] == len(pairs) == 50
    assert found["unknown"] == 0
    assert found["chrf"] > 60
    low, high = found["exact_interval"]
    assert low <= found["exact"] <= high
    lengths = [row["words"] for row in found["by_length"]]
    assert lengths == sorted(set(lengths))
    total = sum(row["sentences"] for row in found["by_length"])
    mean = sum(row["sentences"] * row["accuracy"] for row in found["by_length"])
    assert total == 50 and mean / 50 == pytest.approx(found["accuracy"])


def test_perplexity_is_e_to_the_loss_of_training(model):
    pairs = small_pairs().test[:6]
    losses = []
    for pair in pairs:
        ((inputs, after),) = [evaluation.batches_of(model, [pair], 1).batch(0)]
        logits = np.asarray(model(list(inputs)), "float64")[0]
        log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        losses += [-log_p[t, i] for t, i in enumerate(after[0])]
    assert evaluation.perplexity(model, pairs) == pytest.approx(
        np.exp(np.mean(losses)), rel=1e-3
    )


def test_translations_of_one_source_are_one_sentence(model):
    source = small_pairs().test[0]
    pairs = [source, Pair(source.source, "kato")]
    assert evaluate_translation_model(model, pairs)["sentences"] == 1


def test_the_alignment_is_learned_and_judged(model, monkeypatch):
    made = write_sentences(30, 1, seed=8)
    found = alignment_accuracy(model, made)
    assert found["words"] == sum(len(each.target) for each in made)
    low, high = found["interval"]
    assert low <= found["aligned"] <= high
    assert found["aligned"] > 0.6

    # who looks at the right word only is always right, shifted by one never
    for shift, share in ((0, 1.0), (1, 0.0)):

        def looks(model, sources, before, shift=shift):
            weights = np.zeros((len(made), before.shape[1], 99))
            for row, each in zip(weights, made, strict=True):
                for t, at in enumerate(each.alignment):
                    row[t, at + shift] = 1
            return weights

        monkeypatch.setattr(evaluation, "cross_weights", looks)
        assert alignment_accuracy(model, made)["aligned"] == share


def test_nothing_to_measure_is_an_error(model):
    with pytest.raises(MitseqError, match="at least one pair"):
        evaluate_translation_model(model, [])
