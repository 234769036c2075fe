import sys

import pytest

from mitseq.mitdeeplearning.in_notebook import (
    can_show_pictures,
    ipython_display,
)


def test_without_ipython_the_line_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    with pytest.raises(ImportError, match=r"pip install 'mitseq\[labs\]'"):
        ipython_display()


def test_a_terminal_shows_no_pictures(monkeypatch):
    assert can_show_pictures() is False

    class Shell:
        kernel = object()

    monkeypatch.setattr("IPython.get_ipython", Shell)
    assert can_show_pictures() is True
