"""The whole matrix without the matrix: image, histogram, groups and their order, each against brute force."""

import numpy as np
import pytest
from sklearn.metrics import pairwise

from embedlab import rows as rows_module
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.similarity import (
    cosine_similarity,
    group_order,
    group_similarities,
    pixel_edges,
    similarity_histogram,
    similarity_image,
)
from embedlab.similarity import histogram as histogram_module
from embedlab.similarity import order as order_module


@pytest.fixture
def embeddings():
    """90 rows of different lengths around three directions; row 20 is zeros, row 7 repeats row 3."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((90, 8)) + 2 * np.eye(3, 8)[np.arange(90) % 3]
    x *= rng.uniform(0.1, 9, (90, 1))
    x[20], x[7] = 0, x[3]
    return x.astype(np.float32)


@pytest.fixture
def labels():
    """Three groups of 89 rows, and one of a single row."""
    return np.array([f"group {row % 3}" for row in range(89)] + ["alone"])


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(rows_module, "BLOCK_ELEMENTS", 200)


def every_cosine(x):
    return pairwise.cosine_similarity(x.astype(np.float64))


def every_pair(x):
    return every_cosine(x)[np.triu_indices(len(x), k=1)]


# --- The image


def test_image_by_hand():
    """Two equal rows, then two at right angles to them: blocks of ones and zeros; in another order all are halves."""
    x = [[1, 0], [2, 0], [0, 1], [0, 3]]
    assert similarity_image(x, size=2).tolist() == [[1, 0], [0, 1]]
    np.testing.assert_allclose(similarity_image(x, [0, 2, 1, 3], size=2), np.full((2, 2), 0.5), atol=1e-6)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("size", [1, 7, 40, 89])
def test_a_pixel_is_the_mean_of_its_cells(embeddings, size):
    order = np.random.default_rng(1).permutation(90)
    cells = every_cosine(embeddings)[np.ix_(order, order)]
    edges = pixel_edges((0, 90), size, 90)
    sums = np.add.reduceat(np.add.reduceat(cells, edges[:-1], axis=0), edges[:-1], axis=1)
    image = similarity_image(embeddings, order, size)
    assert image.dtype == np.float32
    np.testing.assert_allclose(image, sums / np.outer(np.diff(edges), np.diff(edges)), atol=2e-7)


def test_single_cells_are_the_cosines_themselves(embeddings):
    order = np.random.default_rng(1).permutation(90)
    cells = cosine_similarity(embeddings)[np.ix_(order, order)]
    np.testing.assert_allclose(similarity_image(embeddings, order, 800), cells, atol=1e-6)
    part = similarity_image(embeddings, order, 40, (5, 25), (30, 65))
    np.testing.assert_allclose(part, cells[5:25, 30:65], atol=1e-6)


def test_image_of_a_part_in_pixels(embeddings):
    part = similarity_image(embeddings, None, 5, (10, 40), (50, 90))
    cells = every_cosine(embeddings)[10:40, 50:90]
    np.testing.assert_allclose(part, cells.reshape(5, 6, 5, 8).mean(axis=(1, 3)), atol=2e-7)


def test_pixels_are_whole_rows_of_even_width():
    assert pixel_edges((10, 20), 3, 50).tolist() == [10, 13, 16, 20]
    assert pixel_edges((10, 12), 800, 50).tolist() == [10, 11, 12]


def test_image_tells_its_progress_and_can_be_stopped(embeddings):
    told = []
    similarity_image(embeddings, size=30, row_range=(0, 50), progress=lambda *state: told.append(state))
    assert told[-1] == (60, 60)
    assert [done for done, _ in told] == sorted({done for done, _ in told})

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        similarity_image(embeddings, progress=stop)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"order": [0, 0, 1]}, "order must hold each of the 3 positions"),
        ({"order": [0, 1]}, "order must hold"),
        ({"size": 0}, "size=0"),
        ({"row_range": (2, 2)}, r"\(2, 2\) is no part of 3 rows"),
        ({"column_range": (0, 4)}, r"\(0, 4\)"),
    ],
)
def test_wrong_parts_are_named(arguments, message):
    with pytest.raises(InvalidInputError, match=message):
        similarity_image(np.eye(3), **arguments)


# --- The histogram


def test_histogram_by_hand():
    """Three rows: cosines 1, 0 and 0; mean 1/3, and the mean of the squares is 1/3 too."""
    found = similarity_histogram([[1, 0], [5, 0], [0, 1]], bins=4)
    assert found.counts.tolist() == [0, 0, 2, 1]
    assert found.edges.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert found.mean == pytest.approx(1 / 3)
    assert found.std == pytest.approx((1 / 3 - 1 / 9) ** 0.5)
    assert (found.exact, found.n_pairs, found.standard_error) == (True, 3, 0)


@pytest.mark.usefixtures("small_blocks")
def test_histogram_counts_every_pair_once(embeddings):
    pairs = every_pair(embeddings)
    found = similarity_histogram(embeddings, bins=37)
    # No bin of 37 begins at 0, where the row of zeros has its cosines.
    np.testing.assert_array_equal(found.counts, np.histogram(pairs, 37, (-1, 1))[0])
    assert found.mean == pytest.approx(pairs.mean(), abs=1e-6)
    assert found.std == pytest.approx(pairs.std(), abs=1e-6)
    assert found.n_pairs == len(pairs)


def test_a_sample_stands_for_many_rows(embeddings, monkeypatch):
    """Mean and spread stay exact; the mean of sampled pairs strays as far as is said."""
    monkeypatch.setattr(histogram_module, "MAX_EXACT_ROWS", 80)
    monkeypatch.setattr(histogram_module, "_SAMPLED_ROWS", 60)
    pairs = every_pair(embeddings)
    samples = [similarity_histogram(embeddings, bins=400, random_state=seed) for seed in range(300)]
    first = samples[0]
    assert not first.exact
    assert first.n_pairs == first.counts.sum() == 60 * 59 // 2
    assert first.mean == pytest.approx(pairs.mean(), abs=1e-6)
    assert first.std == pytest.approx(pairs.std(), abs=1e-6)
    middles = (first.edges[1:] + first.edges[:-1]) / 2
    strayed = np.std([sample.counts @ middles / sample.n_pairs for sample in samples])
    assert strayed == pytest.approx(first.standard_error, rel=0.15)
    np.testing.assert_array_equal(first.counts, similarity_histogram(embeddings, bins=400).counts)


def test_histogram_of_one_row_and_of_equal_rows():
    alone = similarity_histogram([[1.0, 2.0]])
    assert alone.n_pairs == alone.counts.sum() == 0
    assert np.isnan([alone.mean, alone.std]).all()
    equal = similarity_histogram(np.ones((6, 3)), bins=10)
    assert equal.counts.tolist() == [0] * 9 + [15]
    assert equal.mean == pytest.approx(1)
    assert equal.std == pytest.approx(0, abs=1e-3)


# --- Groups and their order


def test_groups_by_hand():
    """Within a: one pair, cosine 1. Within b: one pair, cosine -1. Between: four right angles."""
    found = group_similarities([[1, 0], [1, 0], [0, 1], [0, -1]], list("aabb"))
    assert found.groups.tolist() == ["a", "b"]
    assert found.sizes.tolist() == [2, 2]
    np.testing.assert_allclose(found.means, [[1, 0], [0, -1]], atol=1e-7)
    assert (found.within, found.between, found.gap) == pytest.approx((0, 0, 0), abs=1e-7)


@pytest.mark.usefixtures("small_blocks")
def test_means_of_groups_are_those_of_their_pairs(embeddings, labels):
    cosines, found = every_cosine(embeddings), group_similarities(embeddings, labels)
    for place, group in enumerate(found.groups):
        for other_place, other in enumerate(found.groups):
            block = cosines[np.ix_(labels == group, labels == other)]
            mean = block[np.triu_indices(len(block), k=1)] if group == other else block
            expected = mean.mean() if mean.size else np.nan
            np.testing.assert_allclose(found.means[place, other_place], expected, atol=1e-6)
    i, j = np.triu_indices(len(labels), k=1)
    same = labels[i] == labels[j]
    assert found.within == pytest.approx(cosines[i, j][same].mean(), abs=1e-6)
    assert found.between == pytest.approx(cosines[i, j][~same].mean(), abs=1e-6)
    assert found.gap > 0.2


def test_one_group_has_no_between_and_lone_rows_no_within():
    one = group_similarities([[1.0, 0.3], [0.2, 1.0], [0.5, 0.5]], [4, 4, 4])
    assert np.isnan(one.between)
    assert not np.isnan(one.within)
    lone = group_similarities([[1.0, 0.3], [0.2, 1.0]], np.array(["x", "y"], dtype=object))
    assert np.isnan(lone.within)
    assert np.isnan(np.diag(lone.means)).all()
    assert lone.between == pytest.approx(cosine_similarity([[1.0, 0.3]], [[0.2, 1.0]]).item())


def test_wrong_labels_are_named():
    with pytest.raises(InvalidInputError, match="3 rows and 2 labels"):
        group_similarities(np.eye(3), ["a", "b"])
    with pytest.raises(InvalidInputError, match="n_groups=5001 is too large"):
        group_similarities(np.ones((5001, 2)), np.arange(5001))
    with pytest.raises(InvalidInputError, match=r"labels has shape \(3, 1\)"):
        group_order(np.eye(3), [["a"], ["b"], ["c"]])


def test_groups_are_runs_and_rows_go_away_from_the_centre(embeddings, labels):
    found = group_order(embeddings, labels)
    assert sorted(found.order) == list(range(90))
    unit = embeddings.astype(np.float64) / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-9)
    for group, start, stop in zip(found.groups, found.edges[:-1], found.edges[1:], strict=True):
        members = found.order[start:stop]
        assert (labels[members] == group).all()
        assert stop - start == (labels == group).sum()
        center = unit[labels == group].mean(axis=0)
        assert (np.diff(unit[members] @ center) < 1e-5).all()


def test_similar_groups_stand_side_by_side():
    """Four centres on a quarter circle, named out of order: they come in the order of their angles."""
    angles = np.radians([10, 60, 30, 85]).repeat(5) + np.tile(np.linspace(-0.05, 0.05, 5), 4)
    found = group_order(np.column_stack([np.cos(angles), np.sin(angles)]), np.repeat([0, 1, 2, 3], 5))
    assert found.groups.tolist() in ([0, 2, 1, 3], [3, 1, 2, 0])


def test_very_many_groups_stand_by_size(embeddings, labels, monkeypatch):
    monkeypatch.setattr(order_module, "MAX_OPTIMAL_LEAVES", 3)
    found = group_order(embeddings, labels)
    assert found.sizes.tolist() == [30, 30, 29, 1]
    assert found.groups.tolist() == ["group 0", "group 1", "group 2", "alone"]


def test_arguments_stay_unchanged(embeddings, labels):
    before = embeddings.copy()
    embeddings.setflags(write=False)
    similarity_image(embeddings, size=10)
    similarity_histogram(embeddings)
    group_similarities(embeddings, labels)
    group_order(embeddings, labels)
    np.testing.assert_array_equal(embeddings, before)
