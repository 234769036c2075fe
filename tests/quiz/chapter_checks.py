"""What holds of every chapter: links lead somewhere, numbers are measured."""

import functools
import re

from mitseq.quiz.links import links_of, slide_of
from mitseq.slides.references import ROOT


@functools.cache
def sections_of(file):
    """The text below each heading of a page, by its anchor, tables included."""
    found, name = {}, ""
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if heading := re.match(r"#+ (.*)", line):
            kept = re.sub(r"[^\w\- ]", "", heading[1].lower())
            name = kept.replace(" ", "-")
        found[name] = found.get(name, "") + line + "\n"
    return found


def numbers_in(text):
    """The numbers of a text, "97.1" and "2,038", but not words with digits."""
    return re.findall(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])", text)


def check_links(item):
    number, slide = slide_of(item)
    assert number > 0 and slide.example
    links = links_of(item)
    assert (ROOT / links["lab"]).is_file()
    assert bool(item.measured) == bool(item.where)
    if item.measured:
        file, _, anchor = item.where.partition("#")
        section = sections_of(file)[anchor]
        numbers = numbers_in(item.measured)
        assert numbers, item.measured
        for each in numbers:
            assert each in numbers_in(section), (each, item.where)


def check_chapter(chapter):
    """Raises where a question or a card of a chapter is not whole."""
    assert chapter.cards and chapter.questions
    for question in chapter.questions:
        check_links(question)
        assert question.text.endswith(("?", "."))
        assert question.why.endswith(".")
        if not question.is_open:
            assert len(question.wrong) == 3
            assert question.right not in question.wrong
            assert all(why.endswith(".") for why in question.wrong.values())
    for card in chapter.cards:
        check_links(card)
        assert card.front.endswith("?") and card.back.endswith(".")
        assert len(card.back) < 240
