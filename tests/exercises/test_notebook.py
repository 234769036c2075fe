import subprocess
import sys
import threading
import time

import pytest

import mitseq
from mitseq.errors import MitseqError
from mitseq.exercises import arguments, check, start_text


def helper(h):
    return (1 - h**2) * 0.9


def test_a_function_is_found_by_its_name_and_uses_what_is_around_it():
    def trace(x, keep, write, h_0):
        return [keep * h_0 + write * x_t for x_t in x]

    assert "not handed on" in check(trace).hints[0]
    assert mitseq.exercises.check is check


def test_a_name_says_which_exercise_is_meant():
    def mine(h, w):
        return helper(h[1]) * helper(h[2]) if len(h) == 3 else 0

    found = check(mine, "gradient_flow")
    assert (found.name, found.status) == ("gradient_flow", "wrong")
    assert found.called.startswith("influence(h=[0.1, 0.3")
    with pytest.raises(MitseqError, match="called 'mine'; name the exercise"):
        check(mine)
    with pytest.raises(MitseqError, match="did you mean 'gradient_flow'"):
        check(mine, "gradient-flow")
    with pytest.raises(MitseqError, match="called None"):
        check(3)


def trace(x, keep, write, h_0):
    while True:
        pass


def test_what_does_not_end_is_stopped():
    assert check(trace, seconds=0.05).came == "it did not end in 0.05 s"
    found = check(lambda h, w: time.sleep(60), "gradient_flow", seconds=0.05)
    assert "did not end" in found.came


def test_it_is_stopped_in_another_thread_too():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(check(trace, seconds=0.05))
    )
    thread.start()
    thread.join()
    assert found[0].came == "it did not end in 0.05 s"


def test_arguments_of_a_case_can_be_tried_out():
    x, keep, write, h_0 = arguments("trace", 2)
    assert (x, keep, write, h_0) == ([2, -1, 3], 0.5, 2.0, 4)
    x.append(1)  # a copy
    assert arguments("trace", 2)[0] == [2, -1, 3]
    with pytest.raises(MitseqError, match="from 0 to 2. Received: case=3"):
        arguments("trace", 3)


def test_the_text_to_begin_with_can_be_had_without_a_folder():
    names = {}
    exec(start_text("trace"), names)
    assert check(names["trace"]).status == "not begun"


def test_no_tensorflow_is_loaded():
    code = (
        "import sys, mitseq\n"
        "assert 'numpy' not in sys.modules\n"
        "def influence(h, w): return 1\n"
        "mitseq.exercises.check(influence)\n"
        "print({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")
