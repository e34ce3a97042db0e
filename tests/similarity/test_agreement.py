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


def unbiased_hsic(k, l):  # noqa: E741
    """Song et al. 2012, equation 5, as it stands there, with n × n kernels whose diagonals are zero."""
    n, one = len(k), np.ones(len(k))
    k, l = (kernel - np.diag(np.diag(kernel)) for kernel in (k, l))  # noqa: E741
    trace, sums = np.trace(k @ l), (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
    return (trace + sums - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def test_cka_by_hand():
    """Corners of a square by one coordinate each, x and y: what one says of the corners the other does not.

    Kernels without diagonal, centred coordinates ±1: k has 1 for two corners with the same x, -1 for the others; l
    alike with y. Trace of k l: -4, since each corner has (1, -1), (-1, 1) and (-1, -1) with the others. Sums: -4 and
    -4, so 16 / 6. Row sums: -1 each, so 2 / 2 * 4. Together -4 + 8/3 - 4 = -16/3; of x with itself 12 + 8/3 - 4.
    """
    x, y = np.array([[-1.0], [-1], [1], [1]]), np.array([[-1.0], [1], [-1], [1]])
    assert linear_cka(x, y) == pytest.approx(-1 / 2)
    assert linear_cka(x, x) == pytest.approx(1)


@pytest.mark.usefixtures("small_blocks")
def test_cka_agrees_with_the_kernel_form(embeddings):
    """HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) with n × n kernels: the definition the short form is derived from."""
    other = np.tanh(embeddings[:, :9]) + 2
    k, l = (z.astype(float) @ z.T.astype(float) for z in (embeddings, other))  # noqa: E741
    expected = unbiased_hsic(k, l) / np.sqrt(unbiased_hsic(k, k) * unbiased_hsic(l, l))
    assert linear_cka(embeddings, other) == pytest.approx(expected, abs=1e-9)
    assert linear_cka(other, embeddings) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("n", [12, 60])
def test_unrelated_embeddings_are_unrelated_however_few(n):
    """Many dimensions and few rows, where the usual estimator comes to 0.97 and 0.87: the mean over 200 trials is 0."""
    rng = np.random.default_rng(0)
    found = [linear_cka(rng.standard_normal((n, 384)), rng.standard_normal((n, 384))) for _ in range(200)]
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(200)


def test_agreement_needs_the_same_texts(embeddings):
    for function in (neighbor_overlap, linear_cka):
        with pytest.raises(InvalidInputError, match="120 rows in x and 119 in y"):
            function(embeddings, embeddings[1:])
    with pytest.raises(InvalidInputError, match="All rows of y are equal"):
        linear_cka(embeddings, np.ones((120, 2)))
    with pytest.raises(InvalidInputError, match="at least 4"):
        linear_cka(np.eye(3), np.eye(3))


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
