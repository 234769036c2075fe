"""The layers of the slides: cells, sequence layers, and their engine.

Importing this package registers every layer with Keras, so that
`keras.saving.load_model` finds them in a fresh process.
"""

from mitseq.layers.attention import (
    SelfAttentionHead,
    scaled_dot_product_attention,
)
from mitseq.layers.convert import from_keras, to_keras
from mitseq.layers.cross_attention import AdditiveAttention, DotProductAttention
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU, GRUCell
from mitseq.layers.lstm import LSTM, LSTMCell
from mitseq.layers.masks import both_masks, causal_mask, padding_mask
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.layers.position import LearnedPosition, SinusoidalPosition
from mitseq.layers.rnn import SimpleRNN, SimpleRNNCell, rnn_step
from mitseq.layers.rotary import rotary
from mitseq.layers.step import StepByStep
from mitseq.layers.tied_embedding import TiedEmbedding
from mitseq.layers.transformer import TransformerBlock
from mitseq.layers.transformer_decoder import TransformerDecoderBlock

__all__ = [
    "AdditiveAttention",
    "DotProductAttention",
    "GRU",
    "GRUCell",
    "LSTM",
    "LSTMCell",
    "LearnedPosition",
    "MultiHeadAttention",
    "MyRNNCell",
    "SelfAttentionHead",
    "SimpleRNN",
    "SimpleRNNCell",
    "SinusoidalPosition",
    "StepByStep",
    "TiedEmbedding",
    "TransformerBlock",
    "TransformerDecoderBlock",
    "VocabularyEmbedding",
    "both_masks",
    "causal_mask",
    "from_keras",
    "padding_mask",
    "rnn_step",
    "rotary",
    "scaled_dot_product_attention",
    "to_keras",
]
