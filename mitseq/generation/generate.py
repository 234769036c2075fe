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

# One loop for each model, for as long as the model lives.
_loops: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def generate(
    model: keras.Model,
    prompt_ids: Sequence[Sequence[int]] | np.ndarray,
    *,
    max_length: int,
    end_id: int | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    banned_ids: Iterable[int] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """Continues each prompt with ids drawn from the model.

    Args:
        model: Functional or Sequential model, ids `(B, T)` to logits
            `(B, T, V)`, as `fit` trained it.
        prompt_ids: `(B, P)` array of int, or one list of ints for each row;
            rows may differ in length. Every row starts with at least one id.
            `FREE` (-1) marks an id that the model is to choose, after the
            prompt (as padding) or within it.
        max_length: Positive int, the most ids a row may have, its prompt
            included.
        end_id: The id that ends a row, or None: all rows get `max_length` ids.
        temperature: Number >= 0; at 0 the likeliest id is taken.
        top_k: Draw from the k likeliest ids only, or None.
        top_p: Draw from the likeliest ids that together have probability p
            only, or None.
        seed: Int; the same seed and arguments give the same ids on the same
            machine. None draws a new one.
        banned_ids: Ids that are never drawn (a prompt may hold them).

    Returns:
        `ids` `(B, L)` int32, prompts included, and `lengths` `(B,)` int32.
        Row b is `ids[b, :lengths[b]]`, with its `end_id` if it came to one;
        behind that stands `end_id`.

    Raises:
        MitseqError: if an argument does not fit, or the model has a layer that
            cannot be called step by step.

    Example:

    >>> import keras
    >>> ids = keras.Input((None,), dtype="int32")  # the next id is id + 1
    >>> shift = keras.initializers.Constant(np.eye(10, k=1))
    >>> embedding = keras.layers.Embedding(10, 10, shift)
    >>> model = keras.Model(ids, embedding(ids))
    >>> ids, lengths = generate(
    ...     model, [[5], [3, 4]], max_length=9, end_id=8, temperature=0
    ... )
    >>> ids
    array([[5, 6, 7, 8, 8, 8],
           [3, 4, 5, 6, 7, 8]], dtype=int32)
    >>> lengths
    array([4, 6], dtype=int32)
    """
    if model not in _loops:
        _loops[model] = Loop(StepModel(model))
    loop = _loops[model]
    settings = Settings.of(
        loop.vocab_size, end_id, temperature, top_k, top_p, seed, banned_ids
    )
    prompt = _check_prompt(prompt_ids, loop.vocab_size, max_length)
    B = len(prompt)

    ids = np.full((B, max_length), settings.end_id, np.int32)
    ids[:, 0] = prompt[:, 0]
    lengths = np.ones(B, np.int32)
    rows = np.arange(B)  # the rows that are still being written
    carry = loop.start(prompt, num_steps=max_length - 1)
    while len(rows) and carry.t + 1 < max_length:
        # Rows that have ended cost as much as the others, so as soon as half
        # of them have, the loop goes on with the rest.
        t = int(carry.t) + 1
        written, ended_at, carry = loop.advance(
            carry, max_length - t, settings, leave_at=len(rows) // 2
        )
        ids[rows, t : t + written.shape[1]] = written
        lengths[rows] = t + np.minimum(ended_at + 1, written.shape[1])
        alive = ended_at >= written.shape[1]
        rows, carry = rows[alive], carry.keep(alive)
    return ids[:, : lengths.max()], lengths


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
    """What the loop needs to go on: everything, so that a tune can go on."""

    t: tf.Tensor  # () the position of `last`
    last: tf.Tensor  # (B,) the id that will be read next
    prompt: tf.Tensor  # (B, P), FREE where the model chooses
    states: list[tf.Tensor]  # of the layers

    def keep(self, rows: np.ndarray) -> Carry:
        """Returns the carry of some of the rows; `rows` is `(B,)` of bool."""
        if rows.all():
            return self
        index = np.flatnonzero(rows)
        return Carry(
            self.t,
            tf.gather(self.last, index),
            tf.gather(self.prompt, index),
            [tf.gather(state, index) for state in self.states],
        )


class Loop:
    """The compiled loop of one model.

    `start` makes a carry, `advance` moves it on by many steps in one graph.
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
            last=tf.constant(prompt[:, 0]),
            prompt=tf.constant(prompt),
            states=self.step_model.initial_states(len(prompt), num_steps),
        )

    def advance(
        self,
        carry: Carry,
        num_steps: int,
        settings: Settings,
        leave_at: int = 0,
    ) -> tuple[np.ndarray, np.ndarray, Carry]:
        """Takes up to `num_steps` steps in one graph.

        Args:
            carry: From `start` or from an earlier `advance`.
            num_steps: Positive int.
            settings: How to draw.
            leave_at: Stop early when no more than this many rows go on.

        Returns:
            The ids written, `(B, n)`; for each row the column of its `end_id`,
            or n if it has none yet; and the new carry.
        """
        is_sorted = settings.top_k is not None or settings.top_p is not None
        top_k = settings.top_k or self.vocab_size
        written, ended_at, t, last, *states = self._functions[is_sorted](
            carry.t,
            carry.last,
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
        )
        carry = Carry(t, last, carry.prompt, states)
        return written.numpy(), ended_at.numpy(), carry

    def _signature(self):
        # A dimension of a state that depends on the batch or on the number of
        # steps differs between these two.
        few = self.step_model.initial_states(1, 1)
        more = self.step_model.initial_states(2, 2)
        states = []
        for a, b in zip(few, more, strict=True):
            shape = [
                i if i == j else None
                for i, j in zip(a.shape, b.shape, strict=True)
            ]
            states.append(tf.TensorSpec(shape, a.dtype))
        integer = tf.TensorSpec([], tf.int32)
        number = tf.TensorSpec([], tf.float32)
        return (
            integer,  # t
            tf.TensorSpec([None], tf.int32),  # last
            tf.TensorSpec([None, None], tf.int32),  # prompt
            integer,  # num_steps
            integer,  # leave_at
            integer,  # end_id
            number,  # temperature
            integer,  # top_k
            number,  # top_p
            tf.TensorSpec([], tf.int64),  # seed
            tf.TensorSpec([self.vocab_size], tf.float32),  # banned
            *states,
        )

    def _advance(
        self,
        is_sorted,
        t,
        last,
        prompt,
        num_steps,
        leave_at,
        end_id,
        temperature,
        top_k,
        top_p,
        seed,
        banned,
        *states,
    ):
        self.trace_count += 1
        P = tf.shape(prompt)[1]
        top_k, top_p = (top_k, top_p) if is_sorted else (None, None)

        def goes_on(i, last, ended_at, ids, *states):
            alive = tf.math.count_nonzero(ended_at == num_steps, dtype=tf.int32)
            return (i < num_steps) & (alive > leave_at)

        def step(i, last, ended_at, ids, *states):
            logits, states = self.step_model(last, list(states))
            drawn = sample(
                logits + banned,
                temperature=temperature,
                top_k=top_k,
                top_p=top_p,
                seed=tf.stack([seed, tf.cast(t + i, tf.int64)]),
            )
            given = tf.gather(prompt, tf.minimum(t + i + 1, P - 1), axis=1)
            is_given = (given != FREE) & (t + i + 1 < P)
            next_ids = tf.where(is_given, given, drawn)
            has_ended = ended_at < num_steps
            next_ids = tf.where(has_ended, end_id, next_ids)
            ends = ~has_ended & (next_ids == end_id)
            ended_at = tf.where(ends, i, ended_at)
            return i + 1, next_ids, ended_at, ids.write(i, next_ids), *states

        ids = tf.TensorArray(tf.int32, num_steps, element_shape=[None])
        ended_at = tf.fill(tf.shape(last), num_steps)
        i, last, ended_at, ids, *states = tf.while_loop(
            goes_on,
            step,
            (tf.constant(0), last, ended_at, ids, *states),
            parallel_iterations=1,
        )
        written = tf.transpose(ids.gather(tf.range(i)))  # (i, B) -> (B, i)
        ended_at = tf.minimum(ended_at, i)
        return written, ended_at, t + i, last, *states


def _check_prompt(prompt_ids, vocab_size, max_length):
    rows = [np.asarray(row).reshape(-1) for row in prompt_ids]
    if not rows or any(len(row) == 0 for row in rows):
        raise MitseqError(
            "`prompt_ids` must have at least one row and one id in each row. "
            f"Received: rows of lengths {[len(row) for row in rows]}."
        )
    if not _is_int(max_length) or max_length < max(map(len, rows)):
        raise MitseqError(
            "`max_length` must be an int and not less than the longest prompt, "
            f"{max(map(len, rows))}. Received: max_length={max_length!r}."
        )
    prompt = np.full((len(rows), max(map(len, rows))), FREE, np.int32)
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
