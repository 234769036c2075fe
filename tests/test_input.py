"""What can be read once only is read once, under the name that it was given."""

import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mitseq import input as reading
from mitseq.errors import MitseqError
from mitseq.input import input_path
from mitseq.tasks.forecast.series import read_series
from mitseq.tasks.sentiment.read import read_texts, stream_texts
from mitseq.tasks.tag.conllu import read_conllu
from mitseq.tasks.translate.pairs import read_pairs
from mitseq.tasks.words.texts import read_paragraphs
from mitseq.text.vectors import read_vectors
from mitseq.tunes.reading import read_tunes

CONTENTS = {
    "tunes": "X:1\nK:D\nabc|\n",
    "table": "text,mood\nso good,pos\ntoo long,neg\n",
    "json": '{"text": "so good", "label": 1}\n{"text": "bad", "label": 0}\n',
    "treebank": "1\tfly\tfly\tVERB\t_\t_\t0\troot\t_\t_\n\n",
    "pairs": "Go.\tVe.\n",
    "words": "I took my cat for a walk.\n",
    "series": "".join(f"{i}\n" for i in range(40)),
    "vectors": "good 1 2\n",
}
READERS = {
    "tunes": lambda path: list(read_tunes(path)),
    "table": read_texts,
    "treebank": lambda path: read_conllu([path]),
    "pairs": read_pairs,
    "words": read_paragraphs,
    "series": read_series,
    "vectors": lambda path: read_vectors(path, ["good"]).tolist(),
}


def without_place(found, path):
    """What a reader found, without where."""
    told = repr(found).replace("_Copy(", f"{type(Path()).__name__}(")
    return told.replace(str(path), "FILE")


@pytest.fixture
def given(monkeypatch):
    """Puts a text on standard input."""

    def give(text):
        stdin = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)

    return give


@pytest.mark.parametrize("name", READERS)
def test_standard_input_is_read_as_the_file(name, given, tmp_path):
    file = tmp_path / "file"
    file.write_text(CONTENTS[name])
    expected = without_place(READERS[name](file), file)
    given(CONTENTS[name])
    assert without_place(READERS[name]("-"), "standard input") == expected


@pytest.mark.skipif(os.name == "nt", reason="named pipes of Unix")
@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_read_as_the_file(name, tmp_path):
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.write_text(CONTENTS[name])
    expected = without_place(READERS[name](file), file)
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=[CONTENTS[name]])
    writer.start()
    assert without_place(READERS[name](pipe), pipe) == expected
    writer.join()


def test_labeled_texts_stream_from_standard_input(given):
    given(CONTENTS["table"])
    assert list(stream_texts("-")) == [
        ("so good", "pos", None),
        ("too long", "neg", None),
    ]


def test_errors_name_what_was_given(given):
    given("")
    with pytest.raises(MitseqError, match=r"^standard input: the file is empt"):
        list(read_tunes("-"))
    given("text,mood\ngood\n")
    with pytest.raises(MitseqError, match=r"^standard input: line 2: 1 column"):
        read_texts("-")


def test_a_file_comes_back_as_it_is_there_or_not(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        assert input_path(path) == Path(path)
    for path in ("", "a\0b", None, b"a"):
        with pytest.raises(MitseqError, match="`path` must be the name of a"):
            input_path(path)


@pytest.mark.skipif(os.name == "nt", reason="named pipes of Unix")
def test_who_waits_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write():
        while "waiting" not in told:
            told.append(capsys.readouterr().err)
            told[:] = ["".join(told)]
            if f"{pipe}: waiting, nothing has come yet\n" in told[0]:
                break
            time.sleep(0.01)
        pipe.write_text(CONTENTS["tunes"])

    told = []
    writer = threading.Thread(target=write)
    writer.start()
    (tune,) = read_tunes(pipe)
    writer.join()
    assert tune.source == input_path(tune.source)
    assert str(tune.source) == str(pipe)
    assert tune.source.name == "pipe"  # what is made of it is called so


@pytest.mark.skipif(os.name == "nt", reason="named pipes of Unix")
def test_who_reads_slowly_does_not_say_that_nothing_came(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(reading, "PATIENCE", 0.5)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write():
        with open(pipe, "w") as file:
            file.write(CONTENTS["tunes"])
            file.flush()
            time.sleep(1.0)

    writer = threading.Thread(target=write)
    writer.start()
    assert len(list(read_tunes(pipe))) == 1
    writer.join()
    assert capsys.readouterr().err == ""


def test_what_never_ends_is_refused(given, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 100)
    given("a" * 101)
    with pytest.raises(MitseqError, match="standard input: more than 100 byte"):
        input_path("-")


def test_no_copy_is_left_behind(tmp_path):
    code = (
        "from mitseq.input import input_path\n"
        "copy = input_path('-')\n"
        "print(copy.__fspath__(), copy.read_text())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="a text",
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    path, _, content = done.stdout.partition(" ")
    assert content == "a text\n"
    assert path.startswith(str(tmp_path)) and not os.listdir(tmp_path)


def test_the_command_checks_what_comes_in_a_pipe(tmp_path):
    def check(*args):
        done = subprocess.run(
            [sys.executable, "-m", "mitseq", "music", "check", *args],
            input="X:1\nM:2/4\nL:1/8\nK:D\ndefg|gfed|d2e2|f2gg|]\n" * 2,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    assert check("-") == (0, "2 of 2 tunes accepted\n")
    if Path("/dev/stdin").exists():
        assert check("/dev/stdin") == (0, "2 of 2 tunes accepted\n")
