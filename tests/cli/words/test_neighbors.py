def test_neighbors_nearest_first_in_text_and_json(run, trained):
    args = ("words", "neighbors", "--model", trained, "--top", 2, "CAT", "bus")
    found = run(*args, "--json").json
    assert list(found) == ["cat", "bus"]
    cosines = [each["cosine"] for each in found["cat"]]
    assert cosines == sorted(cosines, reverse=True) and len(cosines) == 2
    first = found["cat"][0]["word"]
    lines = run(*args).stdout.splitlines()
    assert lines[0].startswith(f"cat: {first} {cosines[0]:.2f}")


def test_mistakes_are_one_line(run, trained):
    args = ("words", "neighbors", "--model", trained)
    assert run(*args).is_mistake("WORD")
    assert run(*args, "zebra").is_mistake("does not know the word 'zebra'")
