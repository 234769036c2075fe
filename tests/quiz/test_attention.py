"""The chapter on attention."""

import numpy as np

from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.quiz.attention import ATTENTION
from tests.quiz.chapter_checks import check_chapter


def test_links_lead_somewhere_and_numbers_are_measured():
    check_chapter(ATTENTION)


def test_the_slides_row_sums_to_two_as_the_answer_says():
    (row,) = (q for q in ATTENTION.questions if "the row of tossed" in q.text)
    numbers = row.text.partition("tossed is ")[2].partition(". Can")[0]
    assert sum(map(float, numbers.split(", "))) == 2
    assert row.right == "No: they sum to 2."


def test_weights_sum_to_one_over_the_keys_and_shuffled_words_stay_themselves():
    x = np.random.default_rng(0).normal(size=(1, 5, 4)).astype("float32")
    y, weights = scaled_dot_product_attention(
        x, x, x, return_attention_scores=True
    )
    np.testing.assert_allclose(np.sum(weights, axis=-1), 1, atol=1e-6)
    order = [3, 1, 4, 0, 2]
    shuffled = x[:, order]
    found = scaled_dot_product_attention(shuffled, shuffled, shuffled)
    np.testing.assert_allclose(found, np.asarray(y)[:, order], atol=1e-5)


def test_four_heads_have_the_weights_of_one():
    counts = []
    for heads in (1, 4):
        layer = MultiHeadAttention(heads, head_dim=64 // heads)
        layer.build((None, 5, 64))
        counts.append(layer.count_params())
    assert counts[0] == counts[1]
