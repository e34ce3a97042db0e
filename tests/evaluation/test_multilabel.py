"""Overlaps of sets of labels: by hand, against scikit-learn, by brute force, and by chance."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import jaccard_score
from sklearn.model_selection import PredefinedSplit
from sklearn.multiclass import OneVsRestClassifier

from embedlab.classification import deal_folds, rarest_labels
from embedlab.comparison.measuring import measure
from embedlab.errors import InvalidInputError
from embedlab.evaluation import neighbor_jaccard, neighbor_purity, probe_jaccard
from embedlab.gold import MultiLabelled
from embedlab.rows import normalize_rows


def random_sets(rng, n, n_labels):
    """One label each, and others now and then."""
    members = rng.random((n, n_labels)) < 0.25
    members[np.arange(n), rng.integers(n_labels, size=n)] = True
    return members


def as_gold(members, texts=None, **ties):
    labels = tuple(tuple(f"label {number}" for number in np.flatnonzero(row)) for row in members)
    return MultiLabelled(tuple(texts or map(str, range(len(members)))), labels, **ties)


def test_the_rarest_label_decides():
    members = np.array([[1, 1, 0], [1, 0, 1], [1, 0, 1], [1, 0, 0]], dtype=bool)
    assert rarest_labels(members).tolist() == [1, 2, 2, 0]


def test_the_probe_agrees_with_one_against_the_rest():
    rng = np.random.default_rng(0)
    members = random_sets(rng, 150, 4)
    rows = (rng.standard_normal((150, 12)) + 1.5 * members @ np.eye(4, 12)).astype(np.float32)
    overlap = probe_jaccard(rows, members)
    scaled = (rows - rows.mean(axis=0)) / np.sqrt(np.mean((rows - rows.mean(axis=0)) ** 2))
    predicted = np.zeros_like(members)
    for train, test in PredefinedSplit(deal_folds(rarest_labels(members), np.arange(150), 5, 0)).split():
        model = OneVsRestClassifier(LogisticRegression(C=0.1, max_iter=300, tol=1e-3))
        predicted[test] = model.fit(scaled[train], members[train]).predict(scaled[test])
    assert overlap.mean() == pytest.approx(jaccard_score(members, predicted, average="samples"))
    assert 0.4 < overlap.mean() < 0.95
    assert measure(as_gold(members), rows)["probe_jaccard"].value == pytest.approx(overlap.mean())


def test_neighbours_by_brute_force():
    """A third of the rows are copies, and every fifth knows of the others of its group."""
    rng = np.random.default_rng(1)
    rows = normalize_rows(rng.standard_normal((60, 6)).astype(np.float32))
    rows[40:] = rows[:20]
    members, groups = random_sets(rng, 60, 5), [f"author {i % 5}" if i < 40 and i % 3 == 0 else None for i in range(60)]
    found = neighbor_jaccard(rows, members, groups=groups, n_neighbors=4)
    kin = {i: {j for j in range(60) if j % 40 == i % 40 or (groups[i % 40] and groups[i % 40] == groups[j % 40])}
           for i in range(60)}  # fmt: skip
    for i in range(60):
        others = sorted(set(range(60)) - kin[i], key=lambda j: -(rows[i] @ rows[j]))
        # A copy and its original are equally near, and either may be the last of the four.
        at = rows[i] @ rows[others[3]]
        if abs(at - rows[i] @ rows[others[4]]) > 1e-6:
            own = set(np.flatnonzero(members[i]))
            sets = [set(np.flatnonzero(members[j])) for j in others[:4]]
            assert found[i] == pytest.approx(np.mean([len(own & each) / len(own | each) for each in sets]))


def test_of_one_label_each_the_overlap_is_the_purity():
    rng = np.random.default_rng(2)
    rows, codes = rng.standard_normal((50, 5)).astype(np.float32), rng.integers(0, 3, 50)
    np.testing.assert_allclose(neighbor_jaccard(rows, codes[:, None] == np.arange(3)), neighbor_purity(rows, codes))


def test_copies_leak_into_no_fold():
    """Sixty random texts with one of two labels, each five times: half of them are right, give or take 0.19."""
    rng = np.random.default_rng(0)
    rows = normalize_rows(rng.standard_normal((60, 16)).astype(np.float32))
    codes = rng.permutation(np.repeat([0, 1], 30))
    copies = np.tile(rows, (5, 1)) + 1e-7 * rng.standard_normal((300, 16)).astype(np.float32)
    members = np.tile(codes, 5)[:, None] == np.arange(2)
    figures = measure(as_gold(members, [str(number) for number in range(60)] * 5), copies)
    assert list(figures) == ["probe_jaccard", "neighbor_jaccard"]
    for figure in figures.values():
        assert figure.value == pytest.approx(0.5, abs=0.19)
        assert figure.n_rows == 60


def test_a_label_of_one_author_is_not_learned_from_her_own_texts():
    rng = np.random.default_rng(3)
    authors = np.repeat(np.arange(6), 10)
    rows = normalize_rows(rng.standard_normal((6, 32))[authors] + 0.1 * rng.standard_normal((60, 32)))
    members = np.column_stack([authors == author for author in range(6)])
    apart, together = (measure(as_gold(members, shared=shared), rows.astype(np.float32)) for shared in (None, authors))
    assert apart["probe_jaccard"].value > 0.95
    assert together["probe_jaccard"].value == together["neighbor_jaccard"].value == 0


def test_what_every_text_has_and_what_none_here_has():
    """Such labels have nothing to learn from: the one is always given, the other never."""
    members = np.column_stack([np.ones(20), np.zeros(20), np.arange(20) % 2]).astype(bool)
    rows = np.random.default_rng(4).standard_normal((20, 3)).astype(np.float32)
    rows[:, 0] = members[:, 2] * 100
    assert probe_jaccard(rows, members).tolist() == [1] * 20


def test_degenerate_input_is_said_or_left_out():
    members = np.arange(20)[:, None] % 2 == np.arange(2)
    assert measure(as_gold(members), np.ones((20, 3), dtype=np.float32)) == {}
    with pytest.raises(InvalidInputError, match="copies of each other"):
        probe_jaccard(np.ones((20, 3)), members)
    assert np.isnan(neighbor_jaccard(np.ones((20, 3)), members)).all()
    for figure in (probe_jaccard, neighbor_jaccard):
        with pytest.raises(InvalidInputError, match="A text has no label"):
            figure(np.eye(20), members & (np.arange(20) > 0)[:, None])
        with pytest.raises(InvalidInputError, match="20 texts and 19 sets of labels"):
            figure(np.eye(20), members[:19])
