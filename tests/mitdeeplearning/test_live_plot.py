"""The curve: when it is drawn, what it shows, where it is redrawn."""

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from mitseq.errors import MitseqError
from mitseq.mitdeeplearning import live_plot
from mitseq.mitdeeplearning.live_plot import LossHistory, PeriodicPlotter


def test_a_loss_is_smoothed_by_those_before():
    history = LossHistory(smoothing_factor=0.75)
    for loss in (8.0, 4.0, 0.0):
        history.append(loss)
    # 8; 0.75 * 8 + 0.25 * 4 = 7; 0.75 * 7 + 0.25 * 0 = 5.25
    assert history.get() == [8.0, 7.0, 5.25]
    plain = LossHistory()
    for loss in (8.0, 4.0):
        plain.append(loss)
    assert plain.get() == [8.0, 4.0]
    with pytest.raises(MitseqError, match=r"below 1.*smoothing_factor=1"):
        LossHistory(1)


def test_it_draws_only_when_it_is_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(live_plot.time, "monotonic", lambda: now[0])
    plotter = PeriodicPlotter(sec=2)
    (axes,) = plotter.figure.axes

    def drawn(seconds, data):
        now[0] = 100 + seconds
        plotter.plot(data)
        return [line.get_ydata().tolist() for line in axes.lines]

    assert drawn(1.5, [4]) == []
    assert drawn(2.0, [4, 3]) == [[4, 3]]
    assert drawn(3.5, [4, 3, 2]) == [[4, 3]]
    assert drawn(4.0, [4, 3, 2, 1]) == [[4, 3, 2, 1]]  # one curve, not two


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (None, ("linear", "linear")),
        ("semilogx", ("log", "linear")),
        ("semilogy", ("linear", "log")),
        ("loglog", ("log", "log")),
    ],
)
def test_labels_and_scale_stay_from_drawing_to_drawing(scale, expected):
    plotter = PeriodicPlotter(sec=0, xlabel="step", ylabel="loss", scale=scale)
    for count in (3, 4):
        plotter.plot(np.arange(1, count + 1))
        (axes,) = plotter.figure.axes
        assert (axes.get_xscale(), axes.get_yscale()) == expected
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "loss")


def test_an_unknown_scale_is_refused_at_once():
    with pytest.raises(MitseqError, match=r"'loglog'.*scale='log'"):
        PeriodicPlotter(sec=1, scale="log")


def test_a_notebook_has_one_picture_which_is_redrawn(monkeypatch):
    source = (
        "from mitseq.mitdeeplearning.live_plot import PeriodicPlotter\n"
        "plotter = PeriodicPlotter(sec=0, ylabel='loss')\n"
        "for count in (2, 3, 4):\n"
        "    plotter.plot(list(range(count)))\n"
        "    print('step', count)\n"
        "from IPython.display import Image\n"
        "from mitseq.mitdeeplearning.live_plot import _png\n"
        "Image(data=_png(plotter.figure))"
    )
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source)]
    )
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    redrawn, last = (out.data["image/png"] for out in outputs if "data" in out)
    assert redrawn == last
    text = "".join(out.text for out in outputs if out.output_type == "stream")
    assert text == "step 2\nstep 3\nstep 4\n"
