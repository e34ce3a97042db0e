"""HDBSCAN: the tree it cuts, held against scikit-learn's, and noise in all that consumes labels."""

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from sklearn.cluster import HDBSCAN
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score, pairwise_distances, silhouette_samples

from embedlab.clustering import CLUSTER_METHODS, cluster, cosine_silhouette
from embedlab.clustering._spanning import spanning_tree
from embedlab.clustering.density import _cut, default_min_cluster_size
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.neighbors import neighbor_graph


@pytest.fixture(scope="module")
def groups():
    """Four groups of 60 rows in 24 dimensions, and 20 rows anywhere."""
    rng = np.random.default_rng(0)
    labels = np.concatenate([np.repeat(np.arange(4), 60), np.full(20, -1)])
    rows = rng.standard_normal((4, 24))[labels] + 0.25 * rng.standard_normal((260, 24))
    rows[240:] = rng.standard_normal((20, 24))
    return rows.astype(np.float32), labels


@pytest.mark.parametrize("min_samples", [1, 5])
def test_spanning_tree_is_as_short_as_scipys(min_samples):
    points = np.random.default_rng(0).standard_normal((200, 5)).astype(np.float32)
    apart = pairwise_distances(points.astype(np.float64))
    core = np.sort(apart, axis=1)[:, min_samples - 1]
    expected = minimum_spanning_tree(np.maximum(apart, np.maximum(core[:, None], core))).sum()
    tree = spanning_tree(points, min_samples)
    assert tree.nnz == 2 * 199
    assert tree.sum() / 2 == pytest.approx(expected, rel=1e-5)


def test_cut_agrees_with_scikit_learn():
    points = make_blobs(1500, 5, centers=12, cluster_std=1.5, random_state=1)[0].astype(np.float32)
    expected = HDBSCAN(min_cluster_size=15, min_samples=5, copy=True).fit_predict(points)
    found = _cut(spanning_tree(points, 5), 15)
    assert adjusted_rand_score(expected, found) == 1.0
    np.testing.assert_array_equal(found < 0, expected < 0)


def test_finds_the_groups_without_being_told_how_many(groups):
    found = cluster(groups[0], method="hdbscan", min_cluster_size=10)
    inside = groups[1] >= 0
    assert found.n_clusters == 4
    assert adjusted_rand_score(groups[1][inside], found.labels[inside]) > 0.95
    given = cluster(groups[0], method="hdbscan", min_cluster_size=10, neighbors=neighbor_graph(groups[0], 20))
    np.testing.assert_array_equal(found.labels, given.labels)
    copied = np.concatenate([groups[0], groups[0][:30]])
    np.testing.assert_array_equal(cluster(copied, method="hdbscan", min_cluster_size=10).labels[:30],
                                  cluster(copied, method="hdbscan", min_cluster_size=10).labels[-30:])  # fmt: skip


def test_noise_has_no_silhouette(groups):
    rows, labels = groups
    inside = labels >= 0
    found = cosine_silhouette(rows, labels)
    assert np.isnan(found[~inside]).all()
    expected = silhouette_samples(rows[inside], labels[inside], metric="cosine")
    np.testing.assert_allclose(found[inside], expected, atol=1e-5)
    assert np.isnan(cosine_silhouette(rows, np.full(len(rows), -1))).all()


@pytest.mark.parametrize("rows", [[[1.0, 0.0]], np.eye(3), np.ones((9, 2)), np.zeros((2, 2))])
def test_too_few_rows_are_all_noise(rows):
    found = cluster(rows, method="hdbscan")
    assert (found.labels == -1).all()
    assert found.n_noise == len(rows)
    assert found.centers.shape == (0, np.shape(rows)[1])
    assert np.isnan(found.silhouette)
    assert found.silhouette_by_cluster.shape == (0,)


def test_smallest_cluster_grows_with_the_rows():
    assert [default_min_cluster_size(n) for n in (1, 400, 4_000, 100_000)] == [5, 5, 16, 79]


def test_arguments_that_do_not_fit():
    rows = np.eye(8)
    for arguments, words in [
        ({"method": "magic"}, "kmeans, agglomerative, hdbscan"),
        ({"method": "hdbscan", "n_clusters": 3}, "finds the number by itself"),
        ({"method": "kmeans", "min_cluster_size": 3}, "min_cluster_size=3"),
        ({"method": "hdbscan", "min_cluster_size": 1}, "min_cluster_size=1"),
        ({"method": "hdbscan", "min_cluster_size": 9}, "8 different texts"),
        ({"method": "hdbscan", "neighbors": neighbor_graph(np.eye(4), 2)}, "rows of neighbors"),
    ]:
        with pytest.raises(InvalidInputError, match=words):
            cluster(rows, **arguments)


@pytest.mark.parametrize("method", CLUSTER_METHODS)
def test_every_method_says_what_it_is(method):
    assert CLUSTER_METHODS[method].description.endswith(".")


def test_progress_rises_and_can_end_the_work(groups):
    reports = []
    cluster(groups[0], method="hdbscan", progress=lambda done, total: reports.append((done, total)))
    assert reports == sorted(reports)
    assert reports[-1] == (1000, 1000)

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        cluster(groups[0], method="hdbscan", progress=stop)
