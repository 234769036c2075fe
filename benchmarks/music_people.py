r"""Would a musician take a tune for one that people wrote? A table to reach.

    python benchmarks/music_people.py --samples runs/people
    python benchmarks/music_people.py --samples runs/people \
        --model runs/music/model.keras

The measures, the seeds and the counts stand here, before any training that is
judged by them. Columns:

- people, held out: the validation and test tunes of the split of seed 0;
- other people: tunes of O'Neill and of Ryan, as many of each, from the
  training side;
- a model at temperature 1 and 0.8 (`model`, `cooler`): the first tunes of the
  unfiltered samples that pass what `generate` asks of a tune;
- the same at temperature 1, drawing only what can still add up (adds_up.py);
- what `mitseq music generate` returns (`chosen`): of such tunes the
  discriminator has chosen (discriminator.py). It has learned from tunes of the
  training side and from samples of other seeds, and sees the same measures as
  the classifier that judges here, which is trained anew on the held-out tunes;
- a Markov chain of order 6 over the same tokens, counted on the training
  tunes, filtered alike.

`--samples` is a folder in which the samples of each column are kept: what is
there is not drawn again, so remove it for another model. Rows are means of
`mitseq.tunes.measures` with their 95 % intervals (Student's, Wilson's where a
tune counts 0 or 1), and the AUC of the classifier of `compare_collections`
against the held-out people. Its floor is O'Neill against Ryan. "By key" are the
keys with at least 20 tunes among all accepted samples. Bits per character are
of the test tunes, and of Essen songs, a style that no model here has seen.
"""

import argparse
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from errors import told_in_one_line
from scipy import stats
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.output import atomic_write
from mitseq.tasks.music.choice import CHOOSE_FROM
from mitseq.tasks.music.compare import (
    Collection,
    Separation,
    collection_of,
    separate,
)
from mitseq.tunes.corpus import music21_collections, prepare
from mitseq.tunes.drops import Drops, normalized_tunes
from mitseq.tunes.measures import BINARY, MEASURES
from mitseq.tunes.notation import pieces
from mitseq.tunes.reading import read_tunes

SEEDS = (0, 1, 2)
CHOSEN = 999  # tunes that are returned, over the seeds
COUNT = 1000  # unfiltered samples of a column, over the seeds
ORDER = 6
LONGEST = 1200  # tokens of a tune of the chain
ESSEN = 300  # songs
FEW = 20  # tunes of a key that is told apart
SHOWN = (
    "ends_on_tonic bars_repeated bars_similar_4 bars_similar_8 "
    "sections_regular phrases_back zlib_a_note length_entropy range interval "
    "steps leaps notes_a_bar off_key"
).split()


class MarkovChain:
    """Draws tunes token by token, each after the last `order` of them.

    Args:
        tunes: Lists of tokens to count.
        order: Positive int.

    Example:

    >>> chain = MarkovChain([["a", "b", "a", "c"]], order=2)
    >>> chain.write(random.Random(0))
    ['a', 'b', 'a', 'c']
    """

    def __init__(self, tunes: Sequence[Sequence[str]], order: int = ORDER):
        self.order = order
        self.following: dict[tuple, Counter] = defaultdict(Counter)
        for tune in tunes:
            padded = [""] * order + [*tune, ""]
            for i in range(order, len(padded)):
                self.following[tuple(padded[i - order : i])][padded[i]] += 1

    def write(self, rng: random.Random, longest: int = LONGEST) -> list[str]:
        """Returns the tokens of one tune."""
        written = [""] * self.order
        while len(written) < longest + self.order:
            counts = self.following[tuple(written[-self.order :])]
            (token,) = rng.choices([*counts], [*counts.values()])
            if token == "":
                break
            written.append(token)
        return written[self.order :]


def chain_samples(train: Sequence[str], count: int = COUNT) -> list[str]:
    """Unfiltered tunes of a Markov chain over the tokens of the tunes."""
    chain = MarkovChain([pieces(tune) for tune in train])
    rng = random.Random(SEEDS[0])
    return ["".join(chain.write(rng)) for _ in range(count)]


