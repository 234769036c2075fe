r"""The language first: word vectors of texts that nobody has labeled.

Slide: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word"
(docs/slides.md#next-word). Labels are few, texts are not. So the words of the
part that reads in order begin where a language model of texts without labels
has put them: an embedding and a recurrence guess the next word, and one that
reads backwards guesses the word before. The recurrence then begins anew: one
that has guessed words (Dai and Le, 2015) did worse on few texts, see
docs/benchmarks.md.

Equation, for the word w that comes next, and K words s drawn from q:

    z = (W h_t + b) . E + b_w                            (V,), of all words
    Z = e^{z_w} + sum_{s != w} e^{z_s} / (K q_s)
    L = log Z - z_w

With all V words Z would take most of the time. What is drawn often counts less,
so on average this Z is theirs (Bengio and Senecal, 2003). E is the embedding
itself: a word means the same where it is read and where it is guessed.

Letters: N texts, B texts of a batch, T tokens, V words, D numbers of a word's
vector, H units, K words drawn.
"""

import time
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.sentiment.parts import TextBatches, batches_of_texts
from mitseq.text.cutting import Cutter
from mitseq.text.rows import Rows
from mitseq.training.budget import Budget
from mitseq.training.fit import fit
from mitseq.training.interrupt import Interrupted
from mitseq.training.run import RECORD, TrainingRun

CELLS = ("rnn", "lstm", "gru")
FIRST = [f"{cell}_1" for cell in CELLS]  # the layer that learns, by its name
EPOCHS, MINUTES, PATIENCE = 4, 20.0, 1
STEPS = 64  # tokens of a piece: longer texts are cut
BATCH = 256  # pieces of a batch
DRAWN = 256  # K
HELD_OUT = 0.05  # of the pieces, at most `MOST_HELD`
MOST_HELD = 4000
DROPOUT = 0.2
LEARNING_RATE = 3e-3
LOWEST = -1e9  # a logit that has no share
FOLDER = "unlabelled"  # of a run, in which this training is kept


class LanguageModel(keras.Model):
    """An embedding and a recurrence that guess words, forwards or both ways.

    Args:
        embedding: An `Embedding` with `mask_zero`.
        reader: A recurrent layer, or `Bidirectional`.
        shares: `(V,)`, q: how likely each index is drawn; 0 for padding and
            unknown words, which are not guessed either.
        dropout: Share of features dropped.

    Call arguments:
        inputs: `(ids, drawn)`: `(B, T)` of int, 0 behind a text's end, and
            `(K,)`, indices drawn by `shares`.

    Returns:
        `(B,)`, the losses of the texts, whose mean is that of a word.
    """

    def __init__(self, embedding, reader, shares, dropout=DROPOUT, **kwargs):
        super().__init__(**kwargs)
        self.embedding, self.reader = embedding, reader
        self.drop = keras.layers.Dropout(dropout)
        both = isinstance(reader, keras.layers.Bidirectional)
        self.to_words = [
            keras.layers.Dense(embedding.output_dim, name=name)
            for name in (("next", "before") if both else ("next",))
        ]
        # 0 where nothing is drawn: it is not asked for, either
        self.log_q = np.log(np.where(shares > 0, shares, 1)).astype("float32")

    def build(self, input_shape):
        self.b_w = self.add_weight(
            name="b_w", shape=(self.embedding.input_dim,), initializer="zeros"
        )
        self.embedding.build(None)
        features = (None, None, self.embedding.output_dim)
        self.reader.build(features)
        one = getattr(self.reader, "forward_layer", self.reader)
        for layer in self.to_words:
            layer.build((None, None, one.units))
        self.built = True

    def call(self, inputs, training=False):
        ids, drawn = inputs
        x = self.drop(self.embedding(ids), training=training)  # (B, T, D)
        seen = self.reader(x, mask=ids > 0, training=training)
        seen = seen if isinstance(seen, (list, tuple)) else [seen]
        log_k = tf.math.log(tf.cast(tf.shape(drawn)[0], tf.float32))
        losses, count = 0.0, 0.0
        for i, (h, to_words) in enumerate(
            zip(seen, self.to_words, strict=True)
        ):
            # forwards h_t knows what comes at t + 1, backwards at t - 1
            h, w = (
                (h[:, :-1], ids[:, 1:]) if i == 0 else (h[:, 1:], ids[:, :-1])
            )
            h = to_words(self.drop(h, training=training))
            there = tf.cast((w > 1) & (ids[:, 1:] > 0), tf.float32)
            each = self._losses_of(tf.cast(h, tf.float32), w, drawn, log_k)
            losses += tf.reduce_sum(each * there, axis=1)
            count += tf.reduce_sum(there)
        B = tf.cast(tf.shape(ids)[0], tf.float32)
        return losses * B / tf.maximum(count, 1)

    def _losses_of(self, h, w, drawn, log_k):
        """Minus the log of the share that each word gets, `(B, T - 1)`."""
        b_w = self.b_w.value
        z_w = tf.reduce_sum(h * self.embedding(w), -1) + tf.gather(b_w, w)
        # (B, T, D) x (K, D) -> (B, T, K)
        z_s = tf.einsum("btd,kd->btk", h, self.embedding(drawn))
        z_s += tf.gather(b_w, drawn) - tf.gather(self.log_q, drawn) - log_k
        z_s = tf.where(w[..., None] == drawn, LOWEST, z_s)
        z = tf.concat([z_w[..., None], z_s], -1)
        return tf.reduce_logsumexp(z, -1) - z_w


