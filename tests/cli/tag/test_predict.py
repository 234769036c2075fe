import pytest

from mitseq.tasks.tag.conllu import parse_conllu


def table(stdout):
    return [line.split() for line in stdout.splitlines()]


def test_each_word_with_its_tag_and_probability(run, trained):
    done = run("tag", "time flies like an arrow", "--model", trained)
    assert done.code == 0 and done.stderr == ""
    rows = table(done.stdout)
    assert [row[0] for row in rows] == "time flies like an arrow".split()
    assert [row[1] for row in rows] == "NOUN VERB ADP DET NOUN".split()
    assert all(0.5 < float(row[2]) <= 1 for row in rows)


def test_several_texts_and_lines_of_standard_input(run, trained, monkeypatch):
    lines = ["fly away", "", "I saw a saw."]
    monkeypatch.setattr("mitseq.cli.texts.standard_input", lambda: [lines])
    done = run("tag", "predict", "fly swatters", "-", "--model", trained)
    blocks = [table(block) for block in done.stdout.split("\n\n")]
    assert [[row[0] for row in block] for block in blocks] == [
        ["fly", "swatters"],
        ["fly", "away"],
        ["I", "saw", "a", "saw", "."],
    ]
    assert [block[0][1] for block in blocks] == ["NOUN", "VERB", "PRON"]


def test_unknown_words_are_named(run, trained):
    done = run("tag", "Zebra flies", "--model", trained, "--json")
    assert done.stderr == "tagged by ending and neighbors: 'Zebra'\n"
    (words,) = (each["words"] for each in done.json["sentences"])
    assert [each["unknown"] for each in words] == [True, False]
    probs = words[1]["probabilities"]
    assert sum(probs.values()) == pytest.approx(1, abs=1e-4)
    assert probs[words[1]["tag"]] == words[1]["probability"]
    many = run(
        "tag", " ".join(f"zebra{c}" for c in "abcdefghi"), "--model", trained
    )
    assert "and 1 more" in many.stderr


def test_conllu_comes_out_and_goes_in_with_its_words(run, trained, tmp_path):
    args = ("--model", trained, "--conllu")
    done = run("tag", "Can't  I open the can?", *args)
    (found,) = parse_conllu(done.stdout)
    assert found.words == ("Ca", "n't", "I", "open", "the", "can", "?")
    lines = done.stdout.splitlines()
    assert lines[0] == "# text = Can't I open the can?"
    glued = [line.split("\t")[1] for line in lines if "SpaceAfter=No" in line]
    assert glued == ["Ca", "can"]
    given = done.stdout.replace("\tVERB\t", "\t_\t")
    (tmp_path / "a.conllu").write_text(given)
    again = run("tag", "--file", "a.conllu", *args)
    assert parse_conllu(again.stdout) == [found]


def test_a_file_has_a_sentence_a_line_and_a_figure_is_drawn(run, trained):
    from pathlib import Path

    Path("a.txt").write_text("fly away\n\nfly swatters\n")
    args = ("tag", "--file", "a.txt", "--model", trained)
    done = run(*args, "--figure", "tags.png")
    assert done.code == 0, done.stderr
    assert len(done.stdout.split("\n\n")) == 2
    assert Path("tags.png").read_bytes().startswith(b"\x89PNG")
    again = run(*args, "--figure", "tags.png")
    assert again.is_mistake("tags.png exists; --overwrite replaces it")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), ["no text"]),
        (("predict",), ["no text"]),
        (("  ",), ["no text"]),
        (("a", "--conllu", "--json"), ["exclude each other"]),
        (("a", "--model", "none"), ["none", "no such model"]),
        (("\udcff",), ["text 1 is not UTF-8"]),
        (("--file", "none.txt"), ["none.txt", "No such file"]),
        (("--file", "empty.txt"), ["empty.txt: holds no word"]),
        (("--file", "bad.conllu"), ["bad.conllu: line 2", "10 columns", "9"]),
        (("a", "--figure", "tags.xyz"), ["tags.xyz"]),
        (("trian", "--epochs", "2"), ["'trian'", "'train'"]),
    ],
)
def test_mistakes_are_one_line(run, trained, tmp_path, args, words):
    (tmp_path / "empty.txt").write_text("\n \n")
    nine = "\t".join(["1", "a", *"_______"])
    (tmp_path / "bad.conllu").write_text(f"#\n{nine}\n")
    model = (
        () if "--model" in args or "--epochs" in args else ("--model", trained)
    )
    assert run("tag", *args, *model).is_mistake(*words)


def test_a_model_of_another_kind_is_named(run):
    from tests.cli.conftest import ROOT

    words = ROOT / "mitseq" / "pretrained" / "words.keras"
    done = run("tag", "a", "--model", words)
    assert done.is_mistake("words.keras", "must be a model that tags words")
