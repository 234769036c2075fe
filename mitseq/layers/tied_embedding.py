"""One matrix for both ends: from an index to a vector, and back to logits.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). Read embedding.py first. What a word looks like to a
decoder when it is read, and what the decoder must look like to write it, is one
vector: half of the weights where the vocabulary is large.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.embedding import VocabularyEmbedding


@keras.saving.register_keras_serializable(package="mitseq")
class TiedEmbedding(VocabularyEmbedding):
    """A vocabulary's embedding that also gives the logits of its words.

    Equations:
        x_t = E[id_t]               read a word
        logits_t = h_t E^T          with `reverse`: how well each word fits

    Args:
        vocabulary: `Vocabulary` (or its `to_config()` dict).
        embedding_dim: Positive int, D.
        **kwargs: Passed to `keras.layers.Embedding`.

    Call arguments:
        x: `(B, T)` of int; with `reverse` `(B, T, D)`.
        reverse: Give the logits.

    Returns:
        `(B, T, D)`; with `reverse` the logits `(B, T, V)`.

    Example:

    >>> from mitseq.text.vocabulary import Vocabulary
    >>> layer = TiedEmbedding(Vocabulary("ABC", level="character"), 4)
    >>> x = layer(ops.array([[3, 5]]))
    >>> layer(x, reverse=True).shape
    TensorShape([1, 2, 6])

    Differs from `keras.layers.ReversibleEmbedding`: it carries the vocabulary,
    and older versions of Keras read it.
    Reference: Press and Wolf, 2017, "Using the Output Embedding".
    """

    def call(self, x: tf.Tensor, reverse: bool = False) -> tf.Tensor:
        if not reverse:
            return super().call(x)
        # logits_t = h_t E^T          (B, T, D) x (D, V) -> (B, T, V)
        E = ops.cast(self.embeddings, self.compute_dtype)
        x = ops.cast(x, self.compute_dtype)
        return ops.matmul(x, ops.transpose(E))

    def compute_output_spec(
        self, x: keras.KerasTensor, reverse: bool = False
    ) -> keras.KerasTensor:
        size = self.input_dim if reverse else self.output_dim
        steps = x.shape[:-1] if reverse else x.shape
        return keras.KerasTensor((*steps, size), dtype=self.compute_dtype)
