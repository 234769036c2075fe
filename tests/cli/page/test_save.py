from pathlib import Path

import mitseq
from mitseq.tasks.music.model import build_music_model
from mitseq.text.vocabulary import Vocabulary


def test_without_a_verb_a_model_becomes_a_page(run):
    vocabulary = Vocabulary("AB|", level="character")
    model = build_music_model(vocabulary, units=3, layers=1, embedding_dim=2)
    Path("runs/mine").mkdir(parents=True)
    model.save("runs/mine/model.keras")
    line = ("--model", "runs/mine", "--out", "page.html")
    outcome = run(*line, "--title", "My <tunes>")
    assert outcome.code == 0 and outcome.stdout == "page.html\n"
    assert "<h1>My &lt;tunes&gt;</h1>" in Path("page.html").read_text("utf-8")
    assert run("save", *line).is_mistake("page.html exists", "--overwrite")
    found = run("save", *line, "--overwrite", "--bits", "16", "--json").json
    size = Path("page.html").stat().st_size
    assert found == {"out": "page.html", "kind": "music", "bytes": size}


def test_what_cannot_be_saved_is_one_line(run):
    assert run("--out", "page.html").is_mistake("--model")
    assert run("--model", "runs/none").is_mistake("--out")
    missing = run("--model", "runs/none", "--out", "page.html")
    assert missing.is_mistake("no such model")
    folder = Path(mitseq.__file__).parent / "pretrained"
    tags = run("--model", str(folder / "ball.keras"), "--out", "page.html")
    assert tags.is_mistake("`model` must be one of music, of words")
    assert not Path("page.html").exists()
