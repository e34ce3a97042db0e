"""What is tried at first: something of every kind, for vectors of any length, and nothing that cannot be fitted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.compression import Compression
from embedlab.dimensions import suggest_compressions


def test_twenty_for_the_usual_model():
    keys = [each.key for each in suggest_compressions(384, 10_000)]
    assert 18 <= len(keys) <= 24
    assert {"float16", "vectors=int8", "binary", "binary~rescore", "dim128", "pca128", "random128", "pq48"} <= set(keys)


def test_few_texts_get_what_can_be_fitted_to_them():
    keys = [each.key for each in suggest_compressions(384, 175)]
    assert "pca64" in keys
    assert not {"pca128", "pca256", "vectors=int8", "pq48"} & set(keys)


def test_without_faiss_no_product_quantisation(monkeypatch):
    monkeypatch.setattr("embedlab.dimensions.suggesting.find_spec", lambda name: None)
    assert not [each for each in suggest_compressions(384, 10_000) if each.n_codes]


@pytest.mark.parametrize("n_dimensions", [768, 1024, 1536])
def test_longer_vectors_get_larger_sizes(n_dimensions):
    largest = max(each.n_dimensions or 0 for each in suggest_compressions(n_dimensions, 10_000))
    assert n_dimensions / 2 <= largest * 1.5
    assert largest < n_dimensions


@given(st.integers(1, 4096), st.integers(0, 3000))
def test_each_is_smaller_than_the_full_vectors_and_stands_once(n_dimensions, n_texts):
    found = suggest_compressions(n_dimensions, n_texts)
    assert len(set(found)) == len(found)
    for each in found:
        assert not each.is_full
        assert each.n_texts_needed <= 0.4 * n_texts
        assert each.bytes_per_vector(n_dimensions) < Compression().bytes_per_vector(n_dimensions)
        assert (each.n_dimensions or 0) < n_dimensions
