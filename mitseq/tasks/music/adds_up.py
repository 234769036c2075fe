r"""Decoding that draws only what can still add up.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). A model that has
learned to count errs now and then, and one wrong note spoils a tune. The rules
by which `mitseq.tunes.check` adds up the bars are those of a recurrence: what
the bar holds so far, what a repeat owes, whether a tie waits. So they can stand
in the compiled graph beside the model and forbid at each step what no
continuation could make good: a note longer than what is left of the bar, a bar
line before the bar is full, a `:|` whose repeat would not meet its pickup, an
end while a repeat is open.

    p(token) ~ exp(logit / temperature)   of the tokens that are allowed

What is left is drawn as the model would draw it. Only rare notes are lost, of
which the vocabulary has no token and which a model spells letter by letter.

Read place_in_bar.py and bar_position.py before. Letters: B batch, T steps,
V vocabulary; lengths are in ticks. What is said of a tune has the shape
`(B, 1)` here, what is said of a token `(V,)`: together they are `(B, V)`.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.music.bar_position import TokenReader
from mitseq.tasks.music.place_in_bar import (
    LONGEST,
    TICKS,
    Meaning,
    Place,
    meanings,
)
from mitseq.text.vocabulary import END, SPECIAL, START, Vocabulary
from mitseq.tunes.notation import is_bar_line, piece_length, split_bar

NEVER = -1e9  # of a logit: no temperature makes it likely
HEADER = 3  # lines of it

# What `adding_up` made of each model, for as long as that lives.
_ruled: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


class Signs(NamedTuple):
    """What else a token is, besides its `Meaning`, each `(V,)` of bool."""

    ends_line: np.ndarray  # a line of the header, or the line end
    newline: np.ndarray
    end: np.ndarray
    single: np.ndarray  # a bar line that closes its bar, `|` or `|1`
    opens: np.ndarray  # `|:`
    double: np.ndarray  # `||`
    final: np.ndarray  # `|]`
    both: np.ndarray  # `::`
    closes: np.ndarray  # `:|`
    first: np.ndarray  # the ending 1
    second: np.ndarray  # the ending 2
    other: np.ndarray  # any other ending
    tie: np.ndarray
    tuplet: np.ndarray


class Tally(NamedTuple):
    """What is counted besides the `Place`, each `(B, 1)` of int32."""

    lines: tf.Tensor  # of the header, read
    filled: tf.Tensor  # since the last bar was closed, over `||` and `:|`
    closed: tf.Tensor  # bars closed in the tune
    pickup: tf.Tensor  # of the tune
    ending: tf.Tensor  # 0 outside, 1 or 2
    tied: tf.Tensor  # the pitch that a tie waits for, 0 for none
    pitch: tf.Tensor  # of the last note, 0 after a rest
    last: tf.Tensor  # the last token
    section: tf.Tensor  # of the tune, from 0
    held: tf.Tensor  # by this section so far, the first time through
    before: tf.Tensor  # ... up to its first ending
    followed: tf.Tensor  # of the wished rhythm

    @classmethod
    def unpack(cls, state: tf.Tensor) -> Tally:
        """Reads the state of a recurrence."""
        return cls(*tf.split(state, len(cls._fields), axis=1))

    def pack(self) -> tf.Tensor:
        """Returns the state of a recurrence."""
        return tf.concat(self, axis=1)


class AddsUpCell(keras.layers.Layer):
    """One step of `AddsUp`: read a token, say what may come next.

    The arguments are those of `AddsUp`.

    Call arguments:
        token: `(B, 1)` of int, the id at step t.
        states: `[place, tally]`, int32.

    Returns:
        `(B, V)` int32, 1 where a token is allowed, and the new states.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | dict,
        bars: int | None = None,
        plays: Sequence[int] | None = None,
        rhythm: Sequence[str] = (),
        **kwargs,
    ):
        kwargs["dtype"] = "int32"
        super().__init__(**kwargs)
        if isinstance(vocabulary, dict):
            vocabulary = Vocabulary.from_config(vocabulary)
        if vocabulary.level != "token":
            raise ValueError(
                '`vocabulary` must be of level "token", a single character '
                f"has no length. Received: level={vocabulary.level!r}."
            )
        self.vocabulary, self.bars = vocabulary, bars
        self.plays = None if plays is None else tuple(plays)
        self.rhythm = tuple(rhythm)
        self._wished = in_rhythm(vocabulary, self.rhythm)
        self.state_size = [len(Place._fields), len(Tally._fields)]
        self.output_size = len(vocabulary)
        self._meanings = meanings(vocabulary)
        self._every = Meaning(*self._meanings.T)
        self._signs = signs(vocabulary)
        self._rows = np.stack(self._signs, axis=1)
        self._pitches = pitches(vocabulary)
        every = self._every
        self._fillable = fillable(every.length)
        # what a tuplet takes, if its notes are of one length, a row a length
        lengths = short_lengths(every.length)[:, None]
        taken = every.notes * lengths * every.time // np.maximum(every.of, 1)
        self._taken = taken.astype("int32")  # (lengths, V)

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        return [
            tf.zeros([batch_size, size], tf.int32) for size in self.state_size
        ]

    def call(self, token, states):
        token = tf.cast(token, tf.int32)  # (B, 1)
        is_start = token == START
        old, tally = (tf.where(is_start, 0, state) for state in states)
        old = Place(*tf.split(old, len(Place._fields), axis=1))
        tally = Tally.unpack(tally)
        meaning = Meaning(*_columns(self._meanings, token))
        sign = Signs(*_columns(self._rows, token))

        place = old.header(meaning).note(meaning)
        full = place.full
        bar = place.bar_end(meaning, full)
        moved = place.position - old.position
        place = place.repeat(meaning, bar).bar_line(meaning, bar)
        tally = self._count(tally, token, meaning, sign, moved, full)
        allowed = self._allowed(place, tally, full)
        place = tf.concat(place, axis=1)
        return tf.cast(allowed, tf.int32), [place, tally.pack()]

    def _count(self, tally, token, meaning, sign, moved, full) -> Tally:
        """The tally after a token."""
        in_body = tally.lines >= HEADER
        is_bar = (meaning.is_bar > 0) & in_body
        is_note = (meaning.is_note > 0) & in_body
        filled, held = tally.filled + moved, tally.held + moved
        # `||` and `:|` may stand inside a bar: what is filled is filled on.
        ends = is_bar & (sign.single | (filled >= full) | (tally.closed == 0))
        holds = ends & (filled > 0)
        is_pickup = holds & (tally.closed == 0) & (filled < full)
        again = is_bar & sign.second
        over = is_bar & (meaning.ends_section > 0)
        ending = tf.where(sign.second, 2, tally.ending)
        ending = tf.where(sign.first, 1, ending)
        before = tf.where(sign.first, held, tally.before)
        waits = tf.where(sign.tie, tally.pitch, tally.tied)
        pitch = tf.gather(self._pitches, token)
        followed = tally.followed
        if self.rhythm:
            followed = self._followed(tally, meaning, in_body)
        return Tally(
            lines=tally.lines + tf.cast(sign.ends_line, tf.int32),
            filled=tf.where(ends | again | ~in_body, 0, filled),
            closed=tally.closed + tf.cast(holds, tf.int32),
            pickup=tf.where(is_pickup, filled, tally.pickup),
            ending=tf.where(over, 0, ending),
            tied=tf.where(is_note, 0, waits),
            pitch=tf.where(is_note, pitch, tally.pitch),
            last=token,
            section=tally.section + tf.cast(over & (held > 0), tf.int32),
            held=tf.where(over | ~in_body, 0, tf.where(again, before, held)),
            before=before,
            followed=followed,
        )

    def _followed(self, tally, meaning, in_body):
        """How much of the rhythm has been written; bar lines count once."""
        was_bar = tf.gather(self._every.is_bar, tally.last) > 0
        again = (meaning.is_bar > 0) & (was_bar | (tally.followed == 0))
        is_item = (meaning.is_text > 0) & in_body & ~again
        return tally.followed + tf.cast(is_item, tf.int32)

    def _allowed(self, place, tally, full) -> tf.Tensor:  # (B, V)
        """Which token may come next."""
        sign, every = self._signs, self._every
        last = Signs(*_columns(self._rows, tally.last))
        in_tuplet, tied = place.left > 0, tally.tied > 0
        after_bar = tf.gather(every.is_bar > 0, tally.last)
        room = full - tally.filled

        more = full > 0  # whether another bar of this section may come
        left = room
        if self.bars is not None:
            more = tally.held < self.bars * full
            left = tf.minimum(room, self.bars * full - tally.held)
        free = ~in_tuplet & ~tied
        fits = self._fitting(place, left)
        waited = (self._pitches > 0) & (self._pitches == tally.pitch)
        goes_on = tf.reduce_any(fits & waited, axis=1, keepdims=True)
        goes_on |= (room == 0) & more
        can_tie = goes_on & free & ~after_bar
        music = sign.tie & (can_tie & (tally.pitch > 0))
        music |= self._tuplets(left) & free
        is_wanted = (self._pitches == tally.tied) | ~tied
        music |= fits & is_wanted
        lines = self._bar_lines(place, tally, room)
        lines &= ~in_tuplet & ~after_bar
        # `|:` may stand behind another sign.
        fresh = last.closes | last.double | (tally.closed == 0)
        fresh &= ~last.opens & ~last.second & (place.is_open == 0) & ~tied
        lines |= sign.opens & (after_bar & fresh & (tally.filled < full))
        allowed = music | lines
        done = tally.closed > 0
        if self.bars is not None:
            allowed &= self._in_bars(tally, full)
        if self.plays is not None:
            allowed &= self._in_form(place, tally)
            now, then = self._plays_at(tally.section)
            done &= tf.where(last.final, then, now) == 0
        if self.rhythm:
            allowed &= self._in_rhythm(tally)
        ended = (last.final | last.closes) & ~last.second
        ended &= (place.is_open == 0) & done
        over = last.newline & (tally.lines > HEADER)
        allowed &= ~last.final & ~over
        allowed |= (sign.newline & (ended & ~over)) | (sign.end & over)
        # Where nothing can add up any more, the tune breaks off.
        stuck = ~tf.reduce_any(allowed, axis=1, keepdims=True)
        allowed |= sign.end & stuck
        is_header = (tally.lines < HEADER) | (full <= 0)  # the model's own
        return allowed | is_header

    def _fitting(self, place, room) -> tf.Tensor:  # (B, V)
        """The notes and rests that what is left of the bar has room for.

        Behind them, and those like them that a tuplet has to come, there must
        be left what other notes can fill.
        """
        length = self._every.length
        shared = length * place.time // tf.maximum(place.of, 1)
        needed = tf.where(place.left > 0, shared * place.left, length)
        is_note = self._every.is_note > 0
        return is_note & (room > 0) & self._leaves(room, needed)

    def _tuplets(self, room) -> tf.Tensor:  # (B, V)
        """The tuplet signs whose notes have room, if they are of one length."""
        fits = self._leaves(room[..., None], self._taken)  # (B, lengths, V)
        return tf.reduce_any(fits, axis=1) & (self._every.of > 0)

    def _leaves(self, room, needed) -> tf.Tensor:
        """Whether what is left of a room can be filled."""
        rest = room - needed
        filled = tf.gather(self._fillable, tf.clip_by_value(rest, 0, LONGEST))
        return (rest >= 0) & filled

    def _bar_lines(self, place, tally, room) -> tf.Tensor:  # (B, V)
        """Those at which a bar may end here, whatever stood before."""
        sign = self._signs
        full = tally.filled + room
        is_full, is_open = room == 0, place.is_open > 0
        untied, no_ending = tally.tied == 0, tally.ending == 0
        has_closed = tally.closed > 0
        plain = ~(sign.first | sign.second | sign.other)
        # The first bar of the tune may be a pickup.
        is_first = ~has_closed & (tally.filled > 0)
        lines = (plain & sign.single) & (is_full | is_first)
        first = is_full & is_open & no_ending & has_closed
        lines |= (sign.single & sign.first) & first
        # The bar before `:|` and the one behind `|:` make one bar.
        back = (tally.filled + place.owed == full) & is_open & untied
        back &= place.has_bar > 0
        shut = plain & (sign.closes | sign.both)
        lines |= shut & (back & no_ending)
        lines |= (sign.closes & sign.second) & (back & (tally.ending == 1))
        # The tune ends where its pickup fits, another section where one will.
        rests = ~is_open & untied
        fits = is_full | (tally.filled + tally.pickup == full)
        lines |= (plain & sign.final) & (fits & has_closed & rests)
        ends = has_closed & (tally.filled > 0) & rests
        lines |= (plain & sign.double) & ends
        begins = ((fits & has_closed) | ~has_closed) & rests
        return lines | (sign.opens & begins)

    def _in_bars(self, tally, full) -> tf.Tensor:  # (B, V)
        """What keeps to the wished bars of a section."""
        sign, every = self._signs, self._every
        ends = (every.ends_section > 0) | sign.final
        ends |= sign.closes & sign.second
        at_end = tally.held == self.bars * full
        begins = sign.opens & (tally.held == 0)
        more = sign.single | sign.tuplet
        return (~ends | at_end | begins) & (~more | ~at_end)

    def _in_form(self, place, tally) -> tf.Tensor:  # (B, V)
        """What keeps to how often each section is to be played."""
        sign = self._signs
        now, then = self._plays_at(tally.section)
        starts, is_open = tally.held == 0, place.is_open > 0
        # A section that plays twice begins with `|:`, and no other does.
        unopened = starts & (now == 2) & ~is_open & (tally.ending == 0)
        allowed = ~unopened | sign.opens
        may_open = tf.where(starts, now == 2, ~is_open & (then == 2))
        for kind, may in (
            (sign.opens, may_open),
            (sign.both, is_open & (then == 2)),
            (sign.closes & ~sign.second, then != 2),
            (sign.double, then == 1),
            (sign.final, then == 0),
        ):
            allowed &= ~kind | may
        return allowed & (now != 0)

    def _in_rhythm(self, tally) -> tf.Tensor:  # (B, V)
        """What keeps to the wished rhythm; a `|:` may stand before a bar."""
        item = tf.minimum(tally.followed, len(self.rhythm))
        is_bar = tf.gather(self._every.is_bar > 0, tally.last)
        is_bar |= tally.followed == 0
        wished = tf.gather(self._wished, item[:, 0])
        return wished | ((self._every.is_bar > 0) & is_bar)

    def _plays_at(self, section) -> tuple[tf.Tensor, tf.Tensor]:
        """How often this section plays and the next one; 0 behind the last."""
        plays = tf.constant([*self.plays, 0, 0], tf.int32)
        here = tf.minimum(section, len(self.plays))
        return tf.gather(plays, here), tf.gather(plays, here + 1)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            "bars": self.bars,
            "plays": self.plays,
            "rhythm": self.rhythm,
        }


