import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.training.metrics import (
    calibration_error,
    confusion_matrix,
    evaluate_probabilities,
    macro_f1,
    reliability,
    share_interval,
)

pairs = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40
)


@given(pairs)
def test_matrix_and_macro_f1_equal_a_count_by_hand(pairs):
    truth, answers = map(np.array, zip(*pairs, strict=True))
    matrix = confusion_matrix(truth, answers, 4)
    scores = []
    for c in range(4):
        for other in range(4):
            count = sum((t, a) == (c, other) for t, a in pairs)
            assert matrix[c, other] == count
        hits = np.sum((truth == c) & (answers == c))
        if np.any(truth == c) or np.any(answers == c):
            precision = hits / max(np.sum(answers == c), 1)
            recall = hits / max(np.sum(truth == c), 1)
            both = precision + recall
            scores.append(2 * precision * recall / both if both else 0.0)
    np.testing.assert_allclose(macro_f1(matrix), np.mean(scores))


@settings(deadline=None, max_examples=30)  # the first one imports it
@given(pairs)
def test_matrix_and_macro_f1_equal_scikit_learn(pairs):
    metrics = pytest.importorskip("sklearn.metrics")
    truth, answers = map(np.array, zip(*pairs, strict=True))
    matrix = confusion_matrix(truth, answers, 4)
    expected = metrics.confusion_matrix(truth, answers, labels=range(4))
    np.testing.assert_array_equal(matrix, expected)
    expected = metrics.f1_score(
        truth, answers, average="macro", zero_division=0
    )
    np.testing.assert_allclose(macro_f1(matrix), expected)


@given(st.integers(1, 400), st.floats(0, 1))
def test_interval_solves_the_equation_of_wilson(n, share):
    """Both ends p satisfy (hits/n - p)^2 = z^2 p (1 - p) / n."""
    hits = round(share * n)
    low, high = share_interval(hits, n)
    z = 1.959963984540054  # 95 % of a normal distribution lie within it
    for p in (low, high):
        left, right = (hits / n - p) ** 2, z**2 * p * (1 - p) / n
        np.testing.assert_allclose(left, right, atol=1e-12)
    assert 0 <= low <= hits / n <= high <= 1 and low < high


def test_accuracy_is_compared_with_the_commonest_answer():
    labels = ["pos"] * 6 + ["neg"] * 4
    probs = np.array([[0.2, 0.8]] * 7 + [[0.9, 0.1]] * 3)
    found = evaluate_probabilities(labels, probs, ["neg", "pos"])
    assert (found.accuracy, found.majority) == (0.9, 0.6)
    assert found.majority_class == "pos"
    assert found.accuracy_interval == share_interval(9, 10)
    assert found.is_chance  # 0.596: ten texts are not enough to tell
    many = evaluate_probabilities(
        labels * 2, np.tile(probs, (2, 1)), ["neg", "pos"]
    )
    assert not many.is_chance
    told = found.as_dict()
    assert told["accuracy_interval"] == list(found.accuracy_interval)
    assert (told["majority"], told["majority_class"]) == (0.6, "pos")


def test_calibration_error_by_hand():
    """Two bins: 0.62 twice, right once; 0.98 three times, always right."""
    confidences = np.array([0.62, 0.62, 0.98, 0.98, 0.98])
    hits = np.array([1, 0, 1, 1, 1])
    expected = (2 * abs(0.5 - 0.62) + 3 * abs(1 - 0.98)) / 5
    found = calibration_error(confidences, hits)
    np.testing.assert_allclose(found, expected)
    counts, believed, right = reliability(confidences, hits)
    assert counts.tolist() == [0] * 9 + [2] + [0] * 4 + [3]
    np.testing.assert_allclose(believed[[9, 14]], [0.62, 0.98])
    np.testing.assert_allclose(right[[9, 14]], [0.5, 1])
    assert np.isnan(right[0])


def test_an_honest_model_has_a_small_calibration_error():
    draw = np.random.default_rng(0)
    confidences = draw.uniform(0.5, 1, 100_000)
    hits = draw.uniform(size=100_000) < confidences
    assert calibration_error(confidences, hits) < 0.01
    assert calibration_error(confidences, ~hits) > 0.4
    assert calibration_error(np.array([0.0, 1.0]), np.array([0, 1])) == 0


def test_evaluation_of_three_classes():
    probs = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]])
    result = evaluate_probabilities(["a", "c", "a"], probs, ["a", "b", "c"])
    assert result.confusion.tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert (result.n, result.hits.tolist()) == (3, [True, True, False])
    assert result.confidences.tolist() == [0.7, 0.8, 0.4]
    assert result.as_dict()["accuracy"] == pytest.approx(2 / 3)
    # b is answered and never true: its F1 is 0
    assert result.macro_f1 == pytest.approx((2 / 3 + 0 + 1) / 3)


@pytest.mark.parametrize(
    "labels, probs, message",
    [
        (["x"], np.ones((1, 2)), "must be classes of the model: neg, pos"),
        (["neg"], np.ones((2, 2)), "a row for each label"),
        ([], np.ones((0, 2)), "at least one"),
    ],
)
def test_what_does_not_fit_is_named(labels, probs, message):
    with pytest.raises(MitseqError, match=message):
        evaluate_probabilities(labels, probs, ["neg", "pos"])


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_scores_of_each_class_equal_scikit_learn(classes):
    from sklearn.metrics import precision_recall_fscore_support

    draw = np.random.default_rng(classes)
    names = [f"c{i}" for i in range(classes)]
    truth = draw.integers(0, classes - 1, 60)  # the last one is never true
    probs = draw.dirichlet(np.ones(classes), 60)
    result = evaluate_probabilities([names[i] for i in truth], probs, names)
    expected = precision_recall_fscore_support(
        truth, probs.argmax(1), labels=range(classes), zero_division=0
    )
    found = [
        (x.precision, x.recall, x.f1, x.n) for x in result.by_class.values()
    ]
    np.testing.assert_allclose(np.transpose(found), expected)
    for place, scores in enumerate(result.by_class.values()):
        by_hand = 0.0
        for k in range(15):
            inside = (probs[:, place] > k / 15) & (
                probs[:, place] <= (k + 1) / 15
            )
            if inside.any():
                gap = (truth == place)[inside].mean()
                gap -= probs[inside, place].mean()
                by_hand += abs(gap) * inside.mean()
        assert scores.calibration_error == pytest.approx(by_hand)
    told = result.as_dict()["by_class"]["c0"]
    assert told["recall"] == result.by_class["c0"].recall
