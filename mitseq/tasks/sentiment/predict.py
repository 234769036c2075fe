"""From texts to logits, in batches that fill no memory.

Slide: Lecture 2, "Handle Variable Sequence Lengths". Texts of about the same
length are read together, so that one long text makes no others long. The parts
of a model vote here as in its graph; a part without a vote is not asked.

Letters: N texts, C classes.
"""

import functools
from collections.abc import Callable, Sequence

import keras
import numpy as np

from mitseq.progress import Work
from mitseq.tasks.sentiment.forward import values_of
from mitseq.tasks.sentiment.parts import (
    EntryReader,
    LinearVerdict,
    batches_of_texts,
    parts_of,
    verdicts_of,
)
from mitseq.text.rows import Rows

# Texts, and characters, whose words are looked at together: what a word says
# to the gates of an LSTM is computed once for all of them.
TOGETHER, CHARACTERS = 8192, 8_000_000
READ = 1024  # texts whose n-grams are looked up at once


def predict_logits(model: keras.Model, texts: Sequence[str]) -> np.ndarray:
    """Returns the logits of texts, `(N, C)`, in their order.

    A single logit z comes as `[0, z]`. Of equal texts one is read.
    """
    different = dict.fromkeys(texts)
    if len(different) < len(texts):
        different = {text: i for i, text in enumerate(different)}
        places = np.fromiter(map(different.__getitem__, texts), "int64")
        return predict_logits(model, list(different))[places]
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    voters, done = voters_of(model), 0
    logits = np.zeros((len(texts), voters.columns), "float32")
    found = []
    with Work("classifying texts", len(texts)) as work:
        for together in batches_of_texts(
            [texts[i] for i in order], CHARACTERS, TOGETHER
        ):
            found.append(
                voters(together, lambda n, done=done: work.update(done + n))
            )
            done += len(together)
    if found:
        logits[order] = np.concatenate(found)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    return logits


@functools.lru_cache(maxsize=4)
def voters_of(model: keras.Model) -> "Voters":
    """Returns the parts of a model; the last few models are remembered."""
    return Voters(model)


class Voters:
    """The parts of a model, and what reads for them."""

    def __init__(self, model: keras.Model):
        self.vote = model.layers[-1]
        self.parts, self.columns = parts_of(model), model.output_shape[-1]
        self.reader = EntryReader(model, self.parts)

    def __call__(
        self, texts: Sequence[str], told: Callable = lambda done: None
    ) -> np.ndarray:
        """Returns the sum of the parts' logits, each times its weight."""
        weights = values_of(self.vote.a)
        asked = [
            (part, a) for part, a in zip(self.parts, weights, strict=True) if a
        ]
        parts = [part for part, _ in asked]
        # what a linear part read is more than what it says
        run = [LinearVerdict(p) if p.is_linear else Rows.of for p in parts]
        said: list[list] = [[] for _ in asked]
        read = 0
        for batch in batches_of_texts(texts, size=READ):
            rows_of_parts = self.reader.read(batch, parts)
            for verdict, found, rows in zip(
                run, said, rows_of_parts, strict=True
            ):
                found.append(verdict(rows))
            told(read := read + len(batch))
        logits = np.zeros((len(texts), self.columns), "float32")
        for (part, a), found in zip(asked, said, strict=True):
            if part.is_linear:
                logits += a * np.concatenate(found)
            else:
                logits += a * verdicts_of(part, Rows.join(found))
        return logits
