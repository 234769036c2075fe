"""A picture of a Keras model: its layers, from the inputs down.

Keras's own `plot_model` needs Graphviz, a package of the system; this one is
drawn with matplotlib.
"""

import io
from typing import Any

from mitseq.mitdeeplearning.in_notebook import ipython_display
from mitseq.plots.style import BLUE, new_figure


def display_model(model: Any) -> Any:
    """Returns a picture of a model for the notebook.

    Each layer is a box with its name, class, the shape of its output (`?`
    where it is not known yet) and its number of weights. An arrow leads from
    each layer to those that read its output.

    Args:
        model: A `keras.Model`.

    Returns:
        An `IPython.display.Image`. No file is written.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    >>> display_model(model).format
    'png'
    """
    buffer = io.BytesIO()
    draw_model(model).savefig(buffer, format="png")
    return ipython_display().Image(data=buffer.getvalue(), format="png")


def draw_model(model: Any):
    """Returns the `matplotlib` figure of `display_model`."""
    layers = model.layers
    figure, axes = new_figure(size=(6.5, 1 + 0.85 * max(len(layers), 1)))
    axes.set_axis_off()
    axes.set(xlim=(-1.4, 1.4), ylim=(-len(layers) + 0.5, 0.5))
    count = f": {model.count_params():,} weights" if model.built else ""
    axes.set_title(model.name + count)
    look = {"boxstyle": "round,pad=0.5", "facecolor": "white"}
    look["edgecolor"] = BLUE
    at = {"ha": "center", "va": "center", "fontsize": 9, "bbox": look}
    boxes = [
        axes.text(0, -place, describe(layer), zorder=3, **at).get_bbox_patch()
        for place, layer in enumerate(layers)
    ]
    for start, stop in arrows(layers):
        bend = 0 if stop - start == 1 else -0.9  # around those between
        arrow = {"arrowstyle": "->", "connectionstyle": f"arc3,rad={bend}"}
        arrow |= {"patchA": boxes[start], "patchB": boxes[stop]}
        axes.annotate("", (0, -stop), (0, -start), arrowprops=arrow)
    return figure


def describe(layer: Any) -> str:
    """Returns the text of a layer's box.

    Example:

    >>> import keras
    >>> print(describe(keras.layers.Dense(3, name="head")))
    head (Dense)
    ?, not built
    """
    count = f"{layer.count_params():,} weights" if layer.built else "not built"
    tensors = _tensors(layer, "output")
    shapes = [str(tuple(tensor.shape)) for tensor in tensors]
    name = f"{layer.name} ({type(layer).__name__})"
    return f"{name}\n{', '.join(shapes) or '?'}, {count}"


def arrows(layers: list) -> list[tuple[int, int]]:
    """Returns which layer reads which: pairs of places in the list.

    Without known tensors, in a model that is not built, each reads the one
    before it.
    """
    made = {
        id(tensor): place
        for place, layer in enumerate(layers)
        for tensor in _tensors(layer, "output")
    }
    if not made:
        return [(place, place + 1) for place in range(len(layers) - 1)]
    return sorted(
        {
            (made[id(tensor)], place)
            for place, layer in enumerate(layers)
            for tensor in _tensors(layer, "input")
            if made.get(id(tensor), place) != place
        }
    )


def _tensors(layer: Any, side: str) -> list:
    """The symbolic inputs or outputs of a layer; none if not known."""
    import keras

    try:
        return keras.tree.flatten(getattr(layer, side))
    except (AttributeError, ValueError):
        return []
