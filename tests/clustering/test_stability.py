"""Stability: clusters that are there come back, and those cut through a cloud do not."""

import numpy as np
import pytest

from embedlab.clustering import CLUSTER_METHODS, Stability, cluster, cluster_stability
from embedlab.clustering.stability import _best_jaccard
from embedlab.errors import Cancelled, InvalidInputError


@pytest.fixture(scope="module")
def groups():
    """Three groups of 50 rows in 16 dimensions."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((3, 16))[np.repeat([0, 1, 2], 50)] + 0.2 * rng.standard_normal((150, 16))


def test_jaccard_by_hand():
    """{0, 1, 2} against {1, 2} and {0, 3}: 2 of 3; {3, 4} against {0, 3}: 1 of 3; noise counts in no union of two."""
    labels, again = np.array([0, 0, 0, 1, 1, -1]), np.array([1, 0, 0, 1, -1, -1])
    np.testing.assert_allclose(_best_jaccard(labels, again, 3), [2 / 3, 1 / 3, np.nan])


@pytest.mark.parametrize("method", CLUSTER_METHODS)
def test_groups_that_are_there_come_back(groups, method):
    number = {"n_clusters": 3} if CLUSTER_METHODS[method].takes_number else {"min_cluster_size": 10}
    found = cluster(groups, method=method, **number)
    smallest = number.get("min_cluster_size")
    stability = cluster_stability(groups, found.labels, method=method, min_cluster_size=smallest, n_resamples=5)
    assert stability.verdicts == ["stable"] * 3
    assert (stability.jaccard > 0.9).all()
    assert stability.ari > 0.9


def test_cuts_through_one_cloud_do_not():
    cloud = np.random.default_rng(0).standard_normal((300, 16)) + 2
    found = cluster_stability(cloud, cluster(cloud, 8).labels, n_resamples=6)
    assert (found.jaccard < 0.6).all()
    assert set(found.verdicts) == {"do not believe"}
    assert found.ari < 0.5


def test_one_group_too_many_shows_which(groups):
    """Asked for four, KMeans halves one of three groups: the halves do not last, the others do."""
    found = cluster(groups, 4)
    verdicts = cluster_stability(groups, found.labels, n_resamples=10).verdicts
    assert verdicts[:2] == ["stable", "stable"]
    assert "stable" not in verdicts[2:]


def test_the_words():
    assert Stability(np.array([0.75, 0.6, 0.59, np.nan]), 1.0, 1).verdicts == [
        "stable", "doubtful", "do not believe", "do not believe"
    ]  # fmt: skip


def test_same_seed_same_draws_and_samples_of_many_rows(groups, monkeypatch):
    labels = cluster(groups, 3).labels
    first, second = (cluster_stability(groups, labels, n_resamples=2, random_state=5) for _ in range(2))
    np.testing.assert_array_equal(first.jaccard, second.jaccard)
    monkeypatch.setattr("embedlab.clustering.stability._MOST_ROWS", 40)
    assert cluster_stability(groups, labels, n_resamples=3).verdicts == ["stable"] * 3


@pytest.mark.parametrize("method", CLUSTER_METHODS)
@pytest.mark.parametrize("rows", [[[1.0, 2.0]], np.ones((4, 3)), np.eye(3), np.zeros((2, 2))])
def test_few_rows(rows, method):
    found = cluster(rows, method=method)
    stability = cluster_stability(rows, found.labels, method=method, n_resamples=2)
    assert len(stability.verdicts) == found.n_clusters


def test_what_does_not_fit_and_how_it_is_ended(groups):
    labels = cluster(groups, 3).labels
    for arguments, words in [({"method": "magic"}, "magic"), ({"n_resamples": 0}, "n_resamples=0")]:
        with pytest.raises(InvalidInputError, match=words):
            cluster_stability(groups, labels, **arguments)

    def stop(done, total):
        assert (done, total) == (1, 20)
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        cluster_stability(groups, labels, progress=stop)
