"""The tables of docs/slides.md."""

from mitseq.slides.deck import Chapter, Slide
from mitseq.slides.page import BEGIN, END, _chapter, slug, write_tables


def test_a_row_links_code_lab_cell_figure_and_test():
    slide = Slide(
        "A title",
        "Its idea.",
        code=("mitseq.layers.rnn:rnn_step",),
        labs=("02_recurrence_from_scratch:notes_loop",),
        figure="mitseq.plots.trace:plot_trace",
        tests=("layers/test_rnn.py:test_x",),
        missing=("speech",),
        anchor="a",
    )
    row = _chapter(Chapter("C", (slide,)), "slide").splitlines()[-1]
    assert row == (
        '| <a id="a"></a>A title | Its idea. Not built yet: speech. | '
        "[`rnn_step`](../mitseq/layers/rnn.py) | "
        "[Lab 2](../labs/02_recurrence_from_scratch.py) `notes_loop` | "
        "[`plot_trace`](../mitseq/plots/trace.py) | "
        "[`test_x`](../tests/layers/test_rnn.py) |"
    )


def test_only_what_stands_between_the_marks_is_written():
    page = f"# Top\n{BEGIN}\nold\n{END}\n## Below\n"
    new = write_tables(page)
    assert new.startswith(f"# Top\n{BEGIN}\n\n| labs | [executed")
    assert new.endswith(f"{END}\n## Below\n")
    assert "\nold\n" not in new
    assert write_tables(new) == new


def test_slugs_are_names_of_files():
    assert (
        slug("RNN Applications & Limitations") == "rnn-applications-limitations"
    )
