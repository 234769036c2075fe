"""The product that makes gradients vanish or explode."""

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def influence(h, w):
    """Returns dh_T/dh_1: how much the last state feels of the first.

    For one unit, h_t = tanh(w h_prev + u x_t), each step is a factor:

        dh_t/dh_prev = (1 - h_t^2) w
        dh_T/dh_1 = the product of the factors of the steps 2 ... T

    Args:
        h: The states h_1 ... h_T, a list.
        w: The weight from the state to the next one.

    >>> influence([0.0, 0.0, 0.0], w=0.5)
    0.25
    """
    # TODO: the product.
    # solution
    product = 1.0
    for h_t in h[1:]:
        product *= (1 - h_t**2) * w
    return product
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="influence",
    title="The product of the factors",
    slide="Standard RNN Gradient Flow",
    code="mitseq.by_hand.backpropagation:influence",
    cases=lambda: [
        ([0.5, 0.2, -0.4], 0.9),
        ([0.1, 0.3, 0.2, -0.2, 0.6], 2.0),
        ([0.7], 0.5),
    ],
    mistakes=(
        Mistake(
            "The factors are added. The chain rule multiplies them.",
            {
                "product = 1.0": "product = 0.0 if len(h) > 1 else 1.0",
                "product *=": "product +=",
            },
        ),
        Mistake(
            "There is a factor too much: from h_1 to h_1 there is no step. "
            "Begin with h_2.",
            {"h[1:]": "h"},
        ),
        Mistake(
            "These are the weights alone: the derivative of the tanh, "
            "1 - h_t^2, is missing in each factor.",
            {"(1 - h_t**2) * w": "w"},
        ),
        Mistake(
            "Each step goes through the weight w, too: it is missing.",
            {"(1 - h_t**2) * w": "(1 - h_t**2)"},
        ),
        Mistake(
            "There is a factor too little or another one: h_T has one, h_1 "
            "has none.",
            {"h[1:]": "h[:-1]"},
        ),
    ),
)
