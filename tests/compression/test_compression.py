"""Codes of vectors: sentence-transformers', scikit-learn's and FAISS's own, and what they cost."""

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers.util import quantize_embeddings
from sklearn.decomposition import PCA
from sklearn.random_projection import GaussianRandomProjection

import embedlab as el
from embedlab.compression import (
    FULL,
    SHORTLIST,
    VECTOR_PRECISIONS,
    Compression,
    fit_compression,
    nearest_by_codes,
    nearest_others_by_codes,
    quantize,
)
from embedlab.errors import InvalidInputError, MissingDependencyError

RNG = np.random.default_rng(0)
KEYS = ["dim5", "pca5", "random5", "vectors=int8", "uint8", "float16", "binary", "ubinary", "pq3", "pca6~int8"]
KEYS += ["dim9~ubinary", "random8~pq4", "binary~rescore", "pca4~rescore"]


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def fitting():
    """Shifted and stretched, as embeddings of models are."""
    return unit(RNG.standard_normal((400, 12)) * np.linspace(2, 0.3, 12) + 0.2)


@pytest.fixture(scope="module")
def texts():
    return unit(RNG.standard_normal((150, 12)) * np.linspace(2, 0.3, 12) + 0.2)


# Keys


@given(
    st.builds(
        Compression,
        *(st.none(),) * 2,
        st.sampled_from([*VECTOR_PRECISIONS, "pq16"]),
    )
    | st.builds(
        Compression,
        st.sampled_from(["dim", "pca", "random"]),
        st.integers(1, 4096),
        st.sampled_from([*VECTOR_PRECISIONS, "pq8"]),
        st.booleans(),
    )
)
def test_a_key_names_a_compression(compression):
    assert Compression.parse(compression.key) == compression
    assert compression.title


def test_keys_by_hand():
    assert Compression.parse("pca128~int8") == Compression("pca", 128, "int8")
    # The same word without a reduction is a model's arithmetic in the key of a candidate.
    assert Compression(precision="int8").key == "vectors=int8"
    assert Compression.parse("") == FULL
    assert Compression.parse("dim64~binary~rescore").title == "first 64 dimensions · binary vectors · rescored"


@pytest.mark.parametrize(
    "key",
    ["pca", "pca0", "dim-3", "pca8~dim4", "int8~uint8", "int8~int8", "rescore", "pq0", "float64", "float32~rescore"],
)
def test_a_key_that_means_nothing_is_refused(key):
    with pytest.raises(InvalidInputError):
        Compression.parse(key)


@pytest.mark.parametrize("given", [{"reduction": "pca"}, {"n_dimensions": 3}, {"reduction": "svd", "n_dimensions": 3}])
def test_a_reduction_is_whole(given):
    with pytest.raises(InvalidInputError):
        Compression(**given)


@pytest.mark.parametrize(
    ("key", "n_bytes"),
    [
        ("", 1536),
        ("float16", 768),
        ("uint8", 384),
        ("binary", 48),
        ("pq16", 16),
        ("dim100", 400),
        ("dim100~binary", 13),
    ],
)
def test_bytes_of_a_vector_are_those_of_its_code(key, n_bytes):
    """100 bits take 13 bytes: the last one is not full."""
    compression = Compression.parse(key)
    assert compression.bytes_per_vector(384) == n_bytes
    rows = RNG.standard_normal((300, 384)).astype(np.float32)
    assert fit_compression(compression, rows).encode(rows[:2]).nbytes == 2 * n_bytes
    assert compression.rescoring_bytes(384) == 0
    if key:
        assert Compression.parse(f"{key}~rescore").rescoring_bytes(384) == 1536


# Codes


@pytest.mark.parametrize("precision", ["float32", "int8", "uint8", "binary", "ubinary"])
@pytest.mark.parametrize("width", [1, 7, 8, 12])
def test_codes_are_those_of_sentence_transformers(fitting, texts, precision, width):
    """Of embeddings alone, and calibrated by others; the last dimension is the same everywhere."""
    rows, others = texts[:, :width].copy(), fitting[:, :width].copy()
    rows[:, -1] = others[:, -1] = 0.25
    ranges = np.stack([others.min(axis=0), others.max(axis=0)])
    for mine, theirs in (
        (quantize(rows, precision), quantize_embeddings(rows, precision)),
        (quantize(rows, precision, ranges), quantize_embeddings(rows, precision, calibration_embeddings=others)),
        (quantize(rows[:0], precision, ranges), quantize_embeddings(rows[:0], precision)),
    ):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype
    found = fit_compression(Compression(precision=precision), others).encode(rows)
    np.testing.assert_array_equal(found, quantize_embeddings(rows, precision, calibration_embeddings=others))


