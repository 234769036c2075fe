"""The loop that writes: read the prompt, draw an id, feed it back, until END.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). The whole loop runs
in one compiled graph: Python is not asked again for each character. It works
for any model that `StepModel` can call step by step; the states of its layers
go round in the loop and the caller never sees them.

Read `step_model.py` and `sampling.py` before.
Letters: B batch, P longest prompt, L length of the result, V vocabulary.
"""

from __future__ import annotations

import dataclasses
import math
import weakref
from collections.abc import Iterable, Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.generation.sampling import sample
from mitseq.generation.step_model import StepModel

FREE = -1  # in a prompt: the model chooses
CHUNK = 128  # ids of a piece; a new piece costs the time of a few steps

# One loop for each model, for as long as the model lives.
_loops: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def generate(
    model: keras.Model,
    prompt_ids: Sequence[Sequence[int]] | np.ndarray | None = None,
    *,
    max_length: int,
    end_id: int | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    banned_ids: Iterable[int] = (),
    stream: bool = False,
    chunk: int = CHUNK,
    return_state: bool = False,
    state: GenerationState | None = None,
) -> tuple | Pieces:
    """Continues each prompt with ids drawn from the model.

    Args:
        model: Functional or Sequential model, ids `(B, T)` to logits
            `(B, T, V)`, as `fit` trained it.
        prompt_ids: `(B, P)` array of int, or one list of ints for each row;
            rows may differ in length. Every row starts with at least one id.
            `FREE` (-1) marks an id that the model is to choose, after the
            prompt (as padding) or within it. With `state`: what to read next,
            if anything, a row for each row of the state.
        max_length: Positive int, the most ids a row of the result may have,
            its prompt included.
        end_id: The id that ends a row, or None: all rows get `max_length` ids
            (with `state`: the id that ended rows before).
        temperature: Number >= 0; at 0 the likeliest id is taken.
        top_k: Draw from the k likeliest ids only, or None.
        top_p: Draw from the likeliest ids that together have probability p
            only, or None.
        seed: Int; the same seed and arguments give the same ids on the same
            machine. None draws a new one, or keeps that of `state`.
        banned_ids: Ids that are never drawn (a prompt may hold them).
        stream: Return an iterator over pieces of the result, each computed
            when it is asked for, instead of the whole.
        chunk: Positive int, how many ids of a row make a piece. The larger,
            the faster: each piece costs the time of a few steps on top.
        return_state: Return the state too, to go on later.
        state: A state that was returned, to go on where it stands. The result
            holds only what is new. The same text comes out as from one longer
            call with the same arguments.

    Returns:
        `ids` `(B, L)` int32, prompts included, and `lengths` `(B,)` int32.
        Row b is `ids[b, :lengths[b]]`, with its `end_id` if it came to one;
        behind that stands `end_id`. With `return_state` a third, the
        `GenerationState`. With `stream` a `Pieces`: arrays `(B, n)` that, side
        by side, are `ids`; it has `lengths` and `state` as attributes.

    Raises:
        MitseqError: if an argument does not fit, or the model has a layer that
            cannot be called step by step.

    Example:

    >>> import keras
    >>> ids = keras.Input((None,), dtype="int32")  # the next id is id + 1
    >>> shift = keras.initializers.Constant(np.eye(10, k=1))
    >>> embedding = keras.layers.Embedding(10, 10, shift)
    >>> model = keras.Model(ids, embedding(ids))
    >>> ids, lengths, state = generate(
    ...     model,
    ...     [[5], [1, 2]],
    ...     max_length=5,
    ...     end_id=8,
    ...     temperature=0,
    ...     return_state=True,
    ... )
    >>> ids
    array([[5, 6, 7, 8, 8],
           [1, 2, 3, 4, 5]], dtype=int32)
    >>> lengths
    array([4, 5], dtype=int32)
    >>> for piece in generate(
    ...     model,
    ...     max_length=9,
    ...     end_id=8,
    ...     temperature=0,
    ...     state=state,
    ...     stream=True,
    ...     chunk=2,
    ... ):
    ...     print(piece[1])
    [6 7]
    [8]
    """
    if model not in _loops:
        _loops[model] = Loop(StepModel(model))
    loop = _loops[model]
    if state is not None:
        if not isinstance(state, GenerationState):
            raise MitseqError(
                "`state` must be what `generate` returned with "
                f"`return_state=True`. Received: state={state!r}."
            )
        seed = state.seed if seed is None else seed
        end_id = state.end_id if end_id is None else end_id
    settings = Settings.of(
        loop.vocab_size, end_id, temperature, top_k, top_p, seed, banned_ids
    )
    if not _is_int(chunk) or chunk < 1:
        raise MitseqError(
            f"`chunk` must be a positive int. Received: chunk={chunk!r}."
        )
    if state is None:
        prompt = _check_prompt(
            () if prompt_ids is None else prompt_ids,
            loop.vocab_size,
            max_length,
        )
        state = GenerationState.before(loop, prompt, max_length)
        head = prompt[:, :1]
    else:
        state = state.going_on(loop, prompt_ids, max_length)
        head = np.zeros((state.batch_size, 0), np.int32)
    state = dataclasses.replace(state, seed=settings.seed, end_id=end_id)
    pieces = Pieces(loop, settings, state, head, max_length, chunk)
    if stream:
        return pieces
    pieces.chunk = max_length
    ids = np.concatenate([*pieces, head[:, :0]], axis=1)
    result = ids, pieces.lengths
    return (*result, pieces.state) if return_state else result


