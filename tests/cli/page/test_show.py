from pathlib import Path


def test_a_page_is_written_and_not_replaced_unless_asked(run):
    outcome = run("show", "gradient", "--out", "a.html")
    assert outcome.code == 0 and outcome.stdout == "a.html\n"
    text = Path("a.html").read_text("utf-8")
    assert "<h1>The product of factors</h1>" in text
    again = ("show", "gradient", "--out", "a.html")
    assert run(*again).is_mistake("a.html exists", "--overwrite")
    found = run(*again, "--overwrite", "--json").json
    assert found["title"] == "The product of factors"
    assert found["bytes"] == Path("a.html").stat().st_size


def test_a_page_that_is_not_there_is_one_line(run):
    wrong = run("show", "gradiant", "--out", "a.html")
    assert wrong.is_mistake("no page is named 'gradiant'", "gradient, ")
    assert not Path("a.html").exists()
    assert run("show", "gradient").is_mistake("--out")
