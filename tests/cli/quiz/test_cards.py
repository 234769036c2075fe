from mitseq.quiz.chapters import find_chapters
from mitseq.quiz.rounds import deal

LESSON = find_chapters("lesson")


def test_what_was_not_known_comes_again(run):
    first, second = deal(LESSON, seed=0)
    outcome = run(
        *("cards", "--chapter", "lesson", "--seed", 0),
        answers="\nn\n\ny\n\nyes\n",
    )
    assert outcome.code == 0
    assert outcome.stdout.count(f": {first.front}\n") == 2
    assert outcome.stdout.count(f": {second.front}\n") == 1
    assert f"   {first.back}\n" in outcome.stdout
    assert outcome.stdout.endswith("\n2 of 2 known, 1 at once\n")


def test_the_back_is_shown_after_enter_only(run):
    first, _ = deal(LESSON, seed=0)
    shown = run("cards", "--chapter", "6", "--seed", 0).stdout
    assert first.front in shown and first.back not in shown


def test_all_and_json_ask_nothing_and_keep_the_order(run):
    cards = LESSON[0].cards
    shown = run("cards", "--chapter", "6", "--all").stdout
    at = [shown.index(text) for c in cards for text in (c.front, c.back)]
    assert at == sorted(at)
    found = run("cards", "--chapter", "6", "--json").json
    assert [card["front"] for card in found] == [card.front for card in cards]
    assert found[0]["slide"].startswith("79, ")
    shuffled = run("cards", "--seed", 1, "--count", 5, "--json").json
    assert len(shuffled) == 5
    assert shuffled != run("cards", "--count", 5, "--json").json
