import explore

from mitseq.pages.gallery import PAGES
from mitseq.slides.deck import DECK


def test_every_page_is_listed_and_stands_beside_a_slide():
    titles = {slide.title for chapter in DECK for slide in chapter.slides}
    assert set(explore.SLIDES) <= titles
    assert set(explore.SLIDES.values()) == set(PAGES)
    text = explore.index()
    for name, page in PAGES.items():
        assert f'<a href="explore/{name}.html">{page.title}</a>' in text


def test_pages_are_written_as_they_are_shown_alone(tmp_path, monkeypatch):
    kept = {name: PAGES[name] for name in ("gradient", "attention")}
    monkeypatch.setattr(explore, "PAGES", kept)
    explore.write_pages(tmp_path)
    written = {p.stem: p.read_text("utf-8") for p in tmp_path.rglob("*.html")}
    assert written == {name: page.write() for name, page in kept.items()}
