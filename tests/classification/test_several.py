"""Several labels a row: figures by hand and by scikit-learn, suspects, what is left out, what has too little."""

import numpy as np
import pytest
from sklearn.metrics import jaccard_score, precision_recall_fscore_support
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from embedlab.classification import Classification, EvenScale, MultiClassification, classify, deal_folds, rarest_labels
from embedlab.classification.probe import logistic_regression
from embedlab.classification.sets import overlap_of_most_frequent
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows

NAMES = np.array(["late", "damaged", "rude", "wrong"], dtype=object)


def rows_of(members, spread=0.6, seed=0):
    """A direction for each label, added up, and noise."""
    noise = spread * np.random.default_rng(seed).standard_normal((len(members), 12))
    return (2 * members @ np.eye(members.shape[1], 12) + 0.3 + noise).astype(np.float32)


@pytest.fixture(scope="module")
def members():
    """Two hundred rows, some 40 of them with no label."""
    return np.random.default_rng(1).random((200, 4)) < 0.35


@pytest.fixture(scope="module")
def found(members):
    return classify(rows_of(members), [tuple(NAMES[row]) for row in members])


def by_hand(probabilities, labels, **more):
    n_rows, n_classes = np.shape(labels)
    given = np.array(labels, dtype=bool), np.array(probabilities, dtype=np.float32)
    return MultiClassification(tuple("abc"[:n_classes]), *given, {}, 0, np.arange(n_rows), None, None, **more)


def test_figures_by_hand():
    """Given ab, a, nothing and b, where ab, ab, b and b are right; the last row has no label and counts nowhere."""
    found = by_hand([[0.9, 0.6], [0.8, 0.1], [0.2, 0.4], [0.3, 0.9], [0.9, 0.9]],
                    [[1, 1], [1, 1], [0, 1], [0, 1], [0, 0]])  # fmt: skip
    assert found.overlaps.tolist() == [1, 1 / 2, 0, 1]
    assert (found.mean_overlap, found.exact, found.n_labelled) == (2.5 / 4, 2 / 4, 4)
    assert (found.hits.tolist(), found.support.tolist(), found.given.tolist()) == ([2, 2], [2, 4], [2, 2])
    assert (found.precision.tolist(), found.recall.tolist()) == ([1, 1], [1, 1 / 2])
    assert found.names(np.arange(5)) == ["a; b", "a", "", "b", "a; b"]
    assert found.listed_probabilities(np.arange(3)) == ["0.90; 0.60", "0.80", ""]
    assert found.names_in(found.surplus) == ["", "b", "b", "", ""]
    # b is on all four rows: alone it overlaps by 1/2, 1/2, 1, 1; a and b by 1, 1, 1/2, 1/2.
    assert found.baseline == 3 / 4
    # Row 1 is sure of no b (0.1 against 0.9), row 2 less so (0.4 against 0.6).
    np.testing.assert_allclose(found.margins, [0, 0.8, 0.2, 0, 0], atol=1e-6)
    assert found.suspects().tolist() == [1, 2]


def test_a_missing_label_makes_a_suspect_and_one_is_enough():
    found = by_hand([[0.7, 0.9, 0.6], [0.1, 0.2, 0.9]], [[1, 0, 0], [0, 0, 1]])
    assert found.names_in(found.missing) == ["b; c", ""]
    np.testing.assert_allclose(found.margins, [0.8, 0], atol=1e-6)
    assert found.suspects().tolist() == [0]


def test_the_baseline_is_the_best_number_of_most_frequent_labels():
    rng = np.random.default_rng(0)
    members = rng.random((50, 5)) < [0.9, 0.7, 0.4, 0.2, 0.1]
    members[:, 0] |= ~members.any(axis=1)
    order = np.argsort(-members.sum(axis=0), kind="stable")
    constant = [np.isin(np.arange(5), order[: size + 1]) for size in range(5)]
    expected = max(jaccard_score(members, np.tile(row, (50, 1)), average="samples") for row in constant)
    assert overlap_of_most_frequent(members) == pytest.approx(expected)


def test_probabilities_are_those_of_one_against_the_rest(members, found):
    """Of scikit-learn, on the same folds; the columns are those of its binarizer."""
    known = np.flatnonzero(members.any(axis=1))
    sets = [tuple(NAMES[row]) for row in members[known]]
    binarizer = MultiLabelBinarizer()
    targets = binarizer.fit_transform(sets)
    unit = normalize_rows(rows_of(members)[known])
    folds = deal_folds(rarest_labels(targets.astype(bool)), known, 5, 0)
    model = OneVsRestClassifier(logistic_regression())
    expected = cross_val_predict(
        model, EvenScale.of(unit)(unit), targets, cv=PredefinedSplit(folds), method="predict_proba"
    )
    assert found.classes == tuple(binarizer.classes_)
    np.testing.assert_array_equal(found.labels[known], targets)
    np.testing.assert_allclose(found.probabilities[known], expected, atol=1e-5)
    predicted = expected >= 0.5
    assert found.mean_overlap == pytest.approx(jaccard_score(targets, predicted, average="samples", zero_division=0))
    assert found.baseline < found.overlap_interval[0] < found.mean_overlap < found.overlap_interval[1] < 1
    precision, recall, f1, support = precision_recall_fscore_support(targets, predicted)
    np.testing.assert_allclose([found.precision, found.recall, found.f1], [precision, recall, f1])
    np.testing.assert_array_equal(found.support, support)


