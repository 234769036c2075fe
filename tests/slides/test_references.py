"""References of the deck."""

import pytest

from mitseq.slides import references
from mitseq.slides.find import numbered

ALL = sorted(
    {
        reference
        for _, _, slide in numbered()
        for reference in (*slide.code, slide.figure, slide.example)
        if reference
    }
)


@pytest.mark.parametrize("reference", ALL)
def test_every_reference_is_a_definition_with_a_source(reference):
    found = references.load(reference)
    assert callable(found)
    # Where it is defined, not where it is imported.
    assert found.__module__ == reference.partition(":")[0]
    source = references.source_of(reference)
    assert references.name_of(reference) in source
    assert '"""' in source


def test_files_are_named_as_one_can_open_them(monkeypatch, tmp_path):
    lab = "labs/01_trace_by_hand.py"
    assert references.path_here(lab) == lab
    assert references.path_here("labs/none.py") is None
    monkeypatch.setattr(references, "ROOT", tmp_path)  # as from a wheel
    assert references.path_here(lab) is None
    (tmp_path / "mitseq").mkdir()
    (tmp_path / "mitseq" / "a.py").touch()
    found = references.path_here("mitseq/a.py")
    assert found == str(tmp_path / "mitseq" / "a.py")
