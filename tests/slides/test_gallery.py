"""The gallery: every example once, with a figure that is there."""

from pathlib import Path

from mitseq.slides.find import numbered
from mitseq.slides.gallery import entries, gallery, image_of
from tests.figure_checks import check_png

DOCS = Path(__file__).parents[2] / "docs"


def test_every_example_is_in_the_gallery_once():
    examples = [e for part in entries().values() for _, _, e in part]
    assert len(set(examples)) == len(examples)
    assert set(examples) == {s.example for _, _, s in numbered() if s.example}
    images = [image_of(e) for e in examples]
    assert len(set(images)) == len(images)


def test_the_page_is_the_one_that_make_figures_writes():
    assert (DOCS / "figures.md").read_text("utf-8") == gallery()
    for part in entries().values():
        for _, _, example in part:
            check_png((DOCS / image_of(example)).read_bytes())
