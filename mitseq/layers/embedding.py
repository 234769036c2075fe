"""Encoding language for a neural network: vocabulary, indexing, embedding.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). Read mitseq/text/vocabulary.py first: it holds the
first two of the slide's three boxes; this layer is the third, and it carries
the vocabulary along, so that a saved model knows its own alphabet.
"""

import keras

from mitseq.text.vocabulary import Vocabulary


@keras.saving.register_keras_serializable(package="mitseq")
class VocabularyEmbedding(keras.layers.Embedding):
    """Index to fixed-sized vector, with the vocabulary inside the layer.

    Equation: `x_t = E[id_t]`, row `id_t` of the weight matrix `E` `(V, D)`.

    Args:
        vocabulary: `Vocabulary` (or its `to_config()` dict).
        embedding_dim: Positive int, D.
        **kwargs: Passed to `keras.layers.Embedding`.

    Call arguments:
        ids: `(B, T)` of int.

    Returns:
        `(B, T, D)`.

    Raises:
        TypeError: if `vocabulary` is neither a `Vocabulary` nor its config.

    Example:

    >>> import numpy as np
    >>> layer = VocabularyEmbedding(Vocabulary("ABC", level="character"), 4)
    >>> ids = layer.vocabulary.encode("CAB")
    >>> layer(np.array([ids])).shape
    TensorShape([1, 3, 4])
    """

    def __init__(
        self, vocabulary: Vocabulary | dict, embedding_dim: int, **kwargs
    ):
        if isinstance(vocabulary, dict):
            vocabulary = Vocabulary.from_config(vocabulary)
        if not isinstance(vocabulary, Vocabulary):
            raise TypeError(
                "`vocabulary` must be a `Vocabulary` or its config dict. "
                f"Received: vocabulary={vocabulary!r}."
            )
        self.vocabulary = vocabulary
        self.embedding_dim = embedding_dim
        super().__init__(len(vocabulary), embedding_dim, **kwargs)

    def get_config(self) -> dict:
        config = super().get_config()
        del config["input_dim"], config["output_dim"]
        return {
            **config,
            "vocabulary": self.vocabulary.to_config(),
            "embedding_dim": self.embedding_dim,
        }
