import json
import random

import music_cells
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.model import build_music_model, tune_vocabulary
from mitseq.tunes.corpus import Corpus
from tests.figure_checks import check_figure

# Keras reads its variables with np.array when it saves weights
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)


@pytest.fixture
def options(tmp_path):
    draw = random.Random(0)
    tunes = [
        "M:2/4\nL:1/8\nK:D\n" + "".join(draw.choices("AB|", k=20)) + "\n"
        for _ in range(24)
    ]
    Corpus(tunes[:18], tunes[18:21], tunes[21:], {}).save(tmp_path / "data")
    return [
        *("--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")),
        *("--figure", str(tmp_path / "cells.png"), "--json"),
    ]


def test_cells_are_trained_once_compared_and_not_mixed_up(
    options, tmp_path, capsys, monkeypatch
):
    from mitseq.tasks.music import train as music

    calls = []

    def train(corpus, out, *, cell, minutes, resume, **settings):
        """Instead of ten minutes: a small model as it was born."""
        calls.append((cell, minutes, resume))
        print("Epoch 1")  # as `fit` does
        vocabulary = tune_vocabulary(corpus.train, "character")
        model = build_music_model(
            vocabulary, cell=cell, units=8, layers=1, embedding_dim=4
        )
        out.mkdir(parents=True)
        model.save(out / "model.keras")
        row = {"epoch": 1, "seconds": 600.0, "val_bits_per_character": 2.5}
        (out / "history.csv").write_text(
            f"{','.join(row)}\n{','.join(map(str, row.values()))}\n"
        )
        return [row]

    monkeypatch.setattr(music, "train_music_model", train)
    music_cells.main(options)
    first = json.loads(capsys.readouterr().out)["rows"]
    assert calls == [("lstm", 10.0, False), ("transformer", 10.0, False)]
    assert [row["cell"] for row in first] == ["lstm", "transformer"]
    for row in first:
        assert (row["epochs"], row["minutes"]) == (1, 10.0)
        assert 0 < row["test"] < 20
    assert (tmp_path / "cells.png").read_bytes().startswith(b"\x89PNG")
    music_cells.main(options)  # all is done
    assert json.loads(capsys.readouterr().out)["rows"] == first
    assert len(calls) == 2
    with pytest.raises(MitseqError, match="expected an empty folder"):
        music_cells.main([*options, "--minutes", "3"])


def test_a_run_that_was_stopped_is_resumed(options, tmp_path, monkeypatch):
    from mitseq.tasks.music import train as music

    def train(corpus, out, *, resume, **settings):
        raise MitseqError(f"resume={resume}")

    monkeypatch.setattr(music, "train_music_model", train)
    with pytest.raises(MitseqError, match="resume=False"):
        music_cells.main(options)
    folder = tmp_path / "out" / "lstm"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    with pytest.raises(MitseqError, match="resume=True"):
        music_cells.main(options)


def test_both_curves_are_drawn():
    rows = [
        {"seconds": 60.0 * i, "val_bits_per_character": b}
        for i, b in enumerate([3.0, 2.0, 2.1], 1)
    ]
    figure = music_cells.draw({"lstm": rows, "transformer": rows[:2]})
    check_figure(figure)
    one, other = figure.axes[0].lines
    assert list(one.get_ydata()) == [3.0, 2.0, 2.1]
    assert list(other.get_xdata()) == [1, 2]
