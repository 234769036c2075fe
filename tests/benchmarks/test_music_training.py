import json
import random

import music_training
import pytest
import recipe
from splits import read_tunes

from mitseq.errors import MitseqError
from mitseq.tunes.corpus import Corpus

# Keras reads its variables with np.array when it saves weights
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)

HEADER = "M:6/8\nL:1/8\nK:D\n"


def tunes(count, seed):
    draw = random.Random(seed)
    return [HEADER + "".join(draw.choices("AB|", k=20)) for _ in range(count)]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    splits = [[t + "\n" for t in tunes(n, n)] for n in (20, 4, 3)]
    Corpus(*splits, {}).save(path)
    return path


def train(data, out, steps, **more):
    arguments = {
        "data": data,
        "out": out,
        "steps": steps,
        "every": 2,
        "units": 8,
        "embedding": 4,
        "sequence-length": 12,
        "samples": 3,
        **more,
    }
    words = [w for k, v in arguments.items() for w in (f"--{k}", str(v))]
    music_training.main(["recipe", *words])
    return json.loads((out / "results.json").read_text())


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    return out, train(data, out, 6)


def test_recipe_leaves_history_results_and_samples(run):
    out, results = run
    history = music_training.read_history(out / "history.csv")
    assert [row["step"] for row in history] == [2, 4, 6]
    best = min(results["history"], key=lambda r: r["val_bits_per_character"])
    assert results["test"]["best"]["step"] == best["step"]
    assert results["test"]["last"]["step"] == 6
    for which in ("best", "last"):
        for temperature in ("1.0", "0.5"):
            path = out / f"samples-{which}-{temperature}.abc"
            assert len(read_tunes(path)) == 3


def test_recipe_stopped_and_continued_equals_one_run(run, data, tmp_path):
    _, whole = run
    train(data, tmp_path, 2)
    model_of_step_2 = (tmp_path / "last.keras").read_bytes()
    train(data, tmp_path, 4)
    # as if it had been stopped when the history of step 4 was written and
    # its model was not
    (tmp_path / "last.keras").write_bytes(model_of_step_2)
    continued = train(data, tmp_path, 6)
    for one, other in zip(whole["history"], continued["history"], strict=True):
        assert one["step"] == other["step"]
        assert one["val_bits_per_character"] == pytest.approx(
            other["val_bits_per_character"], rel=1e-4
        )


def test_recipe_with_other_settings_is_refused(run, data):
    out, _ = run
    with pytest.raises(MitseqError, match="expected an empty folder"):
        train(data, out, 6, units=9)


def test_the_best_step_is_scored_with_the_weights_of_that_step(
    data, tmp_path, monkeypatch
):
    scores = iter([3.0, 1.0, 2.0])
    seen = []

    def score(model, tunes, characters):
        if len(tunes) == 4:  # validation
            return next(scores)
        seen.append(model.layers[1].get_weights()[0].copy())
        return 1.5

    monkeypatch.setattr(recipe, "bits_per_character", score)
    results = train(data, tmp_path, 6)
    assert results["test"]["best"]["step"] == 4
    last, best = seen
    assert not (last == best).all()


def test_compare_draws_the_curves_and_prints_the_recipe(
    run, data, tmp_path, capsys
):
    out, results = run
    music_training.main(
        [
            "compare",
            *("--data", str(data)),
            *("--recipe", str(out)),
            *("--figure", str(tmp_path / "curve.png")),
            *("--csv", str(tmp_path / "curve.csv")),
            "--json",
        ]
    )
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["model"] for row in rows] == [
        "n-gram, 5 characters of context",
        "the lab's recipe, best step",
        "the lab's recipe, last step",
    ]
    last = results["test"]["last"]
    assert rows[2]["test"] == last["test_bits_per_character"]
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    lines = (tmp_path / "curve.csv").read_text().splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("recipe,")


def test_draw_has_both_curves_with_their_best_marked():
    rows = [
        {"seconds": 60.0 * i, "val_bits_per_character": b}
        for i, b in enumerate([3.0, 2.0, 2.5])
    ]
    axes = music_training.draw(rows, rows[:2], 2.4).axes[0]
    curve, mark, other, *_ = axes.lines
    assert list(curve.get_xdata()) == [0, 1, 2]
    assert list(mark.get_ydata()) == [2.0]
    assert list(other.get_xdata()) == [0, 1]


def test_read_history_names_the_missing_column(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss\n1,2.0\n")
    with pytest.raises(MitseqError, match="column `seconds`"):
        music_training.read_history(path)
    with pytest.raises(MitseqError, match="no such file"):
        music_training.read_history(tmp_path / "none.csv")
