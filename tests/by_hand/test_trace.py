"""The trace by hand, against the notes, the sum, and the layer."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.by_hand.trace import trace_by_hand
from mitseq.errors import MitseqError

NOTES = "The quick brown fox jumps"


def test_the_notes_example_in_exact_fractions():
    """h_5 = 5/2 + 4/4 + 3/8 + 2/16 + 1/32."""
    trace = trace_by_hand(NOTES)
    assert trace.x == (1, 2, 3, 4, 5)
    assert trace.h == tuple(
        map(Fraction, ["0", "1/2", "5/4", "17/8", "49/16", "129/32"])
    )
    assert trace.influence == tuple(
        map(Fraction, ["1/32", "1/16", "1/8", "1/4", "1/2"])
    )
    assert trace.parts == tuple(
        map(Fraction, ["1/32", "1/8", "3/8", "1", "5/2"])
    )
    assert trace.steps()[-1] == "h_5 = 1/2 * 49/16 + 1/2 * 5 = 129/32"


def test_with_nine_tenths_the_first_word_is_still_heard():
    half, much = trace_by_hand(NOTES), trace_by_hand(NOTES, keep=0.9)
    assert much.keep == Fraction(9, 10)  # exactly, not the float
    # The last word against the first: 16 times as much, or 1.5 times.
    assert half.influence[-1] / half.influence[0] == 16
    assert much.influence[-1] / much.influence[0] == Fraction(10, 9) ** 4
    assert much.influence[0] == Fraction("0.9") ** 4 / 2


@given(
    st.lists(st.fractions(-5, 5, max_denominator=9), min_size=1, max_size=8),
    st.fractions(-2, 2, max_denominator=9),
    st.fractions(-2, 2, max_denominator=9),
    st.fractions(-2, 2, max_denominator=9),
)
def test_the_last_state_is_the_sum_of_its_parts(x, keep, write, h_0):
    words = [f"w{i}" for i in range(len(x))]
    trace = trace_by_hand(words, x, keep=keep, write=write, h_0=h_0)
    assert trace.h[-1] == sum(trace.parts) + keep ** len(x) * h_0
    # The influence is a derivative: the last state moves by it exactly.
    for t, influence in enumerate(trace.influence):
        moved = [v + 1 if i == t else v for i, v in enumerate(x)]
        other = trace_by_hand(words, moved, keep=keep, write=write, h_0=h_0)
        assert other.h[-1] - trace.h[-1] == influence
    assert len(trace.table().splitlines()) == len(x) + 1


def test_it_is_the_linear_rnn_of_one_unit():
    import keras

    from mitseq.layers.rnn import SimpleRNN

    layer = SimpleRNN(
        1, activation="linear", use_bias=False, return_sequences=True
    )
    x = np.arange(1.0, 6.0, dtype="float32").reshape(1, 5, 1)
    layer.build(x.shape)
    layer.set_weights([np.full((1, 1), 0.5), np.full((1, 1), 0.9)])
    h_seq = keras.ops.convert_to_numpy(layer(x))[0, :, 0]
    trace = trace_by_hand(NOTES, keep="0.9")
    np.testing.assert_allclose(h_seq, [float(h) for h in trace.h[1:]], 1e-6)


def test_any_sentence_and_any_numbers():
    trace = trace_by_hand(
        ["I", "love", "it"], [Decimal("0.1"), -2, "2/3"], keep=2, write=1
    )
    assert trace.h == (
        0,
        Fraction(1, 10),
        Fraction(-9, 5),
        Fraction(-18, 5) + Fraction(2, 3),
    )


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"sentence": "  "}, "`sentence`.*at least one word"),
        ({"x": [1, 2]}, "`x`.*2 numbers for 5 words"),
        ({"keep": "half"}, "`keep`.*Received: keep='half'"),
        ({"write": float("nan")}, "`write`.*nan"),
        ({"write": "1/0"}, "`write`.*1/0"),
        ({"write": "1e999999999"}, "`write`.*1e999999999"),
        ({"h_0": float("inf")}, "`h_0`.*inf"),
        ({"x": [1, 2, None, 4, 5]}, "`x`.*None"),
    ],
)
def test_mistakes_are_one_clear_line(arguments, words):
    with pytest.raises(MitseqError, match=words) as error:
        trace_by_hand(**({"sentence": NOTES} | arguments))
    assert "\n" not in str(error.value)