class Pieces:
    """What `generate` writes, piece by piece; made by `stream=True`.

    Args:
        loop: `Loop` of the model.
        settings: How to draw.
        state: Where to start.
        head: `(B, 0 or 1)`, ids that are given before the first step.
        max_length: The most ids of a row.
        chunk: Ids of a piece.

    Attributes:
        lengths: `(B,)` int32, how long each row is by now.
        state: `GenerationState` by now: one may leave the iteration at any
            piece and go on from here.
    """

    def __init__(self, loop, settings, state, head, max_length, chunk):
        self.state = state
        self.chunk = chunk
        self.lengths = np.full(len(head), head.shape[1], np.int32)
        self._loop = loop
        self._settings = settings
        self._head = head
        self._left = max_length - head.shape[1]
        self._packed = loop.pack()

    def __iter__(self) -> Pieces:
        return self

    def __next__(self) -> np.ndarray:
        head, self._head = self._head, self._head[:, :0]
        written = [head] if head.size else []
        room = min(self.chunk - head.shape[1], self._left)
        while room > 0 and len(self.state.rows):
            ids = self._advance(room)
            written.append(ids)
            room -= ids.shape[1]
            self._left -= ids.shape[1]
        if not written:
            raise StopIteration
        return np.concatenate(written, axis=1)

    def _advance(self, room):
        rows, carry = self.state.rows, self.state.carry
        # Rows that have ended cost as much as the others, so as soon as half
        # of them have, the loop goes on with the rest.
        leave_at = len(rows) // 2
        written, ended_at, carry = self._loop.advance(
            carry, self._packed, room, self._settings, leave_at
        )
        n = written.shape[1]
        ids = np.full((self.state.batch_size, n), self._settings.end_id)
        ids[rows] = written
        self.lengths[rows] += np.minimum(ended_at + 1, n)
        alive = ended_at >= n
        if alive.sum() <= leave_at:
            rows, carry = rows[alive], carry.keep(alive)
        self.state = dataclasses.replace(self.state, rows=rows, carry=carry)
        return ids.astype(np.int32)


