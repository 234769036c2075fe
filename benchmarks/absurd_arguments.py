"""Every public name, called with what nobody should pass.

A table says how each name is called rightly, and for each of its arguments
which of the absurd values it has to take; every other one has to be refused
with an error of ours that names the argument. attack.py runs all of it, and so
do the tests.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import keras
import numpy as np

import mitseq
from mitseq.errors import MitseqError
from mitseq.tasks.tag.features import tag_vocabularies
from mitseq.text.words import word_vocabulary

VALUES = {
    "None": None,
    "True": True,
    "False": False,
    "zero": 0,
    "minus one": -1,
    "a half": 0.5,
    "one and a half": 1.5,
    "NaN": math.nan,
    "infinite": math.inf,
    "minus infinite": -math.inf,
    "1e300": 1e300,
    "2**63": 2**63,
    "10**5000": 10**5000,
    "complex": 1j,
    "empty text": "",
    "a letter": "z",
    "long text": "z" * 100_000,
    "NUL": "z\0z",
    "half a pair": "\ud800",
    "bytes": b"a",
    "empty list": [],
    "list of None": [None],
    "list of lists": [[]],
    "list of NaN": [math.nan],
    "empty tuple": (),
    "dict": {},
    "object": object(),
    "function": len,
    "empty array": np.zeros(0),
    "cube": np.zeros((2, 2, 2)),
}
SLOW = 60  # seconds
LONGEST = 1700  # characters of an error

# Which of the values an argument of a kind takes. What is not asked of a kind
# stands in MAYBE: the value may be taken or refused.
NONE = {"None"}
FLAG = {"True", "False", "zero"}
SHARE = {"zero", "a half"}
NOT_NEGATIVE = {"zero", "a half", "one and a half"}
SEED = {"None", "zero"}
TEXT = {"empty text", "a letter", "long text", "NUL", "half a pair"}
ANY = set(VALUES)
EMPTY = {"empty list", "empty tuple", "dict", "empty array", "empty text"}


@dataclass(frozen=True)
class Target:
    """A public name, and what its arguments take.

    Args:
        call: What is called.
        right: Arguments with which it is right.
        takes: For each argument the absurd values that are right, too.
        maybe: For some, those that it may take or refuse.
        foreign: Arguments that Keras reads; its errors are taken.
    """

    call: Callable
    right: dict
    takes: dict[str, set[str]]
    maybe: dict[str, set[str]] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A call that went wrong."""

    name: str
    argument: str
    value: str
    what: str

    def __str__(self) -> str:
        return f"{self.name}({self.argument}={self.value}): {self.what}"


INITIALIZERS = ("kernel_initializer", "recurrent_initializer")
CELL_FOREIGN = (
    "activation",
    "recurrent_activation",
    *INITIALIZERS,
    "bias_initializer",
    "embeddings_initializer",
    *(f"{part}_regularizer" for part in ("kernel", "recurrent", "bias")),
    *(f"{part}_constraint" for part in ("kernel", "recurrent", "bias")),
    "activity_regularizer",
)


def _layer(call, right: dict, **takes) -> Target:
    """A layer: flags and what Keras reads may be anything that Keras takes."""
    import inspect

    names = [
        name
        for name, each in inspect.signature(call).parameters.items()
        if each.kind != each.VAR_KEYWORD
    ]
    given: dict[str, set[str]] = {}
    maybe = {}
    for name in names:
        if name in takes:
            given[name] = takes[name]
        elif name in CELL_FOREIGN:
            given[name], maybe[name] = set(), ANY
        elif name in ("dropout", "recurrent_dropout"):
            given[name] = SHARE
        elif name == "seed":
            given[name] = SEED | {"minus one"}
        elif name in ("units", "num_heads", "rnn_units"):
            given[name] = set()
            maybe[name] = {"2**63", "10**5000"}  # nothing is built yet
        else:
            given[name], maybe[name] = FLAG, ANY
    return Target(call, right, given, maybe, CELL_FOREIGN)


def _path(loads=None) -> set[str]:
    return NONE


