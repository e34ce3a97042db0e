"""The graph of fuzzy neighbours and the layout, against umap-learn and by hand."""

import json

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.manifold import trustworthiness
from umap import UMAP
from umap.umap_ import fuzzy_simplicial_set

import embedlab as el
from embedlab.compute import kernels as _compiled
from embedlab.neighbors import neighbor_graph
from embedlab.projection.umap import fuzzy_graph, lay_out


@pytest.fixture(scope="module")
def rows():
    """300 rows around six directions in 20 dimensions."""
    rng = np.random.default_rng(0)
    return (rng.standard_normal((6, 20)).repeat(50, axis=0) + 0.5 * rng.standard_normal((300, 20))).astype(np.float32)


@pytest.fixture(scope="module")
def graph(rows):
    neighbors = neighbor_graph(rows, 14)
    return fuzzy_graph(neighbors.indices, 1 - neighbors.similarities)


def test_fuzzy_graph_by_hand():
    """One neighbour each: 0 and 1 are each other's, 2 has 1. The nearest is sure, and one sure opinion is enough."""
    found = fuzzy_graph(np.array([[1], [0], [1]]), np.array([[0.1], [0.1], [0.3]], dtype=np.float32))
    np.testing.assert_allclose(found.toarray(), [[0, 1, 0], [1, 0, 1], [0, 1, 0]], atol=1e-6)


@pytest.mark.parametrize("k", [2, 5, 14])
def test_fuzzy_graph_agrees_with_umap(rows, k):
    neighbors = neighbor_graph(rows, k)
    distances = 1 - neighbors.similarities
    own = np.arange(len(rows))[:, None]
    with_own = np.hstack([own, neighbors.indices]), np.hstack([np.zeros_like(distances[:, :1]), distances])
    expected, _, _ = fuzzy_simplicial_set(
        rows, k + 1, None, "cosine", knn_indices=with_own[0].astype(np.int32), knn_dists=with_own[1]
    )
    found = fuzzy_graph(neighbors.indices, distances).toarray()
    np.testing.assert_allclose(found, expected.toarray(), atol=2e-5)
    np.testing.assert_array_equal(found, found.T)


@pytest.mark.parametrize("distances", [np.zeros((4, 3)), np.ones((4, 3)), np.full((4, 3), 2)])
def test_equal_distances_are_all_sure(distances):
    indices = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    np.testing.assert_array_equal(fuzzy_graph(indices, distances.astype(np.float32)).toarray(), 1 - np.eye(4))


def test_as_trustworthy_as_umap(rows, graph):
    found = lay_out(graph, rows[:, :2], 0.1, random_state=0)
    umap = UMAP(metric="cosine", random_state=42, n_jobs=1).fit_transform(rows)
    ours, theirs = (trustworthiness(rows, points, n_neighbors=15, metric="cosine") for points in (found, umap))
    assert ours > theirs - 0.01


def test_the_order_beyond_the_nearest_is_as_true_as_umaps(shared_data):
    """Intents in ten domains. Kin stays near only if all forces on a point count at once: a point that is moved edge by
    edge loses .03 at 50 neighbours and .06 at 150.
    """
    splits = json.loads((shared_data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    texts = [text for text, intent in splits["train"] if intent != "oos"][::8]
    embeddings = el.load_encoder().encode(texts)
    maps = [
        el.project(embeddings).coordinates,
        UMAP(metric="cosine", init="pca", random_state=42, n_jobs=1).fit_transform(embeddings),
    ]
    for n_neighbors in (15, 50, 150):
        ours, theirs = (trustworthiness(embeddings, each, n_neighbors=n_neighbors, metric="cosine") for each in maps)
        assert ours > theirs - 0.01, n_neighbors


def test_two_that_belong_together_meet_and_strangers_part():
    """Pairs (0, 1) and (2, 3), each thrown far apart: on the map partners end nearer than any strangers."""
    pairs = csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=np.float32))
    start = np.array([[0, 0], [6, 7], [1, 9], [9, 1]], dtype=np.float32)
    points = lay_out(pairs, start, 0.1, random_state=0)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + 99 * np.eye(4)
    assert distances.argmin(axis=1).tolist() == [1, 0, 3, 2]


def test_same_bits_on_any_number_of_threads(rows, graph, monkeypatch):
    start = rows[:, :3].copy()
    found = []
    for n_threads in (1, 2, 5):
        monkeypatch.setattr("embedlab.compute.threads.n_cores", lambda n=n_threads: n)
        found.append(lay_out(graph, start, 0.1, random_state=7))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
    np.testing.assert_array_equal(start, rows[:, :3])
    assert (lay_out(graph, start, 0.1, random_state=8) != found[0]).any()


def test_without_a_folder_for_the_compiled(monkeypatch):
    """Numba then refuses to cache; the kernel works all the same."""

    def refuse(self):
        raise RuntimeError("cannot cache function")

    monkeypatch.setattr("numba.core.dispatcher.Dispatcher.enable_caching", refuse)
    assert _compiled.compiled(lambda x: x + 1)(2) == 3
