import click
import pytest

from mitseq.cli.sentiment.data import data_options, has_test, read


def test_read_tells_what_is_worth_knowing(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label\ncaf\xe9,a\nb,c\nb,c\n")
    data = read(str(path), None, text_column="text")
    assert data.texts == ["café", "b", "b"]
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].endswith("a.csv: 3 texts (a: 1, c: 2)")
    assert "  not UTF-8, read as cp1252" in shown
    assert "  1 repeated text" in shown


def test_has_test_of_names_folders_and_files(tmp_path):
    assert has_test("builtin") and has_test("imdb")
    assert not has_test(str(tmp_path))
    for name in ("train/a/1.txt", "test/a/1.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
    assert has_test(str(tmp_path))


@pytest.mark.parametrize("name", ["text-column", "label-column", "encoding"])
def test_options_are_added(name):
    @data_options
    def command(**options):
        pass

    help = click.command(command).get_help(click.Context(click.Command("x")))
    assert f"--{name}" in help
