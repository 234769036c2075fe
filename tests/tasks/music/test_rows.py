"""Rows hold whole tunes, each token once, and the same seed packs the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mitseq.tasks.music.rows import PackedTunes, encode_tunes, pack_rows
from mitseq.text.vocabulary import END, PAD, START, Vocabulary


def make(lengths):
    """Tunes of distinct tokens: tune k holds 100 k + 3, 100 k + 4, ..."""
    return [
        np.array([START, *(100 * k + 3 + np.arange(n)), END], "int32")
        for k, n in enumerate(lengths)
    ]


def test_encode_tunes_puts_marks_around():
    vocabulary = Vocabulary("AB", level="character")
    (tune,) = encode_tunes(vocabulary, ["BA"])
    assert tune.tolist() == [START, 4, 3, END]


@given(
    st.lists(st.integers(1, 18), min_size=1, max_size=30), st.integers(0, 99)
)
def test_every_token_is_predicted_once_from_the_token_before(lengths, seed):
    encoded = make(lengths)
    x, y = pack_rows(encoded, 20, np.random.default_rng(seed))
    pairs = {
        (int(a), int(b)) for a, b in zip(x.flat, y.flat, strict=True) if b != 0
    }
    expected = [
        (int(a), int(b))
        for tune in encoded
        for a, b in zip(tune[:-1], tune[1:], strict=True)
    ]
    assert pairs == set(expected)
    assert (y != PAD).sum() == len(expected)
    assert ((x == PAD) == (y == PAD)).all()


def test_tunes_stay_whole_and_rows_are_filled():
    rng = np.random.default_rng(0)
    encoded = make(rng.integers(20, 60, 300))
    x, _ = pack_rows(encoded, 256, rng)
    assert (x[:, 0] == START).all()
    assert (x != PAD).mean() > 0.95


def test_what_is_longer_than_a_row_is_cut_off():
    x, y = pack_rows(make([30]), 8, np.random.default_rng(0))
    assert x.tolist() == [[START, 3, 4, 5, 6, 7, 8, 9]]
    assert y.tolist() == [[3, 4, 5, 6, 7, 8, 9, 10]]


def test_batches_repeat_with_seed_and_epoch_and_differ_otherwise():
    encoded = make([10] * 50)

    def batches(seed, epoch):
        data = PackedTunes(encoded, 4, 24, seed=seed)
        data.start(epoch)
        x = np.stack([data[i][0] for i in range(len(data))])
        assert x.shape[1:] == (4, 24)
        return x

    np.testing.assert_array_equal(batches(1, 2), batches(1, 2))
    assert (batches(1, 2) != batches(1, 3)).any()
    assert (batches(1, 2) != batches(2, 2)).any()


def test_batches_leave_out_what_is_done():
    tunes = [np.arange(3, 3 + n, dtype="int32") for n in (30, 31, 32, 33, 34)]
    whole, rest = (PackedTunes(tunes, 1, 40, seed=0) for _ in range(2))
    whole.start(2)
    rest.start(2, first_step=3)
    assert (len(whole), len(rest)) == (5, 2)
    np.testing.assert_array_equal(rest[0][0], whole[3][0])
    np.testing.assert_array_equal(rest[1][1], whole[4][1])


def test_every_epoch_has_as_many_batches_and_the_last_is_filled_up():
    rng = np.random.default_rng(1)
    data = PackedTunes(make(rng.integers(3, 20, 40)), 4, 24, seed=0)
    steps = {(data.start(epoch), len(data))[1] for epoch in range(20)}
    assert len(steps) == 1
    data.start(0)
    x, y = data[len(data) - 1]
    assert x.shape == y.shape == (4, 24)
