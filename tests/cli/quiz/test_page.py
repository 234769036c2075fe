from pathlib import Path


def test_page_is_written_and_not_replaced_unless_asked(run):
    outcome = run("page", "--out", "quiz.html")
    assert outcome.code == 0 and outcome.stdout == "quiz.html\n"
    text = Path("quiz.html").read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    again = ("page", "--out", "quiz.html", "--chapter", "lesson")
    assert run(*again).is_mistake("quiz.html exists", "--overwrite")
    found = run(*again, "--overwrite", "--json").json
    assert found == {"out": "quiz.html", "questions": 3, "cards": 2}
    assert len(Path("quiz.html").read_text("utf-8")) < len(text)


def test_page_needs_a_file_and_a_chapter_that_is_there(run):
    assert run("page").is_mistake("--out")
    wrong = run("page", "--out", "a.html", "--chapter", "9")
    assert wrong.is_mistake("the chapters are 1 recurrence")
    assert not Path("a.html").exists()