def test_rows_without_labels_are_asked_of_all_that_have_some(members, found):
    blank = np.flatnonzero(~members.any(axis=1))
    assert found.n_unlabelled == len(blank) > 10
    names, probabilities = found.predict(rows_of(members)[blank])
    np.testing.assert_allclose(probabilities, found.probabilities[blank], atol=1e-6)
    assert ["; ".join(labels) for labels in names] == found.names(blank)
    assert not found.is_suspect[blank].any()


def test_a_set_is_a_set(members, found):
    """Lists, sets, other orders, white space and repeated names say the same, in an array as well."""
    cells = np.empty(len(members), dtype=object)
    cells[:] = [[f" {name} " for name in reversed(NAMES[row].tolist())] * 2 for row in members]
    for given in (cells, [set(NAMES[row]) for row in members]):
        other = classify(rows_of(members), given)
        assert other.classes == found.classes
        np.testing.assert_array_equal(other.probabilities, found.probabilities)


def test_a_wrong_label_is_found(members):
    """Of twenty rows with a label too many or too few, most are among the first twenty suspects."""
    rows = np.flatnonzero(members.any(axis=1))
    spoiled, wrong = members[rows].copy(), np.arange(0, 100, 5)
    spoiled[wrong, 0] ^= True
    spoiled[wrong, 1] |= ~spoiled[wrong].any(axis=1)
    found = classify(rows_of(members, 0.3)[rows], [tuple(NAMES[row]) for row in spoiled])
    assert np.isin(found.suspects(20), wrong).mean() > 0.8


def test_one_label_each_is_another_question_with_the_same_folds():
    """Tuples of one label are learned label by label, strings as classes that exclude each other."""
    members = np.eye(3, dtype=bool)[np.arange(60) % 3]
    several = classify(rows_of(members), [tuple(NAMES[:3][row]) for row in members])
    one = classify(rows_of(members), [NAMES[:3][row][0] for row in members])
    assert isinstance(several, MultiClassification)
    assert isinstance(one, Classification)
    assert several.classes == one.classes
    assert (several.probabilities.argmax(axis=1) == one.predictions).mean() > 0.9


def test_copies_and_groups_are_held_out_together(members):
    """A copy with a label too many does not confirm it, and a label of one group alone is named."""
    rows = np.flatnonzero(members.any(axis=1))[:80]
    sets = [tuple(NAMES[row]) for row in members[rows]]
    found = classify(np.tile(rows_of(members)[rows], (2, 1)), sets * 2)
    np.testing.assert_array_equal(found.together[:80], found.together[80:])
    np.testing.assert_allclose(found.probabilities[:80], found.probabilities[80:], atol=1e-6)
    grouped = classify(rows_of(members)[rows], sets, groups=["x" if "rude" in labels else "" for labels in sets])
    assert grouped.is_grouped
    assert grouped.of_one_group == ["rude"]


def test_a_label_of_one_text_is_left_out_and_its_row_keeps_the_others(members):
    sets = [tuple(NAMES[row]) for row in members]
    row = next(i for i, labels in enumerate(sets) if labels == ("late",))
    sets[row] = ("late", "lonely")
    found = classify(rows_of(members), sets)
    assert found.left_out == {"lonely": 1}
    assert "lonely" not in found.classes
    assert found.labels[row].tolist() == [name == "late" for name in found.classes]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([("a",), "b", ("a",), ("b",)], "'b' stands among sets of labels"),
        ([("a",), None, ("a",), ("b",)], "None stands among sets of labels"),
        ([("a", 1), ("b",), ("a",), ("b",)], "label 1 is no text"),
        ([("a", "b"), ("b", "a"), ("a", "b"), ()], "the same labels"),
        ([("a",), ("a",), (), ()], "two labels at least"),
        ([(), (), (), ()], "two labels at least"),
        ([("a",), ("b",)], "4 texts and 2 labels"),
    ],
)
def test_what_cannot_be_learned_is_said(labels, message):
    with pytest.raises(InvalidInputError, match=message):
        classify(np.eye(4), labels)


@pytest.mark.parametrize("labels", [["a", "a", "b", "b"], [("a",), ("a", "b"), ("b",), ("b",)]])
def test_all_in_one_group_leaves_nothing_to_learn_from(labels):
    with pytest.raises(InvalidInputError, match="held out together, so none is left"):
        classify(np.eye(4), labels, groups=["x"] * 4)
