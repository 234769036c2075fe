"""What Keras finds in a saved model: each class, imported when it is needed.

`keras.saving.load_model` looks a class up by the name under which it was
registered, and a class registers itself when its file is imported. After
`import mitseq` nothing is imported yet, neither Keras nor a layer. So Keras is
told of every class by a stand-in, as soon as there is a Keras: at once, or when
somebody imports it. A stand-in imports the file when a saved model needs it,
and the class then takes its place.
"""

import contextlib
import importlib
import sys

from mitseq.first_import import around_first_import

# class -> module that registers it with Keras, as "mitseq>class"
MODULES = {
    "AdditiveAttention": "mitseq.layers.cross_attention",
    "AddsUp": "mitseq.tasks.music.adds_up",
    "AsWritten": "mitseq.tasks.music.in_key",
    "BarPosition": "mitseq.tasks.music.bar_position",
    "CharacterNGrams": "mitseq.text.characters",
    "CrossEntropy": "mitseq.tasks.sentiment.loss",
    "CutMiddle": "mitseq.text.tokens",
    "DegreeEmbedding": "mitseq.tasks.music.in_key",
    "DotProductAttention": "mitseq.layers.cross_attention",
    "Dropout": "mitseq.layers.dropout",
    "Familiar": "mitseq.text.familiar",
    "FeatureEmbedding": "mitseq.tasks.music.bar_position",
    "Forbid": "mitseq.tasks.music.adds_up",
    "GRU": "mitseq.layers.gru",
    "GRUCell": "mitseq.layers.gru",
    "InKey": "mitseq.tasks.music.in_key",
    "KeyReader": "mitseq.tasks.music.in_key",
    "LSTM": "mitseq.layers.lstm",
    "LSTMCell": "mitseq.layers.lstm",
    "LearnedPosition": "mitseq.layers.position",
    "LookBackCell": "mitseq.tasks.forecast.look_back",
    "MultiHeadAttention": "mitseq.layers.multi_head",
    "MyRNNCell": "mitseq.layers.my_rnn_cell",
    "NGrams": "mitseq.text.ngrams",
    "Pointing": "mitseq.tasks.music.in_key",
    "Pooling": "mitseq.tasks.sentiment.verdict",
    "PresentFeatures": "mitseq.tasks.sentiment.verdict",
    "Quantiles": "mitseq.tasks.forecast.look_back",
    "SelfAttentionHead": "mitseq.layers.attention",
    "Shown": "mitseq.tasks.forecast.look_back",
    "SimpleRNN": "mitseq.layers.rnn",
    "SimpleRNNCell": "mitseq.layers.rnn",
    "SinusoidalPosition": "mitseq.layers.position",
    "TagLogits": "mitseq.tasks.tag.model",
    "TiedEmbedding": "mitseq.layers.tied_embedding",
    "Tokens": "mitseq.text.tokens",
    "TransformerBlock": "mitseq.layers.transformer",
    "TransformerDecoderBlock": "mitseq.layers.transformer_decoder",
    "TuneFeatures": "mitseq.tasks.music.discriminator",
    "VocabularyEmbedding": "mitseq.layers.embedding",
    "Vote": "mitseq.tasks.sentiment.verdict",
}


class StandIn:
    """Stands for a class that is not imported yet.

    Args:
        name: Of the class.
        module: The module that defines and registers it.

    Example:

    >>> StandIn("LSTM", "mitseq.layers.lstm").from_config({"units": 4}).units
    4
    """

    def __init__(self, name: str, module: str):
        self.name, self.module = name, module

    def load(self) -> type:
        """Returns the class itself."""
        return getattr(importlib.import_module(self.module), self.name)

    def from_config(self, config: dict):
        """Returns an instance, as `from_config` of the class does."""
        return self.load().from_config(config)

    def __call__(self, *args, **kwargs):
        return self.load()(*args, **kwargs)


@contextlib.contextmanager
def _registering():
    yield
    _register(sys.modules["keras"])


def _register(keras):
    known = keras.saving.get_custom_objects()
    for name, module in MODULES.items():
        known.setdefault(f"mitseq>{name}", StandIn(name, module))


def register_stand_ins() -> None:
    """Lets Keras find the classes of saved models, now or once it is there."""
    keras = sys.modules.get("keras")
    if hasattr(keras, "saving"):
        _register(keras)
    else:
        around_first_import("keras", _registering)
