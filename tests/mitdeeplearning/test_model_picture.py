"""The picture of a model: its boxes and its arrows, counted by hand."""

import keras

from mitseq.mitdeeplearning.model_picture import (
    arrows,
    describe,
    display_model,
    draw_model,
)


def branched():
    x = keras.Input((4,), name="x")
    h = keras.layers.Dense(4, name="h")(x)
    y = keras.layers.Dense(4, name="y")(h)
    added = keras.layers.Add(name="added")([x, y])
    return keras.Model(x, added, name="skip")


def test_each_layer_says_what_it_is():
    model = branched()
    assert [describe(layer) for layer in model.layers] == [
        "x (InputLayer)\n(None, 4), 0 weights",
        "h (Dense)\n(None, 4), 20 weights",  # 4 * 4 + 4
        "y (Dense)\n(None, 4), 20 weights",
        "added (Add)\n(None, 4), 0 weights",
    ]


def test_arrows_lead_from_a_layer_to_those_that_read_it():
    assert arrows(branched().layers) == [(0, 1), (0, 3), (1, 2), (2, 3)]
    stack = [keras.layers.Dense(2) for _ in range(3)]
    assert arrows(stack) == [(0, 1), (1, 2)]
    built = keras.Sequential([keras.Input((2,)), *stack])
    assert arrows(built.layers) == [(0, 1), (1, 2)]


def test_the_picture_has_all_of_it():
    (axes,) = draw_model(branched()).axes
    assert axes.get_title() == "skip: 40 weights"
    boxes = [text.get_text() for text in axes.texts if text.get_text()]
    assert [box.split()[0] for box in boxes] == ["x", "h", "y", "added"]
    assert len(axes.texts) == len(boxes) + 4
    assert display_model(branched()).data[:4] == b"\x89PNG"


def test_a_model_that_is_not_built_is_drawn_too():
    model = keras.Sequential([keras.layers.Dense(2, name="d")], name="m")
    (axes,) = draw_model(model).axes
    assert axes.get_title() == "m"
    assert axes.texts[0].get_text() == "d (Dense)\n?, not built"
