import random

import pytest


def reels(count, seed=0):
    """Tunes whose bars add up, as the text of one ABC file."""
    draw = random.Random(seed).choice
    tunes = []
    for number in range(1, count + 1):
        bars = [
            "".join(draw("DEFGAB") + "2" for _ in range(2))
            + "".join(draw("defgab") for _ in range(4))
            for _ in range(4)
        ]
        body = "|".join(bars)
        tunes.append(f"X:{number}\nM:4/4\nL:1/8\nK:D\n|:{body}:|\n")
    return "\n".join(tunes)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A folder with the smallest music model, which has learned nothing.

    Beside it stands the corpus that it could have learned from.
    """
    from mitseq.tasks.music.model import build_music_model, tune_vocabulary
    from mitseq.tunes.corpus import prepare

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "reels.abc").write_text(reels(40, seed=2))
    corpus = prepare(folder / "reels.abc")
    corpus.save(folder / "corpus")
    vocabulary = tune_vocabulary(corpus.train, "character")
    model = build_music_model(
        vocabulary, cell="gru", units=8, layers=1, embedding_dim=4
    )
    model.save(folder / "model.keras")
    return folder
