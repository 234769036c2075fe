"""A tune as a second fiddler plays it: some bars anew, the rest as it is.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). A model writes from
left to right, and a new bar has to fit what stands behind it, too. So for each
bar that is to change several are drawn from what stands before,

    candidate ~ p(bar | before)

and one of them is taken with a weight that says how well the old music goes on
behind it (sampling, importance, resampling):

    weight = p(after | before, candidate)

Meter, key and form stay: bars that are the same stay the same, and the bars
that end a section, the cadences, are not touched.

Read adds_up.py and generation/generate.py before.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

import keras
import numpy as np

from mitseq.arguments import check_count, check_kind, check_number
from mitseq.devices import device as on
from mitseq.errors import MitseqError
from mitseq.generation.arguments import check_sampling, random_seed
from mitseq.generation.generate import generate
from mitseq.progress import Work
from mitseq.tasks.music.adds_up import adding_up, can_add_up
from mitseq.tasks.music.generate import MOST_TUNES
from mitseq.tasks.music.model import vocabulary_of
from mitseq.text.vocabulary import END, PAD, START, Vocabulary
from mitseq.tunes.layout import layout
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import is_bar_line, pieces
from mitseq.tunes.reader import read_events
from mitseq.tunes.tune import Tune

CANDIDATES = 16  # drawn for each bar
LONGEST = 32  # tokens of a bar
AFTER = 16  # tokens behind it that it has to fit

Notes = frozenset[tuple[Fraction, str, Fraction]]  # onset, pitch, length


@dataclass(frozen=True)
class Variation:
    """A tune that was varied.

    `changed` is the share of its notes, of the old ones, that do not stand at
    the same place with the same pitch and length any more.
    """

    tune: Tune
    changed: float


def vary_tune(
    model: keras.Model,
    abc: str,
    change: float = 0.3,
    count: int = 1,
    *,
    temperature: float = 1.0,
    seed: int | None = None,
    device: str | None = None,
) -> list[Variation]:
    r"""Returns versions of a tune, of which some bars are written anew.

    Args:
        model: A model of `build_music_model` over ABC tokens, trained.
        abc: One tune in ABC.
        change: From 0 to 1, the share of the notes that is to change, as near
            as whole bars come to it. The cadences stay in any case.
        count: Positive int, how many versions.
        temperature: Number above 0 for the bars that are drawn.
        seed: Int; the same seed and arguments give the same versions.
        device: As of `generate_tunes`.

    Raises:
        MitseqError: if an argument is out of its range, the bars of the tune
            do not add up, or the model reads characters.

    Example:

    >>> from mitseq.tasks.music.model import load_music_model
    >>> abc = "M:6/8\nL:1/8\nK:D\n|:d2f a2f|g2e faf|d2f a2f|gfe d3:|\n"
    >>> (found,) = vary_tune(load_music_model(), abc, 0.5, seed=1)
    >>> found.tune.abc.rstrip().endswith("gfe d3:|"), found.tune.check()
    (True, [])
    """
    check_kind(str, "be the ABC of one tune", abc=abc)
    check_number(0, 1, change=change)
    check_count(most=MOST_TUNES, count=count)
    check_sampling(temperature, None, None, seed)
    vocabulary = vocabulary_of(model)
    if not can_add_up(vocabulary):
        raise MitseqError(
            "a variation needs a model of ABC tokens. Received: a model of "
            f"level {vocabulary.level!r}."
        )
    text = normalize(abc)
    title = Tune(abc).title
    seed = random_seed() if seed is None else seed
    with contextlib.nullcontext() if device is None else on(device):
        drawer = _Drawer(model, vocabulary, temperature)
        found = []
        with Work("varying", count) as work:
            for number in range(1, count + 1):
                rng = np.random.default_rng([seed, number])
                varied, changed = _varied(text, change, drawer, rng)
                name = f"{title}, varied" if title else f"Variation {number}"
                abc = layout(varied, number, name)
                found.append(Variation(Tune(abc), changed))
                work.update(number)
    return found


def changed_share(old: str, new: str) -> float:
    r"""Returns the share of the notes of a tune that another has not.

    Both are normalized and have the same bar lines.

    Example: the third of four notes is another one.

    >>> head = "M:2/4\nL:1/8\nK:D\n"
    >>> changed_share(head + "d2A2|f2d2|]\n", head + "d2A2|e2d2|]\n")
    0.25
    """
    before, after = _bars(old), _bars(new)
    total = sum(map(len, before))
    pairs = zip(before, after, strict=True)
    return sum(len(a - b) for a, b in pairs) / max(1, total)


def _bars(text: str) -> list[Notes]:
    """The notes between each two bar lines, rests among them."""
    bars: list[set] = [set()]
    onset = Fraction(0)
    for event in read_events(text).events:
        if event.kind == "bar":
            bars.append(set())
            onset = Fraction(0)
        elif event.kind in ("note", "rest"):
            pitch = event.piece.rstrip("0123456789/")
            bars[-1].add((onset, pitch, event.played))
            onset += event.played
    return [frozenset(bar) for bar in bars]


def _varied(text, change, drawer, rng) -> tuple[str, float]:
    """A normalized tune with some bars anew, and what share that is."""
    tokens = pieces(text)
    spans = _spans(tokens)
    order = [*_classes(tokens, spans).values()]
    rng.shuffle(order)
    now, changed = tokens, 0.0
    for places in order:
        if changed >= change:
            break
        # Bars are replaced by their number: their lengths in tokens change.
        at = _spans(now)
        start, stop = at[places[0]]
        bar = drawer.draw(now[:start], now[start:stop], now[stop:], rng)
        if bar is None:
            continue
        tried = list(now)
        for place in reversed(places):
            start, stop = at[place]
            tried[start:stop] = bar
        share = changed_share(text, "".join(tried))
        if abs(share - change) < abs(changed - change):
            now, changed = tried, share
    return "".join(now), changed


def _spans(tokens: list[str]) -> list[tuple[int, int]]:
    """Where the music between bar lines stands, bar by bar."""
    header = next(i for i, x in enumerate(tokens) if x.startswith("K:")) + 1
    spans = []
    place = header
    body = groupby(tokens[header:-1], key=is_bar_line)
    for is_line, group in body:
        length = len(list(group))
        if not is_line:
            spans.append((place, place + length))
        place += length
    return spans


def _classes(tokens, spans) -> dict[str, list[int]]:
    """The numbers of the bars that may change, equal ones together."""
    reading = read_events("".join(tokens))
    full = reading.bar_length
    found: dict[str, list[int]] = {}
    for number, (start, stop) in enumerate(spans):
        line = tokens[stop]
        ends = line != "|"  # a section's last bar, or one before an ending
        tied = tokens[stop - 1] == "-" or _tie_before(tokens, start)
        text = "".join(tokens[start:stop])
        length = _length("".join(tokens[:3]), text)
        if not ends and not tied and length == full:
            found.setdefault(text, []).append(number)
    return found


def first_bar(text: str) -> tuple[str, ...]:
    """Returns the tokens before the first `|`; none if another line comes.

    Example:

    >>> first_bar("d2A2|f4|"), first_bar("d2||f4|"), first_bar("d4-|d4|")
    (('d2', 'A2'), (), ())
    """
    bar: list[str] = []
    for token in pieces(text):
        if is_bar_line(token):
            is_tied = bar[-1:] == ["-"]
            return tuple(bar) if token == "|" and not is_tied else ()
        bar.append(token)
    return ()


def _length(head, bar) -> Fraction:
    events = read_events(head + "".join(bar)).events
    return sum((event.played for event in events), Fraction(0))


def _tie_before(tokens, start) -> bool:
    place = start - 1
    while place >= 0 and is_bar_line(tokens[place]):
        place -= 1
    return tokens[place] == "-"


class _Drawer:
    """Draws a bar for a place, from what stands before and behind it."""

    def __init__(
        self, model: keras.Model, vocabulary: Vocabulary, temperature: float
    ):
        self.model, self.vocabulary = model, vocabulary
        self.rules = adding_up(model, vocabulary)
        self.temperature = temperature

    def draw(self, before, old, after, rng) -> list[str] | None:
        """Returns the tokens of another bar, None if none was found."""
        head = "".join(before[:3])
        prompt = [START, *self.vocabulary.encode("".join(before))]
        ids, _ = generate(
            self.rules,
            [prompt] * CANDIDATES,
            max_length=len(prompt) + LONGEST,
            end_id=END,
            temperature=self.temperature,
            seed=int(rng.integers(2**31)),
            banned_ids=(PAD, START),
        )
        found = set()
        for row in ids[:, len(prompt) :]:
            bar = first_bar(self.vocabulary.decode(row))
            is_whole = _length(head, bar) == _length(head, old)
            if bar != tuple(old) and is_whole:
                found.add(bar)
        bars = sorted(found)
        if not bars:
            return None
        scores = self._fit(prompt, bars, after[:AFTER])
        weights = np.exp(scores - scores.max())
        return list(bars[rng.choice(len(bars), p=weights / weights.sum())])

    def _fit(self, prompt, bars, after) -> np.ndarray:  # (N,)
        """The log probability of what stands behind, after each bar."""
        behind = self.vocabulary.encode("".join(after))
        rows = [
            [*prompt, *self.vocabulary.encode("".join(bar)), *behind]
            for bar in bars
        ]
        longest = max(map(len, rows))
        x = np.full((len(rows), longest), PAD, "int32")
        for line, row in zip(x, rows, strict=True):
            line[: len(row)] = row
        logits = keras.ops.convert_to_numpy(self.model(x)).astype("float64")
        logits -= logits.max(-1, keepdims=True)
        log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        return np.array(
            [
                math.fsum(
                    log_probs[i, t - 1, row[t]]
                    for t in range(len(row) - len(behind), len(row))
                )
                for i, row in enumerate(rows)
            ]
        )
