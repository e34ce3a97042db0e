"""Exact neighbours in blocks, and two measures of agreement between sets of embeddings."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from embedlab.errors import Cancelled, InvalidInputError
from embedlab.neighbors import among_different, nearest_neighbors, nearest_others, neighbor_graph
from embedlab.rows import normalize_rows
from embedlab.similarity import different_rows


def test_by_hand():
    """At 0°, 10°, 30° and 90°: the nearest of each is the next in angle."""
    angles = np.radians([0, 10, 30, 90])
    indices, similarities = nearest_neighbors(np.column_stack([np.cos(angles), np.sin(angles)]), n_neighbors=2)
    assert indices.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    np.testing.assert_allclose(similarities[0], np.cos(np.radians([10, 30])), atol=1e-6)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("with_queries", [False, True])
def test_agrees_with_scikit_learn(embeddings, with_queries):
    queries = np.random.default_rng(1).standard_normal((30, 16)) if with_queries else None
    indices, similarities = nearest_neighbors(embeddings, 9, queries)
    model = NearestNeighbors(n_neighbors=9, metric="cosine").fit(embeddings)
    distances, expected = model.kneighbors(queries)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(similarities, 1 - distances, atol=1e-6)
    assert (indices.dtype, similarities.dtype) == (np.int64, np.float32)


def test_leaves_out_the_row_itself_and_not_its_copies(embeddings):
    doubled = np.concatenate([embeddings, embeddings])
    indices, similarities = nearest_neighbors(doubled, 1)
    np.testing.assert_array_equal(indices.ravel(), (np.arange(240) + 120) % 240)
    np.testing.assert_allclose(similarities, 1, atol=1e-6)


def test_equal_neighbours_come_by_position():
    indices, _ = nearest_neighbors(np.ones((6, 2)), 5)
    assert indices[2].tolist() == [0, 1, 3, 4, 5]


def test_own_rows_as_queries_find_themselves(embeddings):
    """Two ways agree: with queries, the row itself comes first and the others follow."""
    before = embeddings.copy()
    without = nearest_neighbors(embeddings, 4)
    with_self = nearest_neighbors(embeddings, 5, queries=embeddings)
    np.testing.assert_array_equal(with_self[0][:, 0], np.arange(120))
    np.testing.assert_array_equal(with_self[0][:, 1:], without[0])
    np.testing.assert_array_equal(embeddings, before)


def test_too_few_rows(embeddings):
    with pytest.raises(InvalidInputError, match="n_neighbors=120 .* there are 119 other rows; choose at most 119"):
        nearest_neighbors(embeddings, 120)
    assert nearest_neighbors(embeddings, 120, queries=embeddings[:1])[0].shape == (1, 120)
    with pytest.raises(InvalidInputError, match="there are 120 rows"):
        nearest_neighbors(embeddings, 121, queries=embeddings[:1])
    with pytest.raises(InvalidInputError, match="n_neighbors=0"):
        nearest_neighbors(embeddings, 0)
    with pytest.raises(InvalidInputError, match="16 and 3 dimensions"):
        nearest_neighbors(embeddings, 2, queries=np.ones((1, 3)))


@pytest.mark.usefixtures("small_blocks")
def test_the_graph_by_an_independent_way(embeddings):
    graph = neighbor_graph(embeddings, 9)
    distances, expected = NearestNeighbors(n_neighbors=9, metric="cosine").fit(embeddings).kneighbors()
    np.testing.assert_array_equal(graph.indices, expected)
    np.testing.assert_allclose(graph.similarities, 1 - distances, atol=1e-6)
    assert graph.recall == 1.0


@pytest.mark.usefixtures("small_blocks")
def test_equal_rows_come_by_position_across_blocks():
    """Sixty copies of one row in blocks of sixteen: the first four others, for each."""
    graph = neighbor_graph(np.ones((60, 3)), 4)
    for row, found in enumerate(graph.indices.tolist()):
        assert found == [other for other in range(60) if other != row][:4]


@pytest.mark.usefixtures("small_blocks")
def test_progress_counts_pairs_and_can_end_the_work(embeddings):
    reports = []
    neighbor_graph(embeddings, 3, progress=lambda done, total: reports.append((done, total)))
    assert [done for done, _ in reports] == sorted({done for done, _ in reports})
    assert reports[-1] == (120 * 119 // 2, 120 * 119 // 2)

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        neighbor_graph(embeddings, 3, progress=stop)


@pytest.mark.parametrize("copies", [1, 2, 9])
def test_graph_of_the_different_rows_from_that_of_all(embeddings, copies):
    """Whether a few neighbours are copies or all are, the different rows find each other as if they were alone."""
    unit = normalize_rows(np.concatenate([embeddings, *[embeddings[:30]] * copies]))
    first, inverse = different_rows(unit)
    found = among_different(neighbor_graph(unit, 6), unit[first], first, inverse)
    alone = neighbor_graph(embeddings, 6)
    np.testing.assert_array_equal(found.indices, alone.indices)
    np.testing.assert_allclose(found.similarities, alone.similarities, atol=1e-6)


def test_others_of_some_rows_are_those_of_the_graph(embeddings):
    rows = np.array([3, 50, 119])
    np.testing.assert_array_equal(nearest_others(embeddings, rows, 7), neighbor_graph(embeddings, 7).indices[rows])
    # Among copies the row itself is left out by position, never one of the others.
    copies = np.concatenate([embeddings[:1]] * 5)
    assert all(row not in found for row, found in enumerate(nearest_others(copies, np.arange(5), 4).tolist()))
