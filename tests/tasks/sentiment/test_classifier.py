"""The classifier: strings in, answers out; scikit-learn's conventions."""

import json
import pickle

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.training.saved import ModelError
from tests.fresh_process import run_fresh
from tests.tasks.sentiment.conftest import BLAME, PRAISE, SMALL, sentences

NEW = ["the story was great", "a boring story", "", "zzz"]
FAST = {**SMALL, "epochs": 1, "cell": None}


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([1, 2], "one group for each text. Received: 2 groups, 3 texts"),
        (["a"] * 3, r"at least two groups.*Received: \['a'\] only"),
    ],
)
def test_groups_that_cannot_be_held_out_are_named(groups, message):
    with pytest.raises(MitseqError, match=message):
        SentimentClassifier(**FAST).fit(
            ["good", "bad", "fine"], ["p", "n", "p"], groups=groups
        )


def test_it_learns_and_its_probabilities_sum_to_one(trained):
    texts, labels = sentences()
    assert trained.score(texts, labels) == 1.0
    probs = trained.predict_proba(NEW)
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-6)
    assert trained.predict(NEW)[:2].tolist() == ["pos", "neg"]
    assert trained.classes_.tolist() == ["neg", "pos"]
    assert trained.evaluate(texts, labels).accuracy == 1.0
    assert trained.history_["val_all"] >= 0.5


def test_order_and_company_of_texts_change_nothing(trained):
    many = [*NEW, "the film was dull " * 30, "x" * 5000]
    together = trained.predict_proba(many)
    alone = [trained.predict_proba([text])[0] for text in many]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert trained.predict_proba([]).shape == (0, 2)
    assert (
        trained.predict(np.array(NEW)).tolist()
        == trained.predict(tuple(NEW)).tolist()
    )


def test_saved_and_loaded_in_a_fresh_process_it_says_the_same(
    trained, tmp_path
):
    trained.save(tmp_path)
    code = (
        "import sys, json; from mitseq.tasks.sentiment.classifier import "
        "SentimentClassifier as S; c = S.load(sys.argv[1]);"
        "print(json.dumps([c.predict_proba(json.loads(sys.argv[2])).tolist(),"
        "c.get_params()['units'], c.predict(['good']).tolist()]))"
    )
    done = run_fresh(code, tmp_path, json.dumps(NEW))
    assert done.returncode == 0, done.stderr
    probs, units, said = json.loads(done.stdout.splitlines()[-1])
    np.testing.assert_allclose(probs, trained.predict_proba(NEW), atol=1e-6)
    assert units == SMALL["units"]
    assert said == ["pos"]
    alone = SentimentClassifier.load(tmp_path / "model.keras")
    assert alone.classes_.tolist() == ["neg", "pos"]


@pytest.mark.slow
def test_same_seed_same_answers_and_another_seed_others():
    texts, labels = sentences()
    probs = [
        SentimentClassifier(**{**SMALL, "epochs": 1, "seed": seed})
        .fit(texts, labels)
        .predict_proba(NEW)
        for seed in (3, 3, 4)
    ]
    np.testing.assert_array_equal(probs[0], probs[1])
    assert np.abs(probs[0] - probs[2]).max() > 0


@pytest.mark.parametrize(
    "labels", [[0, 1], [False, True], ["no", "yes"], [-1.0, 2.0]]
)
def test_labels_come_back_as_they_were(labels):
    texts = [f"the film was {w}" for w in (*BLAME, *PRAISE)]
    y = [labels[0]] * 5 + [labels[1]] * 5
    classifier = SentimentClassifier(**FAST).fit(texts, y)
    assert classifier.predict(["great"]).tolist() == [labels[1]]
    assert classifier.classes_.tolist() == labels


def test_three_classes_and_weights():
    texts = [f"{w} {n}" for n in "abcdef" for w in ("good", "bad", "fair")]
    labels = ["p", "n", "f"] * 6
    for weight in (None, "balanced", {"p": 2.0}):
        classifier = SentimentClassifier(**FAST, class_weight=weight)
        classifier.fit(texts, labels)
        assert classifier.predict(["fair z", "bad z"]).tolist() == ["f", "n"]


def test_weights_move_the_answer_about_an_unknown_text():
    texts = ["a b"] * 30 + ["a c"] * 3
    labels = ["often"] * 30 + ["seldom"] * 3
    shares = [
        SentimentClassifier(**FAST, class_weight=weight)
        .fit(texts, labels)
        .predict_proba(["z"])[0, 1]
        for weight in (None, "balanced")
    ]
    assert shares[0] < 0.5 * shares[1]


def test_held_out_texts_may_be_given():
    texts, labels = sentences()
    classifier = SentimentClassifier(**FAST)
    classifier.fit(
        texts, labels, validation_data=(["good", "bad"], ["pos", "neg"])
    )
    assert classifier.history_["val_all"] == 1.0
    assert classifier.predict(["good", "bad"]).tolist() == ["pos", "neg"]
    with pytest.raises(MitseqError, match="among.*'maybe'"):
        classifier.fit(texts, labels, validation_data=(["good"], ["maybe"]))