def targets(folder) -> dict[str, Target]:
    """Returns the table; files that it needs are written into `folder`."""
    letters = mitseq.Vocabulary("AB|", level="character")
    words = word_vocabulary(["a good film", "a bad film"])
    music = mitseq.build_music_model(letters, units=4, layers=1)
    words_model = mitseq.build_words_model(words, units=4, embedding_dim=2)
    of_tags = (*tag_vocabularies([["a", "good"]]), ["DET", "ADJ"])
    tag_model = mitseq.build_tag_model(
        *of_tags, units=2, embedding_dim=2, affix_dim=0
    )
    translation = mitseq.build_translation_model(
        words, words, units=4, embedding_dim=2
    )
    caption = mitseq.build_caption_model(
        words, units=4, size=8, embedding_dim=2
    )
    forecast = mitseq.build_forecast_model(2, units=2, lags=2, span=8)
    sentiment = mitseq.build_sentiment_model(
        ["good", "bad"], units=2, embedding_dim=2
    )
    texts = ["a good film", "good", "a bad film", "bad"] * 3
    labels = ["p", "p", "n", "n"] * 3
    classifier = partial(
        mitseq.SentimentClassifier, cell=None, ngrams=1, characters=0
    )
    fitted = classifier().fit(texts, labels)
    abc = "X:1\nT:t\nM:4/4\nL:1/8\nK:D\nDEFG ABcd|d4 D4|]\n"
    small = folder / "small.csv"
    small.write_text("text,label\na,p\nb,n\n")
    series = folder / "series.csv"
    series.write_text("value\n" + "".join(f"{i % 7}\n" for i in range(60)))
    from PIL import Image

    Image.new("L", (9, 9)).save(folder / "small.png")
    x, y = np.zeros((2, 3), "int32"), np.zeros((2, 3), "int32")
    q = np.zeros((1, 2, 4), "float32")

    def fit(**settings):
        given = {"epochs": 1, "texts": texts, "labels": labels, **settings}
        fits = {
            name: given.pop(name)
            for name in ("texts", "labels", "groups", "sample_weight", "out")
            if name in given
        }
        return classifier(**given).fit(**fits)

    def with_device(name):
        with mitseq.device(name):
            pass

    def attend(**given):
        return mitseq.scaled_dot_product_attention(**given)

    build_path = {"path": NONE}
    size, layer = set(), _layer
    recurrent_model = mitseq.build_music_model(letters, units=4, layers=1)
    recurrent_model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    recurrent = {"units": 2}
    attention = {
        "head_dim": NONE,
        "window": NONE,
        "position": NONE,
        "chunk": NONE,
    }
    sampling = {
        "temperature": NOT_NEGATIVE | {"2**63"},
        "top_k": NONE,
        "top_p": NONE | {"a half"},
        "seed": SEED | {"minus one"},
    }
    no_tune = {"meter": NONE, "key": NONE, "prompt": NONE}
    table: dict[str, Target] = {
        "MyRNNCell": layer(
            mitseq.MyRNNCell,
            {"rnn_units": 2, "input_dim": 2, "output_dim": 2},
            input_dim=size,
            output_dim=size,
        ),
        "from_keras": Target(
            mitseq.from_keras,
            {"layer": keras.layers.LSTM(2)},
            {"layer": set()},
        ),
        "to_keras": Target(
            mitseq.to_keras,
            {"layer": mitseq.LSTM(2), "keep_others": False},
            {"layer": set(), "keep_others": FLAG},
            {"keep_others": ANY},
        ),
        "scaled_dot_product_attention": Target(
            attend,
            {"query": q, "key": q, "value": q},
            {
                "query": set(),
                "key": set(),
                "value": set(),
                "mask": NONE,
                "causal": FLAG,
                "return_attention_scores": FLAG,
            },
            {
                "causal": ANY,
                "return_attention_scores": ANY,
                "mask": {"True", "False", "list of NaN"},
            },
        ),
        "causal_mask": Target(
            mitseq.causal_mask,
            {"num_queries": 2},
            {
                "num_queries": {"zero"},
                "num_keys": NONE | {"zero"},
                "window": NONE,
            },
        ),
        "padding_mask": Target(
            mitseq.padding_mask,
            {"tokens": x, "padding_id": 0},
            {"tokens": set(), "padding_id": {"zero", "minus one"}},
            {"tokens": {"cube", "empty array", "list of lists"}},
        ),
        "both_masks": Target(
            lambda mask: mitseq.both_masks(mask, None),
            {"mask": np.ones((2, 2), bool)},
            {"mask": NONE},
            {
                "mask": {
                    *("True", "False", "cube", "empty array", "list of lists"),
                    *("empty list", "empty tuple", "list of NaN"),
                }
            },
        ),
        "Vocabulary": Target(
            mitseq.Vocabulary,
            {"tokens": ["a"], "level": "token"},
            {
                "tokens": EMPTY | {"a letter"} - {"empty array"},
                "level": set(),
                "pattern": NONE | {"a letter"},
            },
            {"tokens": ANY, "pattern": ANY},
        ),
        "Vocabulary.from_texts": Target(
            mitseq.Vocabulary.from_texts,
            {"texts": ["a"], "level": "character", "min_count": 1},
            {"texts": set(), "level": set(), "min_count": set()},
            {"texts": {"dict"}},
        ),
        "build_music_model": Target(
            mitseq.build_music_model,
            {"vocabulary": letters, "units": 4, "layers": 1},
            {
                "vocabulary": set(),
                "cell": set(),
                "units": NONE,
                "layers": NONE,
                "heads": set(),
                "embedding_dim": set(),
                "dropout": NONE | SHARE,
                "lags": EMPTY,
                "in_key": FLAG,
                "points": FLAG,
                "shortcut": FLAG,
            },
            {"lags": EMPTY},
        ),
        "save_page": Target(
            mitseq.save_page,
            {"model": words_model, "path": folder / "p.html"}
            | {"overwrite": True},
            {
                "model": set(),
                "path": set(),
                "title": TEXT,
                "bits": set(),
                "overwrite": FLAG,
            },
            {"path": TEXT, "title": TEXT | {"None"}},
        ),
        "build_sentiment_model": Target(
            mitseq.build_sentiment_model,
            {"words": ["good"], "units": 2, "embedding_dim": 2},
            {
                "words": set(),
                "classes": set(),
                "cell": set(),
                "units": set(),
                "layers": set(),
                "embedding_dim": set(),
                "bidirectional": FLAG,
                "pooling": set(),
                "dropout": SHARE,
                "num_steps": {"2**31"},
                "max_vectors": set(),
                "vectors": NONE,
                "keys": NONE,
                "ngram_size": set(),
                "buckets": {"zero"},
                "character_sizes": set(),
                "single_logit": FLAG,
                "precision": NONE,
                "least_known": SHARE,
                "neutral": SHARE,
            },
        ),
        "build_ball_model": Target(
            mitseq.build_ball_model,
            {"units": 2, "window": 2, "cell": "rnn"},
            {"cell": set(), "units": set(), "window": set(), "noise": SHARE},
        ),
        "build_caption_model": Target(
            mitseq.build_caption_model,
            {"vocabulary": words, "units": 4, "size": 8, "embedding_dim": 2},
            {
                "vocabulary": set(),
                "decoder": set(),
                "cell": set(),
                "units": set(),
                "size": set(),
                "channels": set(),
                "embedding_dim": set(),
                "dropout": SHARE,
                "word_dropout": SHARE,
                "state_dropout": SHARE,
                "together": FLAG,
            },
        ),
        "read_picture": Target(
            mitseq.read_picture,
            {"path": folder / "small.png", "size": 8},
            {"path": set(), "size": set(), "channels": set()},
        ),
        "caption_pictures": Target(
            mitseq.caption_pictures,
            {
                "model": caption,
                "pictures": np.zeros((1, 8, 8, 1), "uint8"),
                "most_words": 1,
            },
            {"model": set(), "pictures": set(), "most_words": set()},
        ),
        "SentimentClassifier": Target(
            fit,
            {},
            {
                "cell": NONE,
                "units": set(),
                "layers": set(),
                "embedding_dim": set(),
                "bidirectional": FLAG,
                "pooling": set(),
                "dropout": SHARE,
                "num_steps": set(),
                "ngrams": set(),
                "characters": {"zero"},
                "buckets": {"zero"},
                "min_count": set(),
                "vectors": NONE,
                "unlabelled": NONE,
                "class_weight": NONE | {"dict"},
                "validation_split": {"a half"},
                "epochs": NONE,
                "patience": set(),
                "minutes": NONE | {"a half", "one and a half", "1e300"},
                "batch_size": NONE,
                "learning_rate": NONE
                | NOT_NEGATIVE - {"zero"}
                | {"1e300", "2**63"},
                "precision": set(),
                "least_known": SHARE,
                "neutral": {"zero"},
                "seed": SEED,
                "verbose": {"zero", "True", "False"},
                "texts": set(),
                "labels": set(),
                "groups": NONE,
                "sample_weight": NONE,
                "out": NONE,
            },
            {"minutes": {"2**63"}, "out": {"a letter"}},
        ),
        "SentimentClassifier.predict": Target(
            fitted.predict,
            {"texts": ["good"]},
            {"texts": {"empty list", "empty tuple", "empty array", "dict"}},
        ),
        "SentimentClassifier.score": Target(
            fitted.score,
            {"texts": ["good"], "labels": ["p"]},
            {"texts": set(), "labels": set()},
        ),
        "SentimentClassifier.explain": Target(
            fitted.explain, {"text": "good"}, {"text": TEXT}
        ),
        "SentimentClassifier.save": Target(
            fitted.save,
            {"path": folder / "s.keras"},
            {"path": set()},
            {"path": {"a letter"}},
        ),
        "SentimentClassifier.load": Target(
            mitseq.SentimentClassifier.load, {}, {"path": NONE}, {"path": TEXT}
        ),
        "read_texts": Target(
            mitseq.read_texts,
            {"path": small},
            {
                "path": set(),
                "text_column": NONE,
                "label_column": NONE,
                "encoding": NONE,
                "split": NONE,
            },
        ),
        "build_words_model": Target(
            mitseq.build_words_model,
            {"vocabulary": words, "units": 4, "embedding_dim": 2},
            {
                "vocabulary": set(),
                "cell": set(),
                "units": set(),
                "layers": NONE,
                "embedding_dim": set(),
                "dropout": SHARE,
            },
        ),
        "next_words": Target(
            mitseq.next_words,
            {"model": words_model, "texts": ["a"], "count": 1},
            {
                "model": set(),
                "texts": {"empty list", "empty tuple", "dict", "empty array"},
                "count": set(),
            },
        ),
        "build_tag_model": Target(
            mitseq.build_tag_model,
            {
                **dict(zip(("words", "affixes", "tags"), of_tags, strict=True)),
                **{"units": 2, "embedding_dim": 2, "affix_dim": 0},
            },
            {
                **{"words": set(), "affixes": set(), "tags": set()},
                "cell": set(),
                "units": set(),
                "layers": set(),
                "embedding_dim": set(),
                "affix_dim": {"zero"},
                "dropout": SHARE,
                "directions": set(),
            },
        ),
        "tag_words": Target(
            mitseq.tag_words,
            {"model": tag_model, "sentences": ["a good"]},
            {
                "model": set(),
                "sentences": {"empty list", "empty tuple", "dict"}
                | {"empty array", "list of lists"},
            },
        ),
        "build_forecast_model": Target(
            mitseq.build_forecast_model,
            {"horizon": 2, "units": 2, "lags": 2, "span": 8},
            {
                "horizon": set(),
                "cell": set(),
                "units": set(),
                "season": {"zero"},
                "lags": set(),
                "span": set(),
                "faults": FLAG,
            },
        ),
        "read_series": Target(
            mitseq.read_series,
            {"path": series},
            {
                "path": set(),
                "column": NONE,
                "gaps": set(),
                "shortest": set(),
            },
        ),
        "Stream": Target(
            mitseq.Stream,
            {"model": forecast},
            {
                "model": set(),
                "score": {"a half"},
                "far": {"a half", "one and a half", "1e300"},
            },
            {"far": {"2**63"}},
        ),
        "Stream.read": Target(
            mitseq.Stream(forecast).read,
            {"value": 1.0},
            {"value": NOT_NEGATIVE | {"minus one", "2**63"}},
        ),
        "build_translation_model": Target(
            mitseq.build_translation_model,
            {"source": words, "target": words, "units": 4, "embedding_dim": 2},
            {
                "source": set(),
                "target": set(),
                "cell": set(),
                "attention": set(),
                "units": set(),
                "embedding_dim": set(),
                "dropout": SHARE,
            },
        ),
        "translate": Target(
            mitseq.translate,
            {"model": translation, "texts": ["a"], "beams": 1, "max_words": 1},
            {
                "model": set(),
                "texts": {"empty list", "empty tuple", "dict", "empty array"},
                "beams": set(),
                "length_penalty": NOT_NEGATIVE,
                "count": set(),
                "max_words": NONE,
            },
        ),
        "generate": Target(
            mitseq.generate,
            {"model": music, "prompt_ids": [[1]], "max_length": 2},
            {
                "model": set(),
                "prompt_ids": set(),
                "max_length": set(),
                "end_id": NONE | {"zero"},
                **sampling,
                "banned_ids": EMPTY,
                "stream": FLAG,
                "chunk": set(),
                "return_state": FLAG,
                "state": NONE,
                "context": EMPTY,
            },
        ),
        "beam_search": Target(
            mitseq.beam_search,
            {
                **{"model": music, "first_ids": [1], "beams": 1},
                **{"max_length": 2, "end_id": 2},
            },
            {
                "model": set(),
                "first_ids": {"zero"},
                "beams": set(),
                "max_length": set(),
                "end_id": {"zero"},
                "length_penalty": NOT_NEGATIVE,
                "banned_ids": EMPTY,
                "context": EMPTY,
            },
        ),
        "generate_tunes": Target(
            mitseq.generate_tunes,
            {"model": music, "count": 1, "unchecked": True},
            {
                "model": set(),
                "count": set(),
                **sampling,
                **no_tune,
                "like": NONE,
                "form": NONE,
                "bars": NONE,
                "range": NONE,
                "unchecked": {"True"},
                "adding_up": NONE | FLAG,
                "discriminator": NONE,
                "choose_from": set(),
                "device": NONE,
            },
            {"unchecked": FLAG, "prompt": {"a letter"}},
        ),
        "continue_tune": Target(
            mitseq.continue_tune,
            {"model": music, "abc": abc, "count": 1},
            {"model": set(), "abc": set(), "count": set()},
        ),
        "vary_tune": Target(
            mitseq.vary_tune,
            {"model": music, "abc": abc, "count": 1},
            {
                "model": set(),
                "abc": set(),
                "change": set(),
                "count": set(),
                "temperature": set(),
                "seed": set(),
                "device": set(),
            },
        ),
        "compare_collections": Target(
            mitseq.compare_collections,
            {"a": small, "b": small},
            {
                "a": set(),
                "b": set(),
                "floor": set(),
                "most": set(),
                "seed": set(),
            },
        ),
        "Tune": Target(
            mitseq.Tune, {"abc": abc}, {"abc": set()}, {"abc": TEXT}
        ),
        "Tune.to": Target(mitseq.Tune(abc).to, {}, {"format": set()}),
        "Tune.save": Target(
            mitseq.Tune(abc).save,
            {"path": folder / "t.mid"},
            {"path": set()},
        ),
        "cut_tunes": Target(
            mitseq.cut_tunes, {"text": abc}, {"text": set()}, {"text": TEXT}
        ),
        "attention_maps": Target(
            mitseq.attention_maps,
            {"model": music, "text": x},
            {"model": set(), "text": set(), "tokens": set()},
        ),
        "device": Target(with_device, {"name": "cpu"}, {"name": set()}),
        "Workers": Target(
            mitseq.Workers,
            {"devices": 1},
            {"devices": set(), "workers": NONE, "task": NONE},
        ),
        "GradientNorms": Target(
            mitseq.GradientNorms,
            {"x": x, "y": y},
            {
                "x": ANY,
                "y": ANY,
                "every": set(),
                "log_dir": NONE | {"a letter"},
                "layers": NONE | {"empty list", "empty tuple"},
                "examples": {"zero"},
                "steps": set(),
            },
            {"x": ANY, "y": ANY},
        ),
        "gradient_flow": Target(
            mitseq.gradient_flow,
            {"model": recurrent_model, "x": x, "y": y},
            {
                "model": set(),
                "x": set(),
                "y": set(),
                "layer": NONE,
                "training": FLAG,
                "examples": {"zero"},
            },
            foreign=("x", "y"),
        ),
    }
    for name in ("SimpleRNN", "LSTM", "GRU"):
        for kind in (name, f"{name}Cell"):
            table[kind] = layer(
                getattr(mitseq, kind), recurrent, implementation={"zero"}
            )
    for name, right, takes in (
        ("SelfAttentionHead", {"head_dim": 2}, {"head_dim": set()}),
        ("MultiHeadAttention", {"num_heads": 2}, attention),
        ("AdditiveAttention", {"units": 2}, {}),
        ("DotProductAttention", {}, {"score_type": set()}),
        (
            "SinusoidalPosition",
            {},
            {"max_wavelength": {"one and a half", "1e300", "2**63"}},
        ),
        ("LearnedPosition", {"max_length": 2}, {"max_length": set()}),
        (
            "TransformerBlock",
            {"num_heads": 2, "feed_forward_dim": 2},
            {**attention, "feed_forward_dim": set(), "norm": set()},
        ),
        (
            "TransformerDecoderBlock",
            {"num_heads": 2, "feed_forward_dim": 2},
            {**attention, "feed_forward_dim": set(), "norm": set()},
        ),
    ):
        table[name] = layer(getattr(mitseq, name), right, **takes)
    for task in (
        *("music", "sentiment", "ball", "caption", "words", "tag"),
        *("forecast", "translation"),
    ):
        name = f"load_{task}_model"
        load = getattr(mitseq, name)
        table[name] = Target(load, {}, build_path, {"path": {"a letter"}})
    table["load_discriminator"] = Target(
        mitseq.load_discriminator, {}, build_path, {"path": {"a letter"}}
    )
    assert sentiment is not None  # noqa: S101
    return table


