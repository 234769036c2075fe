"""The lines of code that are an idea."""

import ast

import pytest

from mitseq.errors import MitseqError
from mitseq.slides import lines
from mitseq.slides.lines import docstring, excerpt

FILE = '''"""A module."""


def outer(a):
    """Says it.

    Args:
        a: A number.
    """
    if a < 0:
        raise ValueError("negative")
    for x in (a,):
        if x != x:
            raise ValueError("nan")
    check_number(a)
    # the idea
    b = [
        a,
    ]

    return b


class Layer:
    """Has an equation.

    Equation: `y = x`.
    """

    def __init__(self, units):
        self.units = units

    def call(self, x):
        if x is None:
            raise ValueError("nothing")
        else:
            x = x + 1

        def step(t):
            return t

        return step(x)


def only_checks(a):
    """Checks."""
    if a:
        raise ValueError("no")
'''


@pytest.fixture(autouse=True)
def house(tmp_path, monkeypatch):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "up.py").write_text(FILE)
    monkeypatch.setattr(lines, "ROOT", tmp_path)
    lines._parsed.cache_clear()
    yield
    lines._parsed.cache_clear()


def test_docstring_and_checks_are_left_out():
    found = excerpt("made.up:outer")
    assert (found.file, found.name) == ("made/up.py", "outer")
    assert found.text == (
        "def outer(a):\n    # the idea\n    b = [\n        a,\n    ]\n\n"
        "    return b"
    )


def test_a_check_with_another_way_or_alone_in_a_body_stays():
    assert "raise ValueError" in excerpt("made.up:Layer").text
    only = excerpt("made.up:only_checks").text
    assert ast.parse(only) and "raise ValueError" in only


@pytest.mark.parametrize(
    "cut, text",
    [
        ("outer[# the..b]", "# the idea\nb = [\n    a,\n]"),  # whole statement
        ("outer[b =..b]", "b = [\n    a,\n]"),
        ("outer[return..]", "return b"),
        ("Layer.call[..def step]", None),
        ("Layer.call.step", "def step(t):\n    return t"),
        ("Layer.__init__[self..]", "self.units = units"),
    ],
)
def test_first_and_last_line_cut(cut, text):
    found = excerpt(f"made.up:{cut}").text
    assert text is None or found == text
    ast.parse(found)


def test_of_a_class_it_is_call():
    assert excerpt("made.up:Layer").name == "Layer.call"


@pytest.mark.parametrize(
    "cut, said",
    [
        ("none", "there is no 'none'"),
        ("outer[zzz..]", "no line begins with 'zzz'"),
        ("outer[return..b =]", "no line begins with 'b ='"),
        ("outer[", "is no reference"),
    ],
)
def test_what_is_not_there_is_an_error(cut, said):
    with pytest.raises(MitseqError, match=said):
        excerpt(f"made.up:{cut}")


def test_docstrings_are_read_from_the_file():
    assert docstring("made.up:Layer").startswith("Has an equation.")
