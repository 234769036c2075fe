r"""The original lab's recipe in plain Keras: the peer of the music model.

MIT 6.S191, Lab 1: characters; an embedding of 256, one `keras.layers.LSTM` of
1024, a dense layer; batches of 8 random windows of 100 characters from the
joined text; Adam with a learning rate of 5e-3 and no clipping; 3000 steps.
Two details are ours: the state is zero at the start of every window (the
lab's TensorFlow version carries it from one random window to the next), and
the recurrent matrix starts as Keras starts it. Nothing else is tuned, and no
part of mitseq is used.

The text it learns is every training tune and a blank line, as in the lab: so
a tune begins after two line feeds, and one more line feed after its last line
ends it. It is scored and sampled the same way: from a zero state it reads
"\n\n", which costs nothing, then every character of the tune costs its bits,
and the line feed that ends the tune too.

Letters: B batch, T steps, V vocabulary.
"""

import keras
import numpy as np
import tensorflow as tf

START = "\n\n"
END = "\n"


class Characters:
    """The lab's vocabulary: every character of the text gets an index.

    Args:
        text: All of the text, held-out tunes included, as in the lab.
    """

    def __init__(self, text: str):
        self.characters = sorted({*text, *START, *END})
        self._id_of = {c: i for i, c in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> np.ndarray:
        """The ids of a text, int32."""
        return np.array([self._id_of[c] for c in text], dtype=np.int32)

    def decode(self, ids: np.ndarray) -> str:
        """The text of some ids."""
        return "".join(self.characters[i] for i in ids)


def joined_text(tunes: list[str]) -> str:
    """The tunes as the lab joins them, a blank line after each."""
    return "".join(tune + END for tune in tunes)


def build_recipe(
    vocab_size: int, embedding: int = 256, units: int = 1024
) -> keras.Model:
    """The lab's network, compiled.

    Args:
        vocab_size: Int, V.
        embedding: Int, size of a character's vector.
        units: Int, units of the LSTM.

    Returns:
        A functional model, ids `(B, T)` to logits `(B, T, V)`.
    """
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = keras.layers.Embedding(vocab_size, embedding)(tokens)
    h_seq = keras.layers.LSTM(units, return_sequences=True, name="lstm")(x)
    logits = keras.layers.Dense(vocab_size, name="logits")(h_seq)
    model = keras.Model(tokens, logits, name="recipe")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=5e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


def random_windows(
    ids: np.ndarray, count: int, length: int, seed: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Random windows of the text and the same windows one character later.

    Args:
        ids: The text, `(N,)`.
        count: Int, number of windows.
        length: Int, T.
        seed: Seed of the draw.

    Returns:
        Inputs and labels, each `(count, T)`.
    """
    draw = np.random.default_rng(seed)
    starts = draw.integers(0, len(ids) - length, size=count)
    windows = ids[starts[:, None] + np.arange(length + 1)]
    return windows[:, :-1], windows[:, 1:]


def code_lengths(
    model: keras.Model,
    tunes: list[str],
    characters: Characters,
    batch_size: int = 32,
) -> np.ndarray:
    """Bits of each tune and the line feed that ends it, from a zero state.

    Args:
        model: Maps ids `(B, T)` to logits `(B, T, V)`.
        tunes: The texts.
        characters: The vocabulary of the model.
        batch_size: Int, tunes scored at once.

    Returns:
        Bits, one float a tune.
    """

    @tf.function(
        input_signature=[tf.TensorSpec((None, None), tf.int32)] * 2,
        autograph=False,
    )
    def score(x, y):
        return keras.losses.sparse_categorical_crossentropy(
            y, model(x, training=False), from_logits=True
        )

    bits = np.zeros(len(tunes))
    by_length = np.argsort([len(tune) for tune in tunes], kind="stable")
    for first in range(0, len(tunes), batch_size):
        batch = by_length[first : first + batch_size]
        rows = [characters.encode(START + tunes[i] + END) for i in batch]
        padded = np.zeros((len(rows), max(map(len, rows))), dtype=np.int32)
        for row, ids in zip(padded, rows, strict=True):
            row[: len(ids)] = ids
        nats = score(padded[:, :-1], padded[:, 1:]).numpy()  # (B, T)
        for i, ids, costs in zip(batch, rows, nats, strict=True):
            scored = costs[len(START) - 1 : len(ids) - 1].astype("float64")
            bits[i] = scored.sum() / np.log(2)
    return bits


def bits_per_character(
    model: keras.Model, tunes: list[str], characters: Characters
) -> float:
    """Total code length over the number of characters of the tunes."""
    bits = code_lengths(model, tunes, characters).sum()
    return float(bits / sum(map(len, tunes)))


def sample(
    model: keras.Model,
    characters: Characters,
    count: int,
    temperature: float,
    seed: int = 0,
    max_length: int = 2000,
) -> list[str]:
    """Draw tunes, unfiltered, each from a zero state and two line feeds.

    Args:
        model: The recipe's model.
        characters: The vocabulary of the model.
        count: Int, number of tunes.
        temperature: Float above 0; logits are divided by it.
        seed: Int; the same seed gives the same tunes.
        max_length: Int; a tune that has not ended by then stays as it is.

    Returns:
        The texts, without the line feed that ended them.
    """
    embedding, lstm, dense = model.layers[1:]
    line_feed = int(characters.encode("\n")[0])

    # Written out, as AutoGraph cannot read a function on every Python.
    def step(t, tokens, states, ended, drawn):
        h_t, states = lstm.cell(embedding(tokens), states)
        following = tf.random.stateless_categorical(
            dense(h_t) / temperature, 1, (seed, t), dtype=tf.int32
        )[:, 0]
        ended |= (tokens == line_feed) & (following == line_feed)
        return t + 1, following, states, ended, drawn.write(t, following)

    @tf.function(autograph=False)
    def draw():
        tokens = tf.fill((count,), line_feed)
        states = lstm.cell.get_initial_state(batch_size=count)
        _, states = lstm.cell(embedding(tokens), states)  # the first "\n"
        drawn = tf.TensorArray(tf.int32, max_length, element_shape=(count,))
        *_, drawn = tf.while_loop(
            lambda t, tokens, states, ended, drawn: (
                (t < max_length) & ~tf.reduce_all(ended)
            ),
            step,
            (0, tokens, states, tf.zeros((count,), tf.bool), drawn),
        )
        return tf.transpose(drawn.stack())  # (B, T)

    texts = []
    for ids in draw().numpy():
        text = START + characters.decode(ids)
        end = text.find("\n\n", 1)  # line feeds 2 and 3 end an empty tune
        tune = text[len(START) :]
        texts.append(tune if end < 0 else text[len(START) : end + 1])
    return texts
