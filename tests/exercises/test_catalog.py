from pathlib import Path

import pytest

from mitseq.errors import MitseqError
from mitseq.exercises import catalog


def test_every_file_of_the_lecture_is_an_exercise_and_once():
    folder = Path(catalog.__file__).parent / "lecture"
    files = {p.stem for p in folder.glob("*.py")} - {"__init__"}
    assert len(catalog.NAMES) == len(set(catalog.NAMES))
    assert files == set(catalog.NAMES)


def test_no_two_exercises_ask_for_one_function():
    assert len(catalog.by_function()) == len(catalog.NAMES)


def test_an_exercise_of_another_name_is_told_the_close_one():
    with pytest.raises(MitseqError, match="'bbpt' .did you mean 'bptt'"):
        catalog.load("bbpt")
    with pytest.raises(MitseqError, match="no exercise is called 'xyz'$"):
        catalog.load("xyz")
