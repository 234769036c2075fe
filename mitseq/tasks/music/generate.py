"""New tunes: prompts in, tunes that have passed the checker out.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). A model writes
candidates, many at once; the checker of `mitseq.tunes.check` throws away those
whose bars do not add up, and what is left is a `Tune` to look at and hear.

Read `generate.py` and `prompts.py` before.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.generation.arguments import check_sampling, random_seed
from mitseq.generation.generate import generate
from mitseq.tasks.music.prompts import (
    FIELDS,
    Wish,
    is_header_line,
    read_wish,
)
from mitseq.text.vocabulary import END, PAD, START, Vocabulary
from mitseq.tunes.check import check
from mitseq.tunes.normalize import layout, normalize, pieces
from mitseq.tunes.notation import ABCError
from mitseq.tunes.tune import Tune

MAX_LENGTH = 1200  # ids of a tune; at character level three times as many
MAX_HEADER_LINE = 12  # ids of a header line that is spelled out
BATCHES = (8, 128)  # candidates written at once: at least, at most
# Candidates before giving up: some, and some for each tune that was asked for.
CANDIDATES = (256, 64)


class GenerationError(MitseqError):
    """A model that writes no tune that the checker accepts."""


@dataclasses.dataclass(frozen=True)
class GeneratedTunes:
    """What `generate_tunes` wrote, and what it threw away.

    Args:
        tunes: The tunes, in the order in which they were written.
        seed: The seed that writes them again.
        rejected: How many candidates were thrown away.
        reasons: Why, each reason with its number.
    """

    tunes: list[Tune]
    seed: int
    rejected: int = 0
    reasons: Counter = dataclasses.field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.tunes)

    def __iter__(self):
        return iter(self.tunes)

    def __getitem__(self, index):
        return self.tunes[index]


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
    unchecked: bool = False,
    device: str | None = None,
) -> GeneratedTunes:
    """Writes new tunes with a trained music model.

    Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).

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
            both.
        key: Key of the tunes, "D major".
        meter: Meter of the tunes, "6/8".
        unchecked: Return the first `count` samples as they are, also those
            that the checker rejects.
        device: "cpu", "gpu", "gpu:1", "auto", or None: where TensorFlow
            chooses.

    Returns:
        A `GeneratedTunes`: a sequence of `Tune`, with the seed, and how many
        candidates were rejected and why.

    Raises:
        MitseqError: if an argument cannot be used; a wish contradicts another
            or cannot be read.
        GenerationError: if too few candidates pass the checker.

    Example:

    >>> from mitseq.tasks.music.model import load_music_model
    >>> tunes = generate_tunes(load_music_model(), seed=7, meter="6/8")
    >>> len(tunes), tunes.seed, tunes[0].meter, tunes[0].check()
    (1, 7, '6/8', [])
    """
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise MitseqError(
            f"`count` must be a positive int. Received: count={count!r}."
        )
    check_sampling(temperature, top_k, top_p, seed)
    seed = random_seed() if seed is None else int(seed)
    writer = Writer(
        model,
        read_wish(prompt, key, meter),
        seed=seed,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
    )
    with _on(device):
        if unchecked:
            texts = [text for text, _ in writer.write_many(count)]
            return GeneratedTunes(_tunes(texts, seed), seed)
        texts, reasons = _accepted(writer, count)
    return GeneratedTunes(
        _tunes(texts, seed), seed, sum(reasons.values()), reasons
    )


def sample_texts(
    model: keras.Model,
    count: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
) -> list[str]:
    """Returns the text of unfiltered samples, as the model spells them.

    Args:
        model: A model of `build_music_model`.
        count: Positive int.
        temperature: As for `generate_tunes`, like the next three.
        top_k: Draw from the k likeliest only.
        top_p: Draw from the likeliest of probability p only.
        seed: Int or None.
    """
    check_sampling(temperature, top_k, top_p, seed)
    writer = Writer(
        model,
        Wish({}),
        seed=random_seed() if seed is None else int(seed),
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
    )
    return [text for text, _ in writer.write_many(count)]


def rejection(text: str) -> str | None:
    r"""Why a text is no tune to hand out, or None.

    Args:
        text: What a model wrote.

    Returns:
        The first reason in one line, without its place.

    Example:

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

    Args:
        model: A model of `build_music_model`.
        wish: How the tunes begin.
        seed: Int; every batch draws from a seed derived from it.
        **sampling: `temperature`, `top_k` and `top_p` of `generate`.
    """

    def __init__(
        self, model: keras.Model, wish: Wish, seed: int, **sampling
    ) -> None:
        from mitseq.tasks.music.model import vocabulary_of

        self.model = model
        self.wish = wish
        self.vocabulary: Vocabulary = vocabulary_of(model)
        self.sampling = sampling
        self.max_length = MAX_LENGTH
        if self.vocabulary.level == "character":
            self.max_length *= 3
        self._seeds = np.random.SeedSequence(seed % 2**64)

    def write(self, count: int) -> list[tuple[str, bool]]:
        """Returns `count` texts, each with whether the model ended it."""
        prompts = [
            [START, *self.vocabulary.encode(text)]
            for text in self._beginnings(count)
        ]
        ids, lengths = self._generate(prompts, self.max_length, END)
        return [
            (self.vocabulary.decode(row[:n]), bool(row[n - 1] == END))
            for row, n in zip(ids, lengths, strict=True)
        ]

    def write_many(self, count: int) -> list[tuple[str, bool]]:
        """As `write`, any number of texts, in batches of a good size."""
        texts: list[tuple[str, bool]] = []
        while len(texts) < count:
            texts += self.write(min(count - len(texts), BATCHES[1]))
        return texts

    def begins_as_wished(self, text: str) -> bool:
        """Tells whether a tune begins with the notes of the prompt.

        What a model spells out can make another note of the prompt's last one:
        D2 and /2 are D2/2. At level "character" that is how notes are written.
        """
        if self.vocabulary.level == "character":
            return True
        header = {line[0]: line for line in text.splitlines(True)[:3]}
        missing = self.wish.missing
        wished = pieces(self.wish.text({k: header[k] for k in missing}))
        return pieces(text)[: len(wished)] == wished

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
        earlier = FIELDS[: FIELDS.index(field)]
        before = Wish(
            {k: v for k, v in self.wish.fields.items() if k in earlier}
        )
        prompts = [
            [START, *self.vocabulary.encode(before.text(header))]
            for header in headers
        ]
        limit = max(map(len, prompts)) + MAX_HEADER_LINE
        ids, lengths = self._generate(prompts, limit, END)
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

    def _generate(self, prompts, max_length, end_id):
        (seed,) = self._seeds.spawn(1)
        return generate(
            self.model,
            prompts,
            max_length=max(max_length, max(map(len, prompts))),
            end_id=end_id,
            seed=int(seed.generate_state(1, np.uint64)[0] >> np.uint64(1)),
            banned_ids=(PAD, START),
            **self.sampling,
        )


def _accepted(writer, count):
    """Writes until `count` different tunes have passed the checker."""
    texts: dict[str, None] = {}  # ordered, without doubles
    reasons: Counter = Counter()
    limit = CANDIDATES[0] + CANDIDATES[1] * count
    if writer.sampling["temperature"] == 0 or writer.sampling["top_k"] == 1:
        limit = BATCHES[0]  # no chance is left: every candidate is the same
    written = 0
    while len(texts) < count:
        if written >= limit:
            raise GenerationError(_gave_up(count, len(texts), written, reasons))
        # As many as will be enough if things go on as they went. One large
        # batch is faster than two: its last, long tunes are written alone.
        share = (len(texts) + 1) / (written + 2)
        size = int(1.1 * (count - len(texts)) / share) + 1
        size = min(max(BATCHES[0], size), BATCHES[1], limit - written)
        for text, has_ended in writer.write(size):
            written += 1
            reason = rejection(text)
            if reason is None and not writer.begins_as_wished(text):
                reason = "the last note of the prompt became another"
            if not has_ended:
                reason = f"no end after {writer.max_length} tokens"
            if reason is None:
                text = normalize(text)
                reason = "the same tune again" if text in texts else None
            if reason is not None:
                reasons[reason] += 1
            elif len(texts) < count:
                texts[text] = None
    return list(texts), reasons


def _gave_up(count, found, written, reasons):
    most = ", ".join(f"{n} x {why}" for why, n in reasons.most_common(3))
    return (
        f"only {found} of {count} tunes passed the checker in {written} "
        f"candidates (rejected: {most}). A lower temperature or another wish "
        "may help; `unchecked` returns samples as they are."
    )


def _tunes(texts, seed):
    tunes = []
    for number, text in enumerate(texts, start=1):
        title = f"Tune {number}, seed {seed}"
        try:
            abc = layout(text, number, title)
        except MitseqError:  # an unchecked sample that is no tune
            abc = f"X:{number}\nT:{title}\n{text}"
        tunes.append(Tune(abc))
    return tunes


def _on(device):
    if device is None:
        return contextlib.nullcontext()
    from mitseq.devices import device as on_device

    return on_device(device)
