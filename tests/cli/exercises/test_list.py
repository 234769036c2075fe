from mitseq.exercises.catalog import NAMES


def test_all_are_listed_in_order_with_slide_and_points(run):
    done = run("exercises")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["name", "points", "slide"]
    assert [line.split()[1] for line in lines] == list(NAMES)
    assert lines[9].split(maxsplit=3) == [
        "10",
        "bptt",
        "3",
        "RNNs: Backpropagation Through Time",
    ]


def test_json(run):
    told = run("exercises", "list", "--json").json
    assert [each["name"] for each in told] == list(NAMES)
    assert all(each["mistakes"] >= 3 for each in told)
    assert told[3]["function"] == "MyRNNCell"
