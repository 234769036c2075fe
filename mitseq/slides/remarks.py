"""Where slides and notes say it otherwise than it is: quoted, and put right.

A slip that is mended in silence is found by the student who has the notes
beside the code. What is quoted stands there as printed. Numbers are measured;
tests compute them.
"""

REMARKS = {
    "Recurrent Neural Networks (RNNs)": (
        'The slide calls h_t the "cell state". It is the hidden state; a cell '
        "state c_t of its own has only the LSTM.",
    ),
    "RNNs from Scratch in TensorFlow": (
        "`W_hh * h + W_xh * x` multiplies element by element; the equation "
        "has products of matrices. Lab 4 runs each printed line.",
    ),
    "Standard RNN Gradient Flow: Exploding Gradients": (
        '"Many values > 1" is needed, not enough: with a spectral radius of '
        "1.12 the figure's gradient falls (Pascanu et al., 2013). Where the "
        "slope of the activation is at most 1, a largest singular value below "
        "1 rules it out.",
    ),
    "Standard RNN Gradient Flow: Vanishing Gradients": (
        '"Activation function" by itself is no cure. Before training a step '
        "back keeps 0.78 of the gradient with a tanh, 0.68 with a ReLU and "
        "0.98 with a ReLU and the identity as W_hh. A new GRU keeps 0.70; "
        "trained to remember, about all of it.",
    ),
    "Gating Mechanisms in Neurons": (
        "Gates keep a gradient from vanishing; against exploding there is "
        "clipping. The slide names the LSTM; the GRU is in the notes. With 64 "
        "features and 128 units a GRU has 74,240 weights, an LSTM 98,816.",
    ),
    "Learning Self-Attention with Neural Networks": (
        'The rows of the table "He tossed the tennis ball to serve" are no '
        "softmax: they sum to 1.5, 2, 1, 2, 2, 1 and 1.5, and have zeros. They "
        "are similarities; a softmax of the first one is 0.29, 0.18 and five "
        "times 0.11.",
        'Q K^T / scaling is not "also known as the cosine similarity": it is '
        "not divided by the lengths of the two vectors, so a long key counts "
        "more.",
    ),
    "Goal of Sequence Modeling": (
        'A dense network over all steps does know their order ("No order"): '
        "each place has weights of its own. What it learns at one place it "
        "does not know at another (lab 19).",
    ),
    "Exploding and vanishing gradients": (
        "No heading in the notes. "
        '"Many of the gradients have values > 1": it is the factors, not the '
        "gradients, and gates help against vanishing, not against exploding.",
    ),
    "Neurons with recurrence": (
        'What is handed on, "something called a cell state", is the hidden '
        "state.",
    ),
    "RNN State Update and Output": (
        'The notes multiply W_hh by "the hidden state of that time-step". It '
        "is the one of the step before.",
    ),
    "RNNs from Scratch": (
        "The notes print `self.W_hh * self.h * self.W_xh * x`: a product in "
        "place of the sum. Lab 4 runs it.",
    ),
    "Backpropagation Through Time": (
        '"When many values are smaller than 0 this would lead to vanishing '
        'gradient": smaller than 1 in size. The sign does not matter, a '
        "factor of -2 explodes.",
    ),
    "Activation Functions": (
        'A ReLU is said to help "when the value is less than 0": it is when '
        "it is more. Below 0 its slope is 0, and nothing passes.",
    ),
    "Attention": (
        "No heading in the notes. "
        '"No backpropagation through time is required" holds where attention '
        "replaces the recurrence. Encoder and decoder are still recurrent "
        "here, and trained through time.",
    ),
    "Recurrent Neural Networks": (
        'h_{t-1} is called "its own previous output". The output is ŷ_t; the '
        "hidden state is handed on beside it.",
    ),
    "Vanishing and exploding gradients": (
        "No heading in the notes. "
        '"If the dominant eigenvalue exceeds 1, gradients grow '
        'exponentially": in a linear recurrence. A tanh or a ReLU adds '
        "factors of at most 1, and the gradient may still vanish.",
    ),
}


def remarks_on(title: str) -> tuple[str, ...]:
    """Returns what is to be said to a slide or a section, mostly nothing.

    Example:

    >>> remarks_on("Activation Functions")[0][:29]
    'A ReLU is said to help "when '
    """
    return REMARKS.get(title, ())
