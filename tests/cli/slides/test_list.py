import dataclasses

from mitseq.slides import find
from mitseq.slides.find import numbered


def test_slides_lists_every_slide_in_order(run):
    outcome = run("slides")
    assert outcome.code == 0
    titles = [slide.title for _, _, slide in numbered()]
    found = [outcome.stdout.find(f"  {title}") for title in titles]
    assert min(found) >= 0


def test_slides_tells_what_is_not_built(run, monkeypatch):
    number, chapter, first = next(find.numbered())
    missing = dataclasses.replace(first, missing=("a time machine",))
    monkeypatch.setattr(find, "numbered", lambda: [(number, chapter, missing)])
    assert "not built yet: a time machine" in run("slides").stdout


def test_slides_json_has_every_field(run):
    slides = run("slides", "--json").json
    assert [slide["number"] for slide in slides[:2]] == [1, 2]
    assert {"title", "idea", "code", "labs", "figure", "tests"} <= set(
        slides[0]
    )


def test_slides_process_needs_no_tensorflow(run_process):
    code = (
        "import sys; from mitseq.cli import cli\n"
        "cli.main(['slides'], 'mitseq', standalone_mode=False)"
    )
    outcome = run_process(
        python=("-c", f"{code}\nprint('tensorflow' in sys.modules)")
    )
    assert "Sequences in the Wild" in outcome.stdout
