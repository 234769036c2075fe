"""The chapter on the design criteria."""

from mitseq.layers.rnn import SimpleRNN
from mitseq.quiz.criteria import CRITERIA
from tests.quiz.chapter_checks import check_chapter


def test_links_lead_somewhere_and_numbers_are_measured():
    check_chapter(CRITERIA)


def test_longer_sentences_need_no_more_weights():
    counts = []
    for num_steps in (8, 16):
        layer = SimpleRNN(4)
        layer.build((None, num_steps, 3))
        counts.append(layer.count_params())
    assert counts[0] == counts[1]


def test_the_two_reviews_are_one_bag_of_words():
    (review,) = (q for q in CRITERIA.questions if q.text.startswith('"The'))
    bags = [
        sorted(part.replace(",", "").split())
        for part in review.text.split('"')[1::2]
    ]
    assert bags[0] == bags[1]
