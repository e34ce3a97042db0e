"""Maps by umap-learn: what comes out is its own, and what only it can do is named for what it is."""

import threading
import warnings

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances
from umap import UMAP

from embedlab.errors import Cancelled, InvalidInputError
from embedlab.neighbors import neighbor_graph
from embedlab.projection import ENGINES, METRICS, UMAP_LEARN, project, trustworthiness
from embedlab.projection import umap_learn as drawing
from embedlab.projection._distances import nearest_by_distance
from embedlab.projection.methods import compared_rows, label_codes
from embedlab.rows import normalize_rows


@pytest.fixture(scope="module")
def groups():
    """Four groups of 40 rows in 24 dimensions, of different lengths."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 40)
    rows = rng.standard_normal((4, 24))[labels] + 0.3 * rng.standard_normal((160, 24))
    return (rows * rng.uniform(0.5, 2, (160, 1))).astype(np.float32), labels


def drawn(rows, **options):
    return project(rows, engine=UMAP_LEARN, **options)


def spread(coordinates, labels):
    """How far the points of a label lie from their middle, against how far all do from theirs."""
    middles = np.array([coordinates[labels == label].mean(axis=0) for label in labels])
    within = np.linalg.norm(coordinates - middles, axis=1).mean()
    return within / np.linalg.norm(coordinates - coordinates.mean(axis=0), axis=1).mean()


def likeness(coordinates, labels):
    """Share of the 10 points nearest to each that have its label."""
    distances = np.linalg.norm(coordinates[:, None] - coordinates, axis=2)
    np.fill_diagonal(distances, np.inf)
    return (labels[distances.argsort(axis=1)[:, :10]] == labels[:, None]).mean()


def test_it_is_the_map_that_umap_learn_draws(groups):
    """The same bits from the same neighbours; as true where it looks for them itself, and rounds another way."""
    unit = normalize_rows(groups[0])
    graph, own = neighbor_graph(unit, 14), np.arange(160)[:, None]
    distances = np.hstack([np.zeros((160, 1), np.float32), np.maximum(0, 1 - graph.similarities)])
    given = np.hstack([own, graph.indices]).astype(np.int32), distances
    usual = {"metric": "cosine", "random_state": 42, "n_jobs": 1}
    with warnings.catch_warnings(action="ignore"):
        theirs = UMAP(**usual, precomputed_knn=given).fit_transform(unit)
    found = drawn(groups[0])
    np.testing.assert_array_equal(found.coordinates, theirs)
    np.testing.assert_array_equal(found.coordinates, drawn(groups[0], neighbors=graph).coordinates)
    np.testing.assert_array_equal(found.coordinates, drawn(groups[0] * 4).coordinates)
    assert (found.engine, found.method, found.kind) == (UMAP_LEARN, "umap", "UMAP map by umap-learn")
    alone = trustworthiness(unit, UMAP(**usual).fit_transform(unit))
    assert found.trustworthiness[15] == pytest.approx(alone[15], abs=0.01)


@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_keeps_groups_together(groups, metric, n_components):
    found = drawn(groups[0], metric=metric, n_components=n_components)
    assert found.coordinates.shape == (160, n_components)
    assert spread(found.coordinates, groups[1]) < 0.4
    assert (f"({metric} metric)" in found.kind) == (metric != "cosine")
    assert (found.neighbor_recall, found.caution) == (1, "")


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_neighbours_by_distance_are_scikit_learns(groups, metric, monkeypatch):
    """Also where a block holds few rows."""
    expected = pairwise_distances(groups[0], metric=metric)
    np.fill_diagonal(expected, np.inf)
    for n_elements in (2**23, 999):
        monkeypatch.setattr("embedlab.rows.BLOCK_ELEMENTS", n_elements)
        indices, distances = nearest_by_distance(groups[0], 5, metric)
        np.testing.assert_array_equal(indices, expected.argsort(axis=1)[:, :5])
        np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :5], rtol=1e-5)


def test_correlation_is_the_cosine_of_what_is_off_the_mean(groups):
    compared = compared_rows(groups[0], "correlation")
    np.testing.assert_allclose(compared @ compared.T, np.corrcoef(groups[0]), atol=1e-5)


def test_length_counts_where_a_distance_is_measured(groups):
    """By cosine a row and its double are one point of the map."""
    rows = np.concatenate([groups[0], 2 * groups[0][:1]])
    for metric, n_points in {"cosine": 160, "correlation": 160, "euclidean": 161, "manhattan": 161}.items():
        assert len(np.unique(drawn(rows, metric=metric).coordinates, axis=0)) == n_points, metric


def test_a_supervised_map_shows_what_it_was_told(groups):
    """Labels drawn at random lie apart on it: therefore it says what it is."""
    told = np.random.default_rng(1).integers(0, 2, 160)
    known = [None if row % 5 == 0 else "ab"[label] for row, label in enumerate(told)]
    plain, supervised = drawn(groups[0]), drawn(groups[0], labels=known)
    assert likeness(plain.coordinates, told) < 0.6
    assert likeness(supervised.coordinates, told) > 0.8
    assert (plain.is_supervised, plain.caution) == (False, "")
    assert supervised.is_supervised
    assert supervised.kind == "Supervised UMAP map by umap-learn"
    assert "was told the labels" in supervised.caution
    assert supervised.trustworthiness[15] < plain.trustworthiness[15]


def test_labels_by_hand():
    """Rows 0 and 1 are one text, as are 2 and 3: the first two agree, the others do not, which says nothing."""
    first, inverse = np.array([0, 2, 4, 5, 6]), np.array([0, 0, 1, 1, 2, 3, 4])
    labels = ["a", " a ", "a", "b", "b", float("nan"), ""]
    assert label_codes(labels, first, inverse).tolist() == [1, -1, 2, -1, -1]
    # A copy without a label has that of the other.
    assert label_codes([None, "a", "b", "b", "b", "", ""], first, inverse).tolist() == [1, 2, 2, -1, -1]


def test_densmap_shows_how_dense_it_is():
    """A tight group of texts and one ten times as wide, which UMAP draws about as large as each other."""
    rng = np.random.default_rng(0)
    width = np.repeat([0.02, 0.2], 100)
    rows = rng.standard_normal((2, 24))[np.repeat([0, 1], 100)] + width[:, None] * rng.standard_normal((200, 24))
    sizes = {}
    for densmap in (False, True):
        found = drawn(rows, densmap=densmap)
        tight, wide = (found.coordinates[width == each] for each in (0.02, 0.2))
        sizes[densmap] = np.linalg.norm(wide.std(axis=0)) / np.linalg.norm(tight.std(axis=0))
        assert ("densMAP" in found.kind) == found.is_densmap == densmap
    assert sizes[True] > 2 * sizes[False]


def test_copies_share_a_place(groups):
    rows = np.concatenate([np.repeat(groups[0][:20], 30, axis=0), groups[0][20:]])
    found = drawn(rows, neighbors=neighbor_graph(rows, 15))
    assert len(np.unique(found.coordinates, axis=0)) == 160


@pytest.mark.parametrize("n_components", [2, 3, 8])
@pytest.mark.parametrize("n_rows", [1, 4, 5, 6, 16])
def test_few_rows(groups, n_rows, n_components):
    found = drawn(groups[0][::10][:n_rows], n_components=n_components)
    assert found.coordinates.shape == (n_rows, n_components)
    assert np.isfinite(found.coordinates).all()
    assert (found.method, found.engine) == (("pca", "embedlab") if n_rows < 5 else ("umap", UMAP_LEARN))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "rows",
    [
        np.ones((50, 8)),
        np.zeros((10, 4)),
        np.outer(np.arange(1, 20), np.ones(3)),
        np.column_stack([np.cos(np.arange(40) / 40), np.sin(np.arange(40) / 40)]),
        np.concatenate([np.eye(10), -np.eye(10), np.zeros((3, 10))]),
    ],
    ids=["identical", "zeros", "one direction", "flat arc", "opposed and zeros"],
)
def test_rows_without_much_to_show(rows, metric):
    assert np.isfinite(drawn(rows, metric=metric).coordinates).all()


@pytest.mark.parametrize("rows", [np.eye(6), np.repeat(np.eye(6), 3, axis=0)], ids=["all as far apart", "copies"])
def test_densmap_without_any_density(rows):
    """What is to be shown is 0 over 0."""
    assert np.isfinite(drawn(rows, densmap=True).coordinates).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "cuml"}, "no engine 'cuml'. Choose one of: embedlab, umap-learn"),
        ({"engine": UMAP_LEARN, "method": "tsne"}, "umap-learn draws no 'tsne' maps"),
        (
            {"engine": UMAP_LEARN, "metric": "hamming"},
            "no metric 'hamming' for maps. Choose one of: cosine, correlation",
        ),
        ({"metric": "euclidean"}, "metric='euclidean': only UMAP by umap-learn can do that. Add engine='umap-learn'"),
        ({"labels": list("abcdef"), "densmap": True}, "labels and densmap: only UMAP by umap-learn"),
        ({"method": "pca", "densmap": True}, "densmap: only UMAP by umap-learn"),
        (
            {"engine": UMAP_LEARN, "labels": ["a"] * 6},
            "two different labels at least, on different rows; here there are 1",
        ),
        ({"engine": UMAP_LEARN, "labels": ["a", "b"]}, "6 embeddings and 2 labels"),
        ({"engine": UMAP_LEARN, "labels": [("a", "b")] * 6}, r"\('a', 'b'\) is several; a supervised map takes one"),
    ],
)
def test_what_cannot_be_done_is_said(options, message):
    with pytest.raises(InvalidInputError, match=message):
        project(np.eye(6), **options)


def test_a_map_begun_from_another(groups):
    start = project(groups[0], "pca").coordinates
    assert (drawn(groups[0], start=start).coordinates != drawn(groups[0]).coordinates).any()


@pytest.mark.parametrize("metric", ["cosine", "manhattan"])
def test_progress_rises_to_its_end_and_can_end_the_work(groups, metric):
    import numba

    reports, n_threads = [], numba.get_num_threads()
    drawn(groups[0], metric=metric, progress=lambda done, total: reports.append((done, total)))
    assert reports == sorted(reports)
    assert (reports[0][0] > 0, reports[-1]) == (True, (1000, 1000))

    def stop(done, total):
        if done > total / 2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        drawn(groups[0], metric=metric, progress=stop)
    assert numba.get_num_threads() == n_threads
    assert np.isfinite(drawn(groups[0]).coordinates).all(), "what was stopped holds nobody up"


def test_one_map_at_a_time_and_who_waits_can_be_stopped(groups):
    def stop(done, total):
        raise Cancelled("stopped")

    with drawing._ONE_AT_A_TIME, pytest.raises(Cancelled):
        drawn(groups[0], neighbors=neighbor_graph(groups[0], 14), progress=stop)
    found = []
    threads = [threading.Thread(target=lambda: found.append(drawn(groups[0]).coordinates)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


def test_both_engines_have_words_for_the_page():
    assert [engine.title for engine in ENGINES.values()] == ["EmbedLab", UMAP_LEARN]
    assert all(engine.description.endswith(".") for engine in ENGINES.values())
