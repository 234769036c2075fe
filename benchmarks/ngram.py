r"""A character n-gram with Witten-Bell interpolation, exact and fast.

The classical peer of a recurrent network: it knows the last `order`
characters and nothing else. With h the context, h' the context without its
oldest character, N(h) how often h was seen and T(h) how many different
characters followed it:

    P(c | h) = (N(h, c) + T(h) P(c | h')) / (N(h) + T(h))

down to the empty context, whose h' is uniform over the alphabet. A context
that was never seen has N = T = 0: P(c | h) = P(c | h').

A tune is `order` start marks, its characters and one end mark. Start marks
are only ever context; the end mark is predicted like any character.
Everything is counted and looked up in sorted int64 arrays, 8 bits a
character, so a million characters take a second.
"""

from collections.abc import Iterable

import numpy as np

_BITS = 8
_START = 0
_END = 1
_FIRST = 2
_MAX_ORDER = 62 // _BITS - 1
PRINTABLE = "\n" + "".join(map(chr, range(32, 127)))


class WittenBell:
    """An n-gram model of characters, counted on tunes.

    Args:
        tunes: The training texts.
        order: Int from 0 to 6, the number of characters of context (so an
            order-5 model counts runs of up to six characters).
        alphabet: The characters that may come. Those of the tunes are added.

    Raises:
        ValueError: if the order is out of range, there is no tune, or the
            alphabet is too large.

    Example:

    >>> model = WittenBell(["ab", "ab", "ac"], order=1, alphabet="abc")
    >>> p_b = (2 + 4 * 1 / 4) / (9 + 4)  # seen 2 times of 9, 4 kinds
    >>> model.probability("b", "a") == (2 + 2 * p_b) / (3 + 2)
    True
    """

    def __init__(
        self, tunes: Iterable[str], order: int = 5, alphabet: str = PRINTABLE
    ):
        if not 0 <= order <= _MAX_ORDER:
            raise ValueError(
                f"`order` must be from 0 to {_MAX_ORDER}. Received: "
                f"order={order}."
            )
        tunes = list(tunes)
        if not tunes:
            raise ValueError("`tunes` must hold at least one text.")
        self.order = order
        self.alphabet = "".join(sorted({*alphabet}.union(*tunes)))
        if len(self.alphabet) + _FIRST > 1 << _BITS:
            raise ValueError(
                f"`alphabet` may have at most {(1 << _BITS) - _FIRST} "
                f"characters. Received: {len(self.alphabet)}."
            )
        self._id_of = {c: i for i, c in enumerate(self.alphabet, _FIRST)}
        ids, is_scored = self._encode(tunes)
        # one table a context length k: runs of k + 1, and their contexts
        self._runs = []  # (sorted codes, counts)
        self._contexts = []  # (sorted codes, N, T)
        for k in range(order + 1):
            codes = _codes(ids, k + 1)[is_scored]
            runs, counts = np.unique(codes, return_counts=True)
            contexts, kinds = np.unique(runs >> _BITS, return_counts=True)
            where = np.searchsorted(contexts, runs >> _BITS)
            totals = np.bincount(where, weights=counts)
            self._runs.append((runs, counts))
            self._contexts.append((contexts, totals, kinds))

    @property
    def vocab_size(self) -> int:
        """What can come next: the characters and the end mark."""
        return len(self.alphabet) + 1

    def bits(self, tunes: Iterable[str]) -> np.ndarray:
        """Code length of each tune, its end mark included.

        Args:
            tunes: The texts.

        Returns:
            Bits, one float a tune.

        Raises:
            ValueError: if a tune has a character outside the alphabet.
        """
        tunes = list(tunes)
        if not tunes:
            return np.zeros(0)
        ids, is_scored = self._encode(tunes)
        bits = -np.log2(self._probabilities(ids)[is_scored])
        starts = np.cumsum([0] + [len(tune) + 1 for tune in tunes[:-1]])
        return np.add.reduceat(bits, starts)

    def bits_per_character(self, tunes: Iterable[str]) -> float:
        """Total code length divided by the number of characters.

        The end mark costs bits and is no character.
        """
        tunes = list(tunes)
        return float(self.bits(tunes).sum() / sum(map(len, tunes)))

    def probability(self, character: str | None, context: str = "") -> float:
        """P(character | context), the context counted from a tune's start.

        Args:
            character: One character, or `None` for the end mark.
            context: All of the tune before it.

        Returns:
            The probability.
        """
        tail = context[-self.order :] if self.order else ""
        marks = [_START] * (self.order - len(tail))
        last = _END if character is None else self._id(character)
        ids = np.array(marks + [self._id(c) for c in tail] + [last])
        return float(self._probabilities(ids)[-1])

    def _id(self, character: str) -> int:
        try:
            return self._id_of[character]
        except KeyError:
            raise ValueError(
                f"A tune may only have the characters {self.alphabet!r}. "
                f"Received: {character!r}."
            ) from None

    def _encode(self, tunes: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """All tunes in one array of ids, and which of them are predicted."""
        ids = []
        for tune in tunes:
            ids += [_START] * self.order
            ids += [self._id(character) for character in tune]
            ids.append(_END)
        ids = np.array(ids, dtype=np.int64)
        return ids, ids != _START

    def _probabilities(self, ids: np.ndarray) -> np.ndarray:
        """P(ids[i] | the `order` ids before it), for every i."""
        p = np.full(len(ids), 1 / self.vocab_size)
        for k in range(self.order + 1):
            codes = _codes(ids, k + 1)
            n_hc = _look_up(codes, *self._runs[k])
            contexts, totals, kinds = self._contexts[k]
            n_h = _look_up(codes >> _BITS, contexts, totals)
            t_h = _look_up(codes >> _BITS, contexts, kinds)
            seen = n_h > 0
            mixed = (n_hc + t_h * p) / np.maximum(n_h + t_h, 1)
            p = np.where(seen, mixed, p)
        return p


def _codes(ids: np.ndarray, length: int) -> np.ndarray:
    """Each id and the `length - 1` ids before it, packed into one integer."""
    codes = np.zeros(len(ids), dtype=np.int64)
    for back in reversed(range(length)):
        shifted = np.concatenate([np.zeros(back, np.int64), ids])[: len(ids)]
        codes = (codes << _BITS) | shifted
    return codes


def _look_up(
    codes: np.ndarray, keys: np.ndarray, values: np.ndarray
) -> np.ndarray:
    """The value of each code, 0 where the sorted keys do not have it."""
    where = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
    return np.where(keys[where] == codes, values[where], 0)
