"""An explanation to look at: colored words in terminal, notebook and HTML.

Words that speak for the label are blue, those that speak against it orange;
the stronger, the fuller the color. Both can be told apart by color-blind
people, and the numbers are there as well.
"""

import re
from dataclasses import dataclass

import numpy as np

from mitseq.offline_page import fill

FOR, AGAINST = (0, 114, 178), (230, 159, 0)  # blue and orange, R G B
SEEN = 0.05  # of the largest: what counts less has no color
METHODS = ("leave_one_out", "integrated_gradients")
_SOURCES = {"<link>": r"(?:https?://|www\.)\S+", "<mention>": r"@\w+"}
_CAPITALS = "<caps>"  # behind a word in capitals, see mitseq/text/tokens.py
_LONG = re.compile(r"([a-z!]|\\[.?])\1\1")  # in what `re.escape` gives


@dataclass(frozen=True)
class Explanation:
    """What each word of a text contributes to a verdict.

    Example:

    >>> found = Explanation(
    ...     "Not <bad>!", ["not", "<", "bad", ">", "!"], "good", 0.9, 2.2,
    ...     {"leave_one_out": np.array([3.0, 0, -1, 0, 0])},
    ... )
    >>> print(found)
    good (90%)  for: not +3.00  against: bad -1.00
    >>> "&lt;" in found.html()
    True
    """

    text: str  # as it was written
    words: list[str]  # its T tokens
    label: object  # the class that is explained
    probability: float  # of that class
    score: float  # its logit less the mean of the others
    # (T,) for each method: above 0 speaks for the label
    contributions: dict[str, np.ndarray]
    attention: np.ndarray | None = None  # (T,) that sums to 1; or none there
    answer: object = None  # of the classifier, where it is not the label

    @property
    def said(self) -> object:
        """What the classifier answers: the label, another one or neutral."""
        return self.label if self.answer is None else self.answer

    @property
    def verdict(self) -> str:
        """The label and its probability in a few words.

        Example: an answer that is not the label that is explained.

        >>> found = Explanation("so", ["so"], "bad", 0.6, 0.1, {}, None, "fair")
        >>> found.verdict
        'fair, bad 60%'
        """
        if self.answer is None:
            return f"{self.label} ({self.probability:.0%})"
        return f"{self.answer}, {self.label} {self.probability:.0%}"

    @property
    def agreement(self) -> float:
        """The correlation of the two methods over the words, -1 to 1."""
        rows = [np.asarray(x) for x in self.contributions.values()]
        if len(rows) < 2 or len(rows[0]) < 2 or not all(x.std() for x in rows):
            return 1.0
        return float(np.corrcoef(rows[0], rows[1])[0, 1])

    def top(self, count: int = 5, method: str = METHODS[0]) -> list[tuple]:
        """Returns the words that count most, with their contributions."""
        values = self.contributions[method]
        order = np.argsort(-np.abs(values), kind="stable")[:count]
        return [(self.words[i], float(values[i])) for i in order]

    def ansi(self, method: str = METHODS[0]) -> str:
        """Returns the text for a terminal: words on colored ground."""
        text = ""
        for gap, word, share in self._pieces(method):
            gap, word = _for_terminal(gap), _for_terminal(word)
            if abs(share) >= SEEN:
                r, g, b = _mix(share)
                word = f"\x1b[30;48;2;{r};{g};{b}m{word}\x1b[0m"
            text += gap + word
        return text

    def html(self, method: str = METHODS[0]) -> str:
        """Returns the text as HTML, escaped; hover shows the numbers."""
        largest = self._largest(method)
        return fill(
            "tasks/sentiment/explanation.html",
            label=self.verdict,
            pieces=[
                {
                    "gap": gap,
                    "word": word,
                    "color": abs(share) >= SEEN
                    and "rgb({},{},{})".format(*_mix(share)),
                    "number": f"{share * largest:+.3f}",
                }
                for gap, word, share in self._pieces(method)
            ],
        )

    def _repr_html_(self) -> str:
        return self.html()

    def to_dict(self) -> dict:
        """Returns everything as plain JSON values."""
        return {
            "text": self.text,
            "answer": self.said,
            "label": self.label,
            "probability": self.probability,
            "score": self.score,
            "words": list(self.words),
            "contributions": {
                method: list(map(float, values))
                for method, values in self.contributions.items()
            },
            "attention": None
            if self.attention is None
            else list(map(float, self.attention)),
            "agreement": self.agreement,
        }

    def __str__(self) -> str:
        top = self.top()
        line = self.verdict
        for name, sign in (("for", 1), ("against", -1)):
            words = [f"{w} {x:+.2f}" for w, x in top if sign * x >= 0.005]
            if words:
                line += f"  {name}: " + ", ".join(words)
        return _for_terminal(line)

    def _largest(self, method) -> float:
        return float(np.abs(self.contributions[method]).max(initial=1e-9))

    def _pieces(self, method):
        """(what stands before it, the word as written, its share).

        That it is written in capitals is a token of its own, and counts to it.
        """
        values = self.contributions[method] / self._largest(method)
        written, lowered, place = self.text, self.text.lower(), 0
        if len(lowered) != len(written):  # rare letters grow when lowered
            written = lowered
        last = None
        for word, value in zip(self.words, values, strict=True):
            if word == _CAPITALS and last is not None:
                last = (*last[:2], last[2] + float(value))
                continue
            if last is not None:
                yield last
            # as it was written: an elongated word is longer than its token
            source = _SOURCES.get(word) or _LONG.sub(r"\1{3,}", re.escape(word))
            found = re.compile(source).search(lowered, place)
            if found is None:
                last = " ", word, float(value)
                continue
            start, stop = found.span()
            last = written[place:start], written[start:stop], float(value)
            place = stop
        if last is not None:
            yield last
        yield written[place:], "", 0.0


def _mix(share: float) -> tuple[int, int, int]:
    """White at 0, the full color at 1 or -1."""
    color = FOR if share > 0 else AGAINST
    depth = min(abs(share), 1.0) * 0.75
    r, g, b = (round(255 - depth * (255 - c)) for c in color)
    return r, g, b


def _for_terminal(text: str) -> str:
    """Returns text without the control characters that a terminal obeys."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text)
