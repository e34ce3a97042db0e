"""What the card finds is what the processor finds, whatever fits at once."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from embedlab.clustering import cluster, suggest_n_clusters
from embedlab.device import neighbors
from embedlab.device.card import Card
from embedlab.device.half import Halves
from embedlab.device.search import IndexOnCard
from embedlab.duplicates import find_duplicates
from embedlab.neighbors import nearest_neighbors, neighbor_graph
from embedlab.projection import project, umap
from embedlab.rows import normalize_rows
from embedlab.search import SearchIndex
from embedlab.similarity import best_pairs


def some_rows(n=700, d=24):
    """Rows with copies, near copies, a hundred of one row, and rows of zeros."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((n, d)).astype(np.float32)
    near = rows[:50] + rng.standard_normal((50, d)).astype(np.float32) * 1e-2
    return np.concatenate([rows, rows[:40], near, np.repeat(rows[5:6], 100, axis=0), np.zeros((3, d), np.float32)])


def by_float64(rows, k):
    """The neighbours from cosines in float64, rounded to float32 so that copies are equal, equal ones by position."""
    unit = normalize_rows(rows).astype(np.float64)
    cosines = (unit @ unit.T).astype(np.float32)
    np.fill_diagonal(cosines, -np.inf)
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(cosines, order, axis=1)


def assert_neighbors(graph, expected):
    np.testing.assert_array_equal(graph.indices, expected[0])
    np.testing.assert_allclose(graph.similarities, expected[1], atol=1e-7)
    assert (graph.indices.dtype, graph.similarities.dtype) == (np.int64, np.float32)


@pytest.mark.usefixtures("card_of_any_size")
@pytest.mark.parametrize("k", [1, 15])
def test_neighbors(k):
    """Among the copies more are equal than half precision looks at; they come by position all the same."""
    assert_neighbors(neighbor_graph(some_rows(), k), by_float64(some_rows(), k))


@pytest.mark.usefixtures("card_of_any_size")
@pytest.mark.parametrize("kind", ["few", "other rows"])
def test_neighbors_of_queries(twice, kind):
    rng = np.random.default_rng(1)
    queries = some_rows()[::31] if kind == "few" else rng.standard_normal((500, 24)).astype(np.float32)
    found, expected = twice(lambda: nearest_neighbors(some_rows()[:790], 7, queries))
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_allclose(found[1], expected[1], atol=1e-6)


@pytest.mark.usefixtures("card")
def test_all_others_are_neighbors(twice):
    rows = np.random.default_rng(3).standard_normal((30, 5)).astype(np.float32)
    found, expected = twice(lambda: neighbor_graph(rows, 29))
    assert_neighbors(found, (expected.indices, expected.similarities))


@pytest.mark.usefixtures("card")
def test_neighbors_among_so_many_that_groups_are_compared_first():
    rows = np.random.default_rng(2).standard_normal((6000, 8)).astype(np.float32)
    assert 6000 // neighbors._GROUP > 8 * (1 + neighbors._SPARE)
    assert_neighbors(neighbor_graph(rows, 1), by_float64(rows, 1))


@pytest.mark.usefixtures("card")
def test_half_precision_alone_would_be_wrong(card):
    """Rows nearer to one another than half precision can tell: without a second look, neighbours are missed."""
    rng = np.random.default_rng(4)
    rows = (np.ones(24) + 1e-2 * rng.standard_normal((400, 24))).astype(np.float32)
    assert_neighbors(neighbor_graph(rows, 5), by_float64(rows, 5))
    card.setattr(neighbors._Nearest, "_compare_all", lambda self, numbers: None)
    assert (neighbor_graph(rows, 5).indices != by_float64(rows, 5)[0]).any()


@pytest.mark.parametrize("d", [1, 3, 64, 384, 4096])
def test_rounded_cosines_are_off_by_no_more_than_proven(d):
    """Rows that round badly: one dimension a hundred times as large as the others, another always the same."""
    card, rng = Card("cpu"), np.random.default_rng(0)
    rows = rng.choice([-1.0, 1.0, 0.01], (300, d)) * rng.uniform(0.9, 1.1, (300, d))
    rows[:, 0] *= 100
    rows[:, -1] = 3
    unit = normalize_rows(rows.astype(np.float32))
    halves = Halves.of(card, card.send(unit))
    rounded = (halves.values @ halves.values.T).double().numpy()
    exact = unit.astype(np.float64) @ unit.astype(np.float64).T
    assert (np.abs(rounded - exact) <= halves.off(halves.lost).numpy()[:, None]).all()
    assert halves.off(halves.lost).max() < 0.03


