import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.arguments import (
    FREE,
    Settings,
    check_prompt,
    check_sampling,
    random_seed,
)
from mitseq.generation.generate import generate
from tests.generation.test_generate import random_model


@pytest.fixture(scope="module")
def model():
    return random_model()


@pytest.mark.parametrize(
    "change, match",
    [
        ({"prompt_ids": []}, "at least one row"),
        ({"prompt_ids": None}, "at least one row"),
        ({"state": "h"}, "`state` must be what `generate` returned"),
        ({"chunk": 0}, "`chunk` must be a positive int"),
        ({"prompt_ids": [[1], []]}, r"one id in each row.*\[1, 0\]"),
        ({"prompt_ids": [[1, 12]]}, "below 12.*Received: 12"),
        ({"prompt_ids": [[1, -2]]}, "below 12.*Received: -2"),
        ({"prompt_ids": [[FREE, 1]]}, "start with an id"),
        ({"max_length": 0}, "`max_length` must be an int"),
        ({"max_length": 2.5}, "`max_length` must be an int"),
        ({"prompt_ids": [[1] * 9]}, "the longest prompt, 9"),
        ({"end_id": 12}, "`end_id` must be an id below 12"),
        ({"temperature": -1}, "`temperature` must be a number of at least 0"),
        ({"temperature": float("nan")}, "`temperature`"),
        ({"temperature": "hot"}, "`temperature`"),
        ({"top_k": 0}, "`top_k` must be a positive int or None"),
        ({"top_k": 1.5}, "`top_k`"),
        ({"top_p": 0}, r"`top_p` must be a number in \(0, 1\]"),
        ({"top_p": 1.1}, "`top_p`"),
        ({"seed": "abc"}, "`seed` must be an int"),
        ({"seed": 2**70}, "`seed` must be an int of 64 bits"),
        ({"banned_ids": range(12)}, "`banned_ids` must leave at least one"),
        ({"banned_ids": [12]}, "`banned_ids` must be ids below 12"),
    ],
)
def test_bad_arguments_are_named(model, change, match):
    arguments = {"prompt_ids": [[1]], "max_length": 8, **change}
    with pytest.raises(MitseqError, match=match):
        generate(model, **arguments)


def test_prompts_become_one_array():
    prompt = check_prompt([[3], np.array([1, 2]), (4, FREE)], 5, 9)
    assert prompt.tolist() == [[3, FREE], [1, 2], [4, FREE]]
    assert prompt.dtype == np.int32


def test_ids_that_are_written_already_do_not_count():
    assert check_prompt([[1, 2, 3]], 5, 2, given=1).shape == (1, 3)
    with pytest.raises(MitseqError, match="longest prompt, 3"):
        check_prompt([[1, 2, 3]], 5, 2)


def test_settings_as_the_graph_takes_them():
    settings = Settings.of(4, None, 1, None, None, 7, [2])
    assert settings.end_id == -1 and settings.seed == 7
    assert settings.banned.tolist() == [0, 0, -np.inf, 0]


def test_a_new_seed_each_time_short_enough_to_be_typed():
    seeds = {random_seed() for _ in range(9)}
    assert len(seeds) > 1 and all(0 < seed < 10**6 for seed in seeds)


def test_numbers_of_numpy_are_numbers():
    check_sampling(np.float32(0.5), np.int64(3), np.float64(0.9), np.int32(1))
