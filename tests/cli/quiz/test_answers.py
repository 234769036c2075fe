import pytest

LEAVING = ["", "q\n", " QUIT \n", "exit"]


@pytest.mark.parametrize("answers", LEAVING)
@pytest.mark.parametrize("verb", ["ask", "cards"])
def test_the_end_of_the_input_and_q_end_it_cleanly(run, verb, answers):
    outcome = run(verb, "--seed", 0, answers=answers)
    assert outcome.code == 0
    assert outcome.stdout.count("> ") == 1  # asked once
    assert "\n0 of " in outcome.stdout


def test_bytes_that_are_no_text_are_no_answer(run):
    outcome = run("--seed", 0, answers=b"\xff\xfe\x1b[2J\n")
    assert outcome.code == 0
    assert "a letter from a to d" in outcome.stdout
    assert "\x1b" not in outcome.stdout


def test_a_process_without_a_terminal(run_process):
    import subprocess

    outcome = run_process(
        "quiz", "--chapter", "6", "--seed", "1", stdin=subprocess.DEVNULL
    )
    assert outcome.code == 0
    assert "0 of 0 right" in outcome.stdout
    assert outcome.stderr == "3 not asked; seed 1\n"


def test_a_seed_is_drawn_and_told(run):
    told = run().stderr
    assert "seed " in told
    assert run("--seed", "x").is_mistake("--seed")
    assert run("--chapter", "x").is_mistake("3 gradients")
    assert run("--count", "0").is_mistake("--count")
