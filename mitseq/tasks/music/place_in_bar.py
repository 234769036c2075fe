"""The rules of the meter: what each token of a tune does to the place in it.

A musician counts: a note moves on in the bar, a bar line begins a new one, a
repeat sign remembers what the bar before it lacked. Each of these is a method
of `Place`, for B tunes at once. Read bar_position.py after.

Letters: B batch, V vocabulary. All tensors are `(B,)` of int32, flags are 0 or
1; lengths are in ticks.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from mitseq.text.vocabulary import SPECIAL, Vocabulary
from mitseq.tunes.notation import (
    is_bar_line,
    parse_meter,
    piece_length,
    tuplet_count,
)

TICKS = 24  # of one unit length L:, so that 1/8 of it and triplets are whole
LONGEST = 20 * TICKS  # longer bars are not told apart


class Meaning(NamedTuple):
    """What a token means to the meter; 0 where it is not of the kind."""

    length: tf.Tensor  # of a note or rest
    is_note: tf.Tensor  # has a length
    is_bar: tf.Tensor  # a bar line of any kind
    ends_section: tf.Tensor  # a bar line that begins a new section
    is_text: tf.Tensor  # of the music, not of the header
    notes: tf.Tensor  # of a tuplet that it opens; each lasts
    time: tf.Tensor  # ... so many
    of: tf.Tensor  # ... of so many parts of its length: 2 of 3 in a triplet
    meter: tf.Tensor  # in 1/64 of a whole note, where it sets one
    unit: tf.Tensor  # length, likewise
    opens_repeat: tf.Tensor  # ends in `:`
    closes_repeat: tf.Tensor  # begins with `:`


class BarEnd(NamedTuple):
    """Which tunes end a bar at this token, each `(B,)` of bool."""

    ends: tf.Tensor
    is_incomplete: tf.Tensor
    is_pickup: tf.Tensor


class Place(NamedTuple):
    """Where the tunes stand: the state, column by column."""

    position: tf.Tensor  # since the bar line
    left: tf.Tensor  # notes left in a tuplet; each lasts
    time: tf.Tensor  # ... so many
    of: tf.Tensor  # ... of so many parts of its length
    meter: tf.Tensor  # in 1/64 of a whole note
    unit: tf.Tensor  # length, likewise
    pickup: tf.Tensor  # the incomplete bar that opens the section
    short: tf.Tensor  # the last bar, if it was incomplete
    bars: tf.Tensor  # finished in this section
    is_open: tf.Tensor  # a `|:` waits for its `:|`
    has_bar: tf.Tensor  # a bar has ended since the repeat began
    owed: tf.Tensor  # the incomplete bar that the repeat began with

    @classmethod
    def unpack(cls, state: tf.Tensor) -> "Place":  # (B, 12)
        """Reads the state of a recurrence."""
        return cls(*tf.unstack(state, axis=1))

    def pack(self) -> tf.Tensor:  # (B, 12)
        """Returns the state of a recurrence."""
        return tf.stack(self, axis=1)

    @property
    def full(self) -> tf.Tensor:
        """What a whole bar holds, 0 while that is unknown."""
        ticks = TICKS * self.meter // tf.maximum(self.unit, 1)
        return tf.where(self.unit > 0, ticks, 0)

    def header(self, token: Meaning) -> "Place":
        """`M:` and `L:` hold until the next one, also inside a tune."""
        return self._replace(
            meter=tf.where(token.meter > 0, token.meter, self.meter),
            unit=tf.where(token.unit > 0, token.unit, self.unit),
        )

    def note(self, token: Meaning) -> "Place":
        """A note moves on by its length; in a tuplet, by a share of it."""
        inside = (self.left > 0) & (token.is_note > 0)
        shared = token.length * self.time // tf.maximum(self.of, 1)
        moved = self.position + tf.where(inside, shared, token.length)
        left = tf.where(inside, self.left - 1, self.left)
        opens = token.of > 0
        return self._replace(
            position=tf.minimum(moved, LONGEST),
            left=tf.where(opens, token.notes, left),
            time=tf.where(opens, token.time, self.time),
            of=tf.where(opens, token.of, self.of),
        )

    def bar_end(self, token: Meaning, full: tf.Tensor) -> BarEnd:
        """A bar line ends a bar that holds something.

        If that is less than a whole bar, it is the section's pickup where it
        comes first in it.
        """
        ends = (token.is_bar > 0) & (self.position > 0)
        incomplete = self.position < full
        is_first = (self.bars == 0) & (self.pickup == 0)
        return BarEnd(ends, incomplete, ends & incomplete & is_first)

    def repeat(self, token: Meaning, bar: BarEnd) -> "Place":
        """The bar before `:|` and the one after `|:` make one bar.

        So what the first bar of a repeat holds, if it is incomplete, is owed
        by the last one. A second ending keeps what its repeat owes.
        """
        is_owed = bar.ends & bar.is_incomplete & (self.has_bar == 0)
        owed = tf.where(is_owed, self.position, self.owed)
        has_bar = tf.where(bar.ends, 1, self.has_bar)
        is_open = tf.where(token.closes_repeat > 0, 0, self.is_open)
        is_over = (token.closes_repeat > 0) & (token.ends_section > 0)
        restarts = (token.opens_repeat > 0) | is_over
        return self._replace(
            is_open=tf.where(token.opens_repeat > 0, 1, is_open),
            has_bar=tf.where(restarts, 0, has_bar),
            owed=tf.where(restarts, 0, owed),
        )

    def bar_line(self, token: Meaning, bar: BarEnd) -> "Place":
        """A bar line begins a bar, a double one or a repeat sign a section.

        Bars are counted without the pickup. The pickup is forgotten with its
        section, unless this very line ends it.
        """
        section = token.ends_section > 0
        rest = tf.where(bar.is_incomplete, self.position, 0)
        pickup = tf.where(section, 0, self.pickup)
        bars = tf.where(bar.ends & ~bar.is_pickup, self.bars + 1, self.bars)
        return self._replace(
            position=tf.where(bar.ends, 0, self.position),
            left=tf.where(token.is_bar > 0, 0, self.left),
            pickup=tf.where(bar.is_pickup, self.position, pickup),
            short=tf.where(bar.ends, rest, self.short),
            bars=tf.where(section, 0, bars),
        )


def meanings(vocabulary: Vocabulary) -> np.ndarray:
    """Returns what each token means, `(V, 12)` of int32: rows of `Meaning`.

    Example:

    >>> row = meanings(Vocabulary(["d3/2"]))[-1]
    >>> Meaning(*row.tolist()).length / TICKS
    1.5
    """
    table = np.zeros((len(vocabulary), len(Meaning._fields)), "int32")
    for row, piece in enumerate(vocabulary.tokens, start=SPECIAL):
        length = piece_length(piece)
        bar = is_bar_line(piece)
        of, time, notes = tuplet_count(piece) or (0, 0, 0)
        field = piece[:2] if piece[1:2] == ":" and piece[0].isalpha() else ""
        fraction = None
        if field in ("M:", "L:"):
            fraction = parse_meter(piece[2:].strip())
        share = 0 if fraction is None else int(64 * fraction)
        table[row] = Meaning(
            length=round(TICKS * length),
            is_note=length > 0,
            is_bar=bar,
            ends_section=bar and (piece[-1] == ":" or piece in (":|", "||")),
            is_text=not field and piece != "\n",
            notes=notes,
            time=time,
            of=of,
            meter=share if field == "M:" else 0,
            unit=share if field == "L:" else 0,
            opens_repeat=bar and piece[-1] == ":",
            closes_repeat=bar and piece[0] == ":",
        )
    return table
