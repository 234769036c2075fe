"""What `generate` is asked for, checked: how to draw, and the prompts.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). Each mistake is a
`MitseqError` that names the argument, before anything is computed.
Letters: B batch, P longest prompt, V vocabulary.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from mitseq.arguments import (
    MOST,
    check_count,
    check_number,
    is_int,
    is_number,
    received,
    wrong,
)
from mitseq.errors import MitseqError

MOST_LENGTH = 2**24  # ids of a row that is kept
MOST_STREAMED = 2**31 - 1  # of one that is handed on piece by piece
HOTTEST = 1e30  # a float of 32 bits goes as far as 3e38
FREE = -1  # in a prompt: the model chooses


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
        """Returns what `generate` is asked for; raises MitseqError."""
        is_id = is_int(end_id) and 0 <= end_id < vocab_size
        if end_id is not None and not is_id:
            must = f"be an id below {vocab_size} or None"
            raise wrong("end_id", must, end_id)
        check_sampling(temperature, top_k, top_p, seed)
        banned_ids = _check_banned(banned_ids, vocab_size)
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
    temperature: float, top_k: int | None, top_p: float | None, seed: int | None
) -> None:
    """Raises MitseqError if one of the arguments cannot be used."""
    if temperature is None:
        raise wrong("temperature", "be a number of at least 0", temperature)
    check_number(0, temperature=temperature)
    if temperature > HOTTEST:
        must = f"be at most {HOTTEST:.0e}, where all is equally likely"
        raise wrong("temperature", must, temperature)
    if top_k is not None and (not is_int(top_k) or not 1 <= top_k <= MOST):
        raise wrong("top_k", "be a positive int or None", top_k)
    if top_p is not None and (not is_number(top_p) or not 0 < top_p <= 1):
        raise wrong("top_p", "be a number in (0, 1] or None", top_p)
    if seed is not None and (not is_int(seed) or not -(2**63) <= seed < 2**63):
        raise wrong("seed", "be an int of 64 bits or None", seed)


def random_seed() -> int:
    """Returns a new seed, short enough to be typed again."""
    return int(np.random.default_rng().integers(1, 10**6))


def check_prompt(
    prompt_ids: Sequence[Sequence[int]] | np.ndarray,
    vocab_size: int,
    max_length: int,
    given: int = 0,
) -> np.ndarray:
    """Returns the prompts as one array `(B, P)`, `FREE` behind the shorter.

    The first `given` ids of each row do not count for its length, because they
    are written already.

    Raises:
        MitseqError: if there is no row, an empty row, no room, or no such id.
    """
    try:
        rows = [ids_of(row, "prompt_ids").reshape(-1) for row in prompt_ids]
    except TypeError:
        must = "be rows of ids, [[1, 5], [1]]"
        raise wrong("prompt_ids", must, prompt_ids) from None
    if not rows or any(len(row) == 0 for row in rows):
        raise MitseqError(
            "`prompt_ids` must have at least one row and one id in each row. "
            f"Received: rows of lengths {[len(row) for row in rows]}."
        )
    longest = max(map(len, rows))
    if not is_int(max_length) or max_length < max(1, longest - given):
        raise MitseqError(
            "`max_length` must be an int and not less than the longest prompt, "
            f"{longest - given}. Received: max_length={received(max_length)}."
        )
    if max_length > MOST_STREAMED:
        raise wrong("max_length", f"be at most {MOST_STREAMED:,}", max_length)
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


def check_chunk(chunk: int) -> None:
    """Raises MitseqError if a piece cannot have so many ids."""
    check_count(chunk=chunk)


def ids_of(ids: object, name: str) -> np.ndarray:
    """Returns ids as an array of int32; what is none is a MitseqError."""
    try:
        array = np.asarray(ids)
    except ValueError:  # rows of different lengths within a row
        array = np.zeros(0, object)
    is_empty = not array.size and array.dtype.kind == "f"
    if array.dtype.kind not in "iu" and not is_empty:
        raise wrong(name, "be ids, whole numbers", ids)
    if array.size and not -(2**31) <= array.min() <= array.max() < 2**31:
        raise wrong(name, "be ids, whole numbers", ids)
    return array.astype(np.int32)


def _check_banned(banned_ids, vocab_size) -> list[int]:
    try:
        banned_ids = list(banned_ids)
    except TypeError:
        raise wrong("banned_ids", "be a list of ids", banned_ids) from None
    for i in banned_ids:
        if not is_int(i) or not 0 <= i < vocab_size:
            raise MitseqError(
                f"`banned_ids` must be ids below {vocab_size}. "
                f"Received: {received(i)}."
            )
    return banned_ids