@pytest.mark.usefixtures("card_of_any_size")
@pytest.mark.parametrize(("floor", "max_pairs", "sign"), [(0.6, 100_000, 1), (-np.inf, 500, 1), (-np.inf, 300, -1)])
def test_pairs(twice, floor, max_pairs, sign):
    """All above a floor, and the best and the worst of all; more are equal than are asked for."""
    unit = normalize_rows(some_rows())
    (i, j, values), (rows, columns, expected) = twice(lambda: best_pairs(unit, floor, max_pairs, sign=sign))
    np.testing.assert_allclose(values, expected, atol=1e-6)
    clear = values > values[-1] + 1e-6
    assert set(zip(i[clear], j[clear], strict=True)) == set(zip(rows[clear], columns[clear], strict=True))


@pytest.mark.usefixtures("card_of_any_size")
def test_duplicates(twice):
    rows, reports = some_rows()[:-3], []
    texts = [f"text {number}" for number in range(len(rows))]
    found, expected = twice(
        lambda: find_duplicates(texts, rows, 0.7, progress=lambda done, total: reports.append((done, total)))
    )
    for name in ("n_pairs", "n_groups", "n_removed"):
        np.testing.assert_array_equal(getattr(found.curve(), name), getattr(expected.curve(), name))
    np.testing.assert_array_equal(found.at(0.99).labels, expected.at(0.99).labels)
    assert reports[-1][0] == reports[-1][1]


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize("kind", ["random", "near ties", "copies", "zeros among them", "all equal"])
def test_search(twice, kind):
    """The same hits with the same scores, to the last digit."""
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((2000, 48)).astype(np.float32)
    if kind == "near ties":
        rows = (np.ones(48) + 1e-4 * rows).astype(np.float32)
    elif kind == "copies":
        rows = rows[rng.integers(0, 20, 2000)]
    elif kind == "zeros among them":
        rows[rng.random(2000) < 0.5] = 0
    elif kind == "all equal":
        rows[:] = rows[0]
    texts = [f"text {number % 1500}" for number in range(2000)]
    query, among = rng.standard_normal(48), np.arange(0, 2000, 3)

    index = SearchIndex(texts, rows)
    assert isinstance(index._screen, IndexOnCard)
    assert 2000 * 48 * 2 < index.nbytes < 2000 * 48 * 3
    found, expected = twice(
        lambda: [
            SearchIndex(texts, rows).search(query, top_k, chosen)
            for top_k, chosen in [(1, None), (10, None), (2000, None), (5, among), (667, among)]
        ]
    )
    assert found == expected


def groups(n=1200, k=6, d=20):
    """Rows around some centres."""
    rng = np.random.default_rng(6)
    return (2 * rng.standard_normal((k, d))[rng.integers(0, k, n)] + rng.standard_normal((n, d))).astype(np.float32)


@pytest.mark.usefixtures("card_of_any_size")
@pytest.mark.parametrize("k", [2, 6, 30])
def test_kmeans(twice, k):
    found, expected = twice(lambda: cluster(groups(), k))
    np.testing.assert_array_equal(found.labels, expected.labels)
    np.testing.assert_allclose(found.centers, expected.centers, atol=1e-5)


@pytest.mark.usefixtures("card")
def test_kmeans_of_copies(twice):
    """Fewer different rows than clusters: centres without rows, and rows as near to one centre as to another."""
    rows = np.eye(4, dtype=np.float32)[np.arange(60) % 4]
    found, expected = twice(lambda: cluster(rows, 4))
    np.testing.assert_array_equal(found.labels, expected.labels)


@pytest.mark.usefixtures("card")
def test_suggested_number(twice):
    found, expected = twice(lambda: suggest_n_clusters(groups()))
    assert found.n_clusters == expected.n_clusters == 6


@pytest.mark.usefixtures("card_of_any_size")
@pytest.mark.parametrize("n_components", [2, 3])
def test_layout_step_by_step(monkeypatch, twice, n_components):
    """The same edges take part, and points are pushed from the same strangers.

    Few distances lie so near the edge of a bin that the last digit decides about the factor of their force.
    """
    monkeypatch.setattr(umap, "n_epochs", lambda n_rows: 3)
    graph = neighbor_graph(groups(), 15)
    edges = umap.fuzzy_graph(graph.indices, 1 - graph.similarities)
    start = np.random.default_rng(7).standard_normal((1200, n_components)).astype(np.float32)
    reports = []
    found, expected = twice(
        lambda: umap.lay_out(edges, start, 0.1, random_state=3, progress=lambda *done: reports.append(done))
    )
    apart = np.abs(found - expected).max(axis=1)
    assert np.quantile(apart, 0.99) < 1e-3
    assert apart.max() < 0.1
    assert reports == 2 * [(1, 3), (2, 3), (3, 3)]


@pytest.mark.usefixtures("card")
def test_map_is_as_true_and_the_same_each_time(twice):
    """After all epochs the digits are others; how true the map is, near and far, is not."""
    found, expected = twice(lambda: project(groups(), "umap").coordinates)
    np.testing.assert_array_equal(found, project(groups(), "umap").coordinates)
    for k in (15, 50, 150):
        of_card, of_processor = (trustworthiness(groups(), points, n_neighbors=k) for points in (found, expected))
        assert of_card == pytest.approx(of_processor, abs=0.005)
