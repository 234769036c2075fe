r"""Beam search: the likeliest sequence, as far as a few hypotheses tell.

Notes: "Machine Translation" (docs/slides.md#translation). The likeliest next
id at every step (greedy) may lead to a sequence that is not the likeliest. A
beam keeps the K likeliest beginnings. At each step every one of them is
continued by every id, and the K best of all go on. What ends is put aside with
its score; a row is over when nothing that goes on can beat what was put aside.

    score = sum over t of log p(y_t | y_<t, context)
    rank  = score / length^penalty

The loop is a compiled graph. Read `step_model.py` before.
Letters: B batch, K beams, L length of the result, V vocabulary.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mitseq.arguments import check_count, check_model, is_number, wrong
from mitseq.errors import MitseqError
from mitseq.generation.arguments import MOST_LENGTH, Settings, ids_of
from mitseq.generation.generate import loop_of
from mitseq.generation.step_model import StepModel

MOST_BEAMS = 2**12
NEVER = -1e30  # the score of what cannot be; minus infinity would make NaN

# One compiled search for each model, for as long as the model lives.
_searches: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def beam_search(
    model: keras.Model,
    first_ids: Sequence[int] | np.ndarray,
    *,
    beams: int,
    max_length: int,
    end_id: int,
    length_penalty: float = 1.0,
    banned_ids: Iterable[int] = (),
    context: Sequence[np.ndarray] = (),
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the best sequences that a beam finds, best first.

    Notes: "Machine Translation" (docs/slides.md#translation).

    Args:
        model: As for `mitseq.generate`: ids `(B, T)` to logits `(B, T, V)`,
            perhaps with a context.
        first_ids: `(B,)`, the id that each row begins with.
        beams: Positive int, K; 1 is greedy, up to the end.
        max_length: The most ids of a row, its first included.
        end_id: The id that ends a sequence.
        length_penalty: Number >= 0: a score is divided by the length (the ids
            after the first, `end_id` included) to this power. At 0 short
            sequences are favored, at 1 the mean of the words counts.
        banned_ids: Ids that are never written.
        context: The model's inputs after the first, a row for each row.

    Returns:
        `ids` `(B, K, L)` int32, each beginning with its first id, `end_id`
        behind its end; `lengths` `(B, K)`; and `ranks` `(B, K)` float32, by
        which they are sorted. A row without K different sequences has ranks of
        minus infinity for the rest. A sequence that came to no end within
        `max_length` stands behind those that did.

    Raises:
        MitseqError: if an argument does not fit.

    Example: "2" is the likeliest first id, but "1" leads further.

    >>> ids = keras.Input((None,), dtype="int32")
    >>> next_p = [[0.0, 0.4, 0.6, 0.0], [0.0, 0.0, 0.0, 1.0]]
    >>> next_p += [[0.0, 0.4, 0.3, 0.3], [0.0, 0.0, 0.0, 1.0]]
    >>> table = keras.initializers.Constant(np.log(np.array(next_p) + 1e-9))
    >>> model = keras.Model(ids, keras.layers.Embedding(4, 4, table)(ids))
    >>> for beams in (1, 2):
    ...     ids, lengths, ranks = beam_search(
    ...         model,
    ...         [0],
    ...         beams=beams,
    ...         max_length=5,
    ...         end_id=3,
    ...         length_penalty=0,
    ...     )
    ...     print(ids[0, 0, : lengths[0, 0]])
    [0 2 1 3]
    [0 1 3]

    Reference: Wu et al., 2016, section 7, for the search with a penalty.
    """
    check_model(model)
    step_model = loop_of(model).step_model
    first = ids_of(first_ids, "first_ids").reshape(-1)
    V = step_model.vocab_size
    check_count(most=MOST_BEAMS, beams=beams)
    check_count(2, MOST_LENGTH, max_length=max_length)
    check_penalty(length_penalty)
    if end_id is None:
        raise wrong("end_id", f"be an id below {V}", end_id)
    if not len(first) or first.min() < 0 or first.max() >= V:
        raise MitseqError(
            f"`first_ids` must be ids below {V}, at least one. "
            f"Received: {first.tolist()[:5]}."
        )
    settings = Settings.of(V, end_id, 0, None, None, 0, banned_ids)
    step_model.check_context(context, len(first))
    if model not in _searches:
        _searches[model] = _Search(step_model)
    ids, lengths, ranks = _searches[model](
        first, beams, max_length, settings, float(length_penalty), context
    )
    longest = int(lengths.max())
    return ids[:, :, :longest], lengths, ranks