@dataclasses.dataclass(frozen=True)
class GenerationState:
    """Where `generate` stands: what it needs to go on, for the same model.

    It holds no weights: a model that was trained meanwhile goes on with what it
    has learned.
    """

    carry: Carry
    rows: np.ndarray  # the rows that the carry is about: not yet ended
    batch_size: int
    room: int  # the steps that the states of the layers were made for
    seed: int | None = None
    end_id: int | None = None

    @classmethod
    def before(
        cls, loop: Loop, prompt: np.ndarray, max_length: int
    ) -> GenerationState:
        """Returns the state before the first step."""
        B = len(prompt)
        carry = loop.start(prompt, num_steps=max_length - 1)
        return cls(carry, np.arange(B), B, max_length - 1)

    def going_on(
        self, loop: Loop, prompt_ids, max_length: int
    ) -> GenerationState:
        """Checks that `max_length` more ids can follow; adds the prompt."""
        specs = loop.state_specs
        fits = len(specs) == len(self.carry.states) and all(
            spec.is_compatible_with(state)
            for spec, state in zip(specs, self.carry.states, strict=True)
        )
        if not fits:
            raise MitseqError(
                "`state` must be of the same model. Received: states of shapes "
                f"{[tuple(x.shape) for x in self.carry.states]}, expected "
                f"{[tuple(x.shape) for x in specs]}."
            )
        rows = [[]] * self.batch_size
        if prompt_ids is not None:
            rows = [np.asarray(row).reshape(-1) for row in prompt_ids]
        if len(rows) != self.batch_size:
            raise MitseqError(
                f"`prompt_ids` must have a row for each of the "
                f"{self.batch_size} rows of `state`. Received: {len(rows)} "
                "rows."
            )
        last = np.zeros(self.batch_size, np.int32)
        last[self.rows] = self.carry.last.numpy()
        last = np.maximum(last, 0)  # of rows that have ended; never read
        rows = [[i, *row] for i, row in zip(last, rows, strict=True)]
        prompt = _check_prompt(rows, loop.vocab_size, max_length, given=1)
        room = int(self.carry.t) + max_length
        if loop.has_limited_states and room > self.room:
            raise MitseqError(
                "`max_length` is too large: the model's layers made room for "
                f"{self.room} steps when the first call began, and "
                f"{int(self.carry.t)} are taken. "
                f"Received: max_length={max_length}."
            )
        carry = dataclasses.replace(
            self.carry,
            begin=self.carry.t,
            prompt=tf.constant(prompt[self.rows]),
        )
        return dataclasses.replace(self, carry=carry)


@dataclasses.dataclass(frozen=True)
class Settings:
    """How to draw, checked, in the form that the graph takes."""

    end_id: int
    temperature: float
    top_k: int | None
    top_p: float | None
    seed: int
    banned: np.ndarray  # (V,) float32, -inf where an id must not be drawn

    @classmethod
    def of(
        cls,
        vocab_size: int,
        end_id: int | None,
        temperature: float,
        top_k: int | None,
        top_p: float | None,
        seed: int | None,
        banned_ids: Iterable[int],
    ) -> Settings:
        """Checks the arguments of `generate`; raises MitseqError."""
        if end_id is not None and not 0 <= end_id < vocab_size:
            raise MitseqError(
                f"`end_id` must be an id below {vocab_size} or None. "
                f"Received: end_id={end_id!r}."
            )
        check_sampling(temperature, top_k, top_p, seed)
        banned_ids = list(banned_ids)
        strange = [i for i in banned_ids if not 0 <= i < vocab_size]
        if strange:
            raise MitseqError(
                f"`banned_ids` must be ids below {vocab_size}. "
                f"Received: {strange[0]!r}."
            )
        banned = np.zeros(vocab_size, np.float32)
        banned[banned_ids] = -np.inf
        if np.isinf(banned).all():
            raise MitseqError(
                "`banned_ids` must leave at least one id. "
                f"Received: {vocab_size} ids, all there are."
            )
        return cls(
            end_id=-1 if end_id is None else int(end_id),
            temperature=float(temperature),
            top_k=top_k,
            top_p=top_p,
            seed=random_seed() if seed is None else int(seed),
            banned=banned,
        )


def check_sampling(
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    seed: int | None,
) -> None:
    """Raises MitseqError if one of the arguments cannot be used."""
    if not _is_number(temperature) or not 0 <= temperature < math.inf:
        raise MitseqError(
            "`temperature` must be a number of at least 0. "
            f"Received: temperature={temperature!r}."
        )
    if top_k is not None and (not _is_int(top_k) or top_k < 1):
        raise MitseqError(
            "`top_k` must be a positive int or None. "
            f"Received: top_k={top_k!r}."
        )
    if top_p is not None and (not _is_number(top_p) or not 0 < top_p <= 1):
        raise MitseqError(
            "`top_p` must be a number in (0, 1] or None. "
            f"Received: top_p={top_p!r}."
        )
    if seed is not None and (not _is_int(seed) or not -(2**63) <= seed < 2**63):
        raise MitseqError(
            "`seed` must be an int of 64 bits or None. "
            f"Received: seed={seed!r}."
        )


def random_seed() -> int:
    """Returns a new seed, short enough to be typed again."""
    return int(np.random.default_rng().integers(1, 10**6))