def _columns(table, token) -> list[tf.Tensor]:  # (V, N), (B, 1) -> N (B, 1)
    """What stands in a table about a token, column by column."""
    row = tf.gather(table, token[:, 0])
    return tf.split(row, table.shape[1], axis=1)


def is_pitch(piece: str) -> bool:
    """Returns whether a token is a note.

    Example:

    >>> is_pitch("^f3/2"), is_pitch("z2"), is_pitch("|")
    (True, False, False)
    """
    return piece_length(piece) > 0 and piece[0] != "z"


def can_add_up(vocabulary: Vocabulary) -> bool:
    """Returns whether the tokens have lengths, and so rules can be kept.

    Example:

    >>> can_add_up(Vocabulary("AB|", level="character"))
    False
    """
    return vocabulary.level == "token"


def fillable(lengths: np.ndarray) -> np.ndarray:
    """Returns which ticks of a bar notes of these lengths can fill.

    Returns:
        `(LONGEST + 1,)` of bool.

    Example:

    >>> np.flatnonzero(fillable(np.array([0, 4, 6]))[:13]).tolist()
    [0, 4, 6, 8, 10, 12]
    """
    found = np.zeros(LONGEST + 1, bool)
    found[0] = True
    for ticks in range(1, LONGEST + 1):
        found[ticks] = any(
            found[ticks - n] for n in set(lengths.tolist()) if 0 < n <= ticks
        )
    return found


