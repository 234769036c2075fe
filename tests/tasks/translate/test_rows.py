"""Batches: each pair once an epoch, shifted by one, of about one length."""

import numpy as np
import tensorflow as tf

from mitseq.tasks.translate.pairs import Pair
from mitseq.tasks.translate.rows import PairBatches, encode_pairs
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, word_vocabulary


def rows(count=200):
    rng = np.random.default_rng(0)
    return [
        ([*range(3, 3 + n), END], [START, *range(3, 3 + n + more), END])
        for n, more in zip(
            rng.integers(1, 30, count), rng.integers(0, 4, count), strict=True
        )
    ]


def test_a_pair_becomes_ids_with_their_ends():
    source = WordIndex(word_vocabulary(["I am hungry. So am I."]))
    target = WordIndex(word_vocabulary(["Tengo hambre."]))
    ((read, written),) = encode_pairs(
        source, target, [Pair("I am cold.", "Tengo hambre.")]
    )
    assert source.words(read) == ["I", "am", "<unknown>", "."]
    assert read[-1] == END and written[0] == START and written[-1] == END
    assert target.words(written) == ["tengo", "hambre", "."]


def test_each_pair_stands_once_and_what_follows_is_shifted():
    pairs = rows()
    batches = PairBatches(pairs, 16, seed=1)
    batches.start(1)
    found = []
    for i in range(batches.steps):
        (source, before), after = batches.batch(i)
        assert before.shape == after.shape
        np.testing.assert_array_equal(
            before[:, 1:][after[:, 1:] != PAD],
            after[:, :-1][after[:, 1:] != PAD],
        )
        assert (before[:, 0] == START).all()
        for a, b in zip(source, after, strict=True):
            found.append((len(a[a != PAD]), len(b[b != PAD])))
    assert sorted(found) == sorted((len(a), len(b) - 1) for a, b in pairs)


def test_an_epoch_has_its_own_order_and_little_padding():
    batches = PairBatches(rows(), 16, seed=1)
    orders = []
    for epoch in (1, 2, 1):
        batches.start(epoch)
        orders.append([batches.batch(i)[1].tolist() for i in range(13)])
    assert orders[0] == orders[2] != orders[1]
    padding = np.mean(
        [np.mean(batches.batch(i)[0][0] == PAD) for i in range(13)]
    )
    plain = PairBatches(rows(), 200).batch(0)[0][0]
    assert padding < 0.6 * np.mean(plain == PAD)


def test_batches_may_differ_in_both_lengths():
    batches = PairBatches(rows(), 16, seed=1)
    batches.start(1)
    (source, before), after = batches.dataset().element_spec
    for spec in (source, before, after):
        assert spec.shape == tf.TensorShape([None, None])
    lengths = {x.shape[1] for (x, _), _ in batches.dataset()}
    assert len(lengths) > 3
