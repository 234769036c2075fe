"""How a file is read is told to the user."""

from mitseq.cli.forecast import options
from mitseq.tasks.forecast import model, series


def test_choices_are_those_of_the_task():
    assert options.GAPS == series.GAPS
    assert set(options.CELLS) == set(model.CELLS)


def test_what_was_read_and_found_is_said(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text("value\n" + "1\n5\n3\n" * 20)
    found, season = options.series_of(path, None, "refuse", None)
    assert season == 3 and len(found.values) == 60
    told = capsys.readouterr().err
    assert "60 values of 'value'\n" in told and "found: 3 values" in told
    assert options.series_of(path, "1", "skip", 1)[1] == 0
    assert "season" not in capsys.readouterr().err
