"""A sentence learned by heart."""

import numpy as np

from mitseq.by_hand.next_word import (
    ENDS,
    HELD_OUT,
    PATTERN,
    count_pairs,
    learn_pattern,
    learn_sentence,
)


def test_every_next_word_is_learned_and_losses_are_of_the_steps():
    learned = learn_sentence("a b c d", epochs=25)
    assert learned.step_losses.shape == (26, 3)
    total = learned.step_losses.sum(axis=1)
    assert total[-1] < 0.2 < total[0]
    probs = learned.probs()
    np.testing.assert_array_equal(probs.argmax(axis=1), [1, 2, 3])
    np.testing.assert_allclose(
        -np.log(probs[[0, 1, 2], [1, 2, 3]]), learned.step_losses[-1], atol=1e-5
    )
    hidden_state = [0] * 16
    for word in "a b c".split():
        y, hidden_state = learned.my_rnn(learned.one_hot(word), hidden_state)
    assert learned.likeliest(y) == "d"


def test_a_sentence_never_seen_is_completed_and_a_bigram_cannot():
    assert HELD_OUT not in PATTERN and len(PATTERN) == 15
    pairs = {
        pair
        for row in PATTERN
        for pair in zip(row.split(), row.split()[1:], strict=False)
    }
    first, second, *_ = HELD_OUT.split()
    assert (first, second) not in pairs
    learned = learn_pattern()
    hidden_state = [0] * learned.my_rnn.rnn_units
    *read, end = HELD_OUT.split()
    for word in read:
        y, hidden_state = learned.my_rnn(learned.one_hot(word), hidden_state)
    assert learned.likeliest(y) == end
    # The last word alone: four ends, and the right one is the least counted.
    counted = count_pairs(learned.words)[learned.words.index(read[-1])]
    shares = {w: counted[learned.words.index(w)] for w in ENDS.values()}
    assert min(shares, key=shares.get) == end
    assert shares[end] == 3 / 15
