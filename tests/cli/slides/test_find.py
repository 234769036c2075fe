def test_find_lists_what_fits_the_title_first(run):
    outcome = run("slides", "find", "long-term")
    assert outcome.code == 0
    lines = outcome.stdout.splitlines()
    where = [line.split()[-1] for line in lines]
    assert where == sorted(where, key=["title", "code", "text"].index)
    assert lines[0].startswith("  20  Model Long-Term Dependencies")
    assert "Sequence Modeling: Design Criteria" in outcome.stdout


def test_find_json_and_a_number(run):
    (found, *_) = run("slides", "find", "clipping", "--json").json
    assert (found["number"], found["where"]) == (26, "text")
    assert run("slides", "find", "26").stdout.split()[0] == "26"


def test_find_of_what_is_nowhere_names_the_nearest(run):
    assert run("slides", "find", "perzeptrum").is_mistake("Perceptron")
    assert run("slides", "find", "80").is_mistake("1 to 79")
    assert run("slides", "find").is_mistake("WORDS")