def short_lengths(lengths: np.ndarray) -> np.ndarray:
    """Returns the lengths that a note of a tuplet may have, each once.

    Example:

    >>> short_lengths(np.array([0, 48, 12, 96, 12])).tolist()
    [12, 48]
    """
    return np.unique(lengths[(lengths > 0) & (lengths <= 2 * TICKS)])


def in_rhythm(vocabulary: Vocabulary, rhythm: Sequence[str]) -> np.ndarray:
    """Returns which tokens each item of a rhythm allows.

    Returns:
        `(items + 1, V)` of bool; the last row, for what comes behind, is all
        True. An item that no token can write allows none.

    Example: a `d2` stands for any note of its length, a `|` for any bar line.

    >>> vocabulary = Vocabulary(["^f2", "a2", "z2", "|", ":|"])
    >>> in_rhythm(vocabulary, ["d2", "|"])[:, -5:].astype(int).tolist()
    [[1, 1, 0, 0, 0], [0, 0, 0, 1, 1], [1, 1, 1, 1, 1]]
    """
    found = np.zeros((len(rhythm) + 1, len(vocabulary)), bool)
    found[-1] = True
    for row, item in zip(found, rhythm, strict=False):
        length = piece_length(item) if is_pitch(item) else None
        for i, piece in enumerate(vocabulary.tokens, start=SPECIAL):
            if length is not None:
                row[i] = is_pitch(piece) and piece_length(piece) == length
            elif item == "|":
                row[i] = is_bar_line(piece)
            else:
                row[i] = piece == item
    return found


