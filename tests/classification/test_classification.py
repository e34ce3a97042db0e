"""Labels learned from embeddings: the folds, the figures, likely wrong labels, and what is said of too little."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, precision_recall_fscore_support
from sklearn.model_selection import PredefinedSplit, cross_val_predict

from embedlab.classification import Classification, EvenScale, classify, deal_folds
from embedlab.classification.labels import MAX_CLASSES
from embedlab.classification.probe import logistic_regression
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.rows import normalize_rows


def around(directions, sizes, spread, seed=0):
    """Rows around random directions in 16 dimensions, and the number of the direction of each, shuffled."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(directions), sizes))
    centers = rng.standard_normal((directions, 16))
    return (centers[truth] + spread * rng.standard_normal((len(truth), 16))).astype(np.float32), truth


@pytest.fixture(scope="module")
def groups():
    """Four labels of 60, 50, 40 and 30 rows that run into each other, and 20 rows without a label."""
    embeddings, truth = around(5, [60, 50, 40, 30, 20], spread=1.5)
    return embeddings, np.array(["north", "south", "east", "west", " "], dtype=object)[truth]


@pytest.fixture(scope="module")
def found(groups):
    return classify(*groups)


def by_hand(probabilities, labels):
    names = tuple("abc"[: np.shape(probabilities)[1]])
    return Classification(
        names, np.array(labels), np.array(probabilities, dtype=np.float32), {}, 0, np.arange(len(labels)), None, None
    )


def test_figures_by_hand():
    """Labels a a a b b c; given a a b b c c: 4 of 6 are right.

    Precision a 2/2, b 1/2, c 1/2; recall a 2/3, b 1/2, c 1/1; F1 is twice the right ones over label plus given.
    """
    given = [0, 0, 1, 1, 2, 2]
    found = by_hand(np.eye(3)[given], [0, 0, 0, 1, 1, 2])
    assert found.confusion.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.majority == 0.5
    np.testing.assert_allclose(found.precision, [1, 1 / 2, 1 / 2])
    np.testing.assert_allclose(found.recall, [2 / 3, 1 / 2, 1])
    np.testing.assert_allclose(found.f1, [4 / 5, 1 / 2, 2 / 3])
    assert found.macro_f1 == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3)
    assert found.balanced_accuracy == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    # More than 4 of 6, and half of 4 of 6, has a probability of 0.025 at the one end, of 0.975 at the other.
    more = binom.sf(4, 6, found.accuracy_interval) + binom.pmf(4, 6, found.accuracy_interval) / 2
    np.testing.assert_allclose(more, [0.025, 0.975])
    assert found.most_confused(2).tolist() == [0, 1]
    assert found.most_confused(9).tolist() == [0, 1, 2]


def test_the_most_confused_classes_by_hand():
    """Class 2 is taken twice for 0, class 1 never for another: with two classes shown, 0 and 2 are."""
    found = by_hand(np.eye(3)[[0, 1, 1, 0, 0, 2]], [0, 1, 1, 2, 2, 2])
    assert found.most_confused(2).tolist() == [0, 2]
    assert found.most_confused(3).tolist() == [0, 1, 2]


def test_suspects_by_hand():
    """Rows 2 and 4 are given what their label is not, with 0.7 against 0.3 and 0.6 against 0.4. Row 5 has no label."""
    a = np.array([0.9, 0.6, 0.3, 0.2, 0.6, 0.9])
    found = by_hand(np.stack([a, 1 - a], axis=1), [0, 0, 0, 1, 1, -1])
    np.testing.assert_allclose(found.margins, [0, 0, 0.4, 0, 0.2, 0], atol=1e-6)
    assert found.suspects().tolist() == [2, 4]
    assert found.suspects(1).tolist() == [2]
    with pytest.raises(InvalidInputError, match="top_k=0"):
        found.suspects(0)


def test_probabilities_are_those_of_scikit_learn_on_the_same_folds(groups, found):
    embeddings, names = groups
    known = np.flatnonzero(found.labels >= 0)
    folds = deal_folds(found.labels[known], known, 5, 0)
    features = EvenScale.of(normalize_rows(embeddings[known]))(normalize_rows(embeddings[known]))
    expected = cross_val_predict(
        logistic_regression(), features, found.labels[known], cv=PredefinedSplit(folds), method="predict_proba"
    )
    np.testing.assert_allclose(found.probabilities[known], expected, atol=1e-5)
    assert found.classes == ("east", "north", "south", "west")
    assert [found.classes[code] for code in found.labels[known]] == names[known].tolist()


def test_figures_are_those_of_scikit_learn(found):
    known = found.labels >= 0
    labels, given = found.labels[known], found.predictions[known]
    np.testing.assert_array_equal(found.confusion, confusion_matrix(labels, given))
    precision, recall, f1, support = precision_recall_fscore_support(labels, given)
    np.testing.assert_allclose([found.precision, found.recall, found.f1], [precision, recall, f1])
    np.testing.assert_array_equal(found.support, support)
    assert found.balanced_accuracy == pytest.approx(balanced_accuracy_score(labels, given))
    low, high = found.accuracy_interval
    assert found.majority < low < found.accuracy < high < 1


def test_unlabelled_rows_get_what_the_model_of_all_labelled_says(groups, found):
    blank = np.flatnonzero(found.labels < 0)
    assert (len(blank), found.n_unlabelled, found.n_labelled) == (20, 20, 180)
    names, probabilities = found.predict(groups[0][blank])
    np.testing.assert_allclose(probabilities, found.probabilities[blank], atol=1e-6)
    assert names == [found.classes[code] for code in found.predictions[blank]]
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    with pytest.raises(InvalidInputError, match="16 and 3 dimensions"):
        found.predict(np.eye(3))


