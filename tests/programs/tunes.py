"""A musician's program: new tunes, judged and saved."""

from pathlib import Path

import mitseq
from mitseq import Tune


def write_tunes(folder: Path, count: int) -> list[str]:
    """Writes new tunes and returns their titles."""
    with mitseq.device("cpu"):
        model = mitseq.load_music_model()
        found = mitseq.generate_tunes(model, count, seed=7, meter="6/8")
    titles: list[str] = []
    for number, tune in enumerate(found, start=1):
        if not tune.check():
            tune.save(folder / f"{number}.mid")
            titles.append(tune.title)
    first: Tune = found[0]
    rest: list[Tune] = found[1:]
    assert first.meter == "6/8" and len(rest) == count - 1
    return titles


if __name__ == "__main__":
    print(write_tunes(Path("."), 2))
