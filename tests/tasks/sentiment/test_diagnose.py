import re

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.diagnose import diagnose
from mitseq.tasks.sentiment.grammar import (
    FAMILIES,
    ORDER_FAMILIES,
    write_reviews,
)


class Answers:
    """A model whose answer is a function of the text."""

    def __init__(self, answer):
        self.answer = answer

    def predict(self, texts):
        return [self.answer(text) for text in texts]


def all_knowing(names=("neg", "pos")):
    distances = range(9)
    reviews = write_reviews(20, split="test", distances=distances)
    known = {review.text: review.label for review in reviews}
    return Answers(lambda text: names[known[text] == "pos"])


class BagOfWords:
    """The mean of the words' vectors and a hidden layer, trained by `fit`."""

    def fit(self, texts, labels):
        import keras

        keras.utils.set_random_seed(0)
        split = keras.layers.TextVectorization(output_mode="count")
        split.adapt(texts)
        inputs = keras.Input((), dtype="string")
        x = split(inputs)  # how often each word is there, in no order
        x = x / keras.ops.sum(x, axis=-1, keepdims=True)
        x = keras.layers.Dense(16, use_bias=False, name="embedding")(x)
        x = keras.layers.Dense(32, activation="relu")(x)
        self.model = keras.Model(inputs, keras.layers.Dense(1)(x))
        self.model.compile(
            keras.optimizers.Adam(0.03),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
        )
        y = np.array([label == "pos" for label in labels], dtype="float32")
        self.model.fit(
            np.array(texts, dtype=object), y, epochs=8, batch_size=64, verbose=0
        )
        return self

    def predict(self, texts):
        logits = self.model.predict(np.array(texts, dtype=object), verbose=0)
        # twins differ by rounding only, as the words are summed in one order
        return ["pos" if z > 0 else "neg" for z in logits[:, 0]]


def test_a_trained_bag_of_words_is_right_on_half_of_each_order_family():
    reviews = write_reviews(150, families=["plain"], distances=[0, 1])
    reviews += write_reviews(10, distances=[0, 1])
    np.random.default_rng(0).shuffle(reviews)
    model = BagOfWords().fit(
        [review.text for review in reviews],
        [review.label for review in reviews],
    )
    found = diagnose(model, groups=4, distances=[0, 1, 4])
    for family in ORDER_FAMILIES:
        assert found.families[family] == 0.5, family
    assert found.order == 0.5
    assert found.families["plain"] > 0.8  # it has learned what words can tell


def test_who_knows_everything_is_always_right():
    found = diagnose(all_knowing())
    assert found.accuracy() == found.order == 1.0
    assert set(found.families) == set(FAMILIES)
    assert list(found.distances) == list(range(9))


def test_first_words_are_not_enough_and_a_rule_for_one_family_is_for_one():
    """Who says what comes after "but": right there, half of the time else."""

    def after_but(text):
        last = text.partition(" but ")[2]
        praise = r"good|great|excellent|wonderful|lovely|superb|splendid"
        return "pos" if re.search(praise, last) else "neg"

    found = diagnose(Answers(after_but), groups=30, distances=[0, 3])
    assert found.families["but"] > 0.6
    assert found.families["reported"] == 0.5


def test_names_of_classes_are_understood_in_several_forms():
    for names in (
        ("0", "1"),
        (0, 1),
        ("Negative", "Positive"),
        ("bad", "good"),
    ):
        assert diagnose(all_knowing(names), distances=[2]).accuracy() == 1.0
    model = Answers(lambda text: "pos")
    model.classes_ = np.array(["art", "sports"])
    with pytest.raises(MitseqError, match="must be called positive"):
        diagnose(model)
    with pytest.raises(MitseqError, match="a label for each text"):
        model = Answers(None)
        model.predict = lambda texts: ["pos"]
        diagnose(model)


def test_table_and_dict_say_the_same():
    model = Answers(lambda text: "pos" if len(text) % 3 else "neg")
    found = diagnose(model, groups=3, distances=[0, 8])
    result = found.as_dict()
    assert result["n"] == sum(cell["n"] for cell in result["cells"])
    lines = found.table().splitlines()
    assert lines[0].split() == ["family", "order", "all", "d=0", "d=8"]
    assert len({len(line) for line in lines}) == 1
    for name, line in zip(result["families"], lines[1:-2], strict=True):
        assert line.startswith(name)
        assert ("order" in line[len(name) :]) == (name in ORDER_FAMILIES)
        numbers = line[len(name) :].replace("order", "").split()
        assert numbers[0] == f"{100 * result['families'][name]:.1f}"
    assert lines[-2].split()[-1] == f"{100 * result['distances'][8]:.1f}"
    assert lines[-1].split() == ["guessing", "50.0", "50.0", "50.0"]
    labels = [r.label for r in write_reviews(3, split="test")]
    assert labels.count("pos") == result["guessing"] * len(labels)
