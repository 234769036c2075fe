"""A folder of texts in, a page of reasons out."""


def test_a_folder_becomes_a_page(run, tiny_model, tmp_path):
    folder = tmp_path / "letters"
    (folder / "old").mkdir(parents=True)
    (folder / "a.txt").write_text("a good one")
    (folder / "old" / "b.txt").write_bytes("bad café".encode("cp1252"))
    (folder / "notes.md").write_text("not one of them")
    explain = ("sentiment", "explain", folder, "--model", tiny_model)
    done = run(*explain, "--out", tmp_path / "page.html")
    assert done.code == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(row[0], row[-1]) for row in lines[:2]] == [
        ("positive", "a.txt"),
        ("negative", "old/b.txt"),
    ]
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("<section") == 2 and "café" in page
    assert "not one of them" not in page
    again = run(*explain, "--out", tmp_path / "page.html")
    assert again.is_mistake("page.html", "--overwrite")
    found = run(
        *explain, "--out", tmp_path / "page.html", "--overwrite", "--json"
    ).json
    assert [text["file"] for text in found["texts"]] == ["a.txt", "old/b.txt"]
    assert found["texts"][0]["contributions"]["leave_one_out"][1] > 1


def test_what_the_bundled_one_calls_neutral_is_neutral_there(run, tmp_path):
    (tmp_path / "a.txt").write_text("Der Kellner war unfreundlich.")
    page = tmp_path / "page.html"
    done = run("sentiment", "explain", tmp_path / "a.txt", "--out", page)
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("neutral\t")
    assert 'data-label="neutral"' in page.read_text("utf-8")


def test_mistakes_are_one_line(run, tiny_model, tmp_path):
    out = ("--out", tmp_path / "page.html", "--model", tiny_model)
    explain = ("sentiment", "explain")
    (tmp_path / "empty").mkdir()
    assert run(*explain, tmp_path / "empty", *out).is_mistake("no file in it")
    assert run(*explain, tmp_path / "none.txt", *out).is_mistake("none.txt")
    (tmp_path / "long.txt").write_text("good " * 5000)
    done = run(*explain, tmp_path / "long.txt", *out)
    assert done.is_mistake("long.txt", "25,000 characters")
    assert run(*explain, *out).is_mistake("FOLDER")
    assert not (tmp_path / "page.html").exists()