def signs(vocabulary: Vocabulary) -> Signs:
    """Returns what each token is to the rules, `(V,)` of bool each.

    Example:

    >>> found = signs(Vocabulary(["|", ":|2", "d3"]))
    >>> found.single[-3:].tolist(), found.second[-3:].tolist()
    ([True, False, False], [False, True, False])
    """
    size = len(vocabulary)
    found = Signs(*(np.zeros(size, bool) for _ in Signs._fields))
    found.end[END] = True
    names = {"|:": "opens", "||": "double", "|]": "final", "::": "both"}
    names |= {":|": "closes", "|": "single"}
    for i, piece in enumerate(vocabulary.tokens, start=SPECIAL):
        found.ends_line[i] = piece.endswith("\n")
        found.newline[i] = piece == "\n"
        found.tie[i] = piece == "-"
        found.tuplet[i] = len(piece) > 1 and piece[0] == "("
        if is_bar_line(piece):
            sign, numbers = split_bar(piece)
            getattr(found, names[sign])[i] = True
            kind = {"": None, "1": "first", "2": "second"}.get(numbers, "other")
            if kind:
                getattr(found, kind)[i] = True
    return found


def pitches(vocabulary: Vocabulary) -> np.ndarray:
    """Returns a number for each letter and octave, 0 for no note, `(V,)`.

    Example:

    >>> found = pitches(Vocabulary(["^d3", "d2", "D2", "|:"]))
    >>> one, other, octave, bar = found[-4:].tolist()
    >>> one == other, one == octave, bar
    (True, False, 0)
    """
    found = np.zeros(len(vocabulary), "int32")
    numbers: dict[str, int] = {}
    for i, piece in enumerate(vocabulary.tokens, start=SPECIAL):
        if is_pitch(piece):
            letter = piece.strip("^_=0123456789/")
            found[i] = numbers.setdefault(letter, len(numbers) + 1)
    return found


