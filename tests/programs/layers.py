"""A Keras developer's program: layers of ours in a model of Keras."""

import keras  # type: ignore[import-untyped]
import numpy as np

import mitseq


def build(units: int) -> keras.Model:
    """Returns a model of recurrence and of attention."""
    inputs = keras.Input((None, 8))
    x = mitseq.TransformerBlock(num_heads=2, feed_forward_dim=16)(inputs)
    x = mitseq.LSTM(units, dropout=0.1, seed=1)(x)
    return keras.Model(inputs, keras.layers.Dense(1)(x))


def main() -> list[int]:
    model = build(8)
    x = np.ones((4, 3, 8), "float32")
    norms = mitseq.GradientNorms(x, x[:, 0, :1], every=1)
    model.compile(optimizer="adam", loss="mse")
    model.fit(x, x[:, 0, :1], callbacks=[norms])
    vocabulary = mitseq.Vocabulary("abc", level="character")
    return vocabulary.encode("cab")


if __name__ == "__main__":
    print(mitseq.__version__, main())
