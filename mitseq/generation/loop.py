"""The compiled loop: draw an id, feed it back, until the end.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). Many steps run in
one graph: Python is asked again after `SEGMENT` of them, not after each. The
states of the layers go round in the loop.

The graph is run by TensorFlow as it is, or, where that pays, translated by XLA
as a whole. TensorFlow takes a microsecond or two to start each small operation
of a step; XLA has no such cost, but it translates anew for every shape. So it
is taken for long texts, if the batch is one row, where starting takes longer
than computing, or if the model keeps a cache, which XLA writes in place.

A layer that keeps a cache of the steps read (attention) makes room for so many
steps, and each step pays for the whole room. A text of up to `FIRST_ROOM` steps
gets room for all of them at once, so that no step costs more than another; a
longer one begins there and doubles its room when that is full. Rooms are whole
multiples of `ROOM_STEP`, so that the number of shapes stays small.

Read `step_model.py` and `segment.py`, the graph, before; `streaming.py` after.
Letters: B batch, V vocabulary.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import math
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.generation.arguments import FREE, Settings
from mitseq.generation.segment import Order, run_segment
from mitseq.generation.step_model import StepModel

SEGMENT = 512  # steps in one run of the graph, at most
FIRST_ROOM = 1024  # steps for which a cache has room at first, at most
ROOM_STEP = 256  # a room is a multiple of it, under XLA
LONG = 256  # steps from which on XLA may pay

_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Carry:
    """What goes round in the loop, between two calls of `advance`."""

    t: int  # the position of `last`
    last: tf.Tensor  # (B,) the id that will be read next
    has_ended: tf.Tensor  # (B,) bool
    states: list[tf.Tensor]  # of the layers
    room: int  # the steps for which the states have room
    end: int  # the steps that are asked for
    uses_xla: bool

    def take(self, rows: np.ndarray) -> Carry:
        """Returns the carry of some of the rows, given by number."""
        return dataclasses.replace(
            self,
            last=tf.gather(self.last, rows),
            has_ended=tf.gather(self.has_ended, rows),
            states=[tf.gather(state, rows) for state in self.states],
        )


class Loop:
    """The compiled loop of one model.

    `start` makes a carry, `advance` moves it on by many steps in one graph;
    `pack` makes the weights ready for many calls of `advance`.
    Batch and number of steps are dynamic and the settings are tensors, so there
    is one trace a model, one more when `top_k` or `top_p` is used, and as many
    for XLA. XLA translates a trace for each batch size and, if the model keeps
    a cache, each of its sizes.
    """

    def __init__(
        self, step_model: StepModel, first_room: int | None = None
    ) -> None:
        self.step_model = step_model
        self.vocab_size = step_model.vocab_size
        self.trace_count = 0
        self.segment = SEGMENT
        self.first_room = first_room or FIRST_ROOM
        self.state_specs = step_model.state_specs()
        # axis 0 is the batch; another one that is not fixed is a cache's
        self.has_cache = any(
            None in spec.shape[1:].as_list()
            for spec in step_model.layer_specs()
        )
        self._xla_failed = False
        self.pack = tf.function(
            step_model.pack, input_signature=(), autograph=False
        )
        specs = (
            Order.specs(self.segment, self.vocab_size),
            self.state_specs,
            [tf.TensorSpec(w.shape, w.dtype) for w in self.pack()],
        )
        self._functions = {
            (is_sorted, uses_xla): tf.function(
                functools.partial(self._segment, is_sorted),
                input_signature=specs,
                autograph=False,
                jit_compile=uses_xla,
            )
            for is_sorted in (False, True)
            for uses_xla in (False, True)
        }

    def _segment(self, is_sorted, order, states, packed):
        self.trace_count += 1
        return run_segment(self.step_model, is_sorted, order, states, packed)

    def start(
        self,
        first_ids: np.ndarray,
        num_steps: int,
        context: Sequence[tf.Tensor] = (),
    ) -> Carry:
        """Returns the carry before the first of at most `num_steps` steps.

        `first_ids` `(B,)` are the ids that the rows begin with, `context` what
        the model's inputs after the first are.

        Raises:
            MitseqError: if a layer cannot take so many steps.
        """
        B = len(first_ids)
        self._check_reach(num_steps)
        is_long = num_steps >= LONG
        carry = Carry(
            t=0,
            last=tf.constant(first_ids),
            has_ended=tf.zeros(B, tf.bool),
            states=[],
            room=0,
            end=num_steps,
            uses_xla=is_long and (self.has_cache or B == 1),
        )
        room = self._room(carry)
        states = self._initial_states(B, room, context)
        return dataclasses.replace(carry, room=room, states=states)

    def extend(self, carry: Carry, num_steps: int) -> Carry:
        """Returns the carry, with `num_steps` more to be taken at most."""
        end = carry.t + num_steps
        self._check_reach(end)
        return dataclasses.replace(carry, end=end)

    def advance(
        self,
        carry: Carry,
        packed: list[tf.Tensor],
        given: np.ndarray,
        settings: Settings,
        leave_at: int = 0,
    ) -> tuple[np.ndarray, np.ndarray, Carry]:
        """Returns what some steps write, taken in one graph.

        Args:
            carry: From `start` or from an earlier `advance`.
            packed: From `pack`.
            given: `(B, n)` of int, what is to be written by the next n steps
                at most: ids, or `FREE` where the model chooses. n >= 1.
            settings: How to draw.
            leave_at: Stop early when no more than this many rows go on.

        Returns:
            The ids written, `(B, m)`, 1 <= m <= n; for each row the column of
            its `end_id`, m if it has none yet, -1 if it had one before; and the
            new carry.
        """
        if self.has_cache and carry.t >= carry.room:
            carry = self._grow(carry)
        num_steps = min(given.shape[1], self.segment)
        if self.has_cache:
            num_steps = min(num_steps, carry.room - carry.t)
        asked = np.full((self.segment, len(given)), FREE, np.int32)
        asked[:num_steps] = given[:, :num_steps].T
        top_k = settings.top_k or self.vocab_size
        order = Order(
            t=tf.constant(carry.t),
            last=carry.last,
            has_ended=carry.has_ended,
            given=tf.constant(asked),
            num_steps=tf.constant(num_steps),
            leave_at=tf.constant(leave_at),
            end_id=tf.constant(settings.end_id),
            temperature=tf.constant(settings.temperature),
            top_k=tf.constant(min(top_k, self.vocab_size)),
            top_p=tf.constant(settings.top_p or 1.0),
            seed=tf.constant(settings.seed, tf.int64),
            banned=tf.constant(settings.banned),
        )
        is_sorted = settings.top_k is not None or settings.top_p is not None
        m, ids, ended_at, last, *states = self._run(
            is_sorted, carry.uses_xla, (order, carry.states, packed)
        )
        m = int(m)
        carry = dataclasses.replace(
            carry,
            t=carry.t + m,
            last=last,
            has_ended=ended_at < m,
            states=states,
        )
        return ids.numpy()[:m].T, ended_at.numpy(), carry

    def _run(self, is_sorted, uses_xla, arguments):
        if uses_xla and not self._xla_failed:
            try:
                return self._functions[is_sorted, True](*arguments)
            except (
                tf.errors.InvalidArgumentError,
                tf.errors.UnimplementedError,
                tf.errors.InternalError,
            ) as error:
                self._xla_failed = True
                reason = str(error).strip().splitlines()[0]
                _log.info("generate runs without XLA: %s", reason)
        return self._functions[is_sorted, False](*arguments)

    def _initial_states(self, batch_size, room, context=()):
        states = self.step_model.initial_states(batch_size, room, context)
        return [tf.convert_to_tensor(state) for state in states]

    def _check_reach(self, num_steps):
        """A layer may say that it cannot take so many steps."""
        try:
            self.step_model.initial_states(1, num_steps)
        except MitseqError as error:
            raise MitseqError(
                f"`max_length` is too large for the model: {error}"
            ) from None

    def _room(self, carry):
        room = self.first_room
        while room <= carry.t:
            room *= 2
        if room <= carry.end:
            return room
        if not carry.uses_xla:  # each size is as good as another
            return carry.end
        room = min(room, math.ceil(carry.end / ROOM_STEP) * ROOM_STEP)
        try:
            self.step_model.initial_states(1, room)
        except MitseqError:  # more than a layer can take
            return carry.end
        return room

    def _grow(self, carry):
        """Makes more room: what is in the caches stays at their beginning."""
        room = self._room(carry)
        larger = self._initial_states(len(carry.last), room)
        context = carry.states[len(larger) :]
        states = []
        for old, new in zip(carry.states, larger, strict=False):
            padding = [
                (0, int(n) - int(m))
                for m, n in zip(old.shape, new.shape, strict=True)
            ]
            states.append(tf.pad(old, padding) if np.any(padding) else old)
        states += context
        return dataclasses.replace(carry, room=room, states=states)
