r"""From a text to its words, inside the graph: reviews, and tweets as well.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). A saved sentiment model takes raw strings, so the
way from a string to tokens is part of the model. It is two lists of regular
expressions; TensorFlow (RE2) and Python read them alike, so `tokenize` is the
same in plain Python, and a test holds that both agree.

What becomes a token, after lowering the letters:

    a word, with apostrophes inside     don't  l'été  '90s -> '  90s
    punctuation, sign by sign           .  ,  -  but ... and !!! and ?! whole
    a link                              https://a.b/c      -> <link>
    a mention                           @name              -> <mention>
    numbers that belong together        10/10  3:30  1,000.5
    a hashtag, its sign first           #great             -> # great
    an emoticon or emoji, whole         :-)  (:  <3  ❤
    an elongated word, to three letters sooooo good!!!!!!  -> sooo good !!!
    a word in capitals, with a mark     It is GREAT        -> it is great <caps>
    a line break of HTML                <br />             -> nothing

Letters: B batch, T tokens of the longest text.
"""

import re
import string
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.text.rows import Rows

SPACES = "\u0085\u00a0\u1680\u2000-\u200c\u2028\u2029\u202f\u205f\u3000\ufeff"
# Letters and digits; scripts without spaces are left out, sign by sign.
WORD = (
    "a-z0-9_\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u167f\u1681-"
    "\u1fff\u2c00-\u2dff\ua000-\ud7ff\uf900-\ufaff\uff10-\uff5a"
)
BLANK = rf"[\x00-\x20\x7f{SPACES}]+"
# a word in capitals, of four letters or more: no DVD, no USA
SHOUT = (r"\b([A-Z]{4,}(?:['’][A-Z]+)?)\b", r"\1 <caps> ")
ELONGATED = string.ascii_lowercase + ".!?()"  # signs of which three are left
# (what, by what), one after the other, once the letters are lower case
RULES = (
    (r"<br */?>", " "),
    ("[\u2018\u2019\u02bc\u00b4`]", "'"),
    ("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]", ""),  # parts of an emoji
    (r"(https?://|www\.)[^ ]+", " <link> "),
    (rf"(^|[^{WORD}])@[a-z0-9_]+", r"\1 <mention> "),
)
# RE2 has no name for what a group has found, so each sign has a rule
REWRITES = (*RULES, *((f"[{c}]{{3,}}", 3 * c) for c in ELONGATED))
TOKEN = "|".join(
    (
        r"<link>|<mention>|<caps>|<3|</3",
        # emoticons: brows, eyes, nose or tear, mouth; and from its right side
        r">?[:;=]'?[-o*^]?(?:[)(]{1,3}|[\[\]dp/\\|*@])",
        r"[(\[]-?[:;=]|\)(?:-|-?')[:;=]",
        r"\^_*\^|-_+-|>[._]<|\\o/",
        r"[0-9]+(?:[.,:/][0-9]+)+",
        rf"[{WORD}]+(?:'[{WORD}]+)*",
        r"\.\.\.",
        r"[!?]{1,3}",
        r"[^ ]",
    )
)

# the same for Python, where one rule does for all signs
_BLANK, _TOKEN = re.compile(BLANK), re.compile(TOKEN)
_SHOUT = re.compile(SHOUT[0], re.ASCII)
_RULES = [(re.compile(what), by) for what, by in RULES]
_RULES.append((re.compile(rf"([{ELONGATED}])\1{{2,}}"), r"\1\1\1"))