@keras.saving.register_keras_serializable(package="mitseq")
class AddsUp(TokenReader):
    """Which tokens may come next, read off the tokens so far.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        bars: Positive int: how many each section shall have; None for any.
        plays: 1 or 2 for each section: how often it shall be played; None for
            any number of sections.
        rhythm: How the tune shall begin, from `prompts.rhythm_of`.
        **kwargs: Passed to `keras.layers.RNN`.

    Call arguments:
        sequences: `(B, T)` of int, the ids.

    Returns:
        `(B, T, V)` int32: 1 where a token may follow, 0 where the bars of the
        tune could not add up any more.

    Raises:
        ValueError: if the level of the vocabulary is not "token".
    """

    def __init__(
        self,
        vocabulary: Vocabulary | dict,
        bars: int | None = None,
        plays: Sequence[int] | None = None,
        rhythm: Sequence[str] = (),
        **kwargs,
    ):
        cell = AddsUpCell(vocabulary, bars, plays, rhythm)
        super().__init__(cell, **kwargs)

    def get_config(self) -> dict:
        config = super().get_config()
        cell = config.pop("cell")["config"]
        names = ("vocabulary", "bars", "plays", "rhythm")
        return config | {name: cell[name] for name in names}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None):
        return cls(**config)


@keras.saving.register_keras_serializable(package="mitseq")
class Forbid(keras.layers.Layer):
    """Logits, those that are not allowed made impossible.

    Call arguments:
        inputs: Logits `(B, T, V)` and 1 or 0 `(B, T, V)`.

    Returns:
        Logits `(B, T, V)`.
    """

    acts_on_each_step = True

    def call(self, inputs):
        logits, allowed = inputs
        never = tf.constant(NEVER, logits.dtype)
        return tf.where(allowed > 0, logits, never)

    def compute_output_shape(self, input_shape):
        return input_shape[0]


def adding_up(
    model: keras.Model,
    vocabulary: Vocabulary,
    bars: int | None = None,
    plays: Sequence[int] | None = None,
    rhythm: Sequence[str] = (),
) -> keras.Model:
    """Returns a music model that gives only what can still add up.

    The weights are those of the model. For the same arguments it is the same
    one, so that its loop is compiled once.

    Args:
        model: A model of `build_music_model`.
        vocabulary: Its own, of level "token".
        bars: As for `AddsUp`.
        plays: As for `AddsUp`.
        rhythm: As for `AddsUp`.
    """
    known = _ruled.setdefault(model, {})
    wish = bars, None if plays is None else tuple(plays), tuple(rhythm)
    if wish not in known:
        allowed = AddsUp(vocabulary, *wish, name="adds_up")(model.input)
        logits = Forbid(name="forbid")([model.output, allowed])
        known[wish] = keras.Model(model.input, logits, name="adding_up")
    return known[wish]
