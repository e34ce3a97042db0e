"""KMeans on directions, the silhouette, and the number of clusters that is suggested."""

import math

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from threadpoolctl import threadpool_limits

from embedlab.clustering import _kmeans, cluster, cosine_silhouette, suggest_n_clusters, suggestion
from embedlab.errors import Cancelled, InvalidInputError


@pytest.fixture
def groups():
    """60 rows around each of five directions in 32 dimensions, the sizes 100, 80, 60, 40, 20, shuffled."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat(np.arange(5), [20, 100, 60, 40, 80]))
    directions = rng.standard_normal((5, 32))
    return (directions[labels] + 0.3 * rng.standard_normal((300, 32))).astype(np.float32), labels


def test_finds_the_groups_and_numbers_them_by_size(groups):
    embeddings, truth = groups
    found = cluster(embeddings, 5)
    assert adjusted_rand_score(truth, found.labels) == 1.0
    assert np.bincount(found.labels).tolist() == [100, 80, 60, 40, 20]
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    np.testing.assert_allclose(found.centers[0], unit[found.labels == 0].mean(axis=0), atol=1e-5)
    assert found.centers.shape == (5, 32)
    assert found.candidates == ()


def test_auto_suggests_the_number_there_is(groups):
    found = cluster(groups[0])
    assert found.n_clusters == 5
    assert found.candidates == suggest_n_clusters(groups[0]).candidates
    numbers, silhouettes = zip(*found.candidates, strict=True)
    assert list(numbers) == sorted(numbers)
    assert max(silhouettes) == pytest.approx(found.silhouette)
    assert suggest_n_clusters(groups[0], k_range=[9, 4]).candidates[0][0] == 4


def test_only_the_direction_counts(groups):
    """A row twice as long points the same way and gets the same cluster."""
    embeddings = groups[0].copy()
    scaled = embeddings * np.linspace(0.1, 9, len(embeddings), dtype=np.float32)[:, None]
    np.testing.assert_array_equal(cluster(scaled, 5).labels, cluster(embeddings, 5).labels)
    np.testing.assert_array_equal(embeddings, groups[0])


def test_many_rows_are_refined_from_a_sample(groups, monkeypatch):
    monkeypatch.setattr(_kmeans, "_SAMPLE_ROWS", 60)
    monkeypatch.setattr(suggestion, "COMPARED_ROWS", 60)
    found = cluster(groups[0])
    assert found.n_clusters == 5
    assert adjusted_rand_score(groups[1], found.labels) == 1.0
    np.testing.assert_array_equal(found.labels, cluster(groups[0], random_state=0).labels)


@pytest.mark.parametrize("method", ["kmeans", "agglomerative"])
def test_any_number_of_threads_gives_the_same_bits(groups, method, monkeypatch):
    """Of rows that are refined from a sample, and of small groups."""
    monkeypatch.setattr(_kmeans, "_SAMPLE_ROWS", 60)
    monkeypatch.setattr("embedlab.clustering.tree.EXACT_ROWS", 200)
    monkeypatch.setattr("embedlab.clustering.tree._MICRO_CLUSTERS", 60)
    found = []
    for n_threads in (1, 2, 3):
        with threadpool_limits(n_threads):
            found.append(cluster(groups[0], 9, method=method))
    for other in found[1:]:
        np.testing.assert_array_equal(other.labels, found[0].labels)
        np.testing.assert_array_equal(other.centers, found[0].centers)


def test_silhouette_by_hand():
    """Two clusters: east and 60° from it; north. Cosine distances 1/2 and 1 - √3/2 decide."""
    rows = [[1, 0], [0.5, math.sqrt(3) / 2], [0, 1], [0, 1]]
    near, far = 1 - math.sqrt(3) / 2, 1.0
    expected = [(far - 0.5) / far, (near - 0.5) / 0.5, 1.0, 1.0]
    np.testing.assert_allclose(cosine_silhouette(rows, [0, 0, 1, 1]), expected, atol=1e-6)


@pytest.mark.parametrize("n_clusters", [2, 7, 150])
def test_silhouette_agrees_with_scikit_learn(groups, n_clusters, monkeypatch):
    """With rows of zeros, rows alone in their cluster, and in small blocks."""
    embeddings = np.concatenate([groups[0], np.zeros((3, 32), dtype=np.float32)])
    labels = np.random.default_rng(1).integers(0, n_clusters, len(embeddings))
    expected = silhouette_samples(embeddings, labels, metric="cosine")
    np.testing.assert_allclose(cosine_silhouette(embeddings, labels), expected, atol=1e-5)
    monkeypatch.setattr("embedlab.rows.BLOCK_ELEMENTS", 999)
    np.testing.assert_allclose(cosine_silhouette(embeddings, labels), expected, atol=1e-5)


def test_silhouettes_of_a_clustering_belong_together(groups):
    found = cluster(groups[0], 5)
    sizes = np.bincount(found.labels)
    assert found.silhouette == pytest.approx((found.silhouette_by_cluster * sizes).sum() / sizes.sum())
    assert found.silhouette > 0.5


@pytest.mark.parametrize("n_clusters", [1, 6])
def test_silhouette_is_nan_where_it_is_not_defined(n_clusters):
    found = cluster(np.eye(6), n_clusters)
    assert math.isnan(found.silhouette)
    assert found.n_clusters == n_clusters


@pytest.mark.parametrize("rows", [np.ones((4, 3)), [[1.0, 2.0]], np.zeros((3, 2)), [[1, 0], [0, 1], [0, 2]]])
def test_too_few_different_rows_are_one_cluster(rows):
    found = cluster(rows)
    assert found.n_clusters == 1
    assert found.candidates == ()
    assert not found.labels.any()


def test_repeated_rows():
    """Twelve rows, three different ones: three clusters can be had, four cannot, and the message says so."""
    rows = np.repeat(np.eye(3), 4, axis=0)
    assert np.bincount(cluster(rows, 3).labels).tolist() == [4, 4, 4]
    with pytest.raises(InvalidInputError, match="n_clusters=4 .* 3 different texts in 12 rows; choose at most 3"):
        cluster(rows, 4)


def test_rows_too_alike_to_tell_apart():
    """Rows 1e-4 apart differ, but not for float32 KMeans: a plain message instead of fewer clusters than asked for."""
    rng = np.random.default_rng(0)
    rows = np.repeat(rng.standard_normal((10, 64)), 2, axis=0) + 1e-5 * rng.standard_normal((20, 64))
    with pytest.raises(InvalidInputError, match="only 1. groups that can be told apart"):
        cluster(rows, 20)


@pytest.mark.parametrize("n_clusters", [0, -1, 2.5, True, "many", 7])
def test_impossible_numbers_of_clusters(n_clusters):
    with pytest.raises(InvalidInputError, match="n_clusters"):
        cluster(np.eye(6), n_clusters)


def test_impossible_ranges():
    with pytest.raises(InvalidInputError, match="choose at most 5"):
        suggest_n_clusters(np.eye(6), k_range=range(2, 8))
    with pytest.raises(InvalidInputError, match="random_state"):
        cluster(np.eye(6), 2, random_state=-1)
    with pytest.raises(InvalidInputError, match="6 texts and 2 labels"):
        cosine_silhouette(np.eye(6), [0, 1])


def test_as_tight_as_scikit_learn(groups):
    """Nine clusters where five groups are: the sum of squares is no larger than that of ten starts elsewhere."""
    unit = groups[0] / np.linalg.norm(groups[0], axis=1, keepdims=True)
    found = cluster(groups[0], 9)
    inertia = ((unit - found.centers[found.labels]) ** 2).sum()
    assert inertia < 1.02 * KMeans(9, n_init=10, random_state=0).fit(unit).inertia_


def test_progress_counts_the_numbers_tried_and_can_end_the_work(groups):
    reports = []
    found = cluster(groups[0], progress=lambda done, total: reports.append((done, total)))
    assert [done for done, _ in reports] == list(range(1, len(found.candidates) + 1))
    assert reports[-1] == (len(found.candidates), len(found.candidates))

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        suggest_n_clusters(groups[0], progress=stop)
