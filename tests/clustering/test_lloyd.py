"""Lloyd's algorithm, from given centres."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from embedlab.clustering._kmeans import kmeans_of_each, spread_rows
from embedlab.clustering._lloyd import Rows, lloyd
from embedlab.compute import Threads


@pytest.fixture
def threads():
    with Threads() as all_threads:
        yield all_threads


@pytest.fixture(scope="module")
def rows():
    """2,500 rows of length 1 around 20 directions."""
    rng = np.random.default_rng(0)
    made = rng.standard_normal((20, 40))[rng.integers(0, 20, 2_500)] + 0.9 * rng.standard_normal((2_500, 40))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def test_by_hand(threads):
    """Four points on a line from centres at 0 and 1: the second takes 1, 5 and 6, then loses 1 to the first."""
    points = np.array([[0], [1], [5], [6]], dtype=np.float32)
    found = lloyd(points, np.array([[0], [1]], dtype=np.float32), threads)
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert found.centers.tolist() == [[0.5], [5.5]]
    assert found.inertia == pytest.approx(1.0)


@pytest.mark.parametrize("k", [1, 7, 30, 300])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_goes_where_scikit_learn_goes_from_the_same_start(rows, k, seed, threads):
    start = rows[np.random.default_rng(seed).choice(len(rows), k, replace=False)]
    theirs = KMeans(k, init=start, n_init=1).fit(rows)
    ours = lloyd(rows, start, threads)
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-4)
    assert (ours.labels == theirs.labels_).mean() > 0.99  # a row halfway between two centres goes by last digits
    within = ((rows.astype(np.float64) - ours.centers[ours.labels]) ** 2).sum()
    assert ours.inertia == pytest.approx(within, rel=1e-5)


def test_as_tight_as_scikit_learn_over_many_seeds(rows, threads):
    """With as many starts each: single seeds are luckier here or there, by a hundredth; their mean is not."""
    ratios = [
        next(kmeans_of_each(rows, [k], seed, threads)).inertia
        / KMeans(k, n_init=3, random_state=seed).fit(rows).inertia_
        for k in (12, 20, 45)
        for seed in range(8)
    ]
    assert np.mean(ratios) < 1.005


def test_a_centre_without_rows_begins_again_where_rows_are_far_from_theirs(threads):
    """The third centre is nearest to none; 10, far from the others' centres, becomes its own."""
    points = np.array([[0], [0], [1], [1], [10]], dtype=np.float32)
    found = lloyd(points, np.array([[0], [1], [99]], dtype=np.float32), threads)
    assert found.labels.tolist() == [0, 0, 1, 1, 2]
    assert found.inertia == pytest.approx(0, abs=1e-5)


def test_equal_rows_are_one_group_however_many_centres_there_are(threads):
    found = lloyd(np.ones((5, 3), np.float32), np.ones((3, 3), np.float32), threads)
    assert found.labels.tolist() == [0] * 5
    assert found.inertia == 0
    assert np.isfinite(found.centers).all()


def test_distances_of_rows_that_are_nearly_all_alike(threads):
    """Taken from the middle of the rows they keep their digits, where |x|² + |y|² - 2 x·y would lose them all."""
    rng = np.random.default_rng(0)
    close = (1 + 1e-3 * rng.standard_normal((50, 8))).astype(np.float32)
    expected = ((close[:3, None].astype(np.float64) - close) ** 2).sum(axis=2)
    np.testing.assert_allclose(Rows(close, threads).distances(close[:3]), expected, rtol=1e-3, atol=1e-9)


@pytest.mark.parametrize("n_moved", [0, 1, 2, 9, 10])
def test_points_that_stay_are_not_held_against_the_rows_again(n_moved, threads, monkeypatch):
    """And the same is found, bit for bit, as by rows that have seen none of them before."""
    rng = np.random.default_rng(n_moved)
    rows, points = (rng.standard_normal((n, 128)).astype(np.float32) for n in (2_500, 10))
    known, other = Rows(rows, threads), points.copy()
    known.nearest(points)
    other[rng.permutation(10)[:n_moved]] += 0.5
    seen = []
    monkeypatch.setattr(Rows, "_label", lambda *given, label=Rows._label: seen.append(given[5]) or label(*given))
    found = known.nearest(other)
    monkeypatch.undo()
    assert all(len(moved) == (2 if n_moved == 1 else n_moved) for moved in seen) if n_moved < 9 else seen[0] is None
    for ours, anew in zip(found, Rows(rows, threads).nearest(other), strict=True):
        np.testing.assert_array_equal(ours, anew)


def test_first_rows_lie_far_apart_and_are_the_first_of_more(rows, threads):
    """Twenty draws reach nearly all of the twenty directions; chance alone would reach two thirds.

    And a start goes where it goes alone.
    """
    twenty, thirty = (spread_rows(rows, k, 0, [0], threads)[0] for k in (20, 30))
    together = spread_rows(rows, 20, 0, range(3), threads)
    np.testing.assert_array_equal(together[0], twenty)
    np.testing.assert_array_equal(together[2], spread_rows(rows, 20, 0, [2], threads)[0])
    np.testing.assert_array_equal(thirty[:20], twenty)
    assert len(set(thirty.tolist())) == 30
    spread = Rows(rows, threads).nearest(rows[twenty])[1].sum()
    by_chance = [
        Rows(rows, threads).nearest(rows[np.random.default_rng(seed).choice(len(rows), 20)])[1].sum()
        for seed in range(5)
    ]
    assert spread < min(by_chance)
