"""The public names for type checkers and editors.

At run time `__init__.py` looks a name up when it is first used. Functions whose
result depends on an argument are written out below. A test compares all of it
with the sources.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, overload

import keras
import numpy as np
import tensorflow as tf

from mitseq import exercises as exercises
from mitseq.devices import device as device
from mitseq.errors import MitseqError as MitseqError
from mitseq.generation.beam import beam_search as beam_search
from mitseq.generation.streaming import GenerationState, Pieces
from mitseq.inside.attention import attention_maps as attention_maps
from mitseq.inside.gradient_norms import GradientNorms as GradientNorms
from mitseq.inside.gradients import gradient_flow as gradient_flow
from mitseq.layers.attention import SelfAttentionHead as SelfAttentionHead
from mitseq.layers.convert import from_keras as from_keras
from mitseq.layers.convert import to_keras as to_keras
from mitseq.layers.cross_attention import AdditiveAttention as AdditiveAttention
from mitseq.layers.cross_attention import (
    DotProductAttention as DotProductAttention,
)
from mitseq.layers.gru import GRU as GRU
from mitseq.layers.gru import GRUCell as GRUCell
from mitseq.layers.lstm import LSTM as LSTM
from mitseq.layers.lstm import LSTMCell as LSTMCell
from mitseq.layers.masks import both_masks as both_masks
from mitseq.layers.masks import causal_mask as causal_mask
from mitseq.layers.masks import padding_mask as padding_mask
from mitseq.layers.multi_head import MultiHeadAttention as MultiHeadAttention
from mitseq.layers.my_rnn_cell import MyRNNCell as MyRNNCell
from mitseq.layers.position import LearnedPosition as LearnedPosition
from mitseq.layers.position import SinusoidalPosition as SinusoidalPosition
from mitseq.layers.rnn import SimpleRNN as SimpleRNN
from mitseq.layers.rnn import SimpleRNNCell as SimpleRNNCell
from mitseq.layers.transformer import TransformerBlock as TransformerBlock
from mitseq.layers.transformer_decoder import (
    TransformerDecoderBlock as TransformerDecoderBlock,
)
from mitseq.pages.save import save_page as save_page
from mitseq.tasks.ball.model import build_ball_model as build_ball_model
from mitseq.tasks.ball.model import load_ball_model as load_ball_model
from mitseq.tasks.caption.model import (
    build_caption_model as build_caption_model,
)
from mitseq.tasks.caption.model import load_caption_model as load_caption_model
from mitseq.tasks.caption.pictures import read_picture as read_picture
from mitseq.tasks.caption.predict import caption_pictures as caption_pictures
from mitseq.tasks.forecast.model import (
    build_forecast_model as build_forecast_model,
)
from mitseq.tasks.forecast.model import (
    load_forecast_model as load_forecast_model,
)
from mitseq.tasks.forecast.series import read_series as read_series
from mitseq.tasks.forecast.stream import Stream as Stream
from mitseq.tasks.music.compare import (
    compare_collections as compare_collections,
)
from mitseq.tasks.music.continue_tune import continue_tune as continue_tune
from mitseq.tasks.music.discriminator import (
    load_discriminator as load_discriminator,
)
from mitseq.tasks.music.generate import generate_tunes as generate_tunes
from mitseq.tasks.music.model import build_music_model as build_music_model
from mitseq.tasks.music.model import load_music_model as load_music_model
from mitseq.tasks.music.vary import vary_tune as vary_tune
from mitseq.tasks.sentiment.classifier import (
    SentimentClassifier as SentimentClassifier,
)
from mitseq.tasks.sentiment.model import (
    build_sentiment_model as build_sentiment_model,
)
from mitseq.tasks.sentiment.model import (
    load_sentiment_model as load_sentiment_model,
)
from mitseq.tasks.sentiment.read import read_texts as read_texts
from mitseq.tasks.tag.model import build_tag_model as build_tag_model
from mitseq.tasks.tag.model import load_tag_model as load_tag_model
from mitseq.tasks.tag.predict import tag_words as tag_words
from mitseq.tasks.translate.model import (
    build_translation_model as build_translation_model,
)
from mitseq.tasks.translate.model import (
    load_translation_model as load_translation_model,
)
from mitseq.tasks.translate.translate import translate as translate
from mitseq.tasks.words.model import build_words_model as build_words_model
from mitseq.tasks.words.model import load_words_model as load_words_model
from mitseq.tasks.words.predict import next_words as next_words
from mitseq.text.vocabulary import Vocabulary as Vocabulary
from mitseq.training.workers import Workers as Workers
from mitseq.tunes.reading import cut_tunes as cut_tunes
from mitseq.tunes.tune import Tune as Tune

__version__: str

@overload
def generate(
    model: keras.Model,
    prompt_ids: Sequence[Sequence[int]] | np.ndarray | None = None,
    *,
    max_length: int,
    end_id: int | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    banned_ids: Iterable[int] = (),
    stream: Literal[False] = False,
    chunk: int = 256,
    return_state: Literal[False] = False,
    state: GenerationState | None = None,
    context: Sequence[np.ndarray] = (),
) -> tuple[np.ndarray, np.ndarray]: ...
@overload
def generate(
    model: keras.Model,
    prompt_ids: Sequence[Sequence[int]] | np.ndarray | None = None,
    *,
    max_length: int,
    end_id: int | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    banned_ids: Iterable[int] = (),
    stream: Literal[False] = False,
    chunk: int = 256,
    return_state: Literal[True],
    state: GenerationState | None = None,
    context: Sequence[np.ndarray] = (),
) -> tuple[np.ndarray, np.ndarray, GenerationState]: ...
@overload
def generate(
    model: keras.Model,
    prompt_ids: Sequence[Sequence[int]] | np.ndarray | None = None,
    *,
    max_length: int,
    end_id: int | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    banned_ids: Iterable[int] = (),
    stream: Literal[True],
    chunk: int = 256,
    return_state: bool = False,
    state: GenerationState | None = None,
    context: Sequence[np.ndarray] = (),
) -> Pieces: ...
@overload
def scaled_dot_product_attention(
    query: tf.Tensor,
    key: tf.Tensor,
    value: tf.Tensor,
    mask: tf.Tensor | None = None,
    *,
    causal: bool = False,
    return_attention_scores: Literal[False] = False,
) -> tf.Tensor: ...
@overload
def scaled_dot_product_attention(
    query: tf.Tensor,
    key: tf.Tensor,
    value: tf.Tensor,
    mask: tf.Tensor | None = None,
    *,
    causal: bool = False,
    return_attention_scores: Literal[True],
) -> tuple[tf.Tensor, tf.Tensor]: ...
