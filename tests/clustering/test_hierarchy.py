"""The tree of clusters, held against scipy's and scikit-learn's."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, is_valid_linkage, linkage
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from embedlab.clustering import cluster, cosine_silhouette, cut_hierarchy, hierarchy
from embedlab.errors import InvalidInputError


@pytest.fixture(scope="module")
def groups():
    """300 rows around five directions of different weight, shuffled."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat(np.arange(5), [20, 100, 60, 40, 80]))
    rows = rng.standard_normal((5, 32))[labels] + 0.5 * rng.standard_normal((300, 32))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), labels


def test_by_hand():
    """East and a little north of it join first, then north and west of it, at √2 times the length between two means."""
    tree = hierarchy([[1, 0], [0.9, 0.1], [0, 1], [-1, 1]])
    assert tree.cut(4).tolist() == [0, 1, 2, 3]
    assert tree.cut(3).tolist() == [0, 0, 1, 2]
    assert tree.cut(2).tolist() == [0, 0, 1, 1]
    assert tree.cut(1).tolist() == [0, 0, 0, 0]
    assert tree.linkage[:, 3].tolist() == [2, 2, 4]


def test_is_the_tree_of_scipy(groups):
    tree, expected = hierarchy(groups[0]), linkage(groups[0].astype(np.float64), "ward")
    np.testing.assert_allclose(tree.linkage, expected, atol=1e-6)
    assert is_valid_linkage(tree.linkage)


@pytest.mark.parametrize("n_clusters", [1, 2, 5, 17, 299, 300])
def test_cuts_agree_with_scipy_and_scikit_learn(groups, n_clusters):
    tree = hierarchy(groups[0])
    labels = tree.cut(n_clusters)
    flat = fcluster(tree.linkage, n_clusters, "maxclust")
    ward = AgglomerativeClustering(n_clusters, linkage="ward").fit_predict(groups[0])
    assert adjusted_rand_score(flat, labels) == 1.0
    assert adjusted_rand_score(ward, labels) == 1.0
    sizes = np.bincount(labels)
    assert len(sizes) == n_clusters
    assert (np.diff(sizes) <= 0).all()


def test_levels_lie_within_each_other(groups):
    """Whoever is together among nine clusters is together among four."""
    tree = hierarchy(groups[0])
    fine, coarse = tree.cut(9), tree.cut(4)
    assert all(len(np.unique(coarse[fine == label])) == 1 for label in range(9))


def test_copies_are_one_leaf_and_count_once(groups):
    """As the tree without them, however many there are of each."""
    original = np.repeat(np.arange(300), np.random.default_rng(1).integers(1, 5, 300))
    tree = hierarchy(groups[0][original])
    assert tree.n_leaves == 300
    np.testing.assert_array_equal(tree.leaves, original)
    np.testing.assert_array_equal(tree.linkage, hierarchy(groups[0]).linkage)


def test_many_rows_are_leaves_of_small_groups(groups, monkeypatch):
    monkeypatch.setattr("embedlab.clustering.tree.EXACT_ROWS", 200)
    monkeypatch.setattr("embedlab.clustering.tree._MICRO_CLUSTERS", 60)
    tree = hierarchy(groups[0])
    assert tree.n_leaves <= 60
    assert adjusted_rand_score(groups[1], tree.cut(5)) == 1.0
    np.testing.assert_array_equal(tree.leaves, hierarchy(groups[0]).leaves)


def test_agglomerative_clusters(groups):
    """The clustering is a cut with its centres and silhouettes; the number is suggested where none is given."""
    found = cluster(groups[0], 5, method="agglomerative")
    np.testing.assert_array_equal(found.labels, hierarchy(groups[0]).cut(5))
    np.testing.assert_allclose(found.centers[0], groups[0][found.labels == 0].mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.silhouette_samples, cosine_silhouette(groups[0], found.labels))
    suggested = cluster(groups[0], method="agglomerative")
    assert suggested.n_clusters == 5
    assert dict(suggested.candidates)[5] == pytest.approx(found.silhouette)


@pytest.mark.parametrize("rows", [[[1.0, 2.0]], np.ones((4, 3)), np.zeros((3, 2))])
def test_one_different_row_is_one_leaf(rows):
    tree = hierarchy(rows)
    assert tree.linkage.shape == (0, 4)
    assert not tree.cut(1).any()
    assert cluster(rows, method="agglomerative").n_clusters == 1


def test_impossible_cuts(groups):
    tree = hierarchy(np.eye(4))
    for n_clusters in (0, 5, 2.5):
        with pytest.raises(InvalidInputError, match="n_clusters"):
            tree.cut(n_clusters)
    with pytest.raises(InvalidInputError, match="300 embeddings and 4 rows of the tree"):
        cut_hierarchy(groups[0], tree)
    with pytest.raises(InvalidInputError, match="many"):
        cut_hierarchy(np.eye(4), tree, "many")
