from collections import Counter

import lecture
import pytest

from mitseq.slides.deck import DECK
from mitseq.slides.find import find_slide

SLIDES = [slide for chapter in DECK for slide in chapter.slides]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lecture")
    names = lecture.write_pages(folder)
    return {
        n: (folder / f"{n}.md").read_text("utf-8") for n in [*names, "index"]
    }


def test_each_slide_stands_once_in_the_order_of_the_lecture(pages):
    text = "\n".join(pages[name] for name in list(pages)[:-1])
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == [slide.title for slide in SLIDES]
    assert set(Counter(titles).values()) == {1}
    for name in list(pages)[:-1]:
        assert f"\n{name}\n" in pages["index"]


def test_a_slide_has_its_equation_code_remark_labs_and_exercises(pages):
    section = lecture.slide_section(
        find_slide("RNN State Update and Output"), {"SimpleRNNCell"}
    )
    assert r"W_{hh}^{\top}\,h_{t-1}" in section
    assert r"x_{t}\,W_{xh}" in section  # as the code computes it
    assert ":::{note}\nThe notes multiply" in section
    assert "{py:obj}`mitseq.SimpleRNNCell`" in section
    assert "rnn_step`" not in section.split("Reference:")[1].splitlines()[0]
    assert "[2](../notebooks/02_recurrence_from_scratch.ipynb)" in section
    assert "mitseq exercises start DIR state_update" in section


def test_every_example_has_its_picture():
    missing = [
        slide.example
        for slide in SLIDES
        if slide.example and lecture.figure_file(slide) is None
    ]
    assert missing == []


def test_a_slide_leads_to_the_page_in_which_its_network_runs():
    section = lecture.slide_section(
        find_slide("Long Short Term Memory (LSTM) Networks"), set()
    )
    assert '<a href="../explore/cell.html">Inside a cell</a>' in section
