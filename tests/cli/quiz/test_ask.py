from mitseq.quiz.chapters import find_chapters
from mitseq.quiz.rounds import round_of

GRADIENTS = round_of(find_chapters("gradients"), seed=3)


def lines(answers):
    return "".join(f"{answer}\n" for answer in answers)


def test_right_answers_score_and_lead_on(run):
    rights = [each.right for each in GRADIENTS]
    outcome = run("--chapter", "gradients", "--seed", 3, answers=lines(rights))
    assert outcome.code == 0
    assert outcome.stdout.endswith("\n7 of 7 right\n")
    assert outcome.stdout.count("   Right.\n") == 7
    assert outcome.stdout.count("(from the notes): ") == 2
    assert "(mitseq slides show 26)" in outcome.stdout
    assert "lab: labs/06_vanishing" in outcome.stdout
    assert outcome.stderr == "seed 3\n"


def test_a_wrong_answer_is_told_why_and_enter_shows_the_right_one(run):
    first, second = GRADIENTS[:2]
    wrong = next(c for c in first.choices if c != first.question.right)
    outcome = run(
        *("ask", "--chapter", "3", "--seed", 3, "--count", 2),
        answers=lines(["xyz", wrong, ""]),
    )
    assert "a letter from a to d, Enter, or q" in outcome.stdout
    assert f"No. {first.question.wrong[wrong]}\n" in outcome.stdout
    for each in (first, second):
        told = f"   It is {each.right}: {each.question.right}\n"
        assert told in outcome.stdout
    assert outcome.stdout.endswith("\n0 of 2 right\n")


def test_an_open_question_takes_words_and_gives_none_a_mark(run):
    asked = round_of(find_chapters("lesson"), seed=0)
    answers = [each.right or "it forgets" for each in asked]
    outcome = run("--chapter", "lesson", "--seed", 0, answers=lines(answers))
    assert "a good answer: The weight to the power" in outcome.stdout
    assert outcome.stdout.endswith("\n2 of 2 right\n")


def test_json_is_one_document_and_questions_go_to_standard_error(run):
    rights = [each.right for each in GRADIENTS[:2]]
    outcome = run(
        *("--chapter", "3", "--seed", 3, "--count", 4, "--json"),
        answers=lines([rights[0], ""]),
    )
    found = outcome.json
    assert (found["seed"], found["right"], found["answered"]) == (3, 1, 2)
    given = [question["given"] for question in found["questions"]]
    assert given == [rights[0], "", None, None]
    judged = [question["is_right"] for question in found["questions"]]
    assert judged == [True, False, None, None]
    assert GRADIENTS[0].question.text in outcome.stderr
    assert set(found["questions"][0]) >= {"text", "choices", "slide", "lab"}
