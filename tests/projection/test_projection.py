"""Maps: repeatable, near neighbours kept together, and defined for whatever is put in."""

import threading

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.manifold import trustworthiness as sklearn_trustworthiness
from threadpoolctl import threadpool_limits

from embedlab.errors import Cancelled, InvalidInputError
from embedlab.neighbors import NeighborGraph, nearest_neighbors, neighbor_graph
from embedlab.projection import PROJECTION_METHODS, project, say_trustworthiness, trustworthiness
from embedlab.projection.tsne import affinities
from embedlab.projection.umap import n_epochs


@pytest.fixture(scope="module")
def groups():
    """Four groups of 40 rows in 24 dimensions."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 40)
    return (rng.standard_normal((4, 24))[labels] + 0.3 * rng.standard_normal((160, 24))).astype(np.float32), labels


@pytest.mark.parametrize("method", PROJECTION_METHODS)
@pytest.mark.parametrize("n_components", [2, 3])
def test_groups_stay_together(groups, method, n_components):
    embeddings, labels = groups
    found = project(embeddings, method, n_components)
    assert found.coordinates.shape == (160, n_components)
    assert found.coordinates.dtype == np.float32
    assert found.method == method
    centers = np.array([found.coordinates[labels == label].mean(axis=0) for label in range(4)])
    distances = np.linalg.norm(found.coordinates[:, None] - centers, axis=2)
    assert (distances.argmin(axis=1) == labels).mean() > 0.95
    assert found.trustworthiness.keys() == {15, 50}, "150 neighbours are too many of 160"
    assert found.trustworthiness[15] > 0.8


@pytest.mark.parametrize("method", PROJECTION_METHODS)
def test_same_seed_same_map(groups, method):
    embeddings = groups[0].copy()
    first, second = (project(embeddings, method, random_state=3).coordinates for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(embeddings, groups[0])


def test_same_map_from_several_threads(groups):
    found = [None] * 3

    def work(place):
        found[place] = project(groups[0]).coordinates

    threads = [threading.Thread(target=work, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_only_the_direction_counts(groups):
    longer = groups[0] * np.float32(4)
    np.testing.assert_array_equal(project(longer).coordinates, project(groups[0]).coordinates)


def test_pca_agrees_with_scikit_learn(groups):
    unit = groups[0] / np.linalg.norm(groups[0], axis=1, keepdims=True)
    expected = PCA(2, random_state=42).fit_transform(unit)
    np.testing.assert_allclose(project(groups[0], "pca").coordinates, expected, atol=1e-5)


def test_umap_keeps_neighbours_better_than_pca(groups):
    assert project(groups[0]).trustworthiness[15] > project(groups[0], "pca").trustworthiness[15]


def test_trustworthiness_agrees_with_scikit_learn(groups, monkeypatch):
    """For every number of neighbours asked for at once, also where few rows are in a block, and near enough where it is
    estimated from some of them.
    """
    embeddings, asked = groups[0], (1, 5, 40, 79)
    points = np.random.default_rng(1).standard_normal((160, 2)).astype(np.float32)
    for coordinates in (points, embeddings[:, :2], project(embeddings, "pca").coordinates):
        expected = {k: sklearn_trustworthiness(embeddings, coordinates, n_neighbors=k, metric="cosine") for k in asked}
        assert trustworthiness(embeddings, coordinates, asked) == pytest.approx(expected, abs=1e-4)
        with monkeypatch.context() as patch:
            patch.setattr("embedlab.rows.BLOCK_ELEMENTS", 999)
            assert trustworthiness(embeddings, coordinates, asked) == pytest.approx(expected, abs=1e-4)
            patch.setattr("embedlab.projection.trust._TRUSTED_ROWS", 100)
            assert trustworthiness(embeddings, coordinates, asked) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize(
    ("n_rows", "counted"),
    [(2, []), (3, [1]), (31, [15]), (30, [14]), (101, [15, 50]), (100, [15]), (301, [15, 50, 150]), (300, [15, 50])],
)
def test_only_numbers_of_neighbours_that_fit_are_looked_at(n_rows, counted):
    """Below half of the rows, as scikit-learn asks; one at least where there is any."""
    rows = np.random.default_rng(0).standard_normal((n_rows, 5))
    assert list(trustworthiness(rows, rows[:, :2])) == counted


def test_trustworthiness_near_and_far_in_words():
    assert say_trustworthiness({15: 0.987, 50: 0.9, 150: 0.8}) == "0.99 near, 0.90 at middle distance, 0.80 far"
    assert say_trustworthiness({7: 1.0}) == "1.00 near"
    assert say_trustworthiness({}) == ""


def test_trustworthiness_by_hand():
    """Five directions with gaps of 1°, 2°, 4° and 8°; on the map the last stands beside the first; k = 1.

    Rows 0 and 4 are each other's map neighbours and each the fourth of the other by angle: a penalty of 3 each. The
    map neighbour of row 1 is row 2, its second by angle: 1. That of row 2 is row 3, its third: 2. That of row 3 is
    row 2, its first: 0.
    """
    angles = np.radians([0, 1, 3, 7, 15])
    rows = np.column_stack([np.cos(angles), np.sin(angles)])
    points = [[0.0, 0.0], [9.0, 0.0], [10.0, 0.0], [10.9, 0.0], [0.0, 1.0]]
    expected = 1 - 2 * (3 + 1 + 2 + 0 + 3) / (5 * 1 * (2 * 5 - 3 - 1))
    assert trustworthiness(rows, points, [1]) == pytest.approx({1: expected})


def test_repeated_rows_share_a_place(groups):
    rows = np.concatenate([np.repeat(groups[0][:20], 30, axis=0), groups[0][20:]])
    found = project(rows)
    assert len(np.unique(found.coordinates, axis=0)) == 160
    for start in range(0, 600, 30):
        assert (found.coordinates[start : start + 30] == found.coordinates[start]).all()
    assert min(found.trustworthiness.values()) > 0.8


@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("n_rows", [1, 2, 3, 4, 5, 6, 15, 16])
def test_few_rows(groups, n_rows, n_components):
    found = project(groups[0][::10][:n_rows], n_components=n_components)
    assert found.coordinates.shape == (n_rows, n_components)
    assert np.isfinite(found.coordinates).all()
    assert len(np.unique(found.coordinates, axis=0)) == n_rows
    assert found.method == ("pca" if n_rows < 5 else "umap")
    assert len(found.trustworthiness) == (n_rows > 2)


@pytest.mark.parametrize(
    "rows",
    [
        np.ones((50, 8)),
        np.zeros((10, 4)),
        np.outer(np.arange(1, 20), np.ones(3)),
        np.column_stack([np.cos(np.arange(40) / 40), np.sin(np.arange(40) / 40)]),
        np.concatenate([np.eye(10), -np.eye(10), np.zeros((3, 10))]),
        np.arange(1.0, 9).reshape(-1, 1),
    ],
    ids=["identical", "zeros", "one direction", "flat arc", "opposed and zeros", "one dimension"],
)
@pytest.mark.parametrize("method", PROJECTION_METHODS)
def test_rows_without_much_to_show(rows, method):
    found = project(rows, method, n_components=3)
    assert found.coordinates.shape == (len(rows), 3)
    assert np.isfinite(found.coordinates).all()


def test_one_row_lies_at_the_origin():
    assert project([[3.0, 4.0]]).coordinates.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "som"}, "no projection 'som'. Choose one of: umap, tsne, pca"),
        ({"n_components": 0}, "n_components=0"),
        ({"n_neighbors": 1}, "n_neighbors=1 .* at least 2"),
        ({"min_dist": 1.5}, "min_dist=1.5"),
        ({"min_dist": float("nan")}, "min_dist=nan"),
        ({"random_state": -1}, "random_state=-1"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(InvalidInputError, match=message):
        project(np.eye(6), **options)


def test_a_map_of_other_texts():
    with pytest.raises(InvalidInputError, match="6 embeddings and 5 coordinates"):
        trustworthiness(np.eye(6), np.ones((5, 2)))


def test_neighbours_are_shared(groups):
    """The same map from neighbours found before; more of them than needed do no harm, fewer and others are refused."""
    alone = project(groups[0], n_neighbors=10)
    shared = project(groups[0], n_neighbors=10, neighbors=neighbor_graph(groups[0], 20))
    np.testing.assert_array_equal(shared.coordinates, alone.coordinates)
    estimated = NeighborGraph(*nearest_neighbors(groups[0], 9), recall=0.97)
    assert (alone.neighbor_recall, project(groups[0], n_neighbors=10, neighbors=estimated).neighbor_recall) == (1, 0.97)
    with pytest.raises(InvalidInputError, match="neighbors holds 9 others of each row; n_neighbors=15 needs 14"):
        project(groups[0], neighbors=estimated)
    with pytest.raises(InvalidInputError, match="159 embeddings and 160 rows of neighbors"):
        project(groups[0][1:], neighbors=estimated)


def test_progress_rises_to_its_end_and_can_end_the_work(groups):
    reports = []
    project(groups[0], progress=lambda done, total: reports.append((done, total)))
    assert reports == sorted(set(reports))
    assert reports[-1] == (2 * n_epochs(len(groups[0])), 2 * n_epochs(len(groups[0])))

    def stop(done, total):
        if done > total / 2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        project(groups[0], progress=stop)


def divergence(shares, coordinates):
    """Kullback-Leibler divergence of a map's neighbours from those of the embeddings: what t-SNE makes small."""
    near = 1 / (1 + ((coordinates[:, None] - coordinates) ** 2).sum(axis=2))
    np.fill_diagonal(near, 0)
    near /= near.sum()
    return float((shares[shares > 0] * np.log(shares[shares > 0] / near[shares > 0])).sum())


