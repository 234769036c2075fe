"""What `generate` is asked for, checked: how to draw, and the prompts.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). Each mistake is a
`MitseqError` that names the argument, before anything is computed.
Letters: B batch, P longest prompt, V vocabulary.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence

import numpy as np

from mitseq.errors import MitseqError

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
    temperature: float, top_k: int | None, top_p: float | None, seed: int | None
) -> None:
    """Raises MitseqError if one of the arguments cannot be used."""
    if not _is_number(temperature) or not 0 <= temperature < math.inf:
        raise MitseqError(
            "`temperature` must be a number of at least 0. "
            f"Received: temperature={temperature!r}."
        )
    if top_k is not None and (not is_int(top_k) or top_k < 1):
        raise MitseqError(
            "`top_k` must be a positive int or None. "
            f"Received: top_k={top_k!r}."
        )
    if top_p is not None and (not _is_number(top_p) or not 0 < top_p <= 1):
        raise MitseqError(
            "`top_p` must be a number in (0, 1] or None. "
            f"Received: top_p={top_p!r}."
        )
    if seed is not None and (not is_int(seed) or not -(2**63) <= seed < 2**63):
        raise MitseqError(
            "`seed` must be an int of 64 bits or None. "
            f"Received: seed={seed!r}."
        )


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
    rows = [np.asarray(row).reshape(-1) for row in prompt_ids]
    if not rows or any(len(row) == 0 for row in rows):
        raise MitseqError(
            "`prompt_ids` must have at least one row and one id in each row. "
            f"Received: rows of lengths {[len(row) for row in rows]}."
        )
    longest = max(map(len, rows))
    if not is_int(max_length) or max_length < max(1, longest - given):
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


def check_chunk(chunk: int) -> None:
    """Raises MitseqError if a piece cannot have so many ids."""
    if not is_int(chunk) or chunk < 1:
        raise MitseqError(
            f"`chunk` must be a positive int. Received: chunk={chunk!r}."
        )


def is_int(value: object) -> bool:
    """Tells whether a value is an int and no bool."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_number(value):
    return is_int(value) or isinstance(value, (float, np.floating))
