from tests.tasks.words.conftest import SENTENCES


def test_a_text_goes_on_the_same_with_the_same_seed(run, trained):
    args = ("words", "generate", "--model", trained, "--count", 3, "--seed", 7)
    first = run(*args, "I took my")
    assert first.code == 0, first.stderr
    lines = first.stdout.splitlines()
    assert len(lines) == 3 and all(x.startswith("I took my") for x in lines)
    assert "seed 7" in first.stderr
    assert run(*args, "I took my", "--json").json == {"texts": lines, "seed": 7}

    done = run(*args, "-", stdin="I took\nmy\n")
    assert done.stdout.splitlines() == lines
    assert run(*args, "-", stdin="\n").is_mistake("standard input is empty")


def test_without_a_text_whole_ones_are_written(run, trained):
    args = ("words", "generate", "--model", trained, "--temperature", "0.01")
    done = run(*args)
    assert done.stdout.strip() in SENTENCES and "seed " in done.stderr


def test_mistakes_are_one_line(run, trained):
    args = ("words", "generate", "--model", trained)
    assert run(*args, "zebra").is_mistake("none of these words")
    assert run(*args, "--temperature", "0").is_mistake("--temperature")
    assert run(*args, "--words", "0").is_mistake("--words")
    assert run(*args, "\udcff").is_mistake("not UTF-8")
