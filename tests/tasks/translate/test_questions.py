"""What one is asked about in the made-up language."""

from mitseq.tasks.translate import language
from mitseq.tasks.translate.questions import (
    ASKED,
    CLAUSES,
    SENTENCES,
    asked,
)


def clauses(text):
    return 1 + sum(word in language.JOINTS for word in text.split())


def test_as_many_sentences_of_each_number_of_clauses_and_none_twice():
    groups = asked()
    assert [len(group) for group in groups] == [ASKED] * CLAUSES
    for number, group in enumerate(groups, start=1):
        assert {clauses(text) for text in group} == {number}
    every = [*SENTENCES, *(text for group in groups for text in group)]
    assert len({*every}) == len(every)
