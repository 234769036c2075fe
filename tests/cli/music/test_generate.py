import zipfile

import keras
import pytest

from mitseq.tasks.music import model as models
from mitseq.tasks.music.choice import CHOOSE_FROM
from mitseq.tasks.music.like import wish_like
from mitseq.tasks.music.model import BUNDLED
from mitseq.tunes.check import check
from mitseq.tunes.normalize import normalize
from tests.tasks.music.test_vary import VOCABULARY, blind_model

UNCHECKED = ("--unchecked", "--formats", "abc", "--json")


def test_music_alone_writes_one_tune_in_every_format(run, tmp_path):
    assert BUNDLED.is_file(), "the package comes with a model"
    outcome = run("music")
    assert outcome.code == 0
    suffixes = "abc mid musicxml svg png wav html".split()
    paths = [f"tunes/tune-1.{suffix}" for suffix in suffixes]
    abc, _, rest = outcome.stdout.partition("\n\n")
    assert rest.splitlines() == paths
    assert abc.startswith("X:1\n") and check(abc) == []
    assert (tmp_path / paths[0]).read_text().strip() == abc.strip()
    assert all((tmp_path / path).stat().st_size > 30 for path in paths)
    assert "1 tune in " in outcome.stderr and "seed " in outcome.stderr


def test_generate_json_same_seed_same_tunes(run, tiny_model, tmp_path):
    args = ("music", "generate", "--model", tiny_model, *UNCHECKED)
    first = run(*args, "--count", 3, "--seed", 5, "--out", "a")
    assert first.code == 0 and first.stderr == ""
    tunes = first.json["tunes"]
    assert len(tunes) == 3 and first.json["seed"] == 5
    assert first.json["files"] == [f"a/tune-{n}.abc" for n in (1, 2, 3)]
    for path, tune in zip(first.json["files"], tunes, strict=True):
        assert (tmp_path / path).read_bytes() == tune["abc"].encode()
    again = run(*args, "--count", 3, "--seed", 5, "--out", "b")
    assert again.json["tunes"] == tunes
    other = run(*args, "--count", 3, "--seed", 6, "--out", "c")
    assert other.json["tunes"] != tunes


def test_generate_drawn_seed_repeats_the_tune(run, tiny_model):
    args = ("music", "generate", "--model", tiny_model, *UNCHECKED)
    first = run(*args).json
    again = run(*args, "--seed", first["seed"], "--out", "again").json
    assert again["tunes"] == first["tunes"]


def test_generate_titles_follow_the_numbers_of_the_files(run, tiny_model):
    args = ("music", "generate", "--model", tiny_model, *UNCHECKED)
    for number in (1, 2, 3):
        outcome = run(*args, "--seed", 5).json
        assert outcome["files"] == [f"tunes/tune-{number}.abc"]
        (tune,) = outcome["tunes"]
        assert tune["title"] == f"Tune {number}, seed 5"
        assert tune["abc"].startswith(f"X:{number}\nT:Tune {number}, ")


@pytest.mark.parametrize(
    "wish, line",
    [
        (("--meter", "9/8"), "M:9/8"),
        (("--meter", "C|"), "M:2/2"),
        (("--key", "E dorian"), "K:Edor"),
        (("--key", "F# minor"), "K:F#m"),  # no token of the bundled model
    ],
)
def test_generate_meets_a_wish_in_the_text(run, wish, line):
    outcome = run("music", "generate", *wish, *UNCHECKED[1:], "--seed", 1)
    (tune,) = outcome.json["tunes"]
    lines = [x for x in tune["abc"].splitlines() if x[:2] in ("M:", "K:")]
    assert len(lines) == 2 and line in lines
    assert "[M:" not in tune["abc"] and "[K:" not in tune["abc"]
    assert check(tune["abc"]) == []


@pytest.mark.parametrize("meter", ["5/4", "12/8", "4/8"])
def test_generate_refuses_a_meter_that_the_bundled_model_never_saw(
    run, tmp_path, meter
):
    outcome = run("music", "generate", "--meter", meter, "--seed", 1)
    assert outcome.is_mistake("`meter`", f"M:{meter}", "6/8, 9/8")
    assert list(tmp_path.iterdir()) == []


def test_generate_process_prints_nothing_of_tensorflow(run_process, tiny_model):
    args = ("music", "generate", "--model", tiny_model, *UNCHECKED)
    outcome = run_process(*args)
    assert outcome.code == 0 and outcome.stderr == ""
    assert len(outcome.json["tunes"]) == 1


