"""The layers of the slides: cells, sequence layers, and their engine.

Importing this package registers every layer with Keras, so that
`keras.saving.load_model` finds them in a fresh process.
"""

from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU, GRUCell
from mitseq.layers.lstm import LSTM, LSTMCell
from mitseq.layers.rnn import MyRNNCell, SimpleRNN, SimpleRNNCell, rnn_step

__all__ = [
    "GRU",
    "GRUCell",
    "LSTM",
    "LSTMCell",
    "MyRNNCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "VocabularyEmbedding",
    "rnn_step",
]