@dataclasses.dataclass
class Carry:
    """What goes round in the loop, between two calls of `advance`."""

    t: tf.Tensor  # () the position of `last`
    begin: tf.Tensor  # () the position of the prompt's first id
    last: tf.Tensor  # (B,) the id that will be read next
    has_ended: tf.Tensor  # (B,) bool
    prompt: tf.Tensor  # (B, P), FREE where the model chooses
    states: list[tf.Tensor]  # of the layers

    def keep(self, rows: np.ndarray) -> Carry:
        """Returns the carry of some of the rows; `rows` is `(B,)` of bool."""
        if rows.all():
            return self
        index = np.flatnonzero(rows)
        return Carry(
            self.t,
            self.begin,
            tf.gather(self.last, index),
            tf.gather(self.has_ended, index),
            tf.gather(self.prompt, index),
            [tf.gather(state, index) for state in self.states],
        )


class Loop:
    """The compiled loop of one model.

    `start` makes a carry, `advance` moves it on by many steps in one graph;
    `pack` makes the weights ready for many calls of `advance`.
    Batch, prompt length and number of steps are dynamic and the settings are
    tensors, so there is one trace a model, and one more when `top_k` or `top_p`
    is used.

    Args:
        step_model: `StepModel`.
    """

    def __init__(self, step_model: StepModel) -> None:
        self.step_model = step_model
        self.vocab_size = step_model.vocab_size
        self.trace_count = 0
        self.state_specs = self._state_specs()
        # whether a state, as a cache, has room for so many steps only
        self.has_limited_states = any(
            a.shape != b.shape
            for a, b in zip(
                step_model.initial_states(1, 1),
                step_model.initial_states(1, 2),
                strict=True,
            )
        )
        self._pack = tf.function(
            step_model.pack, input_signature=(), autograph=False
        )
        self._functions = {
            is_sorted: tf.function(
                lambda *args, is_sorted=is_sorted: self._advance(
                    is_sorted, *args
                ),
                input_signature=self._signature(),
                autograph=False,
            )
            for is_sorted in (False, True)
        }

    def start(self, prompt: np.ndarray, num_steps: int) -> Carry:
        """Returns the carry before the first step.

        Args:
            prompt: `(B, P)` of int; the first column has no `FREE`.
            num_steps: How many steps will be taken at most.
        """
        return Carry(
            t=tf.constant(0),
            begin=tf.constant(0),
            last=tf.constant(prompt[:, 0]),
            has_ended=tf.zeros(len(prompt), tf.bool),
            prompt=tf.constant(prompt),
            states=self.step_model.initial_states(len(prompt), num_steps),
        )

    def pack(self) -> list[tf.Tensor]:
        """Returns the weights for `advance`, as they are now."""
        return self._pack()

    def advance(
        self,
        carry: Carry,
        packed: list[tf.Tensor],
        num_steps: int,
        settings: Settings,
        leave_at: int = 0,
    ) -> tuple[np.ndarray, np.ndarray, Carry]:
        """Takes up to `num_steps` steps in one graph.

        Args:
            carry: From `start` or from an earlier `advance`.
            packed: From `pack`.
            num_steps: Positive int.
            settings: How to draw.
            leave_at: Stop early when no more than this many rows go on.

        Returns:
            The ids written, `(B, n)`; for each row the column of its `end_id`,
            n if it has none yet, -1 if it had one before; and the new carry.
        """
        is_sorted = settings.top_k is not None or settings.top_p is not None
        top_k = settings.top_k or self.vocab_size
        written, ended_at, t, last, *states = self._functions[is_sorted](
            carry.t,
            carry.begin,
            carry.last,
            carry.has_ended,
            carry.prompt,
            tf.constant(num_steps),
            tf.constant(leave_at),
            tf.constant(settings.end_id),
            tf.constant(settings.temperature),
            tf.constant(min(top_k, self.vocab_size)),
            tf.constant(settings.top_p or 1.0),
            tf.constant(settings.seed, tf.int64),
            tf.constant(settings.banned),
            *carry.states,
            *packed,
        )
        carry = Carry(
            t,
            carry.begin,
            last,
            ended_at < tf.shape(written)[1],
            carry.prompt,
            states,
        )
        return written.numpy(), ended_at.numpy(), carry

    def _state_specs(self):
        # A dimension of a state that depends on the batch or on the number of
        # steps differs between these two.
        few = self.step_model.initial_states(1, 1)
        more = self.step_model.initial_states(2, 2)
        specs = []
        for a, b in zip(few, more, strict=True):
            shape = [
                i if i == j else None
                for i, j in zip(a.shape, b.shape, strict=True)
            ]
            specs.append(tf.TensorSpec(shape, a.dtype))
        return specs

    def _signature(self):
        integer = tf.TensorSpec([], tf.int32)
        number = tf.TensorSpec([], tf.float32)
        return (
            integer,  # t
            integer,  # begin
            tf.TensorSpec([None], tf.int32),  # last
            tf.TensorSpec([None], tf.bool),  # has_ended
            tf.TensorSpec([None, None], tf.int32),  # prompt
            integer,  # num_steps
            integer,  # leave_at
            integer,  # end_id
            number,  # temperature
            integer,  # top_k
            number,  # top_p
            tf.TensorSpec([], tf.int64),  # seed
            tf.TensorSpec([self.vocab_size], tf.float32),  # banned
            *self.state_specs,
            *(tf.TensorSpec(w.shape, w.dtype) for w in self.pack()),
        )

    def _advance(
        self,
        is_sorted,
        t,
        begin,
        last,
        has_ended,
        prompt,
        num_steps,
        leave_at,
        end_id,
        temperature,
        top_k,
        top_p,
        seed,
        banned,
        *states_and_packed,
    ):
        self.trace_count += 1
        states = states_and_packed[: len(self.state_specs)]
        packed = list(states_and_packed[len(self.state_specs) :])
        P = tf.shape(prompt)[1]
        top_k, top_p = (top_k, top_p) if is_sorted else (None, None)

        def goes_on(i, last, ended_at, ids, *states):
            alive = tf.math.count_nonzero(ended_at == num_steps, dtype=tf.int32)
            return (i < num_steps) & (alive > leave_at)

        def step(i, last, ended_at, ids, *states):
            logits, states = self.step_model(last, list(states), packed)
            drawn = sample(
                logits + banned,
                temperature=temperature,
                top_k=top_k,
                top_p=top_p,
                seed=tf.stack([seed, tf.cast(t + i, tf.int64)]),
            )
            column = t + i + 1 - begin
            given = tf.gather(prompt, tf.minimum(column, P - 1), axis=1)
            is_given = (given != FREE) & (column < P)
            next_ids = tf.where(is_given, given, drawn)
            has_ended = ended_at < num_steps
            next_ids = tf.where(has_ended, end_id, next_ids)
            ends = ~has_ended & (next_ids == end_id)
            ended_at = tf.where(ends, i, ended_at)
            return i + 1, next_ids, ended_at, ids.write(i, next_ids), *states

        ids = tf.TensorArray(tf.int32, num_steps, element_shape=[None])
        ended_at = tf.where(has_ended, -1, num_steps)
        i, last, ended_at, ids, *states = tf.while_loop(
            goes_on,
            step,
            (tf.constant(0), last, ended_at, ids, *states),
            parallel_iterations=1,
        )
        written = tf.transpose(ids.gather(tf.range(i)))  # (i, B) -> (B, i)
        ended_at = tf.minimum(ended_at, i)
        return written, ended_at, t + i, last, *states