def check_penalty(length_penalty: float) -> None:
    """Refuses what is no power of a length.

    Raises:
        MitseqError: if it is no number from 0 to 100.
    """
    if not is_number(length_penalty) or not 0 <= length_penalty <= 100:
        must = "be a number of at least 0, and at most 100"
        raise wrong("length_penalty", must, length_penalty)


class _Beam(NamedTuple):
    """What goes round in the loop."""

    t: tf.Tensor  # ids written after the first
    ids: tf.Tensor  # (B, K, L) of those that go on
    scores: tf.Tensor  # (B, K)
    done: tf.Tensor  # (B, K, L) of those that have ended, best first
    done_ranks: tf.Tensor  # (B, K)
    done_lengths: tf.Tensor  # (B, K)


class _Search:
    """The compiled search of one model: a graph for each number of beams."""

    def __init__(self, step_model: StepModel):
        self.step_model = step_model
        self._functions: dict[int, tf.types.experimental.GenericFunction] = {}

    def _function(self, beams):
        if beams not in self._functions:
            integer = tf.TensorSpec([], tf.int32)
            self._functions[beams] = tf.function(
                functools.partial(self._search, beams),
                input_signature=(
                    tf.TensorSpec([None], tf.int32),
                    self.step_model.state_specs(),
                    [
                        tf.TensorSpec(w.shape, w.dtype)
                        for w in self.step_model.pack()
                    ],
                    integer,
                    integer,
                    tf.TensorSpec([self.step_model.vocab_size], tf.float32),
                    tf.TensorSpec([], tf.float32),
                ),
                autograph=False,
            )
        return self._functions[beams]

    def __call__(self, first, beams, max_length, settings, penalty, context):
        rows = np.repeat(first, beams)
        states = self.step_model.initial_states(
            len(rows),
            max_length - 1,
            [tf.repeat(tf.convert_to_tensor(x), beams, 0) for x in context],
        )
        found = self._function(beams)(
            tf.constant(rows),
            [tf.convert_to_tensor(state) for state in states],
            self.step_model.pack(),
            tf.constant(max_length),
            tf.constant(settings.end_id),
            tf.constant(settings.banned),
            tf.constant(penalty),
        )
        return tuple(x.numpy() for x in found)

    def _search(
        self, beams, rows, states, packed, max_length, end_id, banned, penalty
    ):
        K, V = beams, self.step_model.vocab_size
        B = tf.shape(rows)[0] // K
        rank = functools.partial(_rank, penalty=penalty)
        ids = tf.fill([B, K, max_length], end_id)
        ids = tf.concat([tf.reshape(rows, (B, K, 1)), ids[:, :, 1:]], -1)
        # At first all beams are one: the others must not be continued.
        first_scores = tf.constant([[0.0] + [NEVER] * (K - 1)])
        beam = _Beam(
            tf.constant(0),
            ids,
            tf.repeat(first_scores, B, 0),
            ids,
            tf.fill([B, K], NEVER),
            tf.ones([B, K], tf.int32),
        )

        def goes_on(beam, *states):
            # The best that can come of one that goes on: no id costs more.
            best = tf.reduce_max(beam.scores, -1)
            best = tf.maximum(
                rank(best, beam.t + 1), rank(best, max_length - 1)
            )
            may_win = best > tf.reduce_min(beam.done_ranks, -1)
            return (beam.t < max_length - 1) & tf.reduce_any(may_win)

        def step(beam, *states):
            last = tf.reshape(beam.ids[:, :, beam.t], [-1])  # (B K,)
            logits, states = self.step_model(last, list(states), packed)
            log_p = tf.nn.log_softmax(logits + banned)
            log_p = tf.maximum(tf.reshape(log_p, (B, K, V)), NEVER)
            scores = beam.scores[:, :, None] + log_p  # (B, K, V)
            t = beam.t + 1
            done = _put_aside(beam, t, rank(scores[:, :, end_id], t))
            is_end = tf.one_hot(end_id, V, on_value=NEVER, off_value=0.0)
            flat = tf.reshape(scores + is_end, (B, K * V))
            scores, best = tf.math.top_k(flat, K)  # (B, K)
            parents, next_ids = best // V, best % V
            ids = tf.gather(beam.ids, parents, batch_dims=1)
            ids = _write(ids, t, next_ids)
            rows = tf.reshape(parents + K * tf.range(B)[:, None], [-1])
            states = [tf.gather(state, rows) for state in states]
            scores = tf.maximum(scores, NEVER)
            return _Beam(t, ids, scores, *done), *states

        specs = self.step_model.state_specs()
        shapes = _Beam(
            tf.TensorShape([]),
            *(tf.TensorShape(s) for s in ([None, K, None], [None, K])),
            tf.TensorShape([None, K, None]),
            *(tf.TensorShape([None, K]) for _ in range(2)),
        )
        beam, *_ = tf.while_loop(
            goes_on,
            step,
            (beam, *states),
            shape_invariants=(shapes, *(spec.shape for spec in specs)),
            parallel_iterations=1,
        )
        return _joined(beam, rank)


