"""The notes' questions as printed, and a card for each concept."""

from mitseq.quiz.chapters import CHAPTERS
from mitseq.quiz.links import slide_of
from mitseq.slides.find import numbered
from mitseq.slides.references import ROOT

# As they stand in the notes' lesson: two quizzes and the discussion of step 7.
PRINTED = [
    "Why does the vanishing gradient problem specifically hurt an RNN's "
    "ability to learn long-range dependencies?",
    "An LSTM processes a 200-word document. What structural feature allows it "
    "to carry relevant information from word 1 all the way to word 200 more "
    "reliably than a vanilla RNN?",
    "Discuss: what does this tell you about how the choice of recurrence "
    "weight affects long-range memory?",
]


def test_the_notes_questions_stand_as_printed():
    found = [
        question.text
        for chapter in CHAPTERS
        for question in chapter.questions
        if question.printed
    ]
    assert found == PRINTED


def test_every_slide_of_the_deck_and_own_section_has_a_card():
    told = set()
    for chapter in CHAPTERS:
        for card in chapter.cards:
            _, slide = slide_of(card)
            told.add(slide.like or slide.title)
    assert told == {s.title for _, _, s in numbered() if not s.like}


def test_no_question_stands_twice():
    texts = [
        text
        for chapter in CHAPTERS
        for text in (
            *(question.text for question in chapter.questions),
            *(card.front for card in chapter.cards),
        )
    ]
    assert len(set(texts)) == len(texts)
    measured = [c.measured for part in CHAPTERS for c in part.cards]
    assert sum(map(bool, measured)) >= 25


def test_a_question_without_wrong_answers_is_open():
    is_open = [q for part in CHAPTERS for q in part.questions if q.is_open]
    assert [q.text for q in is_open] == PRINTED[2:]


def test_the_docs_say_how_many_there_are():
    count = sum(len(chapter.questions) for chapter in CHAPTERS)
    page = (ROOT / "docs" / "command_line.md").read_text("utf-8")
    assert f"`quiz` asks {count} questions" in page
    for chapter in CHAPTERS:
        assert chapter.name in page
