"""The bundled classifier: small, in place, and it answers as a reader would."""

import json
import zipfile

import numpy as np
import pytest

from mitseq.pretrained.half_precision import readable_by_older
from mitseq.pretrained.sentiment import (
    GROUPS,
    SETTINGS,
    SHOWN,
    card,
    choose_neutral,
    main,
    part,
    stopped_by,
)
from mitseq.pretrained.sentiment_data import (
    DOMAINS,
    LEXICON,
    Mixture,
    add_grammar,
    read_lexicon,
)
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.diagnose import diagnose
from mitseq.tasks.sentiment.model import BUNDLED
from mitseq.tasks.sentiment.read import read_texts
from mitseq.tasks.sentiment.texts import key_of
from tests.tasks.sentiment.conftest import SMALL, sentences


@pytest.fixture(scope="module")
def bundled():
    return SentimentClassifier.load()


def test_the_sentences_of_the_card_come_out_right(bundled):
    said = bundled.predict(list(SHOWN))
    assert dict(zip(SHOWN, said.tolist(), strict=True)) == SHOWN


def test_no_sentence_of_the_card_was_trained_on():
    mixture = Mixture()
    add_grammar(mixture, GROUPS, (0,), 0)
    mixture.add("test", [(text, 1.0) for text in SHOWN])
    left = {key_of(text) for text in mixture.without(list(SHOWN)).texts}
    assert not left & {key_of(text) for text in SHOWN}
    assert len(left) > 1000


PRAISE = """
    I love this product!|10/10|9/10|not bad at all|never boring|It isn't bad.|
    This is great :)|It arrived today :)|It arrived today 😍|👍|😍😍😍|<3|:-)|
    #awesome|GREAT food|so happy!!!|The food was cold but the evening was
    wonderful.|very good|loved it|works perfectly|I'm so excited for tonight|
    best day ever|kind of great|Thank you so much!|can't complain
"""
BLAME = """
    I hate this product!|1/10|not good|never good|hardly good|It isn't good.|
    It arrived today :(|It arrived today 😡|👎|😭😭|</3|:-(|#fail|AWFUL service|
    The food was good but the evening was terrible.|very bad|hated it|
    does not work|waste of money|worst day ever|kind of bad|not what I hoped
    for|I don't like it|I am not happy with it.|I was never so bored.
"""
NEITHER = """
    |asdf qwer zxcv|The meeting is at noon.|We took the bus.|Das Essen war kalt
    und der Kellner unfreundlich.|Ich bin total begeistert von diesem Buch.|
    Was für ein schöner Tag heute!|Der Film hat mir leider gar nicht gefallen.|
    Sehr empfehlenswert, gerne wieder!|¡Qué día tan bonito hace hoy!|
    Je déteste ce produit, il ne marche pas.|这部电影很好看
"""

# an idiom; it calls it neutral
STILL_WRONG = {"I was never so bored."}


@pytest.mark.parametrize(
    "texts, label",
    [(PRAISE, "positive"), (BLAME, "negative"), (NEITHER, "neutral")],
)
def test_what_a_reader_expects(bundled, texts, label):
    texts = [" ".join(text.split()) for text in texts.split("|")]
    said = bundled.predict(texts)
    wrong = [t for t, x in zip(texts, said, strict=True) if x != label]
    assert set(wrong) == STILL_WRONG & set(texts)


def test_more_of_it_is_told_by_the_score(bundled):
    """What strengthens and weakens, on the way from blame to praise."""

    def scores(*texts):
        return bundled.polarity(list(texts))

    for rising in (
        ("kind of good", "good"),
        ("kind of good", "very good"),  # "good" alone is as high as that
        ("it is great", "it is GREAT"),
        ("the food was nice", "the food was nice!!!"),
        ("the food was nice", "the food was nice :)"),
        ("see you there :(", "see you there", "see you there :)"),
        ("not good", "hardly bad", "good"),
    ):
        assert np.all(np.diff(scores(*rising)) > 0), rising
    for falling in (("bad", "very bad"), ("it is awful", "it is AWFUL!!!")):
        assert np.all(np.diff(scores(*falling)) < 0), falling