def _rank(scores, length, penalty):
    """score / length^penalty; what cannot be stays so."""
    ranks = scores / tf.cast(length, tf.float32) ** penalty
    return tf.where(scores <= NEVER / 2, NEVER, ranks)


def _write(ids, t, next_ids):
    """Returns ids `(B, K, L)` with the next ones at place t."""
    place = tf.range(tf.shape(ids)[-1]) == t  # (L,)
    return tf.where(place, next_ids[:, :, None], ids)


def _put_aside(beam, t, ranks):
    """The K best of what has ended before and what ends now."""
    K = ranks.shape[-1]
    # behind the end stands `end_id` already
    ids = tf.concat([beam.done, beam.ids], 1)  # (B, 2 K, L)
    lengths = tf.fill(tf.shape(ranks), t + 1)
    lengths = tf.concat([beam.done_lengths, lengths], 1)
    ranks, best = tf.math.top_k(tf.concat([beam.done_ranks, ranks], 1), K)
    ids, lengths = (tf.gather(x, best, batch_dims=1) for x in (ids, lengths))
    return ids, ranks, lengths


def _joined(beam, rank):
    """What has ended, best first; then, if there is room, what has not."""
    K = beam.scores.shape[-1]
    open_ranks = rank(beam.scores, tf.maximum(beam.t, 1))
    # Any that has ended stands before any that has not.
    order = tf.concat(
        [
            tf.where(beam.done_ranks <= NEVER / 2, 3 * NEVER, beam.done_ranks),
            tf.where(open_ranks <= NEVER / 2, 3 * NEVER, open_ranks + NEVER),
        ],
        1,
    )
    _, best = tf.math.top_k(order, K)
    lengths = tf.fill(tf.shape(open_ranks), beam.t + 1)
    ids, lengths, ranks = (
        tf.gather(tf.concat(pair, 1), best, batch_dims=1)
        for pair in (
            (beam.done, beam.ids),
            (beam.done_lengths, lengths),
            (beam.done_ranks, open_ranks),
        )
    )
    return ids, lengths, tf.where(ranks <= NEVER / 2, -np.inf, ranks)