def test_one_text_cannot_be_calibrated_by_itself():
    with pytest.raises(InvalidInputError, match="all texts at once"):
        quantize([[0.1, 0.2]], "int8")
    with pytest.raises(InvalidInputError, match="float64"):
        quantize([[0.1, 0.2]], "float64")


def test_principal_axes_are_scikit_learn_s(fitting, texts):
    made = fit_compression(Compression("pca", 5), fitting)
    axes = PCA(5, svd_solver="full").fit(fitting.astype(np.float64)).components_
    np.testing.assert_allclose(made.reduce(texts), unit(texts @ axes.T), atol=1e-5)
    np.testing.assert_array_equal(made.matrix, fit_compression(Compression("pca", 5), fitting).matrix)


def test_all_principal_axes_keep_every_cosine(fitting, texts):
    reduced = fit_compression(Compression("pca", 12), fitting).reduce(texts)
    np.testing.assert_allclose(reduced @ reduced.T, texts @ texts.T, atol=1e-5)


def test_random_directions_are_scikit_learn_s(texts):
    made = fit_compression(Compression("random", 5), texts[:1], random_state=3, normalize_embeddings=False)
    expected = GaussianRandomProjection(5, random_state=3).fit_transform(texts)
    np.testing.assert_allclose(made.reduce(texts), expected, atol=1e-5)


def test_the_first_dimensions_by_hand():
    """Of (3, 4, 12) / 13 the first two are scaled to length 1 again: (3, 4) / 5."""
    row = np.array([[3, 4, 12]]) / 13
    np.testing.assert_allclose(fit_compression(Compression("dim", 2), row).reduce(row), [[0.6, 0.8]], atol=1e-6)
    raw = fit_compression(Compression("dim", 2), row, normalize_embeddings=False)
    np.testing.assert_allclose(raw.reduce(row), row[:, :2], atol=1e-6)


# As stores compare


def compared(made, texts, query):
    return made.decode(made.encode(texts)) @ made.as_queries(query[None])[0]


@pytest.mark.parametrize("key", KEYS)
def test_a_query_is_held_against_codes_as_against_what_they_stand_for(fitting, texts, key):
    """Two ways: straight from the codes, as a search reads them, and written out as rows, as figures are taken."""
    made = fit_compression(Compression.parse(key), fitting)
    found = made.similarities(made.encode(texts), made.as_queries(texts[:1])[0])
    np.testing.assert_allclose(found, compared(made, texts, texts[0]), atol=1e-5)


