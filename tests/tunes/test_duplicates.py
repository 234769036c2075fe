"""The same tune in another transcription, and tunes that are not."""

import random

import numpy as np
import pytest

from mitseq.tunes.duplicates import near_duplicate_groups, shingles, staff_steps

STEPS = "CDEFGABcdefgab"
HEADER = "M:4/4\nL:1/8\nK:C\n"


def tune_of(notes: list[str], header: str = HEADER) -> str:
    bars = ["".join(notes[i : i + 8]) for i in range(0, len(notes), 8)]
    return header + "|".join(bars) + "|]\n"


def random_notes(seed: int, length: int = 128) -> list[str]:
    # Neighboring steps, as in tunes: phrases recur by chance.
    rng = random.Random(seed)
    step, notes = 6, []
    for _ in range(length):
        step = min(max(step + rng.choice((-2, -1, -1, 0, 1, 1, 2)), 1), 12)
        notes.append(STEPS[step])
    return notes


def test_melody_is_the_diatonic_number_of_each_note():
    text = "M:2/4\nL:1/8\nK:C\nC,^Dc'2|_b/2z(3CEG|]\n"
    assert staff_steps(text).tolist() == [-7, 1, 14, 13, 0, 2, 4]


def test_the_header_has_no_notes():
    assert staff_steps("M:C\nL:1/8\nK:D\nz8|]\n").tolist() == []


def test_shingles_do_not_change_with_the_starting_note():
    steps = staff_steps(tune_of(random_notes(1)))
    np.testing.assert_array_equal(shingles(steps), shingles(steps + 5))
    assert not np.array_equal(shingles(steps), shingles(steps[::-1]))


def test_a_short_melody_is_one_shingle():
    assert len(shingles(np.asarray([], int))) == 1
    assert len(shingles(np.asarray([1, 2, 3]))) == 1


def test_no_tune_gives_no_group():
    assert near_duplicate_groups([]) == []


def test_unrelated_tunes_stay_apart():
    tunes = [tune_of(random_notes(seed)) for seed in range(200)]
    assert near_duplicate_groups(tunes) == [[i] for i in range(200)]


def transposed(notes: list[str]) -> list[str]:
    return [STEPS[STEPS.index(note) + 1] for note in notes]


def dotted(notes: list[str]) -> list[str]:
    return [note + ("3/2" if i % 2 else "/2") for i, note in enumerate(notes)]


def sharpened(notes: list[str]) -> list[str]:
    return ["^" + note if note in "Ff" else note for note in notes]


def varied(notes: list[str]) -> list[str]:
    notes = list(notes)
    for i in range(7, len(notes), 16):
        notes[i] = "g"
    return notes


def half(notes: list[str]) -> list[str]:
    return notes[: len(notes) // 2]


@pytest.mark.parametrize(
    "change", [transposed, dotted, sharpened, varied, half]
)
def test_a_version_of_a_tune_joins_it(change):
    tunes = [tune_of(random_notes(seed)) for seed in range(5)]
    tunes.append(tune_of(change(random_notes(2)), "M:2/2\nL:1/16\nK:D\n"))
    assert near_duplicate_groups(tunes) == [[0], [1], [2, 5], [3], [4]]


def test_groups_join_through_a_common_member():
    first, second = random_notes(1), random_notes(2)
    medley = first + second
    tunes = [tune_of(notes) for notes in (first, second, medley)]
    assert near_duplicate_groups(tunes[:2]) == [[0], [1]]
    assert near_duplicate_groups(tunes) == [[0, 1, 2]]


def test_a_tune_in_very_many_versions_is_one_group():
    tune = tune_of(random_notes(3))
    tunes = [tune.replace("L:1/8", f"L:1/{n}") for n in range(1, 301)]
    assert near_duplicate_groups(tunes) == [list(range(300))]


def test_thousands_of_tunes_are_grouped_across_blocks():
    # More than BLOCK tunes, each of them twice and far apart.
    tunes = [tune_of(random_notes(seed % 2500)) for seed in range(5000)]
    groups = near_duplicate_groups(tunes)
    assert groups == [[i, i + 2500] for i in range(2500)]


def test_octaves_of_endings_and_marks_are_told_apart():
    header = "M:2/4\nL:1/8\nK:C\n"
    assert staff_steps(header + "c|1,2C,,2|:c''/2|]\n").tolist() == [7, -14, 21]
