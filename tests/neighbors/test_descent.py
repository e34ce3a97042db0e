"""Nearly all of the nearest rows: how many are found, that nothing depends on threads, and what has no neighbours."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from embedlab.errors import Cancelled, InvalidInputError
from embedlab.neighbors import neighbor_graph
from embedlab.rows import normalize_rows


@pytest.fixture(scope="module")
def clouds():
    """6,000 rows in 300 clouds: several cells, each of several clouds."""
    rng = np.random.default_rng(0)
    centers = np.repeat(rng.standard_normal((300, 24)), 20, axis=0)
    return (centers + 0.5 * rng.standard_normal(centers.shape)).astype(np.float32)


def test_nearly_all_are_found_and_the_share_is_said(clouds):
    """Against scikit-learn for all rows; what is said was measured on 500 of them."""
    graph = neighbor_graph(clouds, 10, method="approximate")
    distances, expected = NearestNeighbors(n_neighbors=10, metric="cosine").fit(clouds).kneighbors()
    found = np.mean([len(set(ours) & set(true)) / 10 for ours, true in zip(graph.indices, expected, strict=True)])
    assert found > 0.97
    assert graph.recall == pytest.approx(found, abs=0.01)
    # What is found is true: no row itself, none twice, and the cosines are those of the rows.
    assert not (graph.indices == np.arange(len(clouds))[:, None]).any()
    assert (np.diff(np.sort(graph.indices, axis=1), axis=1) > 0).all()
    unit = normalize_rows(clouds)
    np.testing.assert_allclose(graph.similarities, np.einsum("id,ikd->ik", unit, unit[graph.indices]), atol=1e-6)
    assert (np.diff(graph.similarities, axis=1) <= 0).all()
    assert (graph.indices.dtype, graph.similarities.dtype) == (np.int64, np.float32)


def test_a_poor_share_is_said_too(clouds, monkeypatch):
    """One cut and no round find few; the figure is theirs."""
    monkeypatch.setattr("embedlab.neighbors.descent._CUTS", 1)
    monkeypatch.setattr("embedlab.neighbors.descent._MOST_ROUNDS", 0)
    graph = neighbor_graph(clouds, 10, method="approximate")
    exact = neighbor_graph(clouds, 10)
    found = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(graph.indices, exact.indices, strict=True)])
    assert graph.recall == pytest.approx(found, abs=0.02)
    assert graph.recall < 0.9


def test_the_same_bits_every_time(clouds, monkeypatch):
    first = neighbor_graph(clouds, 10, method="approximate")
    monkeypatch.setattr("embedlab.compute.threads.n_cores", lambda: 5)
    second = neighbor_graph(clouds, 10, method="approximate")
    np.testing.assert_array_equal(first.indices, second.indices)
    assert first.similarities.tobytes() == second.similarities.tobytes()


def test_few_rows_are_compared_one_and_all(embeddings):
    """All fit into one cell, so that nothing is missed."""
    exact, near = neighbor_graph(embeddings, 9), neighbor_graph(embeddings, 9, method="approximate")
    np.testing.assert_array_equal(near.indices, exact.indices)
    assert near.recall == 1


def test_only_copies_and_rows_without_direction():
    """No cut tells them apart; any copy is as near as another, and by position where it was seen."""
    rows = np.concatenate([np.ones((3_000, 4)), np.zeros((20, 4))])
    graph = neighbor_graph(rows, 5, method="approximate")
    assert graph.recall == 1
    np.testing.assert_allclose(graph.similarities[:3_000], 1, atol=1e-6)
    assert (graph.similarities[3_000:] == 0).all()


def test_more_neighbours_than_a_list_of_two_bytes(clouds):
    graph = neighbor_graph(clouds[:1_500], 200, method="approximate")
    assert graph.indices.shape == (1_500, 200)
    assert graph.recall > 0.95


def test_auto_is_exact_until_there_are_many(clouds, monkeypatch):
    assert neighbor_graph(clouds[:1_500], 5, method="auto").recall == 1
    monkeypatch.setattr("embedlab.neighbors.graph.APPROXIMATE_ROWS", 1_500)
    auto, near = (neighbor_graph(clouds[:1_500], 5, method=method) for method in ("auto", "approximate"))
    np.testing.assert_array_equal(auto.indices, near.indices)


def test_progress_ends_and_can_end_the_work(clouds):
    steps = []
    neighbor_graph(clouds, 5, method="approximate", progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]

    def stop(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        neighbor_graph(clouds, 5, method="approximate", progress=stop)


def test_an_unknown_method(embeddings):
    with pytest.raises(InvalidInputError, match="no method 'fast'. Choose one of: auto, exact, approximate"):
        neighbor_graph(embeddings, 5, method="fast")