@pytest.mark.parametrize(
    "args, words",
    [
        (["--count", "0"], ["--count"]),
        (["--count", "-2"], ["--count"]),
        (["--count", "many"], ["--count"]),
        (["--temperature", "0"], ["--temperature"]),
        (["--temperature", "-1"], ["--temperature"]),
        (["--temperature", "nan"], ["--temperature"]),
        (["--top-k", "0"], ["--top-k"]),
        (["--top-p", "1.5"], ["--top-p"]),
        (["--seed", "-1"], ["--seed"]),
        (["--formats", "abc,pdf"], ["--formats", "pdf"]),
        (["--key", "H major"], ["key", "H major"]),
        (["--meter", "7/0"], ["meter", "7/0"]),
        (["--prompt", ""], ["prompt"]),
        (["--prompt", "hello world"], ["prompt", "'hello' is none"]),
        (["--prompt", "\x00\x01"], ["prompt"]),
        (["--prompt", "K:D", "--key", "G"], ["key", "K:D"]),
        (["--device", "tpu"], ["--device", "tpu"]),
        (["--device", "gpu:7"], ["gpu:7", "cpu:0"]),
        (["--out", "file"], ["file", "expected a folder"]),
        (["--out", "/proc/mitseq", *UNCHECKED], ["/proc/mitseq"]),
        (["--model", "none"], ["none", "no such model"]),
        (["extra"], ["extra"]),
    ],
)
def test_generate_mistakes_are_one_line(run, tiny_model, tmp_path, args, words):
    (tmp_path / "file").touch()
    model = () if "--model" in args else ("--model", tiny_model)
    outcome = run("music", "generate", *model, *args)
    assert outcome.is_mistake(*words)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def _truncated(good, path):
    data = good.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _bits_flipped(good, path):
    # The archive is whole, but what is in it is not.
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2])


def _another_archive(good, path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear reader")


def _another_model(good, path):
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(path)


def _empty(good, path):
    path.touch()


@pytest.mark.parametrize(
    "damage",
    [_truncated, _bits_flipped, _another_archive, _another_model, _empty],
)
def test_generate_damaged_or_other_model_is_one_line(
    run, tiny_model, tmp_path, damage
):
    damage(tiny_model / "model.keras", tmp_path / "x.keras")
    outcome = run("music", "generate", "--model", "x.keras")
    assert outcome.is_mistake("x.keras")
    assert [p.name for p in tmp_path.iterdir()] == ["x.keras"]


LIKE = "X:1\nM:2/4\nL:1/8\nK:D\n|:d2A2|f4::A4|d4:|\n"


def test_generate_like_a_tune(run, tmp_path, monkeypatch):
    model = blind_model(VOCABULARY)
    monkeypatch.setattr(models, "load_music_model", lambda _: model)
    (tmp_path / "old.abc").write_text(LIKE)
    args = ("music", "generate", "--like", "old.abc", "--formats", "abc")
    (tune,) = run(*args, "--seed", 1, "--json").json["tunes"]
    wish = wish_like(LIKE)
    assert wish.unmet(normalize(tune["abc"])) is None
    assert tune["key"] == "D" and wish.form == "AABB"


@pytest.mark.parametrize(
    "text, args, words",
    [
        (LIKE.replace("f4:", "f4|f4:"), [], ["old.abc", "of 3, 2 bars"]),
        (LIKE.replace("f4:", "f4|f4:"), ["--form", "AB"], ["of 3, 2 bars"]),
        (LIKE.replace("f4", "f3"), [], ["old.abc", "line 5", "7/8 in a 2/4"]),
        (LIKE + "\n" + LIKE, [], ["old.abc", "expected one"]),
        (LIKE, ["--bars", "0"], ["--bars"]),
        ("", [], ["old.abc"]),
    ],
)
def test_generate_like_is_refused_in_one_line(run, tmp_path, text, args, words):
    (tmp_path / "old.abc").write_text(text)
    outcome = run("music", "generate", "--like", "old.abc", *args)
    assert outcome.is_mistake(*words)
    assert not (tmp_path / "tunes").exists()


def test_the_bundled_model_s_tunes_are_chosen(run):
    args = ("music", "generate", "--seed", 3, "--formats", "abc", "--json")
    chosen = run(*args)
    assert chosen.code == 0, chosen.stderr
    assert chosen.json["passed_over"] == CHOOSE_FROM - 1
    first = run(*args, "--choose-from", 1)
    assert first.json["passed_over"] == 0
