import random

from mitseq.tasks.music.choice import FILE
from mitseq.tasks.music.discriminator import load_discriminator, score_tunes
from tests.tasks.music.test_compare import reel


def tunes(count):
    return "\n".join(f"X:{i}\n{reel(i)}" for i in range(count))


def test_a_model_gets_a_discriminator_that_generate_asks(
    run, tiny_model, tmp_path, monkeypatch
):
    drawn = [reel(i, notes="Dfad", last="A8") for i in range(1000, 1300)]

    def sample_texts(model, count, *, seed, adding_up):
        assert adding_up
        return random.Random(seed).choices(drawn, k=count)

    monkeypatch.setattr(
        "mitseq.tasks.music.generate.sample_texts", sample_texts
    )
    (tmp_path / "people.abc").write_text(tunes(150))
    args = ("music", "discriminate", "--model", tiny_model)
    data = ("--data", "people.abc", "--count", 300)
    outcome = run(*args, *data, "--json")
    try:
        assert outcome.code == 0, outcome.stderr
        told = outcome.json
        assert told["people"] == 150 and 150 < told["written"] < 300
        assert told["auc"] > 0.8 and told["file"].endswith(FILE)
        model = load_discriminator(told["file"])
        scores = score_tunes(model, [reel(5000), drawn[0]])
        assert scores[0] > scores[1]
        again = run(*args, *data)
        assert again.code == 2
        assert "--overwrite replaces it" in again.stderr
        few = run(*args, "--data", "few.abc", "--overwrite")
        assert few.code == 2
        assert load_discriminator(told["file"]) is not None
    finally:
        (tiny_model.parent / FILE).unlink(missing_ok=True)
        if tiny_model.is_dir():
            (tiny_model / FILE).unlink(missing_ok=True)


def test_it_needs_a_model(run):
    outcome = run("music", "discriminate")
    assert outcome.code == 2
    assert "Missing option '--model'" in outcome.stderr