def calls(table: dict[str, Target]) -> Iterator[tuple[str, str, str]]:
    """Yields name, argument and value of every call."""
    for name, target in table.items():
        for argument in target.takes:
            for value in VALUES:
                yield name, argument, value


def try_call(table, name: str, argument: str, value: str) -> Fault | None:
    """Makes one call; returns what is wrong with what came of it."""
    target = table[name]
    maybe = value in target.maybe.get(argument, ())
    takes = value in target.takes[argument]
    given = {**target.right, argument: VALUES[value]}
    started = time.monotonic()
    try:
        target.call(**given)
    except MitseqError as error:
        what = _told(str(error), takes and not maybe)
    except (ValueError, TypeError, RuntimeError) as error:
        text = str(error)
        ours = f"`{argument}`" in text or argument in target.foreign
        what = _told(text, takes and not maybe) if ours else _raw(error)
        if argument in target.foreign:
            what = None  # Keras's own words, of any length
    except Exception as error:
        what = _raw(error)
    else:
        what = None if takes or maybe else "taken without a word"
    seconds = time.monotonic() - started
    if what is None and seconds > SLOW:
        what = f"took {seconds:.1f} s"
    return None if what is None else Fault(name, argument, value, what)


def _told(text, is_right):
    if is_right:
        return f"refused: {text[:200]}"
    if len(text) > LONGEST:
        return f"an error of {len(text)} characters"
    return None


def _raw(error):
    text = " ".join(str(error).split())[:160]
    return f"{type(error).__name__}: {text}"