def test_order_is_understood_where_a_bag_of_words_guesses(bundled):
    families = ("negation", "first or second", "not bad", "denied")
    found = diagnose(bundled, groups=10, families=families).families
    assert min(found.values()) >= 0.85, found


def test_bundled_file_is_small_and_readable_by_older_versions():
    assert BUNDLED.stat().st_size <= 4_500_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)  # loads on Python 3.10
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    for named in ("CC BY 4.0", "MIT license", "grammar", "Hutto"):
        assert named in text
    assert json.dumps(SETTINGS) in text


@pytest.fixture
def data(tmp_path):
    """A little of each file, in a folder."""
    texts, labels = sentences()
    for label in ("pos", "neg"):
        chosen = [t for t, y in zip(texts, labels, strict=True) if y == label]
        (tmp_path / f"rt-polarity.{label}").write_text("\n".join(chosen))
    for i, name in enumerate(DOMAINS.values()):
        lines = [
            f"{n}_1\t{rating}\tthe {n} {word} of {i}\n"
            for n in range(20)
            for word, rating in (("good", 2.0), ("bad", -2.0), ("so", 0.1))
        ]
        (tmp_path / name).write_text("".join(lines))
    words = {"good": 1.9, "bad": -2.5, "badly": -2.0}
    words |= {f"{x}ful": 1.5 for x in "abcdefghijk"}
    words |= {f"{x}less": -1.5 for x in "abcdefghijk"}
    (tmp_path / LEXICON).write_text(
        "".join(f"{word}\t{rating}\t1\n" for word, rating in words.items())
    )
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    from mitseq.pretrained import sentiment as script

    settings = {**SMALL, "epochs": 1, "least_known": 0.6}
    monkeypatch.setattr(script, "SETTINGS", settings)
    monkeypatch.setattr(script, "GROUPS", 1)
    monkeypatch.setattr(script, "HELD_GROUPS", 1)


def test_nothing_held_out_is_trained_on_or_stopped_by(data, quick):
    ratings = read_lexicon(data)
    parts = part(read_texts(data), data, ratings)
    assert parts.train.counts["films"] == 48
    assert set(parts.held) == {"films", *DOMAINS, "phrases"}
    trained, stopped = set(parts.train.texts), set(stopped_by(parts.stop)[0])
    for each in parts.held.values():
        if each.texts and each is not parts.held["phrases"]:
            assert not set(each.texts) & (trained | stopped)
    assert set(parts.stop["tweets"].labels) == {
        "negative",
        "neutral",
        "positive",
    }
    only = part(read_texts(data), data, ratings, ["tweets"])
    assert set(only.held) == {"films", "tweets", "phrases"}


def test_the_threshold_is_the_one_that_tells_three_answers_apart(data, quick):
    class Known:
        def predict_proba(self, texts):
            score = np.array(
                [0.3 * ("good" in t) - 0.3 * ("bad" in t) for t in texts]
            )
            return np.stack([(1 - score) / 2, (1 + score) / 2], axis=1)

    parts = part(read_texts(data), data, read_lexicon(data))
    found = choose_neutral(Known(), parts.stop)
    assert found[0.2] == 1 and found[0.35] < 0.4


@pytest.mark.slow
def test_script_leaves_model_and_card(data, quick, tmp_path):
    out = tmp_path / "out"
    figures = main(
        ["--data", str(data), "--rated", str(data), "--out", str(out)]
    )
    assert figures["counts"]["films"] == 48
    assert figures["sided"]["films"]["n"] == 6
    classifier = SentimentClassifier.load(out / "sentiment.keras")
    assert classifier.neutral == figures["neutral"] > 0
    text = (out / "sentiment.md").read_text("utf-8")
    assert text == card(
        classifier,
        figures,
        diagnose(classifier),
        (out / "sentiment.keras").stat().st_size,
    )
    assert f"{figures['sided']['films']['accuracy']:.1%}" in text
