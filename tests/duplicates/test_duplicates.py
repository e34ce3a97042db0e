"""Duplicates: pairs found once, groups at any threshold, which row of each stays."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
from sklearn.metrics.pairwise import cosine_similarity

from embedlab.duplicates import KEEP_POLICIES, equal_texts, find_duplicates, sortable
from embedlab.duplicates import groups as groups_module
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.rows import normalize_rows
from embedlab.similarity import _tiles as pairs_module
from embedlab.texts import Passages, fold_text


def around_a_circle(*degrees):
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)])


@pytest.fixture
def clouds():
    """400 rows in tight and loose clouds, some of them repeated with their texts, in 24 dimensions."""
    rng = np.random.default_rng(0)
    centers = rng.standard_normal((60, 24))
    rows = centers[rng.integers(60, size=400)] + rng.uniform(0.05, 0.6, (400, 1)) * rng.standard_normal((400, 24))
    texts = [f"text {row}" for row in range(400)]
    for copy, row in zip(rng.permutation(400)[:60], rng.integers(400, size=60), strict=True):
        rows[copy], texts[copy] = rows[row], texts[row]
    return texts, rows.astype(np.float32)


def test_a_chain_by_hand():
    """0°, 20° and 40°: neighbours are alike (cos 20° = 0.940), the ends are not (cos 40° = 0.766). 180° is alone."""
    found = find_duplicates(["a", "b", "c", "d"], around_a_circle(0, 20, 40, 180), floor=0.9)
    assert list(zip(found.i.tolist(), found.j.tolist(), strict=True)) == [(0, 1), (1, 2)]
    np.testing.assert_allclose(found.similarity, np.cos(np.radians(20)), atol=1e-6)
    groups = found.at(0.93)
    assert groups.labels.tolist() == [0, 0, 0, -1]
    assert (groups.n_pairs, groups.n_groups, groups.n_removed) == (2, 1, 2)
    np.testing.assert_allclose(groups.lowest_similarities(), [np.cos(np.radians(40))], atol=1e-6)
    assert found.at(0.95).n_groups == 0
    assert groups.keep("central").tolist() == [False, True, False, True]


@pytest.mark.parametrize("threshold", [0.8, 0.87, 0.93, 0.99, 1.0])
def test_groups_are_those_of_single_linkage(clouds, threshold):
    """Connected rows are the clusters of single linkage cut at this cosine (scipy)."""
    texts, rows = clouds
    groups = find_duplicates(texts, rows).at(threshold)
    truth = fcluster(linkage(pdist(rows.astype(np.float64), "cosine"), "single"), 1 - threshold + 1e-6, "distance")
    sizes = np.bincount(truth)[truth]
    np.testing.assert_array_equal(groups.labels >= 0, sizes > 1)
    alike = sizes > 1
    np.testing.assert_array_equal(
        groups.labels[alike, None] == groups.labels[None, alike], truth[alike, None] == truth[None, alike]
    )
    assert groups.n_groups == len(np.unique(truth[alike]))
    assert groups.n_removed == alike.sum() - groups.n_groups
    above = np.triu(cosine_similarity(rows) >= threshold - 1e-6, 1)
    assert groups.n_pairs == above.sum()
    assert np.all(np.diff([len(members) for members in groups.groups]) <= 0)
    assert all(np.all(groups.labels[members] == number) for number, members in enumerate(groups.groups))


def test_the_curve_is_what_each_threshold_finds(clouds):
    found = find_duplicates(*clouds)
    curve = found.curve(21)
    assert curve.thresholds[[0, -1]].tolist() == [0.8, 1.0]
    for threshold, *counts in zip(curve.thresholds, curve.n_pairs, curve.n_groups, curve.n_removed, strict=True):
        groups = found.at(threshold)
        assert [groups.n_pairs, groups.n_groups, groups.n_removed] == counts
    assert np.all(np.diff(curve.n_removed) <= 0)
    assert np.all(np.diff(curve.n_pairs) <= 0)


def test_repeated_texts_are_one_group_not_millions_of_pairs():
    rows = np.repeat([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]], [10_000, 2, 1], axis=0)
    found = find_duplicates(["same"] * 10_000 + ["near"] * 2 + ["other"], rows)
    assert len(found.i) == 1
    groups = found.at(1.0)
    assert [len(members) for members in groups.groups] == [10_000, 2]
    assert groups.n_pairs == 10_000 * 9_999 // 2 + 1
    assert found.at(0.9).n_pairs == 10_002 * 10_001 // 2
    assert found.at(0.9).n_removed == 10_001
    assert groups.lowest_similarities().tolist() == pytest.approx([1.0, 1.0])


def test_too_many_pairs_raise_the_floor(clouds):
    """The best are held, all above the new floor, and the thresholds below it are refused."""
    everything, found = find_duplicates(*clouds, floor=0.5), find_duplicates(*clouds, floor=0.5, max_pairs=100)
    assert everything.floor == 0.5
    assert found.floor > 0.8
    assert 0 < len(found.i) <= 100
    np.testing.assert_array_equal(found.similarity, everything.similarity[: len(found.i)])
    for threshold in (found.floor, 0.999):
        np.testing.assert_array_equal(found.at(threshold).labels, everything.at(threshold).labels)
    with pytest.raises(InvalidInputError, match="threshold=0.6 is out of reach: pairs are known from"):
        found.at(0.6)


@pytest.mark.parametrize("spread", [0.0, 4.0], ids=["heads suffice", "heads do not suffice"])
def test_many_rows_are_compared_by_upper_bounds_first(monkeypatch, spread):
    """The same pairs as without the shortcut, whether it is taken or not."""
    rng = np.random.default_rng(1)
    scales = np.geomspace(1, 0.02, 64) if spread == 0 else np.ones(64)
    rows = rng.standard_normal((1200, 64)) * scales + spread
    rows[600:700] = rows[:100] + 0.1 * rng.standard_normal((100, 64)) * scales
    unit = normalize_rows(rows.astype(np.float32))
    monkeypatch.setattr(pairs_module, "_TILE", 256)
    plain = pairs_module.best_pairs(unit, 0.95, 10**6)
    monkeypatch.setattr(pairs_module, "_SHORTENED_ROWS", 100)
    assert (pairs_module._shortened(unit, 0.95) is unit) == (spread > 0)
    bounded = pairs_module.best_pairs(unit, 0.95, 10**6)
    assert len(plain[0]) >= 100
    pairs = [dict(zip(zip(i.tolist(), j.tolist(), strict=True), c, strict=True)) for i, j, c in (plain, bounded)]
    assert pairs[0].keys() == pairs[1].keys()
    np.testing.assert_allclose(plain[2], bounded[2], atol=1e-6)


def test_exact_goes_by_the_text_alone():
    texts = ["Hello there!", "hello there", "Hello there!", "no", "?", "!", "NO."]
    found = find_duplicates(texts, np.eye(7))
    assert found.exact().labels.tolist() == [0, -1, 0, -1, -1, -1, -1]
    folded = found.exact(fold=True)
    assert folded.labels.tolist() == [0, 0, 0, 1, -1, -1, 1]
    assert (folded.n_pairs, folded.n_groups, folded.n_removed) == (4, 2, 3)
    # No vectors need be known for that.
    assert equal_texts(texts, np.zeros((7, 1)), fold=True).labels.tolist() == folded.labels.tolist()


def test_folding_keeps_what_carries_meaning():
    """Accents, Hindi vowel signs, digits and symbols are no punctuation."""
    assert fold_text("Ｆull  width—DASH") == "fullwidthdash"
    for a, b in [("résumé", "resume"), ("कि", "की"), ("C++", "C"), ("1.5", "2.5"), ("👍", "👎")]:
        assert fold_text(a) != fold_text(b)


def test_rows_of_zeros_are_alike_only_by_text():
    found = find_duplicates(["a", "b", "a"], np.zeros((3, 4)))
    assert found.at(0.8).labels.tolist() == [0, -1, 0]
    assert found.at(0.8).lowest_similarities().tolist() == [1.0]


@pytest.mark.parametrize(
    ("policy", "values", "kept"),
    [
        ("first", None, [0, 3]),
        ("last", None, [4, 3]),
        ("longest", None, [1, 3]),
        ("central", None, [1, 3]),
        ("largest", [5, 1, np.nan, 0, 7], [4, 3]),
        ("smallest", [5, 1, np.nan, 0, 1], [1, 3]),
    ],
)
def test_policies_by_hand(policy, values, kept):
    """Rows 0, 1, 2, 4 at 0°, 10°, 18° and 22° are one group, row 3 is alone; ties go to the first row."""
    texts = ["aa", "aaaa", "aaaa", "b", "a"]
    groups = find_duplicates(texts, around_a_circle(0, 10, 18, 180, 22)).at(0.9)
    assert groups.labels.tolist() == [0, 0, 0, -1, 0]
    assert np.flatnonzero(groups.keep(policy, values)).tolist() == sorted(kept)


def test_one_row_of_each_group_is_kept(clouds):
    groups = find_duplicates(*clouds).at(0.9)
    for policy in KEEP_POLICIES:
        kept = groups.keep(policy, np.arange(400))
        assert kept.sum() == 400 - groups.n_removed
        assert np.bincount(groups.labels[kept & (groups.labels >= 0)]).tolist() == [1] * groups.n_groups
        assert kept[groups.labels < 0].all()


def test_both_rows_of_a_pair_are_equally_central(clouds):
    texts, rows = clouds
    groups = find_duplicates(texts, rows).at(0.9)
    kept = groups.keep("central")
    assert all(kept[members[0]] for members in groups.groups if len(members) == 2)


def test_columns_that_sort():
    np.testing.assert_array_equal(sortable(["3", "", "-1.5"]), [3, np.nan, -1.5])
    dates = sortable(["2026-01-02", "", "2025-12-31T23:59"])
    assert dates[0] > dates[2]
    assert np.isnan(dates[1])
    assert sortable(["high", "2"]) is None
    assert sortable(["", ""]) is None


def test_large_groups_are_compared_in_part(monkeypatch):
    monkeypatch.setattr(groups_module, "MAX_COMPARED", 5)
    rows = around_a_circle(*range(50))
    groups = find_duplicates([str(row) for row in range(50)], rows).at(0.9)
    assert np.cos(np.radians(49)) - 1e-6 <= groups.lowest_similarities()[0] < 1
    assert groups.lowest_similarities(0).tolist() == []


def test_one_row_and_no_duplicates():
    for found in (find_duplicates(["a"], [[1.0, 2.0]]), find_duplicates(["a", "b"], np.eye(2))):
        groups = found.at(0.9)
        assert (groups.n_pairs, groups.n_groups, groups.n_removed, groups.groups) == (0, 0, 0, [])
        assert groups.keep("central").all()
        assert found.curve(2).n_pairs.tolist() == [0, 0]


def test_progress_ends_the_work(clouds):
    seen = []
    find_duplicates(*clouds, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        find_duplicates(*clouds, progress=stop)


def test_nothing_is_written_to(clouds):
    texts, rows = clouds
    before = rows.copy()
    rows.setflags(write=False)
    find_duplicates(texts, rows).at(0.9).keep("central")
    np.testing.assert_array_equal(rows, before)


def test_wrong_arguments_are_named(clouds):
    with pytest.raises(InvalidInputError, match="floor=1.2 is no cosine"):
        find_duplicates(*clouds, floor=1.2)
    with pytest.raises(InvalidInputError, match="1 texts and 2 embeddings"):
        find_duplicates(["a"], np.eye(2))
    with pytest.raises(InvalidInputError, match="max_pairs=0"):
        find_duplicates(*clouds, max_pairs=0)
    groups = find_duplicates(*clouds).at(0.9)
    with pytest.raises(InvalidInputError, match="policy='best' is unknown; choose one of first"):
        groups.keep("best")
    with pytest.raises(InvalidInputError, match="needs the values of a column"):
        groups.keep("largest")
    with pytest.raises(InvalidInputError, match="400 texts and 2 values"):
        groups.keep("largest", [1, 2])


def test_overlapping_passages_of_a_document_are_no_duplicates():
    """0° and 1° overlap in document 0, 2° stands apart in it, 3° is of another; 0° stands once more in that."""
    texts, rows = ["a b", "b c", "d", "b d", "a b"], around_a_circle(0, 1, 2, 3, 0)
    places = Passages(texts, *np.array([[0, 0, 0, 1, 1], [0, 2, 9, 0, 9], [3, 5, 10, 3, 12]]))
    found = find_duplicates(texts, rows, 0.99, passages=places)
    assert set(zip(found.i.tolist(), found.j.tolist(), strict=True)) == {(0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}
    alone = find_duplicates(
        texts[:2], rows[:2], 0.99, passages=Passages(texts[:2], *np.array([[0, 0], [0, 2], [3, 5]]))
    )
    assert alone.at(0.99).n_groups == 0
    assert alone.curve().n_pairs.max() == 0
    assert find_duplicates(texts[:2], rows[:2], 0.99).at(0.99).n_groups == 1


@pytest.mark.parametrize("max_pairs", [40, 300, 100_000])
def test_the_best_pairs_are_held_without_those_that_overlap(clouds, max_pairs):
    """Held against all pairs, with those left out that overlap or have copies that do."""
    texts, rows = clouds
    start = np.arange(400) % 20 * 2
    places = Passages(texts, np.arange(400) // 20, start, start + 3)
    found = find_duplicates(texts, rows, 0.5, passages=places, max_pairs=max_pairs)
    every = find_duplicates(texts, rows, 0.5)
    overlapping = {tuple(sorted((every.copy_of[row], every.copy_of[row + 1]))) for row in range(399) if (row + 1) % 20}
    expected = [pair for pair in zip(every.i.tolist(), every.j.tolist(), strict=True) if pair not in overlapping]
    held = list(zip(found.i.tolist(), found.j.tolist(), strict=True))
    assert held == expected[: len(held)]
    assert len(expected) < len(every.i)
    assert len(held) == len(expected) if len(expected) <= max_pairs else max_pairs - 5 < len(held) <= max_pairs