def test_affinities_have_the_perplexity_asked_for(groups):
    graph = neighbor_graph(groups[0], 90)
    shares = affinities(graph.indices, np.sqrt(np.maximum(0, 2 - 2 * graph.similarities)), 30).toarray()
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(shares, shares.T)
    # All equally near: every row picks each of the others equally often.
    even = affinities(np.array([[1, 2], [0, 2], [0, 1]]), np.ones((3, 2), np.float32), 1.9).toarray()
    np.testing.assert_allclose(even, (1 - np.eye(3)) / 6, atol=1e-6)


def test_tsne_fits_as_well_as_scikit_learns(groups):
    """Judged by what both make small, and by trustworthiness."""
    unit = groups[0] / np.linalg.norm(groups[0], axis=1, keepdims=True)
    graph = neighbor_graph(unit, 90)
    shares = affinities(graph.indices, np.sqrt(np.maximum(0, 2 - 2 * graph.similarities)), 30).toarray()
    found = project(groups[0], "tsne")
    with threadpool_limits(1):  # Threads that wait for one another at each of a thousand steps wait for busy cores.
        other = TSNE(init="pca", random_state=0, perplexity=30).fit_transform(unit)
    assert divergence(shares, found.coordinates) < 1.2 * divergence(shares, other)
    assert found.trustworthiness[15] > trustworthiness(unit, other)[15] - 0.03


def test_tsne_says_what_it_cannot(groups, set_limits):
    with pytest.raises(InvalidInputError, match="at most 3 dimensions"):
        project(groups[0], "tsne", n_components=4)
    set_limits(max_tsne_rows=100)
    with pytest.raises(InvalidInputError, match=r"160 different texts; t-SNE lays out 100 at most"):
        project(groups[0], "tsne")


def test_tsne_reports_and_can_be_ended(groups):
    reports = []
    project(groups[0], "tsne", progress=lambda done, total: reports.append((done, total)))
    assert reports[-1] == (750, 750)

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        project(groups[0], "tsne", progress=stop)
