"""Beam search against all sequences there are, and against NumPy's steps."""

import itertools

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.beam import beam_search
from mitseq.generation.generate import generate

V, END, LONGEST = 5, 2, 5  # ids, the end, ids of a row with its first


def recurrent(seed=3, scale=3.0):
    """A model whose next id hangs on all before it."""
    keras.utils.set_random_seed(seed)
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(V, 6, "random_normal")(ids)
    x = keras.layers.GRU(6, return_sequences=True)(x)
    x = keras.layers.Dense(V, kernel_initializer="random_normal")(x)
    model = keras.Model(ids, keras.layers.Rescaling(scale)(x))
    for weight in model.weights:
        rng = np.random.default_rng([seed, len(weight.shape)])
        weight.assign(rng.normal(size=weight.shape))
    return model


@pytest.fixture(scope="module")
def model():
    return recurrent()


def log_probs(model, ids):
    """Of every next id, behind each of ids `(B, T)`."""
    logits = np.asarray(model(np.array(ids, "int32")), "float64")
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def all_sequences(model, first, penalty):
    """Every sequence that ends within the length, best first."""
    others = [i for i in range(V) if i != END]
    ranked = []
    for n in range(LONGEST - 1):
        found = [
            [first, *middle, END]
            for middle in itertools.product(others, repeat=n)
        ]
        every = log_probs(model, [ids[:-1] for ids in found])
        for ids, log_p in zip(found, every, strict=True):
            score = sum(log_p[t, i] for t, i in enumerate(ids[1:]))
            ranked.append((score / (len(ids) - 1) ** penalty, ids))
    return sorted(ranked, reverse=True)


def numpy_beam(model, first, beams, penalty, longest):
    """One step after the other, with lists; also how many steps it took."""
    going, done = [(0.0, [first])], []
    for t in range(1, longest):
        candidates = []
        every = log_probs(model, [ids for _, ids in going])[:, -1]
        for (score, ids), log_p in zip(going, every, strict=True):
            done.append(((score + log_p[END]) / t**penalty, [*ids, END]))
            candidates += [
                (score + log_p[i], [*ids, i]) for i in range(V) if i != END
            ]
        going = sorted(candidates, reverse=True)[:beams]
        done = sorted(done, reverse=True)[:beams]
        best = going[0][0]
        bound = max(best / (t + 1) ** penalty, best / (longest - 1) ** penalty)
        if len(done) == beams and bound <= done[-1][0]:
            break
    return done


@pytest.mark.parametrize("penalty", [0.0, 0.6, 1.0])
def test_a_wide_beam_finds_the_best_of_all_sequences(model, penalty):
    beams = 70  # no step has more beginnings that may go on: 4^3
    ids, lengths, ranks = beam_search(
        model,
        [1, 3],
        beams=beams,
        max_length=LONGEST,
        end_id=END,
        length_penalty=penalty,
    )
    for row, first in enumerate([1, 3]):
        expected = all_sequences(model, first, penalty)[:beams]
        np.testing.assert_allclose(
            ranks[row], [rank for rank, _ in expected], atol=1e-4
        )
        for k, (_, best) in enumerate(expected[:5]):
            assert ids[row, k, : lengths[row, k]].tolist() == best


@pytest.mark.parametrize("beams", [1, 2, 3])
@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_the_graph_equals_step_by_step(model, beams, penalty):
    ids, lengths, ranks = beam_search(
        model,
        [1, 3, 4],
        beams=beams,
        max_length=12,
        end_id=END,
        length_penalty=penalty,
    )
    for row, first in enumerate([1, 3, 4]):
        expected = numpy_beam(model, first, beams, penalty, 12)
        for k, (rank, best) in enumerate(expected):
            assert ids[row, k, : lengths[row, k]].tolist() == best
            assert (ids[row, k, lengths[row, k] :] == END).all()
            np.testing.assert_allclose(ranks[row, k], rank, atol=1e-4)


def table(rows):
    """A model whose next id hangs on the last one, with these chances."""
    logits = np.log(np.array(rows) + 1e-30)
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(
        len(rows), len(rows), keras.initializers.Constant(logits)
    )(ids)
    return keras.Model(ids, x)


# From 0 the likeliest next id is 3, which then hesitates; 4 is sure of its end.
GARDEN = [
    [0.0, 0.0, 0.0, 0.6, 0.4],
    [0.2, 0.2, 0.2, 0.2, 0.2],
    [0.2, 0.2, 0.2, 0.2, 0.2],
    [0.25, 0.25, 0.3, 0.2, 0.0],
    [0.0, 0.0, 1.0, 0.0, 0.0],
]


