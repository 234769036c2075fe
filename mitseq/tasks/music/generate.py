"""New tunes: prompts in, tunes that have passed the checker out.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). A model writes
candidates, many at once; the checker of `mitseq.tunes.check` throws away those
whose bars do not add up, a discriminator chooses among the others, if there is
one, and what is left is a `Tune` to look at and hear.

Read prompts.py and generation/generate.py before.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import overload

import keras
import numpy as np

from mitseq.arguments import check_count, check_flag
from mitseq.devices import device as on
from mitseq.errors import MitseqError
from mitseq.generation.arguments import check_sampling, random_seed
from mitseq.generation.generate import generate
from mitseq.progress import Work
from mitseq.tasks.music.adds_up import adding_up as adding_up_model
from mitseq.tasks.music.adds_up import can_add_up, in_rhythm, is_pitch
from mitseq.tasks.music.choice import CHOOSE_FROM, MOST_CHOICES
from mitseq.tasks.music.discriminator import (
    choose,
    kinds_known,
    measure_all,
)
from mitseq.tasks.music.like import wish_like
from mitseq.tasks.music.model import vocabulary_of
from mitseq.tasks.music.prompts import (
    FIELDS,
    Wish,
    is_header_line,
    read_wish,
)
from mitseq.text.vocabulary import END, PAD, SPECIAL, START, Vocabulary
from mitseq.tunes.check import check
from mitseq.tunes.measures import Measured
from mitseq.tunes.normalize import layout, normalize
from mitseq.tunes.notation import ABCError
from mitseq.tunes.reading import cut_tunes
from mitseq.tunes.tune import Tune

MAX_LENGTH = 1200  # ids of a tune; at character level three times as many
MOST_TUNES = 100_000  # of one call
MAX_HEADER_LINE = 12  # ids of a header line that is spelled out
BATCHES = (8, 128)  # candidates written at once: at least, at most
# Candidates before giving up: some, and some for each tune that was asked for.
CANDIDATES = (256, 64)


class GenerationError(MitseqError):
    """A model that writes no tune that the checker accepts."""


@dataclasses.dataclass(frozen=True)
class GeneratedTunes(Sequence[Tune]):
    """What `generate_tunes` wrote, and what it threw away."""

    tunes: list[Tune]  # in the order in which they were written
    seed: int  # that writes them again
    rejected: int = 0  # how many candidates were thrown away
    # why, each reason with its number
    reasons: Counter = dataclasses.field(default_factory=Counter)
    passed_over: int = 0  # how many tunes the discriminator did not choose

    def __len__(self) -> int:
        return len(self.tunes)

    @overload
    def __getitem__(self, index: int) -> Tune: ...

    @overload
    def __getitem__(self, index: slice) -> list[Tune]: ...

    def __getitem__(self, index):
        return self.tunes[index]

    def numbered(self, first: int) -> GeneratedTunes:
        """Returns the same tunes, numbered and titled from `first` on.

        For files that stand beside those of an earlier run.
        """
        bodies = (tune.abc.split("\n", 2)[2] for tune in self.tunes)
        tunes = [
            Tune(f"X:{number}\nT:{_title(number, self.seed)}\n{body}")
            for number, body in enumerate(bodies, start=first)
        ]
        return dataclasses.replace(self, tunes=tunes)


def generate_tunes(
    model: keras.Model,
    count: int = 1,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    prompt: str | None = None,
    key: str | None = None,
    meter: str | None = None,
    form: str | None = None,
    bars: int | None = None,
    range: str | None = None,
    like: str | None = None,
    unchecked: bool = False,
    adding_up: bool | None = None,
    discriminator: keras.Model | None = None,
    choose_from: int = CHOOSE_FROM,
    device: str | None = None,
) -> GeneratedTunes:
    """Writes new tunes with a trained music model.

    Args:
        model: A model of `build_music_model`, trained.
        count: Positive int, how many tunes.
        temperature: Number >= 0. Below 1 is safer, above 1 is bolder.
        top_k: Draw from the k likeliest tokens only, or None.
        top_p: Draw from the likeliest tokens that together have probability p
            only, or None.
        seed: Int; the same seed and arguments give the same tunes. None draws
            one, which is in the result.
        prompt: ABC text that the tunes begin with: header fields, notes, or
            both. Titles, words and ornaments are passed over, and of a chord
            the highest note is taken.
        key: Key of the tunes, "D major".
        meter: Meter of the tunes, "6/8"; "C" is 4/4 and "C|" is 2/2.
        form: Form as it is played, "AABB": sections in the order of their
            letters, each played once or twice.
        bars: Int, the bars of each section.
        range: Lowest and highest note, as written in ABC: "G,:b".
        like: A tune in ABC. Those that are written have its meter, unit, key,
            form, bars and range, and the rhythm of its first two bars
            (like.py); what is wished besides goes before that.
        unchecked: Return the first `count` samples that meet the wishes as
            they are, also those that the checker rejects.
        adding_up: Whether the model may draw only what can still add up
            (adds_up.py); None for yes, unless it is unchecked, reads
            characters, or tells no bar lines. `form`, `bars` and `like` need
            it.
        discriminator: From `load_discriminator`: of several tunes that the
            checker accepts, one is drawn that it takes for a person's
            (discriminator.py). None to return the first ones.
        choose_from: Positive int, of how many each tune is drawn. As many
            have to be written.
        device: "cpu", "gpu", "gpu:1", "auto", or None: where TensorFlow
            chooses.

    Returns:
        A `GeneratedTunes`: a sequence of `Tune`, with the seed, and how many
        candidates were rejected and why.

    Raises:
        MitseqError: if an argument cannot be used; a wish contradicts another
            or cannot be read; the model has never seen such a meter.
        GenerationError: if too few candidates pass the checker and meet the
            wishes.

    Example:

    >>> from mitseq.tasks.music.model import load_music_model
    >>> tunes = generate_tunes(load_music_model(), seed=7, meter="6/8")
    >>> len(tunes), tunes.seed, tunes[0].meter, tunes[0].check()
    (1, 7, '6/8', [])
    """
    check_count(most=MOST_TUNES, count=count)
    check_flag(unchecked=unchecked)
    check_count(most=MOST_CHOICES, choose_from=choose_from)
    if discriminator is None:
        choose_from = 1
    else:
        kinds_known(discriminator)
        if unchecked:
            raise MitseqError(
                "`discriminator` chooses among tunes that add up, and "
                "`unchecked` asks for what comes. Received: both."
            )
    if adding_up is not None:
        check_flag(adding_up=adding_up)
    wish = read_wish(prompt, key, meter, form=form, bars=bars, range=range)
    writer = Writer(
        model,
        wish if like is None else wish_like(like, wish),
        seed,
        adding_up=not unchecked if adding_up is None else adding_up,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
    )
    with contextlib.nullcontext() if device is None else on(device):
        with Work("writing tunes", count) as work:
            if unchecked:
                texts, reasons = _as_wished(writer, count, work)
            else:
                texts, reasons = _accepted(writer, count, choose_from, work)
        passed = len(texts)
        if discriminator is not None:
            texts = choose(discriminator, texts, count, writer.seed % 2**64)
    tunes = [_tune(text, i, writer.seed) for i, text in enumerate(texts, 1)]
    return GeneratedTunes(
        tunes, writer.seed, reasons.total(), reasons, passed - len(tunes)
    )


def sample_texts(
    model: keras.Model, count: int, *, seed: int | None = None, **sampling
) -> list[str]:
    """Returns the text of unfiltered samples, as the model spells them.

    Args:
        model: A model of `build_music_model`.
        count: Positive int.
        seed: Int or None.
        **sampling: `temperature`, `top_k`, `top_p` of `generate_tunes`, and
            `adding_up`, False by default.
    """
    return Writer(model, Wish({}), seed, **sampling).write_many(count)


def draw_tunes(
    model: keras.Model, count: int, *, seed: int = 0
) -> list[Measured]:
    """Lets a model write tunes for its discriminator to know.

    Args:
        model: A music model.
        count: Candidates, drawn by the rules; those that add up are returned.
        seed: Of what is drawn.
    """
    check_count(count=count)
    texts = sample_texts(model, count, seed=seed, adding_up=True)
    return measure_all(list(dict.fromkeys(texts)), "measuring what it wrote")


def rejection(text: str) -> str | None:
    r"""Returns why a text is no tune to hand out, or None.

    Example: the first reason in one line, without its place.

    >>> rejection("M:6/8\nL:1/8\nK:D\nDFAAFD|DFAAFDd|d6|]\n")
    '7/8 in a 6/8 tune'
    """
    problems = check(text)
    if problems:
        return problems[0].reason
    try:
        normalize(text)
    except ABCError as error:
        return error.reason
    return None


class Writer:
    """Writes candidates: one batch at each call of `write`.

    The arguments are those of `generate_tunes`; a wish says how the tunes
    begin, and every batch draws from a seed derived from `seed`.
    """

    def __init__(
        self,
        model: keras.Model,
        wish: Wish,
        seed: int | None,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        adding_up: bool = False,
    ):
        check_sampling(temperature, top_k, top_p, seed)
        self.vocabulary: Vocabulary = vocabulary_of(model)
        _check_learned(wish, self.vocabulary)
        wish = _with_known_rhythm(wish, self.vocabulary)
        self.model, self.wish = model, wish
        is_wished = bool(wish.bars or wish.form or wish.rhythm)
        self.adds_up = can_add_up(self.vocabulary) and (adding_up or is_wished)
        if self.adds_up:
            self.model = adding_up_model(
                model, self.vocabulary, wish.bars, wish.plays, wish.rhythm
            )
        elif is_wished:
            raise MitseqError(
                "`form`, `bars` and `like` need a model of ABC tokens, which "
                "knows where a bar ends. Received: a model of level "
                f"{self.vocabulary.level!r}."
            )
        self.sampling = {
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
        }
        is_character = self.vocabulary.level == "character"
        self.max_length = MAX_LENGTH * (3 if is_character else 1)
        self._outside = _outside(wish, self.vocabulary)
        self.seed = random_seed() if seed is None else int(seed)
        self._seeds = np.random.SeedSequence(self.seed % 2**64)

    def write(self, count: int) -> list[tuple[str, bool]]:
        """Returns `count` texts, each with whether the model ended it."""
        _, ids, lengths = self._go_on(self._beginnings(count), self.max_length)
        return [
            (self.vocabulary.decode(row[:n]), bool(row[n - 1] == END))
            for row, n in zip(ids, lengths, strict=True)
        ]

    def write_many(self, count: int) -> list[str]:
        """Returns any number of texts, written in batches of a good size."""
        texts: list[str] = []
        with Work("writing samples", count) as work:
            while len(texts) < count:
                batch = self.write(min(count - len(texts), BATCHES[1]))
                texts += [text for text, _ in batch]
                work.update(len(texts))
        return texts

    def _beginnings(self, count: int) -> list[str]:
        """The text that each candidate begins with."""
        headers: list[dict[str, str]] = [{} for _ in range(count)]
        for field in self.wish.missing:
            headers = self._write_line(field, headers)
        headers = [h for h in headers if not self.wish.problems(h)] or headers
        return [self.wish.text(headers[i % len(headers)]) for i in range(count)]

    def _write_line(self, field, headers):
        """Lets the model write one line into each header.

        Returns the headers in which it is one.
        """
        earlier = list(FIELDS)[: list(FIELDS).index(field)]
        before = Wish(
            {k: v for k, v in self.wish.fields.items() if k in earlier}
        )
        prompts, ids, lengths = self._go_on(map(before.text, headers))
        written = []
        rows = zip(headers, prompts, ids, lengths, strict=True)
        for header, prompt, row, n in rows:
            text = self.vocabulary.decode(row[len(prompt) : n])
            line = text[: text.find("\n") + 1]
            if is_header_line(field, line):
                written.append({**header, field: line})
        if not written:
            raise GenerationError(
                f"the model wrote no line {field}: for the header in "
                f"{len(headers)} trials, so the wishes cannot be met."
            )
        return written

    def _go_on(self, beginnings, max_length=None):
        """The ids of some texts, and what the model makes of them.

        Without a `max_length` it is another line of a header.
        """
        prompts = [[START, *self.vocabulary.encode(b)] for b in beginnings]
        longest = max(map(len, prompts))
        (seed,) = self._seeds.spawn(1)
        return prompts, *generate(
            self.model,
            prompts,
            max_length=max(max_length or longest + MAX_HEADER_LINE, longest),
            end_id=END,
            seed=int(seed.generate_state(1, np.uint64)[0] >> np.uint64(1)),
            banned_ids=(PAD, START, *self._outside),
            **self.sampling,
        )


def _check_learned(wish, vocabulary):
    """Raises where the model cannot count the bars of a wish.

    A meter that has no token of its own is spelled out: the model has seen it
    in a few tunes at most, and is not told where in the bar it stands.
    """
    if vocabulary.level == "character":
        return
    for k, name in (("M", "`meter`"), ("L", "`L:`")):
        line = wish.fields.get(k)
        if line is not None and line not in vocabulary:
            known = [t[2:-1] for t in vocabulary.tokens if is_header_line(k, t)]
            raise MitseqError(
                f"{name} must be one that the model has learned: "
                f"{', '.join(sorted(known)) or 'none'}. "
                f"Received: {line.strip()}."
            )


def _with_known_rhythm(wish, vocabulary):
    """The wish, its rhythm up to a length that the model has no token for."""
    if not wish.rhythm or not can_add_up(vocabulary):
        return wish
    is_known = in_rhythm(vocabulary, wish.rhythm).any(axis=1).tolist()
    known = wish.rhythm[: [*is_known, False].index(False)]
    return dataclasses.replace(wish, rhythm=known)


def _outside(wish, vocabulary) -> list[int]:
    """The ids of the notes that are too low or too high."""
    if wish.compass is None or vocabulary.level == "character":
        return []
    return [
        i
        for i, piece in enumerate(vocabulary.tokens, start=SPECIAL)
        if is_pitch(piece) and not wish.compass.has(piece)
    ]


def _accepted(writer, count, choose_from, work):
    """Writes until so many different tunes are accepted and as wished.

    That is `choose_from` for each of the `count`, but if they do not come, one
    is enough.
    """
    wanted = count * choose_from
    texts: dict[str, None] = {}  # ordered, without doubles
    reasons: Counter = Counter()
    limit = CANDIDATES[0] + CANDIDATES[1] * count
    if writer.sampling["temperature"] == 0 or writer.sampling["top_k"] == 1:
        limit = BATCHES[0]  # no chance is left: every candidate is the same
    written = 0
    # before anything is written: half of them, or nearly all, are right
    # Two rows at least: of a single one `generate` has XLA make a program, and
    # that takes longer than writing the tune.
    least, right, of = (2, 9, 10) if writer.adds_up else (BATCHES[0], 1, 2)
    while len(texts) < wanted:
        if written >= limit:
            if len(texts) >= count:
                break
            raise _given_up(len(texts), count, written, reasons, "the checker")
        # As many as will be enough if things go on as they went. One large
        # batch is faster than two: its last, long tunes are written alone.
        share = (len(texts) + right) / (written + of)
        size = int(1.1 * (wanted - len(texts)) / share) + 1
        size = min(max(least, size), BATCHES[1], limit - written)
        for text, has_ended in writer.write(size):
            written += 1
            reason = rejection(text)
            if reason is None:
                text = normalize(text)
                reason = writer.wish.unmet(text)
            if not has_ended:
                reason = f"no end after {writer.max_length} tokens"
            if reason is None and text in texts:
                reason = "the same tune again"
            if reason is not None:
                reasons[reason] += 1
            elif len(texts) < wanted:
                texts[text] = None
        work.update(len(texts) // choose_from, f"{written} candidates")
    return list(texts), reasons


def _as_wished(writer, count, work):
    """Writes until `count` samples are as wished, whatever their bars."""
    texts: list[str] = []
    reasons: Counter = Counter()
    limit = CANDIDATES[0] + CANDIDATES[1] * count
    written = 0
    while len(texts) < count:
        if written >= limit:
            raise _given_up(len(texts), count, written, reasons, "the wishes")
        size = min(count - len(texts), BATCHES[1])
        written += size
        for text, _ in writer.write(size):
            # What is no tune may read otherwise when it is laid out.
            reason = writer.wish.unmet(_tune(text, 1, writer.seed).abc)
            if reason is None:
                texts.append(text)
            else:
                reasons[reason] += 1
        work.update(len(texts))
    return texts, reasons


def _given_up(found, count, written, reasons, judge):
    most = ", ".join(f"{n} x {why}" for why, n in reasons.most_common(3))
    return GenerationError(
        f"only {found} of {count} tunes passed {judge} in {written} candidates "
        f"(rejected: {most}). A lower temperature or another wish may help; "
        "`unchecked` returns samples as they are."
    )


def _title(number, seed):
    return f"Tune {number}, seed {seed}"


def _tune(text, number, seed):
    """What is returned of a text."""
    title = _title(number, seed)
    head = f"X:{number}\nT:{title}\n"
    text = _first_tune(head + text).removeprefix(head)
    try:
        abc = layout(text, number, title)
    except MitseqError:  # an unchecked sample that is no tune
        abc = head + text
    return Tune(_first_tune(abc))


def _first_tune(abc):
    """The text up to where an unchecked sample goes on with a second tune."""
    while len(cut := cut_tunes(abc)) > 1:
        abc = cut[0]
    return abc