def model_samples(
    path: Path | None,
    temperature: float,
    count: int = COUNT,
    adding_up: bool = False,
) -> list[str]:
    """Unfiltered tunes of a model, as many of each seed."""
    from mitseq.tasks.music.generate import sample_texts
    from mitseq.tasks.music.model import load_music_model

    model = load_music_model(path)
    shares = [count // len(SEEDS)] * len(SEEDS)
    shares[0] += count - sum(shares)
    return [
        text
        for seed, share in zip(SEEDS, shares, strict=True)
        for text in sample_texts(
            model,
            share,
            seed=seed,
            temperature=temperature,
            adding_up=adding_up,
        )
    ]


def chosen_tunes(
    path: Path | None, choose_from: int, count: int = CHOSEN
) -> list[str]:
    """Tunes as `generate` returns them, as many of each seed."""
    from mitseq.tasks.music.discriminator import discriminator_beside
    from mitseq.tasks.music.generate import generate_tunes
    from mitseq.tasks.music.model import load_music_model
    from mitseq.tunes.normalize import normalize

    model = load_music_model(path)
    return [
        normalize(tune.abc)
        for seed in SEEDS
        for tune in generate_tunes(
            model,
            count // len(SEEDS),
            seed=seed,
            discriminator=discriminator_beside(path),
            choose_from=choose_from,
        )
    ]


def kept(folder: Path, name: str, draw) -> list[str]:
    """The texts of a file; where there is none, it is written first."""
    path = folder / f"{name}.txt"
    if not path.exists():
        atomic_write(path, "\f".join(draw()))
    return path.read_text(encoding="utf-8").split("\f")


def accepted(texts: Sequence[str]) -> list[str]:
    """Those that `generate` would return, in their order, no two the same."""
    from mitseq.tasks.music.generate import rejection

    return list(dict.fromkeys(t for t in texts if rejection(t) is None))


def interval(values: np.ndarray, is_share: bool) -> tuple[float, float]:
    """The 95 % interval of a mean: Wilson's of a share, else Student's.

    Example: eight of ten (Wilson, 1927).

    >>> low, high = interval(np.array([1] * 8 + [0] * 2), True)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    n, mean = len(values), float(np.mean(values))
    if is_share:
        z = stats.norm.ppf(0.975)
        middle = (mean + z * z / 2 / n) / (1 + z * z / n)
        half = math.sqrt(mean * (1 - mean) / n + z * z / 4 / n / n)
        half *= z / (1 + z * z / n)
    else:
        middle = mean
        half = stats.t.ppf(0.975, n - 1) * np.std(values, ddof=1) / math.sqrt(n)
    return float(middle - half), float(middle + half)


def measured_row(name: str, columns: dict[str, Collection]) -> dict:
    """One measure of every column, with its interval."""
    row: dict = {"measure": name}
    for key, collection in columns.items():
        values = collection.values(name)
        low, high = interval(values, name in BINARY)
        row[key] = f"{values.mean():.3f} ({low:.3f} to {high:.3f})"
    return row


def auc_row(columns: dict[str, Collection]) -> dict:
    """The AUC of each column against the held-out people."""
    held_out, *others = columns
    row: dict = {"measure": "classifier against held-out people, AUC"}
    for key in others:
        row[key] = told(separate(columns[held_out], columns[key]))
    return row


def told(found: Separation) -> str:
    """An AUC with its interval."""
    return f"{found.auc:.3f} ({found.low:.3f} to {found.high:.3f})"


def judged_row(samples: dict[str, list[str]], judge: str) -> dict:
    """The share of unfiltered samples that a judge accepts."""
    if judge == "abc2midi":
        import abc2midi

        def good(text):
            return abc2midi.judge(text).accepted
    else:
        from mitseq.tunes.check import check

        def good(text):
            return not check(text)

    row: dict = {"measure": f"unfiltered that {judge} accepts"}
    for key, texts in samples.items():
        values = np.array([good(text) for text in texts], float)
        low, high = interval(values, True)
        row[key] = (
            f"{values.mean():.1%} of {len(texts)} ({low:.1%} to {high:.1%})"
        )
    return row


def first(collection: Collection, count: int) -> Collection:
    """A collection of no more than so many tunes, the first ones."""
    return Collection(
        collection.name,
        collection.tunes[:count],
        collection.read,
        collection.dropped,
    )


def by_seed(held_out: Collection, chosen: Collection) -> list[str]:
    """The AUC of each seed's share of what is returned, and means of all."""
    size = len(chosen.tunes) // len(SEEDS)
    parts = [
        Collection("", chosen.tunes[i * size : (i + 1) * size], size)
        for i in range(len(SEEDS))
    ]
    found = ", ".join(f"{separate(held_out, part).auc:.3f}" for part in parts)
    means = "; ".join(
        f"{name} {measured_row(name, {'all': chosen})['all']}" for name in SHOWN
    )
    return [
        f"returned against held-out people, AUC of each seed: {found}",
        f"all {len(chosen.tunes)} that are returned: {means}",
    ]


def by_key(collection: Collection, fewest: int = FEW) -> dict[str, dict]:
    """Endings on the tonic by key, the keys with enough tunes."""
    ends: dict[str, list[float]] = defaultdict(list)
    for tune in collection.tunes:
        (key,) = tune.counts["keys"]
        ends[key].append(tune.values["ends_on_tonic"])
    return {
        key: {"tunes": len(values), "ends_on_tonic": float(np.mean(values))}
        for key, values in sorted(ends.items(), key=lambda i: -len(i[1]))
        if len(values) >= fewest
    }


def people_of(folder: Path, allowed: set[str]) -> list[str]:
    """The tunes of a folder that stand among others."""
    found = normalized_tunes(read_tunes(folder), Drops())
    return list(dict.fromkeys(t for t, _ in found if t in allowed))


def essen(count: int = ESSEN) -> list[str]:
    """Some songs of the Essen collection, normalized."""
    folder = music21_collections()[0].with_name("essenFolksong")
    found = [t for t, _ in normalized_tunes(read_tunes(folder), Drops())]
    found = list(dict.fromkeys(found))
    return random.Random(SEEDS[0]).sample(found, min(count, len(found)))


def bits(path: Path | None, tunes: Sequence[str]) -> float:
    """Bits per character of a model."""
    from mitseq.tasks.music.evaluation import bits_per_character
    from mitseq.tasks.music.model import load_music_model

    return bits_per_character(load_music_model(path), tunes)


def main(arguments: list[str] | None = None) -> dict:
    """Draws, measures and prints; returns what was printed."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--samples", type=Path, required=True, help="folder of the samples"
    )
    parser.add_argument("--model", type=Path, help="instead of the bundled one")
    parser.add_argument(
        "--count", type=int, default=COUNT, help="unfiltered samples a column"
    )
    parser.add_argument(
        "--choose-from", type=int, default=CHOOSE_FROM, help="of the chosen"
    )
    parser.add_argument(
        "--judge", choices=("abc2midi", "our checker"), default="abc2midi"
    )
    parser.add_argument(
        "--without",
        nargs="*",
        default=[],
        choices=("model", "cooler", "adding_up", "chosen", "chain"),
        help="columns to leave out",
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)

    corpus = prepare()
    held_out = corpus.validation + corpus.test
    size = len(held_out)
    oneill, ryan, _ = music21_collections()
    train = set(corpus.train)
    rng = random.Random(SEEDS[0])
    texts = {"held_out": held_out}
    for key, folder in (("oneill", oneill), ("ryan", ryan)):
        found = people_of(folder, train)
        texts[key] = rng.sample(found, min(size, len(found)))
    draws = {
        "model": lambda: model_samples(options.model, 1.0, options.count),
        "cooler": lambda: model_samples(options.model, 0.8, options.count),
        "adding_up": lambda: model_samples(
            options.model, 1.0, options.count, adding_up=True
        ),
        "chosen": lambda: chosen_tunes(options.model, options.choose_from),
        "chain": lambda: chain_samples(corpus.train, options.count),
    }
    samples = {
        key: kept(options.samples, key, draw)
        for key, draw in draws.items()
        if key not in options.without
    }
    good = {key: accepted(found) for key, found in samples.items()}
    measured = {
        key: collection_of(found, key) for key, found in (texts | good).items()
    }
    columns = {key: first(found, size) for key, found in measured.items()}

    rows = [
        {
            "measure": "bits per character, test tunes",
            "model": f"{bits(options.model, corpus.test):.3f}",
        },
        {
            "measure": "bits per character, Essen songs",
            "model": f"{bits(options.model, essen()):.3f}",
        },
        judged_row({"held_out": held_out, **samples}, options.judge),
        auc_row(columns),
        *(measured_row(name, columns) for name in SHOWN),
    ]
    floor = separate(columns["oneill"], columns["ryan"])
    keys = {
        key: by_key(found)
        for key, found in measured.items()
        if key == "held_out" or key in good
    }
    told_keys = [
        f"ends on the tonic by key, {name}: "
        + "; ".join(
            f"{key} {one['ends_on_tonic']:.2f} of {one['tunes']}"
            for key, one in found.items()
        )
        for name, found in keys.items()
    ]
    if "chosen" in good:
        told_keys += by_seed(measured["held_out"], measured["chosen"])
    headings = {"measure": "measure", **{key: key for key in columns}}
    print_results(
        "Tunes of people and of models",
        headings,
        rows,
        notes=[
            f"O'Neill against Ryan, AUC: {told(floor)}, {floor.tunes} each.",
            "Tunes: "
            + ", ".join(f"{key} {len(c.tunes)}" for key, c in columns.items()),
            f"Samples drawn with the seeds {SEEDS}, {options.count} a column.",
            *told_keys,
            *(f"{name}: {MEASURES[name]}." for name in SHOWN),
        ],
        as_json=options.json,
    )
    return {"rows": rows, "floor": floor, "keys": keys}


if __name__ == "__main__":
    with told_in_one_line(FileNotFoundError, MitseqError):
        main()