def test_two_beams_leave_the_path_that_only_begins_well():
    search = {"max_length": 6, "end_id": END, "length_penalty": 0.0}
    model = table(GARDEN)
    greedy, _, _ = beam_search(model, [0], beams=1, **search)
    assert greedy[0, 0].tolist()[:3] == [0, 3, END]
    ids, lengths, ranks = beam_search(model, [0], beams=2, **search)
    assert ids[0, 0, : lengths[0, 0]].tolist() == [0, 4, END]
    np.testing.assert_allclose(ranks[0, 0], np.log(0.4), atol=1e-5)


def test_one_beam_writes_what_generate_writes(model):
    written, lengths = generate(
        model, [[1], [3], [4]], max_length=9, end_id=END, temperature=0
    )
    ids, found, _ = beam_search(
        model, [1, 3, 4], beams=1, max_length=9, end_id=END, length_penalty=0.0
    )
    for row in range(3):
        if written[row, lengths[row] - 1] == END:
            # a beam may have put a shorter one aside that is likelier
            greedy = written[row, : lengths[row]].tolist()
            log_p = log_probs(model, [greedy[:-1]])[0]
            score = sum(log_p[t, i] for t, i in enumerate(greedy[1:]))
            best = ids[row, 0, : found[row, 0]].tolist()
            log_p = log_probs(model, [best[:-1]])[0]
            assert sum(log_p[t, i] for t, i in enumerate(best[1:])) >= (
                score - 1e-4
            )


def test_banned_ids_and_an_end_that_never_comes():
    model = table(GARDEN)
    ids, lengths, ranks = beam_search(
        model, [0], beams=2, max_length=4, end_id=1, banned_ids=[4, 2, 1]
    )
    assert not np.isin(ids[0, :, 1:], [1, 2, 4]).any()
    assert (lengths == 4).all()
    assert ranks[0, 0] > ranks[0, 1] > -np.inf


def test_rows_that_cannot_be_are_minus_infinity():
    ids, lengths, ranks = beam_search(
        table(GARDEN), [4], beams=3, max_length=3, end_id=END, banned_ids=[0, 1]
    )
    assert ids[0, 0, :2].tolist() == [4, END]
    assert np.isfinite(ranks[0, 0])
    assert lengths[0, 0] == 2


def test_context_is_the_same_for_every_beam():
    """What is written hangs on each row's own context."""
    keras.utils.set_random_seed(1)
    ids = keras.Input((None,), dtype="int32")
    start = keras.Input((6,))
    x = keras.layers.Embedding(V, 6, "random_normal")(ids)
    x = keras.layers.GRU(6, return_sequences=True)(x, initial_state=start)
    x = keras.layers.Dense(V, kernel_initializer="random_normal")(x)
    model = keras.Model([ids, start], keras.layers.Rescaling(40)(x))
    context = np.random.default_rng(0).normal(size=(4, 6)).astype("float32")
    together = beam_search(
        model, [1] * 4, beams=3, max_length=8, end_id=END, context=[context]
    )
    for row in range(4):
        alone = beam_search(
            model,
            [1],
            beams=3,
            max_length=8,
            end_id=END,
            context=[context[row : row + 1]],
        )
        n = alone[0].shape[-1]
        np.testing.assert_array_equal(together[0][row, :, :n], alone[0][0])
        np.testing.assert_allclose(together[2][row], alone[2][0], atol=1e-5)
    assert len({tuple(row[0]) for row in together[0]}) > 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beams": 0}, "`beams` must be a positive int"),
        ({"max_length": 1}, "`max_length` must be an int, at least 2"),
        ({"length_penalty": -1.0}, "`length_penalty` must be a number"),
        ({"end_id": V}, "`end_id` must be an id below 5"),
        ({"banned_ids": [9]}, "`banned_ids` must be ids below 5"),
        ({"context": [np.ones((1, 6))]}, "`context` must be the inputs"),
    ],
)
def test_bad_arguments_are_named(model, options, message):
    given = {"beams": 2, "max_length": 5, "end_id": END, **options}
    with pytest.raises(MitseqError, match=message):
        beam_search(model, [1], **given)


def test_first_ids_must_be_ids(model):
    with pytest.raises(MitseqError, match="`first_ids` must be ids below 5"):
        beam_search(model, [7], beams=1, max_length=4, end_id=END)
