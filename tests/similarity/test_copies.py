"""Which rows are copies: decided by distance, since rounding has an edge somewhere in hundreds of dimensions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import radius_neighbors_graph

import embedlab as el
from embedlab.rows import normalize_rows
from embedlab.samples import sample_texts
from embedlab.similarity import different_rows
from embedlab.similarity.copies import APART
from embedlab.texts import is_blank


def test_by_hand():
    """The third row is the first again, a hair away; the last two have no direction."""
    rows = np.array([[1, 0], [0, 1], [1, 1e-6], [0, 0], [0, 0]], dtype=np.float32)
    first, inverse = different_rows(rows)
    assert first.tolist() == [0, 1, 3]
    assert inverse.tolist() == [0, 1, 0, 2, 2]


def test_an_edge_of_rounding_divides_nothing():
    """0.000005 is where five decimals go up or down: rows on both sides of it are the same."""
    rows = np.zeros((2, 300), dtype=np.float32)
    rows[:, 0], rows[:, 1:] = 1, np.array([[5e-6 - 1e-8], [5e-6 + 1e-8]])
    assert len(set(map(bytes, np.round(rows, 5)))) == 2
    assert different_rows(rows)[0].tolist() == [0]


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(3, 8), st.sampled_from([0, 1e-7, 1e-6, 1e-2]))
def test_equals_the_components_of_scikit_learns_graph(seed, n, d, noise):
    rng = np.random.default_rng(seed)
    points = normalize_rows(rng.standard_normal((1 + n // 3, d)).astype(np.float32))
    rows = points[rng.integers(len(points), size=n)] + noise * rng.standard_normal((n, d)).astype(np.float32)
    near = radius_neighbors_graph(rows.astype(np.float64), APART, mode="connectivity")
    n_components, expected = connected_components(near, directed=False)
    first, inverse = different_rows(rows)
    assert len(first) == n_components
    assert (np.diff(first) > 0).all()
    assert [tuple(np.flatnonzero(inverse == group)) for group in range(len(first))] == sorted(
        tuple(np.flatnonzero(expected == group)) for group in range(n_components)
    )


@pytest.fixture(scope="module")
def in_three_batches(encoder):
    """150 texts that are not blank, each embedded in three companies."""
    texts = list(dict.fromkeys(text for text in sample_texts() if not is_blank(text)))[:150]
    sizes = (150, 7, 1)
    return np.concatenate(
        [encoder.encode(texts[start : start + size]) for size in sizes for start in range(0, len(texts), size)]
    )


def test_a_text_in_three_batches_is_one(in_three_batches):
    first, inverse = different_rows(in_three_batches)
    assert first.tolist() == list(range(150))
    assert inverse.tolist() == [*range(150)] * 3


def test_random_labels_of_such_copies_are_not_learned(in_three_batches):
    """Of two labels dealt at random half are right, three standard errors of 150 texts more at most."""
    labels = np.random.default_rng(0).choice(["a", "b"], 150)
    found = el.classify(in_three_batches, np.tile(labels, 3))
    assert found.accuracy < 0.5 + 3 * np.sqrt(0.25 / 150)
