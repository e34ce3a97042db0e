"""Agreement of sets of embeddings: by hand, against sets and kernels, and where it must not change."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from embedlab.errors import InvalidInputError
from embedlab.similarity import agreement_matrices, linear_cka, most_disputed, neighbor_overlap, shared_neighbors


def test_overlap_by_hand():
    """Four directions, of which the last jumps from one end to the other."""
    near = np.radians([0, 1, 3, 60])
    far = np.radians([0, 1, 3, -58])
    x, y = (np.column_stack([np.cos(angles), np.sin(angles)]) for angles in (near, far))
    # The first three find each other both times; the fourth finds {2, 1} on one side and {0, 1} on the other.
    assert neighbor_overlap(x, y, n_neighbors=2) == pytest.approx((1 + 1 + 1 + 1 / 2) / 4)


def test_overlap_agrees_with_sets(embeddings):
    other = embeddings + np.random.default_rng(2).standard_normal(embeddings.shape)
    lists = [NearestNeighbors(n_neighbors=7, metric="cosine").fit(z).kneighbors()[1] for z in (embeddings, other)]
    expected = np.mean([len({*a} & {*b}) / 7 for a, b in zip(*lists, strict=True)])
    assert neighbor_overlap(embeddings, other, 7) == pytest.approx(expected)
    assert 0 < expected < 1


def test_rotation_changes_neither_overlap_nor_cka(embeddings):
    rotation, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((16, 16)))
    assert neighbor_overlap(embeddings, embeddings @ rotation) == 1.0
    assert linear_cka(embeddings, 5 * embeddings @ rotation + 3) == pytest.approx(1.0, abs=1e-6)


def test_cka_by_hand():
    """Centred columns x = (-1, 0, 1) and y = (-1, 2, -1)/3 are at right angles; x and x + y overlap by a known part."""
    x = np.array([[-1.0], [0.0], [1.0]])
    y = np.array([[-1.0], [2.0], [-1.0]])
    assert linear_cka(x, y) == pytest.approx(0.0, abs=1e-12)
    # (x · (x + y))² / (|x|² |x + y|²) = 2² / (2 * 8)
    assert linear_cka(x, x + y) == pytest.approx(0.25)


@pytest.mark.usefixtures("small_blocks")
def test_cka_agrees_with_the_kernel_form(embeddings):
    """HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) with n x n kernels: the definition the short form is derived from."""
    other = np.tanh(embeddings[:, :9]) + 2
    centring = np.eye(120) - 1 / 120
    k, l = (centring @ (z.astype(float) @ z.T.astype(float)) @ centring for z in (embeddings, other))  # noqa: E741
    expected = (k * l).sum() / np.sqrt((k * k).sum() * (l * l).sum())
    assert linear_cka(embeddings, other) == pytest.approx(expected, abs=1e-9)
    assert linear_cka(other, embeddings) == pytest.approx(expected, abs=1e-9)


def test_agreement_needs_the_same_texts(embeddings):
    for function in (neighbor_overlap, linear_cka):
        with pytest.raises(InvalidInputError, match="120 rows in x and 119 in y"):
            function(embeddings, embeddings[1:])
    with pytest.raises(InvalidInputError, match="All rows of y are equal"):
        linear_cka(embeddings, np.ones((120, 2)))
    with pytest.raises(InvalidInputError, match="at least 2"):
        linear_cka(np.ones((1, 2)), np.ones((1, 2)))


def test_shared_neighbors_by_hand_and_by_sets():
    np.testing.assert_allclose(shared_neighbors([[1, 2], [0, 2]], [[2, 5], [3, 4]]), [0.5, 0])
    rng = np.random.default_rng(0)
    x, y = (np.array([rng.choice(50, 10, replace=False) for _ in range(40)]) for _ in range(2))
    expected = [len(set(a) & set(b)) / 10 for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    np.testing.assert_allclose(shared_neighbors(x, y), expected)


def test_matrices_hold_what_two_at_a_time_give(embeddings):
    other = np.tanh(embeddings[:, :9]) + 2
    sets = [embeddings, other, np.ones((120, 3))]
    overlap, cka = agreement_matrices(sets, 10)
    assert overlap[0, 1] == overlap[1, 0] == pytest.approx(neighbor_overlap(embeddings, other, 10))
    assert cka[0, 1] == cka[1, 0] == pytest.approx(linear_cka(embeddings, other), abs=1e-6)
    assert np.isnan(cka[0, 2]), "all rows are equal, so there is no shape"
    np.testing.assert_array_equal(np.diag(overlap), 1)


def test_of_many_texts_a_sample_is_looked_at_and_neighbours_among_all(embeddings, monkeypatch):
    other = np.tanh(embeddings[:, :9]) + 2
    whole = agreement_matrices([embeddings, other])[0][0, 1]
    monkeypatch.setattr("embedlab.similarity.agreement.SAMPLED_ROWS", 60)
    assert agreement_matrices([embeddings, other])[0][0, 1] == pytest.approx(whole, abs=0.08)


def test_the_most_disputed_text_is_the_one_that_was_moved(embeddings):
    other = embeddings.copy()
    other[17] = -other[17]
    rows, shared = most_disputed(embeddings, other, top_k=3)
    assert rows[0] == 17
    assert shared[0] == 0
    assert (np.diff(shared) >= 0).all()
    with pytest.raises(InvalidInputError, match="119"):
        most_disputed(embeddings, embeddings[1:])
