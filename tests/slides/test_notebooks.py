"""Labs as notebooks; that one runs as a whole: tests/labs/test_labs.py."""

import builtins

import nbformat
import pytest

from mitseq.errors import MitseqError
from mitseq.slides.notebooks import INSTALL, notebook_of, write

LAB = '''"""A lab."""

# %% [markdown]
# # A title

# %%
x = 1

# %% tags=["active-ipynb"]
# print("result", x + 1)

# %% tags=["active-py"]
if __name__ == "__main__":
    raise SystemExit("not in a notebook")
'''


@pytest.fixture
def lab(tmp_path):
    path = tmp_path / "labs" / "01_a.py"
    path.parent.mkdir()
    path.write_text(LAB)
    return path


def test_a_notebook_starts_with_one_install_cell(lab):
    book = notebook_of(lab)
    nbformat.validate(book)
    assert book.cells[0].source == INSTALL
    assert sum("pip install" in cell.source for cell in book.cells) == 1
    assert "A lab." in book.cells[1].source
    assert book.metadata.kernelspec.name == "python3"


def test_it_is_run_and_written_with_its_outputs(lab, tmp_path):
    write([lab], tmp_path / "out")
    book = nbformat.read(tmp_path / "out" / "01_a.ipynb", as_version=4)
    nbformat.validate(book)
    outputs = [o for c in book.cells if "outputs" in c for o in c.outputs]
    assert [o.text for o in outputs] == ["result 2\n"]


def test_without_jupytext_the_error_says_what_to_install(lab, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "jupytext":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[labs\]'"):
        notebook_of(lab)
