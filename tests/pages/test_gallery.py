"""The pages by name."""

import pytest

from mitseq.errors import MitseqError
from mitseq.pages.gallery import PAGES, find_page


# the pages of the bundled models of music and sentiment are opened elsewhere
@pytest.mark.parametrize("name", sorted({*PAGES} - {"music", "sentiment"}))
def test_each_page_has_the_title_that_is_listed(name):
    html = find_page(name).write()
    assert f"<h1>{PAGES[name].title}</h1>" in html
    assert "http:" not in html.replace("http://www.w3.org/2000/svg", "")


def test_a_name_with_a_slip_is_told_the_names():
    with pytest.raises(MitseqError, match="'gradiant'. Expected: gradient,"):
        find_page("gradiant")
