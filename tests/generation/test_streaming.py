import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.generate import generate
from tests.generation.test_generate import next_id_model, random_model


@pytest.fixture(scope="module")
def model():
    return random_model()


def side_by_side(pieces):
    return np.concatenate([*pieces], axis=1)


@pytest.mark.parametrize("chunk", [1, 3, 7, 64])
def test_pieces_of_a_stream_are_the_whole(model, chunk):
    prompts = [[1, 2, 3, 4], [5], [2, 2], [9]]
    arguments = dict(max_length=30, seed=3, end_id=6)
    whole, lengths = generate(model, prompts, **arguments)
    assert len(set(lengths.tolist())) > 2  # rows that end on their own
    stream = generate(model, prompts, **arguments, stream=True, chunk=chunk)
    pieces = list(stream)
    assert {piece.shape[1] for piece in pieces[:-1]} <= {chunk}
    np.testing.assert_array_equal(side_by_side(pieces), whole)
    np.testing.assert_array_equal(stream.lengths, lengths)
    assert {piece.dtype for piece in pieces} == {np.dtype("int32")}


def test_a_piece_is_computed_when_it_is_asked_for():
    stream = generate(
        next_id_model(), [[0]], max_length=10**9, stream=True, chunk=4
    )
    assert next(stream).tolist() == [[0, 1, 2, 3]]
    assert next(stream).tolist() == [[4, 5, 6, 7]]


@pytest.mark.parametrize("cut", [1, 2, 5, 17])
@pytest.mark.parametrize("end_id", [None, 6])
def test_continuing_equals_one_long_call(model, cut, end_id):
    prompts = [[1], [5], [2], [9], [3]]
    arguments = dict(seed=4, end_id=end_id, temperature=0.8, top_k=9)
    whole, lengths = generate(model, prompts, max_length=40, **arguments)
    first, n, state = generate(
        model, prompts, max_length=cut, return_state=True, **arguments
    )
    second, m, state = generate(
        model, state=state, max_length=20, return_state=True, **arguments
    )
    del arguments["seed"], arguments["end_id"]  # the state knows them
    third, k = generate(model, state=state, max_length=20 - cut, **arguments)
    parts = np.concatenate([first, second, third], axis=1)
    np.testing.assert_array_equal(parts, whole)
    np.testing.assert_array_equal(n + m + k, lengths)


def test_one_may_leave_a_stream_and_go_on_from_its_state(model):
    whole, _ = generate(model, [[1], [2]], max_length=30, seed=5)
    stream = generate(
        model, [[1], [2]], max_length=30, seed=5, stream=True, chunk=8
    )
    begin = [next(stream), next(stream)]
    rest, _ = generate(model, state=stream.state, max_length=14)
    np.testing.assert_array_equal(side_by_side([*begin, rest]), whole)


def test_a_state_can_be_used_twice(model):
    _, _, state = generate(model, [[1]], max_length=9, return_state=True)
    once, _ = generate(model, state=state, max_length=20)
    again, _ = generate(model, state=state, max_length=20)
    other, _ = generate(model, state=state, max_length=20, seed=1)
    np.testing.assert_array_equal(once, again)
    assert (once != other).any()


def test_a_prompt_with_a_state_is_read_next(model):
    whole, _ = generate(model, [[3, 1, 4, 1, 5]], max_length=12, temperature=0)
    first, _, state = generate(
        model, [[3, 1]], max_length=2, temperature=0, return_state=True
    )
    rest, _ = generate(
        model, [[4, 1, 5]], state=state, max_length=10, temperature=0
    )
    np.testing.assert_array_equal(side_by_side([first, rest]), whole)


def test_rows_that_have_ended_stay_ended():
    model = next_id_model()
    arguments = dict(end_id=8, temperature=0)
    _, _, state = generate(
        model, [[7], [1]], max_length=4, return_state=True, **arguments
    )
    ids, lengths, state = generate(
        model, state=state, max_length=9, return_state=True, **arguments
    )
    assert ids.tolist() == [[8] * 4, [5, 6, 7, 8]]
    assert lengths.tolist() == [0, 4]
    ids, lengths = generate(model, state=state, max_length=9, **arguments)
    assert ids.shape == (2, 0) and lengths.tolist() == [0, 0]


def test_a_state_goes_on_with_what_the_model_learned_meanwhile():
    model = next_id_model(6)
    _, _, state = generate(model, [[0]], max_length=2, return_state=True)
    model.set_weights([30 * np.eye(6, k=-1, dtype="float32")])
    ids, _ = generate(model, state=state, max_length=1, temperature=0)
    assert ids.tolist() == [[0]]


def test_state_of_another_model_raises(model):
    _, _, state = generate(next_id_model(), [[1]], max_length=3, return_state=1)
    with pytest.raises(MitseqError, match="`state` must be of the same model"):
        generate(model, state=state, max_length=3)


def test_prompt_of_another_batch_than_the_state_raises(model):
    _, _, state = generate(model, [[1]], max_length=3, return_state=True)
    with pytest.raises(MitseqError, match="1 rows of `state`. Received: 2"):
        generate(model, [[1], [2]], state=state, max_length=3)