def test_sklearns_conventions():
    sklearn = pytest.importorskip("sklearn")
    from sklearn.model_selection import GridSearchCV, cross_val_score
    from sklearn.utils.validation import check_is_fitted

    classifier = SentimentClassifier(**FAST)
    copy = sklearn.base.clone(classifier)
    assert copy is not classifier
    assert copy.get_params() == classifier.get_params()
    assert copy.set_params(units=9) is copy and copy.units == 9
    with pytest.raises(sklearn.exceptions.NotFittedError):
        check_is_fitted(classifier)
    texts, labels = sentences()
    scores = cross_val_score(classifier, texts, labels, cv=2)
    assert scores.mean() > 0.9
    search = GridSearchCV(classifier, {"ngrams": [1, 2]}, cv=2)
    assert search.fit(texts, labels).best_score_ > 0.9
    assert sklearn.base.is_classifier(classifier)


def test_sklearns_estimator_checks_that_apply():
    """Those that need no matrix of numbers as input."""
    pytest.importorskip("sklearn")
    from sklearn.utils import estimator_checks

    name, classifier = "SentimentClassifier", SentimentClassifier(**FAST)
    for check in (
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_tags_renamed",
        "check_valid_tag_types",
        "check_mixin_order",
    ):
        getattr(estimator_checks, check)(name, classifier)


def test_a_pickled_classifier_says_the_same(trained):
    again = pickle.loads(pickle.dumps(trained))
    np.testing.assert_allclose(
        again.predict_proba(NEW), trained.predict_proba(NEW), atol=1e-6
    )
    assert again.get_params() == trained.get_params()


def test_repr_names_what_is_not_a_default():
    assert repr(SentimentClassifier()) == "SentimentClassifier()"
    text = repr(SentimentClassifier(cell="gru", units=9))
    assert text == "SentimentClassifier(cell='gru', units=9)"


def test_mistakes_are_one_line(trained, tmp_path):
    texts, labels = sentences()
    fresh = SentimentClassifier(**FAST)
    with pytest.raises(MitseqError, match="not fitted yet"):
        fresh.predict(texts)
    with pytest.raises(MitseqError, match="at least two classes.*'pos'"):
        fresh.fit(["a", "b"], ["pos", "pos"])
    with pytest.raises(MitseqError, match="at least two texts of each"):
        fresh.fit(["a", "b"], ["pos", "neg"])
    with pytest.raises(MitseqError, match="0, 1, 2, 3, 4 and 2 more"):
        fresh.fit(["a"] * 7, range(7))
    with pytest.raises(MitseqError, match="one label for each text"):
        fresh.fit(texts, labels[1:])
    with pytest.raises(MitseqError, match="for one text"):
        trained.predict("good")
    with pytest.raises(MitseqError, match="`set_params` knows"):
        fresh.set_params(size=3)
    with pytest.raises(MitseqError, match="`class_weight` must be"):
        SentimentClassifier(**FAST, class_weight="even").fit(texts, labels)
    with pytest.raises(MitseqError, match="`validation_split` must be in"):
        SentimentClassifier(**FAST, validation_split=1.5).fit(texts, labels)
    trained.save(tmp_path)
    (tmp_path / "classifier.json").write_text("{")
    with pytest.raises(ModelError, match="classifier.json: damaged"):
        SentimentClassifier.load(tmp_path)


def test_a_text_of_a_million_characters_has_an_answer(trained):
    probs = trained.predict_proba(["the film was great. " * 50_000])
    assert probs.argmax() == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 0},
        {"epochs": 1.5},
        {"minutes": float("nan")},
        {"patience": 0},
        {"batch_size": 0},
        {"learning_rate": float("inf")},
        {"min_count": 0},
        {"ngrams": -1},
        {"buckets": -1},
        {"characters": 2.5},
        {"seed": -1},
    ],
)
def test_a_number_out_of_its_range_is_named_before_any_work(settings):
    texts, labels = ["good", "bad"] * 20, ["p", "n"] * 20
    (name,) = settings
    with pytest.raises(MitseqError, match=f"`{name}` must be"):
        SentimentClassifier(**settings).fit(texts, labels)


def test_texts_without_a_word_are_told():
    labels = ["p", "n"] * 20
    with pytest.raises(MitseqError, match="no text to learn from has a word"):
        SentimentClassifier(**FAST).fit([""] * 40, labels)
    with pytest.raises(MitseqError, match="no word stands 99 times"):
        SentimentClassifier(**FAST | {"min_count": 99}).fit(
            ["good", "bad"] * 20, labels
        )


def test_neutral_is_answered_only_if_asked_for(trained, tmp_path):
    texts = ["the food was good", "the food was", "bad"]
    before = trained.predict(texts)
    scores = trained.polarity(texts)
    probs = trained.predict_proba(texts)
    assert np.allclose(scores, probs[:, 1] - probs[:, 0])
    asked = SentimentClassifier.load(_saved_with(trained, tmp_path, 0.9999))
    assert asked.neutral == 0.9999  # the model's file knows it
    assert asked.predict(texts).tolist() == ["neutral"] * 3
    assert asked.classes_.tolist() == ["neg", "pos"]
    assert trained.predict(texts).tolist() == before.tolist()
    asked.neutral = 0.0
    assert asked.predict(texts).tolist() == before.tolist()


