"""A sentence learned by heart."""

import numpy as np

from mitseq.by_hand.next_word import learn_sentence


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
