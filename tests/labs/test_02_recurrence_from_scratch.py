"""Lab 2: the three forms agree, and the network learns what it should."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from keras import ops

from tests.labs.loading import load_lab

lab = load_lab("02_recurrence_from_scratch")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    # Fewer units and epochs than the default, enough for what is asserted.
    return lab.Config(
        units=24,
        epochs=14,
        batch_size=8,
        seeds=1,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    results = lab.main(config)
    yield results
    plt.close(results["figure"])


def test_held_out_bits_fall_below_what_needs_no_memory(results):
    bits = results["bits_per_sentence"]
    assert bits[0] > bits[len(bits) // 2] > bits[-1]
    assert bits[-1] < results["bits_without_memory"] - 1
    assert bits[-1] > results["bits_of_the_source"]


def test_last_words_and_the_notes_sentence_come_out_right(results):
    assert results["last_word_accuracy"] > 0.8  # by chance 1/3
    assert results["next_word"] == "networks!"


def test_the_forms_are_one_recurrence(results):
    assert len(results["differences"]) == 5
    for name, difference in results["differences"].items():
        assert difference < 1e-5, name
    # The cell of the loops and the one in the model are the same weights.
    cell, model = results["cell"], results["model"]
    assert [id(w) for w in cell.weights] == [id(w) for w in model.weights]


def test_bits_are_those_of_the_model(results, config):
    _, held_out = lab.split(config.held_out, config.seed)
    index = lab.word_index(lab.all_sentences() + [lab.NOTES])
    x, y = lab.encode(held_out, index)
    logits = ops.convert_to_numpy(results["model"](x)).astype("float64")
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    nats = -np.take_along_axis(log_probs, y[..., None], -1).sum() / len(y)
    np.testing.assert_allclose(
        results["bits_per_sentence"][-1], nats / math.log(2), rtol=1e-4
    )


def test_bits_of_the_grammar_are_those_of_its_counts():
    """The entropies, counted over all sentences instead of multiplied."""
    sentences = [s.split() for s in lab.all_sentences()]
    assert len(set(map(tuple, sentences))) == 180

    def entropy_of_next(context):
        counts, totals = {}, {}
        for words in sentences:
            for t in range(1, len(words)):
                seen = context(words[:t])
                counts[seen, words[t]] = counts.get((seen, words[t]), 0) + 1
                totals[seen] = totals.get(seen, 0) + 1
        return sum(
            n * math.log2(totals[seen] / n) for (seen, _), n in counts.items()
        ) / len(sentences)

    everything, last = entropy_of_next(tuple), entropy_of_next(lambda w: w[-1])
    assert math.isclose(everything, lab.bits_of_the_source())
    assert math.isclose(last, lab.bits_without_memory())


def test_held_out_sentences_are_not_learned_from():
    learned, held_out = lab.split(0.2, seed=0)
    assert len(held_out) == 36
    assert not set(learned) & set(held_out)
    assert {*learned, *held_out} == {*lab.all_sentences(), lab.NOTES}


def test_encode_pads_short_sentences_and_shifts_by_one():
    index = lab.word_index(["a b c", "c a"])
    x, y = lab.encode(["a b c", "c a"], index)
    np.testing.assert_array_equal(x, [[1, 2], [3, 1]])
    np.testing.assert_array_equal(y, [[2, 3], [1, 0]])


def test_figure_shows_that_the_animal_is_remembered(results, config):
    left, right, _ = results["figure"].axes
    (curve, *_) = left.lines
    assert list(curve.get_ydata()) == results["bits_per_sentence"]
    difference = np.abs(np.asarray(right.images[0].get_array())).max(axis=0)
    assert (difference[:5] == 0).all()  # the words before the animal
    assert (difference[5:] > 0.1).all()  # the animal, "for" and "a"
    png = lab.Path(config.out, "memory.png").read_bytes()
    assert png.startswith(b"\x89PNG")