def _saved_with(trained, folder, neutral):
    """A file of the classifier, which alone tells the threshold."""
    trained.neutral = neutral
    try:
        file = trained.save(folder / "run")
    finally:
        trained.neutral = 0.0
        trained.model.layers[-1].neutral = 0.0
    (folder / "run" / "classifier.json").unlink()
    return file


def test_reasons_say_what_the_classifier_answers(trained, tmp_path):
    trained.save(tmp_path)
    classifier = SentimentClassifier.load(tmp_path)
    text = "the plot"
    sided = classifier.explain(text)
    assert sided.answer is None and sided.said == sided.label
    classifier.neutral = 0.999
    found = classifier.explain(text)
    assert found.said == "neutral" and found.label == sided.label
    assert found.to_dict()["answer"] == "neutral"
    other = next(x for x in classifier.classes_ if x != sided.label)
    classifier.neutral = 0.0
    assert classifier.explain(text, label=other).said == sided.label


def test_evaluation_takes_sides_unless_a_label_is_neutral(trained, tmp_path):
    asked = SentimentClassifier.load(_saved_with(trained, tmp_path, 0.9999))
    texts, labels = ["the food was good", "bad"], ["pos", "neg"]
    assert asked.evaluate(texts, labels).confusion.shape == (2, 2)
    found = asked.evaluate([*texts, "it is"], [*labels, "neutral"])
    assert found.classes == ("neg", "neutral", "pos")
    assert found.confusion[:, 1].tolist() == [1, 1, 1]


def test_polarity_needs_praise_and_blame():
    texts, labels = ["a b", "a c", "d e", "d f"] * 3, ["x", "x", "y", "y"] * 3
    classifier = SentimentClassifier(cell=None, ngrams=1, characters=0)
    with pytest.raises(MitseqError, match="one class of praise"):
        classifier.fit(texts, labels).polarity(["a"])
    classifier.neutral = 0.5
    with pytest.raises(MitseqError, match="`neutral` needs two classes"):
        classifier.predict(["a"])


def test_what_a_text_weighs_decides():
    texts = ["so so", "so so", "good", "bad"] * 5
    labels = ["pos", "neg", "pos", "neg"] * 5
    weights = [3.0, 1.0, 1.0, 1.0] * 5
    classifier = SentimentClassifier(cell=None, ngrams=1, characters=0)

    def praise(weights):
        classifier.fit(texts, labels, sample_weight=weights)
        return classifier.predict_proba(["so so"])[0, 1]

    assert praise(weights) > 0.5 + 0.05 > praise(None)
    for wrong in ([1.0], [-1.0] * 20, [float("nan")] * 20):
        with pytest.raises(MitseqError, match="`sample_weight` must hold"):
            classifier.fit(texts, labels, sample_weight=wrong)


def test_a_text_of_unknown_words_is_read_as_an_empty_one():
    texts = ["so good", "good it is", "so bad", "bad it is"] * 5
    labels = ["pos", "pos", "neg", "neg"] * 5
    settings = {"cell": None, "ngrams": 1, "buckets": 100}
    found = SentimentClassifier(**settings, least_known=0.6).fit(texts, labels)
    nothing, known, unknown = found.predict_proba(
        ["", "so good", "xyz good gutt badd"]
    )
    assert np.allclose(nothing, unknown) and known[1] > nothing[1]
    explained = found.explain("xyz good gutt badd")
    assert explained.words == []
    assert abs(explained.score - np.log(nothing[1] / nothing[0])) < 1e-4 or (
        explained.label == "neg"
    )


def test_what_is_for_order_alone_the_linear_parts_do_not_learn():
    texts, labels = sentences()
    twins = [f"{a} not {b}" for a in PRAISE for b in BLAME] * 3
    settings = {**SMALL, "epochs": 1, "characters": 0}

    def word_weights(flags):
        found = SentimentClassifier(**settings).fit(
            [*texts, *twins],
            [*labels, *["neg"] * len(twins)],
            for_order=flags,
        )
        words = found.model.get_layer("ids").get_vocabulary()
        W, _ = found.model.get_layer("ngrams_logits").get_weights()
        return {word: W[i, 1] for i, word in enumerate(words)}

    flags = [False] * len(texts) + [True] * len(twins)
    assert word_weights(flags)["not"] == 0 > word_weights(None)["not"]
    for wrong in ([True], [1] * len(flags), [True] * len(flags)):
        with pytest.raises(MitseqError, match="`for_order` must hold one bool"):
            word_weights(wrong)
    with pytest.raises(MitseqError, match="needs a part that reads in order"):
        SentimentClassifier(cell=None).fit(texts, labels, for_order=flags[:60])
