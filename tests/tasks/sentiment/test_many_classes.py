"""More than two classes, another language, emoji: with the same defaults."""

import numpy as np
import pytest

from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.training.metrics import macro_f1

# The defaults, but small and quick: what is learned is learned in seconds.
QUICK = {
    "units": 8,
    "embedding_dim": 8,
    "buckets": 2**10,
    "epochs": 2,
    "learning_rate": 0.01,
}


def texts_of(words, frames, count, seed):
    """Texts of frames and of a word that tells the class of each."""
    draw = np.random.default_rng(seed)
    texts, labels = [], []
    for label, choices in words.items():
        for _ in range(count):
            frame = frames[draw.integers(len(frames))]
            word = choices[draw.integers(len(choices))]
            texts.append(frame.format(word))
            labels.append(label)
    return texts, labels


def learned(words, frames, count=24, **changed):
    texts, labels = texts_of(words, frames, count, seed=0)
    classifier = SentimentClassifier(**QUICK | changed).fit(texts, labels)
    return classifier, texts_of(words, frames, 6, seed=1)


@pytest.mark.parametrize(("number", "cell"), [(3, None), (10, "lstm")])
def test_classes_are_told_apart_and_their_probabilities_are_honest(
    number, cell
):
    from sklearn.metrics import f1_score

    frames = ["we saw {} things", "it was {}", "{}, all of it", "so {} a day"]
    words = {
        f"class {i}": [f"w{i}a", f"w{i}b", f"w{i}c"] for i in range(number)
    }
    classifier, (texts, labels) = learned(words, frames, cell=cell)
    assert classifier.classes_.tolist() == sorted(words)
    found = classifier.evaluate(texts, labels)
    assert found.accuracy > 0.9
    expected = f1_score(labels, classifier.predict(texts), average="macro")
    assert found.macro_f1 == pytest.approx(expected)
    assert macro_f1(found.confusion) == pytest.approx(expected)
    assert list(found.by_class) == sorted(words)
    probs = classifier.predict_proba(texts)
    assert probs.shape == (len(texts), number)
    np.testing.assert_allclose(probs.sum(1), 1, rtol=1e-5)
    for scores in found.by_class.values():
        assert scores.n == 6 and scores.calibration_error < 0.3
    # reasons add up for any of the classes
    reasons = classifier.explain(texts[0], label="class 1")
    assert reasons.label == "class 1" and reasons.probability < 0.5


SPANISH = {
    "bueno": ["maravillosa", "espléndida", "buenísima", "¡genial!"],
    "malo": ["aburrida", "pésima", "malísima", "¡qué horror!"],
}
EMOJI = {
    "joy": ["😀", "😍😍", "❤️", "🎉🎉🎉", "👍🏽"],
    "anger": ["😡", "🤬🤬", "💔", "👎👎👎", "🖕🏿"],
}
FRAMES = [
    "La película es {}",
    "{} , no hay más que decir; ¿y tú?",
    "Año tras año, la función sigue siendo {}",
    "hoy {}",
    "{}",
    "yo 🫠 en el trabajo {}",
    "ok{}ok",
]


@pytest.fixture(scope="module")
def abroad():
    return learned(SPANISH | EMOJI, FRAMES)


def test_spanish_is_read_as_english_is(abroad):
    classifier, (texts, labels) = abroad
    assert classifier.score(texts, labels) > 0.9
    # capitals with accents, and an ending that was never seen
    assert classifier.predict(["BUENÍSIMAS", "Malísimos"]).tolist() == [
        *("bueno", "malo")
    ]
    found = classifier.explain("La función es pésima")
    assert found.label == "malo"
    assert found.words[found.contributions["leave_one_out"].argmax()] == (
        "pésima"
    )


def test_emoji_are_words(abroad):
    classifier, _ = abroad
    # of another skin color, among others, without a space
    texts = ["👍🏿", "so👎🏻", "🫠🫠😍"]
    assert classifier.predict(texts).tolist() == ["joy", "anger", "joy"]
