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
V vocabulary; lengths are in ticks.
"""

from __future__ import annotations

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.music.bar_position import TokenReader
from mitseq.tasks.music.place_in_bar import Meaning, Place, meanings
from mitseq.text.vocabulary import END, SPECIAL, START, Vocabulary
from mitseq.tunes.notation import is_bar_line, piece_length, split_bar

NEVER = -1e9  # of a logit: no temperature makes it likely
HEADER = 3  # lines of it


class Signs(NamedTuple):
    """What else a token is, besides its `Meaning`, each `(V,)` of int32."""

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
    pitch: np.ndarray  # a number for each letter and octave, 0 for no note


class Tally(NamedTuple):
    """What is counted besides the `Place`, each `(B,)` of int32."""

    lines: tf.Tensor  # of the header, read
    filled: tf.Tensor  # since the last bar was closed, over `||` and `:|`
    closed: tf.Tensor  # bars closed in the tune
    pickup: tf.Tensor  # of the tune
    ending: tf.Tensor  # 0 outside, 1 or 2
    tied: tf.Tensor  # the pitch that a tie waits for, 0 for none
    pitch: tf.Tensor  # of the last note, 0 after a rest
    last: tf.Tensor  # the last token
    section: tf.Tensor  # how many section ends were read
    bars: tf.Tensor  # whole bars of this section

    @classmethod
    def unpack(cls, state: tf.Tensor) -> Tally:
        return cls(*tf.unstack(state, axis=1))

    def pack(self) -> tf.Tensor:
        return tf.stack(self, axis=1)


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
        plays: tuple[int, ...] | None = None,
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
        self.state_size = [len(Place._fields), len(Tally._fields)]
        self.output_size = len(vocabulary)
        self._meanings = meanings(vocabulary)
        self._all = Meaning(*self._meanings.T)
        self._signs = signs(vocabulary)
        self._rows = np.stack(self._signs, axis=1)

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        return [
            tf.zeros([batch_size, size], tf.int32) for size in self.state_size
        ]

    def call(self, token, states):
        token = tf.cast(token[:, 0], tf.int32)  # (B,)
        is_start = (token == START)[:, None]
        old, tally = (tf.where(is_start, 0, state) for state in states)
        old, tally = Place.unpack(old), Tally.unpack(tally)
        meaning = Meaning(*tf.unstack(tf.gather(self._meanings, token), axis=1))
        sign = Signs(*tf.unstack(tf.gather(self._rows, token), axis=1))

        place = old.header(meaning).note(meaning)
        full = place.full
        bar = place.bar_end(meaning, full)
        moved = place.position - old.position
        place = place.repeat(meaning, bar).bar_line(meaning, bar)
        tally = self._count(tally, token, meaning, sign, moved, full)
        allowed = self._allowed(place, tally, full)
        states = [place.pack(), tally.pack()]
        return tf.cast(allowed, tf.int32), states

    def _count(self, tally, token, meaning, sign, moved, full) -> Tally:
        in_body = tally.lines >= HEADER
        is_bar = (meaning.is_bar > 0) & in_body
        filled = tally.filled + moved
        # A repeat or a double bar may stand inside a bar.
        ends = is_bar & (
            (sign.single > 0) | (filled >= full) | (tally.closed == 0)
        )
        holds = ends & (filled > 0)
        is_pickup = holds & (tally.closed == 0) & (filled < full)
        is_note = (meaning.is_note > 0) & in_body
        over = is_bar & (meaning.ends_section > 0)
        ending = tf.where(sign.first > 0, 1, tally.ending)
        ending = tf.where(sign.second > 0, 2, ending)
        # Bars of a section: what a `|` or the section's end completes. What
        # a repeat or a double bar cuts off is completed by the next pickup.
        whole = is_bar & (filled > 0) & ~is_pickup & (sign.second == 0)
        whole &= (sign.single > 0) | over | (sign.final > 0)
        begun = whole & (tally.bars == 0) & (moved == 0)
        carried = tally.filled - moved
        del begun, carried
        bars = tf.where(whole, tally.bars + 1, tally.bars)
        return Tally(
            lines=tally.lines + sign.ends_line,
            filled=tf.where(
                ends | (is_bar & (sign.second > 0)) | ~in_body, 0, filled
            ),
            closed=tally.closed + tf.cast(holds, tf.int32),
            pickup=tf.where(is_pickup, filled, tally.pickup),
            ending=tf.where(over, 0, ending),
            tied=tf.where(
                is_note, 0, tf.where(sign.tie > 0, tally.pitch, tally.tied)
            ),
            pitch=tf.where(is_note, sign.pitch, tally.pitch),
            last=token,
            section=tally.section + tf.cast(over, tf.int32),
            bars=tf.where(over, 0, bars),
        )

    def _allowed(self, place, tally, full) -> tf.Tensor:  # (B, V)
        """Which token may come next."""

        def column(value):
            return value[:, None]

        every, sign = self._all, self._signs
        last = Signs(*tf.unstack(tf.gather(self._rows, tally.last), axis=1))
        after_bar = tf.gather(self._all.is_bar, tally.last) > 0
        room = full - tally.filled
        in_tuplet = place.left > 0
        is_full = room == 0
        is_open = place.is_open > 0
        tied = tally.tied > 0

        # Notes: into what is left of the bar, in a tuplet with those to come.
        length = every.length[None]
        shared = length * column(place.time) // column(tf.maximum(place.of, 1))
        needed = tf.where(
            column(in_tuplet), shared * column(place.left), length
        )
        notes = (every.is_note > 0)[None] & (needed <= column(room))
        wanted = sign.pitch[None] == column(tally.tied)
        notes &= column(~tied) | wanted
        # `|` closes a full bar; the first of the tune may be a pickup.
        first = (tally.closed == 0) & (tally.filled > 0)
        can_end = is_full | first
        plain = (sign.single > 0) & (sign.first + sign.other == 0)
        bars = plain[None] & column(can_end & ~in_tuplet)
        if 1 in self._signs.first:
            ending = is_full & is_open & (tally.ending == 0) & (tally.closed > 0)
            bars |= (sign.first * sign.single > 0)[None] & column(
                ending & ~in_tuplet
            )
        # The bar before `:|` and the one behind `|:` make one bar.
        meets = tally.filled + place.owed == full
        back = meets & is_open & (place.has_bar > 0)
        back_plain = back & (tally.ending == 0)
        shut = ((sign.closes + sign.both) > 0) & (sign.second + sign.other == 0)
        repeats = shut[None] & column(back_plain)
        again = (sign.closes * sign.second > 0)[None]
        repeats |= again & column(back & (tally.ending == 1))
        # A section that is not repeated ends where its pickup fits.
        fits = is_full | (tally.filled + tally.pickup == full)
        fits &= (tally.closed > 0) & ~is_open
        plain_ends = ((sign.double + sign.final) > 0) & (sign.second == 0)
        plain_ends &= (sign.first + sign.other) == 0
        ends = plain_ends[None] & column(fits)
        begins = (fits | (tally.closed == 0)) & ~is_open
        opens = (sign.opens > 0)[None] & column(begins)
        inside = opens | ends | repeats
        inside &= column(~in_tuplet & ~tied & ~after_bar)
        bars &= column(~after_bar)
        # `|:` may follow another sign: `||` `|:`
        fresh = ((last.closes + last.double) > 0) | (tally.closed == 0)
        inside |= opens & column(after_bar & fresh & ~tied & (last.opens == 0))

        can_tie = (tally.pitch > 0) & ~tied & ~after_bar & (last.tie == 0)
        can_tie &= (last.tuplet == 0) & (room > 0) | is_full
        can_tie &= (tally.pitch > 0) & ~tied & ~after_bar
        signs_ = (sign.tie > 0)[None] & column(can_tie & ~in_tuplet)
        can_tuple = ~in_tuplet & (room > 0)
        signs_ |= (sign.tuplet > 0)[None] & column(can_tuple & ~tied)
        done = ((last.final + last.closes) > 0) & ~is_open & ~tied
        done &= (last.second == 0) & (tally.closed > 0)
        newline = (sign.newline > 0)[None] & column(done)
        allowed = notes | bars | inside | signs_ | newline

        over = (last.newline > 0) & (tally.lines > HEADER)
        allowed &= column((last.final == 0) & ~over)
        allowed |= newline & column(~over)
        allowed |= (sign.end > 0)[None] & column(over)
        # The header is the model's own, and so is what no rule foresaw.
        free = (tally.lines < HEADER) | (full <= 0)
        free |= ~tf.reduce_any(allowed, axis=1)
        return allowed | column(free)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            "bars": self.bars,
            "plays": self.plays,
        }


def signs(vocabulary: Vocabulary) -> Signs:
    """Returns what each token is to the rules, `(V,)` of int32 each.

    Example:

    >>> found = signs(Vocabulary(["|", ":|2", "d3"]))
    >>> found.single[-3:].tolist(), found.second[-3:].tolist()
    ([1, 0, 0], [0, 1, 0])
    """
    size = len(vocabulary)
    found = Signs(*(np.zeros(size, "int32") for _ in Signs._fields))
    pitches: dict[str, int] = {}
    found.end[END] = 1
    names = {"|:": "opens", "||": "double", "|]": "final", "::": "both"}
    names |= {":|": "closes", "|": "single"}
    for i, piece in enumerate(vocabulary.tokens, start=SPECIAL):
        found.ends_line[i] = piece.endswith("\n")
        found.newline[i] = piece == "\n"
        found.tie[i] = piece == "-"
        found.tuplet[i] = len(piece) > 1 and piece[0] == "("
        if is_bar_line(piece):
            sign, numbers = split_bar(piece)
            getattr(found, names[sign])[i] = 1
            kind = {"": None, "1": "first", "2": "second"}.get(numbers, "other")
            if kind:
                getattr(found, kind)[i] = 1
        elif piece_length(piece) and piece[0] != "z":
            letter = piece.strip("^_=0123456789/")
            found.pitch[i] = pitches.setdefault(letter, len(pitches) + 1)
    return found


@keras.saving.register_keras_serializable(package="mitseq")
class AddsUp(TokenReader):
    """Which tokens may come next, read off the tokens so far.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        **kwargs: Passed to `keras.layers.RNN`.

    Call arguments:
        sequences: `(B, T)` of int, the ids.

    Returns:
        `(B, T, V)` int32: 1 where a token may follow, 0 where the bars of the
        tune could not add up any more.

    Raises:
        ValueError: if the level of the vocabulary is not "token".
    """

    def __init__(self, vocabulary: Vocabulary | dict, **kwargs):
        super().__init__(AddsUpCell(vocabulary), **kwargs)

    def get_config(self) -> dict:
        config = super().get_config()
        cell = config.pop("cell")["config"]
        return config | {"vocabulary": cell["vocabulary"]}

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

    def call(self, inputs):
        logits, allowed = inputs
        never = tf.constant(NEVER, logits.dtype)
        return tf.where(allowed > 0, logits, never)

    def compute_output_shape(self, input_shape):
        return input_shape[0]


def adding_up(model: keras.Model, vocabulary: Vocabulary) -> keras.Model:
    """Returns a music model that gives only what can still add up.

    The weights are those of the model.

    Args:
        model: A model of `build_music_model`.
        vocabulary: Its own, of level "token".
    """
    allowed = AddsUp(vocabulary, name="adds_up")(model.input)
    logits = Forbid(name="forbid")([model.output, allowed])
    return keras.Model(model.input, logits, name="adding_up")