def test_two_labels_give_a_probability_each():
    embeddings, truth = around(2, [30, 30], spread=1)
    found = classify(embeddings, np.array(["no", "yes"], dtype=object)[truth])
    assert found.probabilities.shape == (60, 2)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    weight, bias = found._model.coef_[0], found._model.intercept_[0]
    expected = expit(found._scale(normalize_rows(embeddings[:3])) @ weight + bias)
    np.testing.assert_allclose(found.predict(embeddings[:3])[1][:, 1], expected, atol=1e-5)


def test_what_labels_are_called_does_not_matter(groups, found):
    """Nor white space around them, nor how long the rows are; and nothing that was given is changed."""
    embeddings, names = groups
    before = embeddings.copy()
    calls = {"north": "z", "south": "y ", "east": "x", "west": "w", " ": ""}
    other = classify(embeddings * 3, [calls[name] for name in names])
    assert other.classes == ("w", "x", "y", "z")
    order = [("west", "east", "south", "north").index(name) for name in found.classes]
    known = found.labels >= 0
    agree = np.array(order)[found.predictions[known]] == other.predictions[known]
    assert agree.mean() > 0.9  # the folds are dealt in another order
    np.testing.assert_array_equal(embeddings, before)
    again = classify(embeddings, names)
    np.testing.assert_array_equal(again.probabilities, found.probabilities)


def test_equal_rows_are_held_out_together():
    """A row that comes twice with a wrong label would confirm itself; held out together, both copies are suspects."""
    embeddings, truth = around(2, [40, 40], spread=0.3)
    names = np.array(["left", "right"], dtype=object)[truth]
    wrong = int(np.flatnonzero(truth == 0)[0])
    copies = np.concatenate([embeddings, np.repeat(embeddings[[wrong]], 6, axis=0)])
    found = classify(copies, [*names[:wrong], "right", *names[wrong + 1 :], *["right"] * 6])
    assert set(found.suspects().tolist()) == {wrong, *range(80, 86)}


def test_folds_are_dealt_evenly_and_keep_equal_rows_together():
    rng = np.random.default_rng(0)
    codes, groups = rng.integers(0, 7, 300), np.arange(300)
    groups[200:] = groups[:100]
    codes[200:] = codes[:100]
    folds = deal_folds(codes, groups, 5, 0)
    np.testing.assert_array_equal(folds[200:], folds[:100])
    different = folds[:200]
    assert np.ptp(np.bincount(different)) == 0
    for code in range(7):
        assert np.ptp(np.bincount(different[codes[:200] == code], minlength=5)) <= 1


def test_a_flipped_label_is_found():
    embeddings, truth = around(3, [50, 50, 50], spread=0.6)
    names = np.array(["a", "b", "c"], dtype=object)[truth]
    flipped = np.flatnonzero(truth == 1)[:3]
    names[flipped] = "c"
    assert set(flipped) <= set(classify(embeddings, names).suspects(5).tolist())


def test_a_label_with_one_text_is_left_out_and_said():
    embeddings, truth = around(2, [10, 10], spread=0.3)
    names = np.array(["a", "b"], dtype=object)[truth]
    names[4], names[9], embeddings[9] = "once", "once", embeddings[4]
    found = classify(embeddings, names)
    assert found.left_out == {"once": 2}
    assert (found.n_labelled, found.n_unlabelled) == (18, 0)
    assert found.labels[[4, 9]].tolist() == [-1, -1]
    assert found.classes == ("a", "b")


def test_a_label_with_two_texts_is_in_two_folds():
    embeddings, truth = around(3, [20, 20, 2], spread=0.1)
    found = classify(embeddings, np.array(["a", "b", "rare"], dtype=object)[truth])
    assert found.support.tolist() == [20, 20, 2]
    assert (found.probabilities[truth == 2, 2] > 0.1).all()


def test_four_rows_are_enough():
    """Of each label one row is left to learn from; what all four teach is right."""
    found = classify([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], ["a", "a", "b", "b"])
    assert found.n_labelled == 4
    assert found.predict([[3, 1], [1, 3]])[0] == ["a", "b"]


def test_a_text_with_two_labels_can_leave_a_fold_with_one():
    found = classify(np.eye(3)[[0, 0, 1, 1, 2]], ["a", "b", "a", "b", "a"], n_splits=2)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 6, "here are 1 such labels among 1"),
        ([""] * 6, "here are 0 such labels among 0"),
        (list("abcdef"), "here are 0 such labels among 6"),
        (["a", "b"], "6 texts and 2 labels"),
        (["a", "a", "a", "b", "b", None], "label None is no text"),
    ],
)
def test_too_little_is_said_plainly(labels, message):
    with pytest.raises(InvalidInputError, match=message):
        classify(np.eye(6), labels)


def test_a_column_of_names_is_refused():
    with pytest.raises(InvalidInputError, match="1,001 different labels"):
        classify(np.random.default_rng(0).standard_normal((2002, 2)), [str(i // 2) for i in range(2 * MAX_CLASSES + 2)])


def test_progress_counts_models_and_can_end_the_work(groups):
    seen = []
    classify(*groups, n_splits=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        classify(*groups, progress=stop)


def test_a_label_of_one_group_is_named():
    """All rows of a are held out together: nothing is left to learn it from."""
    embeddings, truth = around(3, [6, 6, 6], spread=0.2)
    names = np.array(list("abc"), dtype=object)[truth]
    found = classify(embeddings, names, groups=np.where(names == "a", "one", np.arange(18) % 3))
    assert found.of_one_group == ["a"]
    assert found.recall[0] == 0
    assert classify(embeddings, names).of_one_group == []
