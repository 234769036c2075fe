"""mitseq: the lecture *Deep Sequence Modeling* as Keras code that works.

The public names are resolved when they are first used, so that `import mitseq`
is instant and TensorFlow loads only when a layer or a model asks for it. Keras
finds the classes of saved models all the same (saved_classes.py).
"""

import importlib

from mitseq.quiet import quiet_tensorflow
from mitseq.saved_classes import register_stand_ins

__version__ = "0.1.0"

# public name -> module that defines it
_PUBLIC = {
    "MitseqError": "mitseq.errors",
    "MyRNNCell": "mitseq.layers.my_rnn_cell",
    "SimpleRNNCell": "mitseq.layers.rnn",
    "SimpleRNN": "mitseq.layers.rnn",
    "LSTMCell": "mitseq.layers.lstm",
    "LSTM": "mitseq.layers.lstm",
    "GRUCell": "mitseq.layers.gru",
    "GRU": "mitseq.layers.gru",
    "from_keras": "mitseq.layers.convert",
    "to_keras": "mitseq.layers.convert",
    "scaled_dot_product_attention": "mitseq.layers.attention",
    "SelfAttentionHead": "mitseq.layers.attention",
    "MultiHeadAttention": "mitseq.layers.multi_head",
    "AdditiveAttention": "mitseq.layers.cross_attention",
    "DotProductAttention": "mitseq.layers.cross_attention",
    "SinusoidalPosition": "mitseq.layers.position",
    "LearnedPosition": "mitseq.layers.position",
    "TransformerBlock": "mitseq.layers.transformer",
    "TransformerDecoderBlock": "mitseq.layers.transformer_decoder",
    "causal_mask": "mitseq.layers.masks",
    "padding_mask": "mitseq.layers.masks",
    "both_masks": "mitseq.layers.masks",
    "Vocabulary": "mitseq.text.vocabulary",
    "build_music_model": "mitseq.tasks.music.model",
    "load_music_model": "mitseq.tasks.music.model",
    "load_discriminator": "mitseq.tasks.music.discriminator",
    "build_sentiment_model": "mitseq.tasks.sentiment.model",
    "load_sentiment_model": "mitseq.tasks.sentiment.model",
    "build_ball_model": "mitseq.tasks.ball.model",
    "load_ball_model": "mitseq.tasks.ball.model",
    "build_caption_model": "mitseq.tasks.caption.model",
    "load_caption_model": "mitseq.tasks.caption.model",
    "read_picture": "mitseq.tasks.caption.pictures",
    "caption_pictures": "mitseq.tasks.caption.predict",
    "SentimentClassifier": "mitseq.tasks.sentiment.classifier",
    "read_texts": "mitseq.tasks.sentiment.read",
    "build_words_model": "mitseq.tasks.words.model",
    "load_words_model": "mitseq.tasks.words.model",
    "next_words": "mitseq.tasks.words.predict",
    "build_tag_model": "mitseq.tasks.tag.model",
    "load_tag_model": "mitseq.tasks.tag.model",
    "tag_words": "mitseq.tasks.tag.predict",
    "build_forecast_model": "mitseq.tasks.forecast.model",
    "load_forecast_model": "mitseq.tasks.forecast.model",
    "read_series": "mitseq.tasks.forecast.series",
    "Stream": "mitseq.tasks.forecast.stream",
    "build_translation_model": "mitseq.tasks.translate.model",
    "load_translation_model": "mitseq.tasks.translate.model",
    "translate": "mitseq.tasks.translate.translate",
    "generate": "mitseq.generation.generate",
    "beam_search": "mitseq.generation.beam",
    "generate_tunes": "mitseq.tasks.music.generate",
    "continue_tune": "mitseq.tasks.music.continue_tune",
    "vary_tune": "mitseq.tasks.music.vary",
    "compare_collections": "mitseq.tasks.music.compare",
    "Tune": "mitseq.tunes.tune",
    "cut_tunes": "mitseq.tunes.reading",
    "attention_maps": "mitseq.inside.attention",
    "device": "mitseq.devices",
    "Workers": "mitseq.training.workers",
    "GradientNorms": "mitseq.inside.gradient_norms",
    "gradient_flow": "mitseq.inside.gradients",
    "save_page": "mitseq.pages.save",
}

# folders of mitseq that are used by their own name
_FOLDERS = ("exercises",)

__all__ = ["__version__", *_PUBLIC]

quiet_tensorflow()
register_stand_ins()


def __getattr__(name: str):
    if name in _PUBLIC:
        value = getattr(importlib.import_module(_PUBLIC[name]), name)
        globals()[name] = value
        return value
    if name in _FOLDERS:
        return importlib.import_module(f"mitseq.{name}")
    raise AttributeError(f"module 'mitseq' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC, *_FOLDERS})