def tokenize(text: str) -> list[str]:
    """Cuts a text into the tokens listed above, in plain Python.

    Example:

    >>> tokenize("@ann Sooooo good, isn't it?!  #mustsee :-) https://a.b/c")
    ['<mention>', 'sooo', 'good', ',', "isn't", 'it', '?!', '#', 'mustsee',
     ':-)', '<link>']
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _BLANK.sub(" ", text)
    text = _SHOUT.sub(SHOUT[1], text).lower()
    for what, by in _RULES:
        text = what.sub(by, text)
    return _TOKEN.findall(text)


def strings(texts: Sequence[str]) -> tf.Tensor:
    r"""Returns a list of `str` as the tensor that a model takes.

    Example:

    >>> strings(["good", "b\ud800d"]).numpy().tolist()
    [b'good', b'b?d']
    """
    return tf.constant(
        [text.encode("utf-8", "replace") for text in texts],
        tf.string,
        shape=[len(texts)],
    )


@keras.saving.register_keras_serializable(package="mitseq")
class Tokens(keras.layers.Layer):
    """Strings to tokens, as a layer: the first one of a sentiment model.

    Args:
        **kwargs: Passed to `keras.layers.Layer` (`name`, ...).

    Call arguments:
        texts: `(B,)` of string.

    Returns:
        `(B, T)` of string, T at least 1; "" stands behind a text's end.

    Masking: none here; what looks the tokens up gives "" the index 0.

    Example:

    >>> Tokens()(tf.constant(["Good film!", ""])).numpy().tolist()
    [[b'good', b'film', b'!'], [b'', b'', b'']]
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False

    def call(self, texts: tf.Tensor) -> tf.Tensor:
        # blanks first: `lower` ends a text at a NUL
        texts = tf.strings.regex_replace(texts, BLANK, " ")
        texts = tf.strings.regex_replace(texts, *SHOUT)
        texts = tf.strings.lower(texts, encoding="utf-8")
        for what, by in REWRITES:
            texts = tf.strings.regex_replace(texts, what, by)
        texts = tf.strings.regex_replace(texts, TOKEN, r"\0 ")
        tokens = tf.strings.split(texts).to_tensor("")  # (B, T)
        missing = tf.cast(tf.equal(tf.shape(tokens)[1], 0), tf.int32)
        return tf.pad(tokens, [[0, 0], [0, missing]], constant_values="")

    def compute_output_spec(self, texts):
        return keras.KerasTensor((texts.shape[0], None), dtype="string")


@keras.saving.register_keras_serializable(package="mitseq")
class CutMiddle(keras.layers.Layer):
    """Cuts the middle out of texts that are longer than `num_steps`.

    What opens a review and what closes it says most. Rare words become
    unknown ones, so that not every name gets a vector.

    Args:
        num_steps: Positive int, how many tokens are left.
        num_ids: Indices from here on become 1, the unknown word; or None.
        **kwargs: Passed to `keras.layers.Layer` (`name`, ...).

    Call arguments:
        ids: `(B, T)` of int, 0 behind a text's end.

    Returns:
        `(B, min(T, num_steps))` of int, 0 behind a text's end.

    Example:

    >>> CutMiddle(2, 9)(tf.constant([[5, 6, 7, 8, 0], [9, 0, 0, 0, 0]])).numpy()
    array([[5, 8],
           [1, 0]], dtype=int32)
    """

    def __init__(self, num_steps: int, num_ids: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.num_steps, self.num_ids = num_steps, num_ids
        self.supports_jit = False

    def places(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns which tokens are left, `(B, min(T, num_steps))`."""
        count = tf.reduce_sum(tf.cast(ids > 0, tf.int32), 1, keepdims=True)
        steps = tf.range(tf.minimum(tf.shape(ids)[1], self.num_steps))[None]
        # from the middle on, count from the end
        late = steps >= self.num_steps - self.num_steps // 2
        return steps + tf.where(late, tf.maximum(count - self.num_steps, 0), 0)

    def call(self, ids: tf.Tensor) -> tf.Tensor:
        left = tf.gather(ids, self.places(ids), axis=1, batch_dims=1)
        if self.num_ids is None:
            return left
        return tf.where(left < self.num_ids, left, tf.ones_like(left))

    def of_rows(self, ids: Rows) -> Rows:
        """Returns what `call` leaves, of many texts, without TensorFlow."""
        before = np.arange(len(ids.values)) - np.repeat(
            ids.starts[:-1], ids.lengths
        )
        early = self.num_steps - self.num_steps // 2
        behind = np.repeat(ids.lengths, ids.lengths) - before
        kept = (before < early) | (behind <= self.num_steps - early)
        values = ids.values[kept]
        if self.num_ids is not None:
            values = np.where(values < self.num_ids, values, 1)
        lengths = np.minimum(ids.lengths, self.num_steps)
        return Rows(values, np.append(0, np.cumsum(lengths)))

    def compute_output_shape(self, ids_shape):
        return (ids_shape[0], None)

    def get_config(self) -> dict:
        config = {"num_steps": self.num_steps, "num_ids": self.num_ids}
        return {**super().get_config(), **config}
