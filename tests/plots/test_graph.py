"""The computational graph has the matrices, the steps and the losses."""

from mitseq.by_hand.next_word import learn_sentence
from mitseq.plots.graph import plot_graph
from tests.figure_checks import check_figure


def test_the_same_matrices_stand_at_every_step():
    learned = learn_sentence("a b c d", epochs=1)
    losses = learned.step_losses[-1]
    shapes = {w.name: w.shape for w in learned.my_rnn.weights}
    assert list(shapes) == ["W_xh", "W_hh", "W_hy"]
    figure = plot_graph(learned.words, losses, shapes)
    check_figure(figure)
    # Each is written twice, on white and in its color.
    texts = [text.get_text() for text in figure.axes[0].texts]
    for name, (rows, columns) in shapes.items():
        symbol = f"${name[0]}_{{{name[2:]}}}$"
        weight = learned.my_rnn.get_weights()[list(shapes).index(name)]
        assert texts.count(symbol) == 2 * len(losses)
        assert f"{symbol}: {rows} × {columns}" in texts
        assert weight.shape == (rows, columns)
    for t, loss in enumerate(losses, start=1):
        assert f"$L_{t}$ = {loss:.2f}" in texts
    assert f"$L$ = {losses.sum():.2f} nats" in texts
    assert {"a", "b", "c", "“d”?"} <= set(texts)
