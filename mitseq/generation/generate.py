"""Writing with a model: read the prompt, draw an id, feed it back, until END.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). The loop runs in a
compiled graph: Python is not asked again for each character. It works for any
model that `StepModel` can call step by step, a recurrent one or a Transformer;
the states of its layers go round in the loop and the caller never sees them.

Read `step_model.py`, `loop.py` and `streaming.py` for how it is done.
Letters: B batch, P longest prompt, L length of the result, V vocabulary.
"""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Iterable, Sequence

import keras
import numpy as np

from mitseq.arguments import check_flag, check_model, received, wrong
from mitseq.errors import MitseqError
from mitseq.generation.arguments import (
    MOST_LENGTH,
    Settings,
    check_chunk,
    check_prompt,
)
from mitseq.generation.loop import Loop
from mitseq.generation.step_model import StepModel
from mitseq.generation.streaming import GenerationState, Pieces

CHUNK = 256  # ids of a piece; a new piece costs the time of a few steps

# One loop for each model, for as long as the model lives.
_loops: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def loop_of(model: keras.Model) -> Loop:
    """Returns the loop of a model, made when it is asked for first."""
    if model not in _loops:
        _loops[model] = Loop(StepModel(model))
    return _loops[model]


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
    context: Sequence[np.ndarray] = (),
) -> tuple | Pieces:
    """Returns each prompt, continued with ids drawn from the model.

    Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).

    Args:
        model: Functional or Sequential model, ids `(B, T)` to logits
            `(B, T, V)`, as `fit` trained it. Further inputs are its context.
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
        context: What the inputs of the model after the first are, such as what
            an encoder has read; a row for each row of the prompt. Not with
            `state`.

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
    check_model(model)
    check_flag(stream=stream, return_state=return_state)
    loop = loop_of(model)
    if state is not None:
        if len(context):
            raise MitseqError(
                "`context` is for the beginning; `state` holds that of a text "
                f"that goes on. Received: both, context of {len(context)}."
            )
        if not isinstance(state, GenerationState):
            raise MitseqError(
                "`state` must be what `generate` returned with "
                f"`return_state=True`. Received: state={received(state)}."
            )
        seed = state.seed if seed is None else seed
        end_id = state.end_id if end_id is None else end_id
    settings = Settings.of(
        loop.vocab_size, end_id, temperature, top_k, top_p, seed, banned_ids
    )
    check_chunk(chunk)
    if state is None:
        prompt_ids = () if prompt_ids is None else prompt_ids
        prompt = check_prompt(prompt_ids, loop.vocab_size, max_length)
        loop.step_model.check_context(context, len(prompt))
        state = GenerationState.before(loop, prompt, max_length, context)
        head = prompt[:, :1]
    else:
        state = state.going_on(loop, prompt_ids, max_length)
        head = np.zeros((state.batch_size, 0), np.int32)
    if not stream and max_length > MOST_LENGTH:
        raise wrong("max_length", f"be at most {MOST_LENGTH:,}", max_length)
    state = dataclasses.replace(state, seed=settings.seed, end_id=end_id)
    pieces = Pieces(
        loop, settings, state, head, max_length, chunk if stream else max_length
    )
    if stream:
        return pieces
    ids = np.concatenate([*pieces, head[:, :0]], axis=1)
    result = ids, pieces.lengths
    return (*result, pieces.state) if return_state else result
