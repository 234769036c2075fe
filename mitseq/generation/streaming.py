"""Piece by piece: texts as they are written, and a state to go on from.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). The loop of
`loop.py` is advanced by as many steps as a piece needs; between two pieces
everything there is to know stands in a `GenerationState`, which can be kept.

Letters: B batch, P longest prompt.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from mitseq.errors import MitseqError
from mitseq.generation.arguments import FREE, Settings, check_prompt
from mitseq.generation.loop import Carry, Loop


class Pieces:
    """What `generate` writes, piece by piece; made by `stream=True`.

    Attributes:
        lengths: `(B,)` int32, how long each row is by now.
        state: `GenerationState` by now: one may leave the iteration at any
            piece and go on from here.
    """

    def __init__(
        self,
        loop: Loop,
        settings: Settings,
        state: GenerationState,
        head: np.ndarray,  # (B, 0 or 1), ids given before the first step
        max_length: int,
        chunk: int,
    ) -> None:
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

    def _advance(self, num_steps):
        rows = self.state.rows
        # Rows that have ended cost as much as the others, so as soon as half
        # of them have, the loop goes on with the other half.
        leave_at = len(rows) // 2
        written, ended_at, carry = self._loop.advance(
            self.state.carry,
            self._packed,
            self.state.given(num_steps),
            self._settings,
            leave_at,
        )
        n = written.shape[1]
        ids = np.full((self.state.batch_size, n), self._settings.end_id)
        ids[rows] = written
        self.lengths[rows] += np.minimum(ended_at + 1, n)
        has_ended = ended_at < n
        if has_ended.all():
            kept = np.arange(0)
        elif (~has_ended).sum() <= leave_at:
            # exactly half: batches of few sizes
            kept = np.argsort(has_ended, kind="stable")[:leave_at]
        else:
            kept = None
        if kept is not None:
            rows, carry = rows[kept], carry.take(kept)
        self.state = dataclasses.replace(self.state, rows=rows, carry=carry)
        return ids.astype(np.int32)


@dataclasses.dataclass(frozen=True)
class GenerationState:
    """Where `generate` stands: what it needs to go on, for the same model.

    It holds no weights: a model that was trained meanwhile goes on with what it
    has learned.
    """

    carry: Carry
    rows: np.ndarray  # those that the carry is about; the others have ended
    prompt: np.ndarray  # (B, P), FREE where the model chooses
    begin: int  # the position of the prompt's first id
    seed: int | None = None
    end_id: int | None = None

    @property
    def batch_size(self) -> int:
        """How many rows there are, ended or not."""
        return len(self.prompt)

    @classmethod
    def before(
        cls, loop: Loop, prompt: np.ndarray, max_length: int, context=()
    ) -> GenerationState:
        """Returns the state before the first step."""
        carry = loop.start(prompt[:, 0], max_length - 1, context)
        return cls(carry, np.arange(len(prompt)), prompt, begin=0)

    def given(self, num_steps: int) -> np.ndarray:
        """Returns what the next steps write, `(rows, num_steps)` or less."""
        start = self.carry.t + 1 - self.begin
        num_steps = min(num_steps, 1024)
        given = np.full((len(self.rows), num_steps), FREE, np.int32)
        window = self.prompt[self.rows, start : start + num_steps]
        given[:, : window.shape[1]] = window
        return given

    def going_on(
        self, loop: Loop, prompt_ids, max_length: int
    ) -> GenerationState:
        """Returns the state with a prompt and room for `max_length` ids."""
        self._check_model(loop)
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
        return dataclasses.replace(
            self,
            prompt=check_prompt(rows, loop.vocab_size, max_length, given=1),
            begin=self.carry.t,
            carry=loop.extend(self.carry, max_length),
        )

    def _check_model(self, loop):
        specs, states = loop.state_specs, self.carry.states
        fits = len(specs) == len(states) and all(
            spec.is_compatible_with(state)
            for spec, state in zip(specs, states, strict=True)
        )
        if not fits:
            raise MitseqError(
                "`state` must be of the same model. Received: states of shapes "
                f"{[tuple(x.shape) for x in states]}, expected "
                f"{[tuple(x.shape) for x in specs]}."
            )
