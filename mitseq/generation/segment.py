"""Many steps in one graph: draw an id, feed it back.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). A segment is what
the loop of `loop.py` runs before Python is asked again. What it shall do comes
as tensors, so that one graph serves every text.

Read `step_model.py` and `sampling.py` before, `loop.py` after.
Letters: B batch, V vocabulary.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from mitseq.generation.arguments import FREE
from mitseq.generation.sampling import sample
from mitseq.generation.step_model import StepModel


class Order(NamedTuple):
    """What a segment shall do, all tensors."""

    t: tf.Tensor  # the position of `last`
    last: tf.Tensor  # (B,) the id that is read first
    has_ended: tf.Tensor  # (B,) bool
    given: tf.Tensor  # (segment, B) ids to write, or `FREE`
    num_steps: tf.Tensor  # at most so many
    leave_at: tf.Tensor  # stop when no more than so many rows go on
    end_id: tf.Tensor
    temperature: tf.Tensor
    top_k: tf.Tensor
    top_p: tf.Tensor
    seed: tf.Tensor
    banned: tf.Tensor  # (V,) -inf where an id must not be drawn

    @classmethod
    def specs(cls, segment: int, vocab_size: int) -> Order:
        """Returns the shapes and dtypes, for the signature of the graph."""
        integer = tf.TensorSpec([], tf.int32)
        number = tf.TensorSpec([], tf.float32)
        return cls(
            t=integer,
            last=tf.TensorSpec([None], tf.int32),
            has_ended=tf.TensorSpec([None], tf.bool),
            given=tf.TensorSpec([segment, None], tf.int32),
            num_steps=integer,
            leave_at=integer,
            end_id=integer,
            temperature=number,
            top_k=integer,
            top_p=number,
            seed=tf.TensorSpec([], tf.int64),
            banned=tf.TensorSpec([vocab_size], tf.float32),
        )


def run_segment(
    step_model: StepModel,
    is_sorted: bool,
    order: Order,
    states: list[tf.Tensor],
    packed: list[tf.Tensor],
) -> tuple[tf.Tensor, ...]:
    """Returns what some steps of a model write.

    `is_sorted` tells whether `top_k` and `top_p` count, for which ids are
    sorted; `packed` is what `step_model.pack` returned.

    Returns:
        m, the number of steps; the ids written, `(segment, B)`; for each row
        the step of its `end_id`, m if it has none yet, -1 if it had one
        before; the last ids; and each new state.
    """
    num_steps, end_id = order.num_steps, order.end_id
    top_k, top_p = (order.top_k, order.top_p) if is_sorted else (None, None)

    def goes_on(i, last, ended_at, ids, *states):
        alive = tf.math.count_nonzero(ended_at == num_steps, dtype=tf.int32)
        return (i < num_steps) & (alive > order.leave_at)

    def step(i, last, ended_at, ids, *states):
        logits, states = step_model(last, list(states), packed)
        drawn = sample(
            logits + order.banned,
            temperature=order.temperature,
            top_k=top_k,
            top_p=top_p,
            seed=tf.stack([order.seed, tf.cast(order.t + i, tf.int64)]),
        )
        next_ids = tf.where(order.given[i] == FREE, drawn, order.given[i])
        goes = ended_at == num_steps
        next_ids = tf.where(goes, next_ids, end_id)
        ended_at = tf.where(goes & (next_ids == end_id), i, ended_at)
        ids = tf.tensor_scatter_nd_update(ids, [[i]], next_ids[None])
        return i + 1, next_ids, ended_at, ids, *states

    ids = tf.zeros_like(order.given)
    ended_at = tf.where(order.has_ended, -1, num_steps)
    m, last, ended_at, ids, *states = tf.while_loop(
        goes_on,
        step,
        (tf.constant(0), order.last, ended_at, ids, *states),
        shape_invariants=(
            tf.TensorShape([]),
            tf.TensorShape([None]),
            tf.TensorShape([None]),
            ids.shape,
            *(spec.shape for spec in step_model.state_specs()),
        ),
        parallel_iterations=1,
    )
    return m, ids, tf.minimum(ended_at, m), last, *states
