"""Attention figures: every cell is a weight, every label is as it is."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap
from mitseq.output import OutputError
from mitseq.plots.attention import (
    attention_heads,
    attention_heat_map,
    attention_table,
    plot_weighting,
    save_attention,
)
from tests.figure_checks import check_figure, check_png

WORDS = "He tossed the tennis ball to serve".split()


def random_map(heads=4, rows=7, columns=7, tokens=None, seed=0):
    e = np.exp(
        2 * np.random.default_rng(seed).normal(size=(heads, rows, columns))
    )
    weights = (e / e.sum(-1, keepdims=True)).astype("float32")
    return AttentionMap("block_1/attention", weights, tokens or WORDS)


def shown(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_heat_map_shows_the_mean_or_a_head_with_its_labels():
    found = random_map()
    figure = attention_heat_map(found)
    check_figure(figure)
    (image,) = figure.axes[0].images
    np.testing.assert_allclose(image.get_array(), found.weights.mean(axis=0))
    assert shown(figure.axes[0].xaxis) == WORDS == shown(figure.axes[0].yaxis)
    (image,) = attention_heat_map(found, head=2).axes[0].images
    np.testing.assert_array_equal(image.get_array(), found.weights[2])


def test_heads_of_several_layers_one_picture_each():
    maps = [random_map(), random_map(heads=6, rows=4, seed=1)]
    figure = attention_heads(maps)
    check_figure(figure)
    images = [axes.images[0] for axes in figure.axes if axes.images]
    weights = [head for found in maps for head in found.weights]
    assert len(images) == 10
    for image, expected in zip(images, weights, strict=True):
        np.testing.assert_array_equal(image.get_array(), expected)
    assert shown(figure.axes[-2].yaxis) == ["1", "2", "3", "4"]


def test_many_steps_leave_labels_out_and_none_overlap():
    found = random_map(1, 90, 90, [f"w{i}" for i in range(90)])
    figure = attention_heat_map(found)
    check_figure(figure)
    labels = shown(figure.axes[0].xaxis)
    assert labels[0] == "w0" and len(labels) < 90
    check_figure(attention_heads(found))


def test_table_holds_the_weights_of_any_model():
    import keras

    keras.utils.set_random_seed(0)
    x = keras.Input((None, 5))
    layer = keras.layers.MultiHeadAttention(2, 3, name="look")
    model = keras.Model(x, layer(x, x))
    sentence = np.random.normal(size=(7, 5)).astype("float32")
    figure = attention_table(model, sentence, tokens=WORDS, layer="look")
    check_figure(figure)
    axes = figure.axes[0]
    cells = np.array([float(text.get_text()) for text in axes.texts])
    np.testing.assert_allclose(cells.reshape(7, 7).sum(axis=1), 1, atol=0.04)
    assert shown(axes.xaxis) == WORDS == shown(axes.yaxis)
    with pytest.raises(MitseqError, match=r"`layer` must be one of \['look'\]"):
        attention_table(model, sentence, layer="other")


def test_saved_as_picture_or_page_and_not_over_another(tmp_path):
    found = random_map(tokens=["$x^2", "<b>", "a\nb", "日本", " ", "", "\x00"])
    path = save_attention(found, tmp_path / "new" / "heads.png")
    check_png(path.read_bytes())
    svg = save_attention(found, tmp_path / "heads.svg").read_text("utf-8")
    assert svg.startswith("<?xml") and "</svg>" in svg
    page = save_attention(found, tmp_path / "heads.html", title="Where")
    assert "<h1>Where</h1>" in page.read_text("utf-8")
    with pytest.raises(OutputError, match="it exists"):
        save_attention(found, path)
    save_attention(found, path, overwrite=True)
    with pytest.raises(MitseqError, match="format that matplotlib writes"):
        save_attention(found, tmp_path / "heads.xyz")


def test_mistakes_are_named():
    found = random_map()
    with pytest.raises(MitseqError, match="`head` must be below 4"):
        attention_heat_map(found, head=4)
    with pytest.raises(MitseqError, match="at least one map"):
        attention_heads([])


def test_each_row_of_both_tables_has_its_sum():
    printed = np.array([[1.0, 0.5], [0.5, 1.0]])
    weights = np.array([[0.9, 0.1], [0.25, 0.75]])
    figure = plot_weighting(["a", "b"], printed, weights, "T")
    check_figure(figure)
    for axes, sums in zip(
        figure.axes, (("1.50",) * 2, ("1.00",) * 2), strict=True
    ):
        cells = [text.get_text() for text in axes.texts]
        assert (cells[2], cells[5]) == sums
    assert figure.axes[1].texts[1].get_text() == "0.10"