def _check_prompt(prompt_ids, vocab_size, max_length, given=0):
    # the first `given` ids of each row do not count: they are written already
    rows = [np.asarray(row).reshape(-1) for row in prompt_ids]
    if not rows or any(len(row) == 0 for row in rows):
        raise MitseqError(
            "`prompt_ids` must have at least one row and one id in each row. "
            f"Received: rows of lengths {[len(row) for row in rows]}."
        )
    longest = max(map(len, rows))
    if not _is_int(max_length) or max_length < max(1, longest - given):
        raise MitseqError(
            "`max_length` must be an int and not less than the longest prompt, "
            f"{longest - given}. Received: max_length={max_length!r}."
        )
    prompt = np.full((len(rows), longest), FREE, np.int32)
    for row, ids in zip(prompt, rows, strict=True):
        row[: len(ids)] = ids
    too_big = prompt[(prompt < FREE) | (prompt >= vocab_size)]
    if too_big.size:
        raise MitseqError(
            f"`prompt_ids` must be ids below {vocab_size}, or {FREE} where the "
            f"model chooses. Received: {too_big[0]}."
        )
    if (prompt[:, 0] == FREE).any():
        raise MitseqError(
            "`prompt_ids` must start with an id in every row. "
            f"Received: {FREE} (the model chooses) as the first."
        )
    return prompt


def _is_int(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_number(value):
    return _is_int(value) or isinstance(value, (float, np.floating))
