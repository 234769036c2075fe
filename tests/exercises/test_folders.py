"""Only what is meant as an answer is one, and what is saved is seen."""

import pytest

from mitseq.errors import MitseqError
from mitseq.exercises import folders
from mitseq.exercises.folders import (
    answers_of_file,
    changes,
    find_answers,
)
from mitseq.exercises.start import start


def names_in(folder, **options):
    found = find_answers(folder, **options)
    return {name: path.name for name, path in found.items()}


def test_files_are_found_by_their_name_or_if_they_speak_of_exercises(tmp_path):
    speaks = "# mitseq exercises check\n"
    for name, text in {
        "02_trace (1).py": speaks,
        "02_trace.py": "",
        "anna_pencil.py": speaks + "def by_pencil(): 1\ndef bptt(:",
        "03_state_update-2.py": speaks,
        "mine.py": "mitseq.exercises.check(influence)\ndef influence(): 1\n"
        "class MyRNNCell: 1\ndef trace(): 1",
        "scores.py": "",  # somebody's, who never heard of us
        "draw.py": "def draw(): 1",
        "test_exercises.py": speaks + "def bptt(): 1",
        "notes.txt": speaks + "def bptt(): 1",
        ".10_bptt.py": "",
        "below/13_clipping.py": "",
        "1/2/3/4/24_scores.py": "",
        "1/2/3/4/5/25_scaling.py": "",
        ".git/28_head.py": "",
        "venv/29_multi_head.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    expected = {
        "pencil": "anna_pencil.py",
        "trace": "02_trace.py",
        "state_update": "03_state_update-2.py",
        "my_rnn_cell": "mine.py",
        "bptt": "anna_pencil.py",
        "gradient_flow": "mine.py",
    }
    assert names_in(tmp_path) == expected
    assert [*names_in(tmp_path)] == [*expected]  # in their order
    more = {"clipping": "13_clipping.py", "scores": "24_scores.py"}
    assert names_in(tmp_path, below=True) == expected | more


def test_one_file(tmp_path):
    path = tmp_path / "all.py"
    path.write_text("def bptt(): 1\ndef trace(): 1\ndef other(): 1\n")
    assert [*answers_of_file(path)] == ["trace", "bptt"]
    assert [*answers_of_file(tmp_path / "02_trace(3).py")] == ["trace"]
    path.write_text("def other(): 1\n")
    with pytest.raises(MitseqError, match="all.py answers no exercise"):
        answers_of_file(path)


def test_what_is_saved_is_seen(tmp_path):
    start(tmp_path, ["pencil", "trace"])
    path = tmp_path / "02_trace.py"
    acts = [
        lambda: None,
        lambda: path.write_text("one"),
        lambda: None,
        lambda: (tmp_path / "10_bptt.py").write_text("new"),
        path.unlink,
        lambda: path.write_text("again"),
    ]

    def pause(seconds):
        assert seconds == folders._PAUSE
        acts.pop(0)()

    seen = changes(lambda: find_answers(tmp_path), pause)
    assert [*next(seen)] == ["trace"]
    assert [*next(seen)] == ["bptt"]
    assert [*next(seen)] == ["trace"]
    assert acts == []
