"""A decoder looks at every state of the encoder."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def look_back(s_t, h_seq):
    """Returns the context (H,) and the weights (S,) of one decoder step.

    The decoder's state asks each state of the encoder how well they match, by
    a product, and takes a mix of them:

        score_s = s_t . h_s
        a = softmax(scores)                over the S encoder steps
        context = sum over s of a_s h_s

    So no single vector has to hold the whole sentence.

    Args:
        s_t: (H,), the state of the decoder.
        h_seq: (S, H), all states of the encoder.
    """
    # TODO: the three lines.
    # solution
    scores = h_seq @ s_t
    a = softmax(scores)
    context = a @ h_seq
    return context, a
    # end


# %% check
def cases():
    rng = np.random.default_rng(16)
    return [
        (rng.normal(size=H).round(1), rng.normal(size=(S, H)).round(1))
        for S, H in ((3, 2), (4, 3), (3, 3))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="look_back",
    title="Encoder-decoder attention",
    slide="Attention",
    code="mitseq.layers.cross_attention:DotProductAttention",
    cases=cases,
    points=2,
    mistakes=(
        Mistake(
            "The context is the last state of the encoder: that is the "
            "bottleneck which attention takes away.",
            {"a @ h_seq": "h_seq[-1]"},
        ),
        Mistake(
            "The context is the mean of all states: weigh them with a.",
            {"a @ h_seq": "h_seq.mean(axis=0)"},
        ),
        Mistake(
            "The context is the best state alone. All are mixed, so that a "
            "gradient reaches all.",
            {"a @ h_seq": "h_seq[np.argmax(a)]"},
        ),
        Mistake(
            "The weights are scores: the softmax is missing.",
            {"softmax(scores)": "scores"},
        ),
        Mistake(
            "The scores are scaled by the root of H. Self-attention does so; "
            "this score is the product alone.",
            {"softmax(scores)": "softmax(scores / np.sqrt(len(s_t)))"},
        ),
        Mistake(
            "Context and weights have changed places.",
            {"return context, a": "return a, context"},
        ),
    ),
)
