import inspect

import pytest
import reference

import mitseq


def test_every_public_name_stands_on_one_page():
    names = [n for page in reference.public_names().values() for n in page]
    public = set(mitseq.__all__) - {"__version__"} | {"exercises"}
    assert sorted(names) == sorted(public)


def test_names_stand_where_their_folder_is(tmp_path):
    names = reference.public_names()
    assert (
        "LSTM" in names["layers"] and "generate_tunes" in names["tasks.music"]
    )
    written = reference.write_pages(tmp_path)
    page = (tmp_path / "layers.md").read_text("utf-8")
    assert ".. autoclass:: mitseq.LSTM\n" in page
    assert "mitseq.DotProductAttention\n   :members: " in page
    assert ".. autofunction:: mitseq.causal_mask" in page
    index = (tmp_path / "index.md").read_text("utf-8")
    assert all(f"\n{name}\n" in index for name in written)


def _tidy(text):
    lines = text.split("\n")
    reference.tidy_docstring(None, "class", "x", None, None, lines)
    return "\n".join(lines)


def test_equations_of_a_docstring_are_drawn_and_its_words_stay():
    found = _tidy(inspect.getdoc(mitseq.GRUCell))
    assert r"z_{t} &= \operatorname{sigmoid}(x_{t}\,W_{xz}" in found
    assert found.count(".. math::") == 4
    assert (
        "or with ``reset_after=False`` (the paper; there is no b_hh):" in found
    )
    # a sentence that begins in the same way is none
    assert ".. math::" not in _tidy(inspect.getdoc(mitseq.LSTM))


@pytest.mark.parametrize(
    "text, found",
    [
        ("Of `x` and\n`y_`.", "Of ``x`` and\n``y_``."),
        ("Equation: `y = A V`.", r"Equation: :math:`y = A\,V`."),
        ("Two ways:\n    one\n    two\n", "Two ways::\n\n    one\n    two\n"),
        ("Args:\n    x: Of `a`.\n", "Args:\n    x: Of ``a``.\n"),
        (
            "Call arguments:\n    x: An input.\n",
            "Call arguments:\n    x: An input.\n",
        ),
    ],
)
def test_what_sphinx_would_misread_is_told_in_its_way(text, found):
    assert _tidy(text).strip() == found.strip()


def test_a_class_shows_its_own_arguments():
    signature, _ = reference.own_signature(
        None, "class", "mitseq.LSTM", mitseq.LSTM, None, "(*args)", None
    )
    assert signature.startswith("(units, ") and "self" not in signature
    told = reference.own_signature(None, "function", "f", len, None, "()", None)
    assert told is None