class LanguageBatches(TextBatches):
    """Batches of pieces of text, each with words drawn by chance."""

    def __init__(self, rows, shares, batch_size, seed=None):
        nothing = np.zeros(len(rows), "float32")
        self.below = np.cumsum(shares)
        super().__init__(rows, nothing, nothing, batch_size, seed)

    def batch(self, index):
        ids, nothing, _ = super().batch(index)
        place = [self.seed or 0, self.epoch or 0, index]
        random = np.random.default_rng(place).random(DRAWN)
        drawn = np.searchsorted(self.below, random * self.below[-1])
        return (ids, drawn.astype("int32")), nothing


def pieces_of(
    cut: Cutter, texts: Sequence[str], num_ids: int, steps: int = STEPS
) -> Rows:
    """Returns the indices of texts, in pieces of at most so many tokens.

    Indices from `num_ids` on become 1, the unknown word.

    Example:

    >>> cut = Cutter({"so": 2, "good": 3})
    >>> [p.tolist() for p in pieces_of(cut, ["so so good", ""], 3, steps=2)]
    [[2, 2], [1]]
    """
    rows = Rows.join(cut(batch)[0] for batch in batches_of_texts(texts))
    values = np.where(rows.values < num_ids, rows.values, 1).astype("int32")
    pieces = -(-rows.lengths // steps)
    first = np.repeat(rows.starts[:-1], pieces)
    number = np.arange(pieces.sum()) - np.repeat(
        np.cumsum(pieces) - pieces, pieces
    )
    starts = np.append(first + steps * number, rows.starts[-1])
    return Rows(values, starts)


def learn_language(
    run: TrainingRun,
    part: keras.Model,
    pieces: Rows,
    *,
    epochs: int | None = None,
    seed: int = 0,
    verbose: int | str = 0,
) -> dict:
    """Lets a part begin with what texts say, whatever their labels are.

    Its embedding gets new weights; the recurrence begins anew. A run that has a
    folder keeps this training in a folder of its own there, and goes on with
    it when it is resumed.

    Args:
        run: Of the classifier.
        part: The part that reads in order, of `CELLS`.
        pieces: From `pieces_of`.
        epochs: Most passes, within `MINUTES`; None for `EPOCHS`.
        seed: Of everything random.
        verbose: As of `fit`.

    Returns:
        What was measured, JSON can hold it: "val_loss" is in nats a word,
        against the words drawn.
    """
    started = time.monotonic()
    epochs = EPOCHS if epochs is None else epochs
    embedding = part.get_layer("embedding")
    first = next(x for x in part.layers if x.name in FIRST)
    lengths = pieces.lengths
    order = np.random.default_rng(seed).permutation(np.flatnonzero(lengths > 1))
    held = min(max(round(HELD_OUT * len(order)), 1), MOST_HELD)
    counts = np.bincount(pieces.values, minlength=embedding.input_dim)
    counts[:2] = 0
    shares = counts**0.75 / max((counts**0.75).sum(), 1)
    model = LanguageModel(
        _copy(embedding), _reader(first), shares, name="language"
    )
    model.build(None)
    model.embedding.set_weights(embedding.get_weights())
    train = LanguageBatches(
        [pieces[i] for i in order[held:]], shares, BATCH, seed
    )
    optimizer = keras.optimizers.Adam(
        LEARNING_RATE,
        global_clipnorm=1.0,
        use_ema=True,
        ema_momentum=1 - 1 / min(max(len(train) // 2, 2), 200),
    )
    model.compile(optimizer=optimizer, loss=_given)
    with _inner(run) as inner:
        inner.check({"seed": seed}, epochs=epochs, minutes=MINUTES)
        inner.start()
        try:
            rows = fit(
                inner,
                model,
                train,
                Budget(epochs, MINUTES),
                monitor="val_loss",
                patience=PATIENCE,
                validation_data=LanguageBatches(
                    [pieces[i] for i in order[:held]], shares, BATCH
                ),
                verbose=verbose,
            )
        except Interrupted as error:
            raise Interrupted(number=error.number) from None
    embedding.set_weights(model.embedding.get_weights())
    return {
        "pieces": len(order),
        "tokens": int(lengths.sum()),
        "epochs": rows,
        "seconds": round(time.monotonic() - started, 1),
    }


def _given(y_true, y_pred):
    """The loss that the model itself has computed."""
    return y_pred


def _copy(layer):
    return type(layer).from_config(layer.get_config())


def _reader(first):
    """The same layer with an output at each step, both ways apart."""
    both = isinstance(first, keras.layers.Bidirectional)
    one = first.forward_layer if both else first
    config = {**one.get_config(), "return_sequences": True}
    layer = type(one).from_config(config)
    if not both:
        return layer
    return keras.layers.Bidirectional(layer, merge_mode=None)


def _inner(run):
    """The run of this training, in the folder of the other one."""
    if run.folder is None:
        inner = TrainingRun()
        inner.request = run.request
        return inner
    folder = run.folder / FOLDER
    return TrainingRun(folder, resume=(folder / RECORD).exists())
