"""A short attack with fixed seeds, and how its failures are found."""

import random
import warnings

import attack
import pytest
from attack import Target, at_most, judge, mutate_bytes, mutate_text, smaller

from mitseq.errors import MitseqError

COUNTS = {
    "check": 300,
    "tunes": 60,
    "drawn": 4,
    "prompts": 60,
    "tables": 60,
    "json": 60,
    "conllu": 200,
    "series": 60,
    "pairs": 60,
    "images": 60,
    "models": 3,
    "snapshots": 60,
    "states": 60,
    "vectors": 60,
}


@pytest.fixture
def targets(tmp_path):
    return attack.targets(tmp_path)


def test_every_target_is_attacked(targets):
    assert set(targets) == set(COUNTS)


@pytest.mark.parametrize("name", COUNTS)
def test_no_mutated_input_breaks_it(targets, name):
    found = attack.attack(targets[name], COUNTS[name], seed=18)
    assert [str(failure) for failure in found.values()] == []


def test_the_same_seed_mutates_alike():
    def mutated(seed):
        dice = random.Random(seed)
        return (
            mutate_text("a,b\nc,d\n", attack.PIECES["table"], dice),
            mutate_bytes(b"abcdefgh", dice),
        )

    assert mutated(3) == mutated(3)
    assert len({mutated(seed) for seed in range(20)}) > 15


def _target(run):
    return Target(lambda dice: "x" * dice.randint(5, 50) + "!?" * 3, run)


def test_a_failure_is_counted_once_with_its_smallest_input():
    def run(text):
        if "!" in text:
            raise KeyError(text)

    (found,) = attack.attack(_target(run), 10, seed=0).values()
    assert found.count == 10
    assert found.smallest == "!"
    assert str(found).startswith("KeyError at ")


def test_an_error_of_ours_is_right_unless_it_is_long():
    def short(text):
        raise MitseqError("`text` must be shorter")

    def lines(text):
        raise MitseqError("a\nb")

    assert judge(_target(short), "x") is None
    assert "several lines" in judge(_target(lines), "x")
    assert (
        judge(_target(lambda text: warnings.warn("w", stacklevel=2)), "")
        is None
    )


def test_what_hangs_is_a_failure(monkeypatch):
    monkeypatch.setattr(attack, "SECONDS", 1)

    def run(text):
        while True:
            pass

    assert judge(_target(run), "x").startswith("TimeoutError")
    with at_most(5):
        pass


def test_what_is_smaller_fails_in_the_same_way():
    def run(text):
        if text.count("a") > 2:
            raise ValueError
        if "b" in text:
            raise KeyError

    target = _target(run)
    what = judge(target, "aaaab")
    assert smaller(target, "xxaaaabxx", what) == "aaa"


def test_the_configuration_of_a_model_is_mutated():
    good = attack._good_model()
    changed = attack.mutate_config(good, random.Random(1))
    assert changed != good
    assert attack.mutate_config(b"no archive", random.Random(1)) == (
        b"no archive"
    )