def test_eight_bits_are_compared_as_faiss_compares_them(fitting, texts):
    """Its 8-bit index keeps the same codes and takes the middle of what has each."""
    index = faiss.IndexScalarQuantizer(12, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(fitting)
    index.add(texts)
    scores, order = index.search(texts[:20], 10)
    made = fit_compression(Compression(precision="uint8"), fitting)
    # Where a number lies on the edge of two codes, the last digit decides.
    theirs = faiss.vector_to_array(index.codes).reshape(len(texts), -1)
    ours = made.encode(texts)
    assert (theirs == ours).mean() > 0.99
    assert np.abs(theirs.astype(int) - ours).max() <= 1
    for key in ("uint8", "vectors=int8"):
        made = fit_compression(Compression.parse(key), fitting)
        found, products = nearest_by_codes(made, texts, texts[:20])
        np.testing.assert_allclose(products, scores, atol=2e-3)
        assert (found == order).mean() > 0.95


def test_bits_are_compared_as_faiss_compares_them(fitting, texts):
    """By Hamming: 1 - 2 h / d, so the nearest have the fewest different bits."""
    made = fit_compression(Compression("pca", 8, "ubinary"), fitting)
    index = faiss.IndexBinaryFlat(8)
    codes = made.encode(texts)
    index.add(codes)
    n_different, _ = index.search(codes[:20], 10)
    _, products = nearest_by_codes(made, texts, texts[:20])
    np.testing.assert_allclose(products, 1 - 2 * n_different / 8, atol=1e-6)


def test_product_codes_are_those_of_faiss(fitting, texts):
    index = faiss.IndexPQ(12, 3, 8, faiss.METRIC_INNER_PRODUCT)
    index.pq.cp.seed = 0
    index.pq.cp.min_points_per_centroid = 1
    index.train(fitting)
    index.add(texts)
    made = fit_compression(Compression(precision="pq3"), fitting)
    np.testing.assert_array_equal(made.encode(texts), faiss.vector_to_array(index.codes).reshape(len(texts), 3))
    scores, _ = index.search(texts[:20], 10)
    np.testing.assert_allclose(nearest_by_codes(made, texts, texts[:20])[1], scores, atol=1e-5)


def test_without_faiss_it_says_what_to_install(fitting, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "faiss", None)
    with pytest.raises(MissingDependencyError, match=r"embedlab\[pq\]"):
        fit_compression(Compression(precision="pq3"), fitting)


# Searches


@pytest.mark.parametrize("key", ["binary~rescore", "pca3~uint8~rescore"])
def test_rescored_by_hand(fitting, texts, key):
    """Of the best forty by codes, the best ten by the full vectors."""
    made = fit_compression(Compression.parse(key), fitting)
    found, products = nearest_by_codes(made, texts, texts[:30])
    for query, near, scores in zip(texts[:30], found, products, strict=True):
        by_codes = compared(made, texts, query)
        # Texts as good as the last of the shortlist may stand on it or not.
        edge = np.sort(by_codes)[-10 * SHORTLIST]
        assert (by_codes[near] >= edge - 1e-6).all()
        np.testing.assert_allclose(scores, texts[near] @ query, atol=1e-6)
        surely = np.flatnonzero(by_codes > edge + 1e-6)
        missed = np.setdiff1d(surely, near)
        assert not len(missed) or (texts[missed] @ query).max() <= scores.min() + 1e-6


def test_enough_rescored_is_exact(fitting, texts):
    """Where the shortlist holds all texts, whatever made it, the full vectors decide."""
    made = fit_compression(Compression.parse("binary~rescore"), fitting)
    found, _ = nearest_by_codes(made, texts[:40], texts[:5])
    np.testing.assert_array_equal(found, el.nearest_neighbors(texts[:40], 10, queries=texts[:5])[0])


def test_full_codes_find_what_a_search_finds(texts):
    full = fit_compression(FULL, texts)
    rows = np.arange(50)
    np.testing.assert_array_equal(nearest_others_by_codes(full, texts, rows), el.nearest_neighbors(texts, 10)[0][:50])


def test_neighbors_kept_are_the_overlap(fitting, texts):
    """Where texts are compared as they are kept; a text itself is left out."""
    made = fit_compression(Compression("pca", 4), fitting)
    near = nearest_others_by_codes(made, texts, np.arange(150))
    full = el.nearest_neighbors(texts, 10)[0]
    kept = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(near, full, strict=True)])
    assert kept == pytest.approx(el.neighbor_overlap(texts, made.reduce(texts)), abs=0.002)


# Awkward


@pytest.mark.parametrize("key", KEYS)
def test_texts_without_a_vector_and_equal_texts(fitting, key):
    rows = np.concatenate([np.zeros((2, 12), np.float32), np.repeat(fitting[:1], 3, axis=0)])
    made = fit_compression(Compression.parse(key), fitting)
    codes = made.encode(rows)
    assert np.isfinite(made.decode(codes)).all()
    assert (codes[0] == codes[1]).all()
    assert (codes[2:] == codes[2]).all()
    assert len(made.encode(rows[:0])) == 0


@pytest.mark.parametrize("key", ["pca5", "uint8", "pq3", "dim5"])
def test_equal_texts_can_be_fitted_to(key):
    rows = np.full((300, 12), 0.3, np.float32)
    made = fit_compression(Compression.parse(key), rows)
    assert np.isfinite(made.decode(made.encode(rows[:2]))).all()


def test_too_little_to_fit_is_refused(fitting):
    for key, n in (("pca5", 5), ("uint8", 99), ("pq3", 255)):
        with pytest.raises(InvalidInputError, match=f"here are {n}"):
            fit_compression(Compression.parse(key), fitting[:n])
    with pytest.raises(InvalidInputError, match="12 dimensions"):
        fit_compression(Compression("dim", 13), fitting)
    with pytest.raises(InvalidInputError, match="1, 2, 3, 4, 6"):
        fit_compression(Compression(precision="pq5"), fitting)
    with pytest.raises(InvalidInputError, match="made for 12"):
        fit_compression(Compression("dim", 3), fitting).encode(fitting[:, :9])
