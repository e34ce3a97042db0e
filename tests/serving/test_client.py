"""The official client of OpenAI against our server with the bundled model."""

import base64

import numpy as np
import openai
import pytest
from own_server import counts, running_app

from embedlab.serving import make_app

MODEL = "all-MiniLM-L6-v2"
TEXTS = ["Where is my parcel?", "Der Kühlschrank brummt.", "주문한 상품", "Where is my parcel?"]
TOO_LONG = "parcel " * 300


@pytest.fixture(scope="module")
def address(encoder):
    with running_app(make_app({MODEL: encoder}, key="the key")) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="the key", max_retries=0) as client:
        yield client


def vectors_of(answer):
    """The vectors; the client decodes base64 where it asked for it by itself, and hands on what it was told to ask."""
    given = [each.embedding for each in answer.data]
    assert [each.index for each in answer.data] == list(range(len(given)))
    return np.array([np.frombuffer(base64.b64decode(v), "<f4") if isinstance(v, str) else v for v in given])


@pytest.mark.parametrize("way", [{}, {"encoding_format": "float"}, {"encoding_format": "base64"}])
def test_vectors_are_those_of_the_encoder(client, encoder, way):
    vectors = vectors_of(client.embeddings.create(model=MODEL, input=TEXTS, **way))
    np.testing.assert_allclose(vectors, encoder.encode(TEXTS), atol=1e-6)


def test_one_text_needs_no_list(client, encoder):
    vectors = vectors_of(client.embeddings.create(model=MODEL, input=TEXTS[0]))
    np.testing.assert_allclose(vectors, encoder.encode(TEXTS[:1]), atol=1e-6)


def test_the_first_dimensions_have_length_one_again(client, encoder):
    vectors = vectors_of(client.embeddings.create(model=MODEL, input=TEXTS, dimensions=64))
    first = encoder.encode(TEXTS)[:, :64]
    np.testing.assert_allclose(vectors, first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-6)


def test_usage_counts_what_was_read(client, encoder):
    """Special tokens included, and of a text that is cut the 256 that were read."""
    read = client.embeddings.create(model=MODEL, input=[*TEXTS, TOO_LONG], extra_body={"truncate": True}).usage
    assert read.prompt_tokens == read.total_tokens == encoder.count_tokens(TEXTS).sum() + 256


def test_a_text_longer_than_the_model_reads_is_cut_only_where_that_is_asked_for(client, encoder):
    cut = client.embeddings.create(model=MODEL, input=TOO_LONG, extra_body={"truncate": True})
    np.testing.assert_allclose(vectors_of(cut), encoder.encode(TOO_LONG), atol=1e-6)
    with pytest.raises(openai.BadRequestError, match="302 tokens; the model reads 256") as refused:
        client.embeddings.create(model=MODEL, input=[TEXTS[0], TOO_LONG])
    assert (refused.value.code, refused.value.param) == ("context_length_exceeded", "input")


def test_models_say_what_they_are(client, encoder):
    (model,) = client.models.list().data
    assert (model.id, model.max_model_len) == (MODEL, 256)
    assert model.embedlab == {
        "embedding_dimension": 384,
        "revision": encoder.revision,
        "prompts": [],
        "default_prompt_name": None,
        "orders_dimensions": False,
        "max_inputs": 2048,
        "max_tokens": 300_000,
    }


@pytest.mark.parametrize(
    ("wrong", "error", "param"),
    [
        ({"model": "gpt-4"}, openai.NotFoundError, "model"),
        ({"input": ""}, openai.BadRequestError, "input"),
        ({"input": []}, openai.BadRequestError, "input"),
        ({"input": [[1, 2], [3]]}, openai.BadRequestError, "input"),
        ({"input": ["a"] * 2049}, openai.BadRequestError, "input"),
        ({"dimensions": 385}, openai.BadRequestError, "dimensions"),
        ({"dimensions": 0}, openai.BadRequestError, "dimensions"),
        ({"encoding_format": "int8"}, openai.BadRequestError, "encoding_format"),
        ({"extra_body": {"input_type": "poem"}}, openai.BadRequestError, "input_type"),
        ({"extra_body": {"normalize": False}}, openai.BadRequestError, "normalize"),
    ],
)
def test_what_is_refused_names_the_field(client, address, wrong, error, param):
    """And no text of such a request is read."""
    headers = {"Authorization": "Bearer the key"}
    before = counts(address, headers)["texts_total"]
    with pytest.raises(error) as refused:
        client.embeddings.create(**{"model": MODEL, "input": "a", **wrong})
    assert refused.value.param == param
    assert counts(address, headers)["texts_total"] == before


@pytest.mark.parametrize("key", ["", "the  key", "the ke"])
def test_without_the_key_nothing_is_said(address, key):
    with openai.OpenAI(base_url=f"{address}/v1", api_key=key or "-", max_retries=0) as client:
        for ask in (client.models.list, lambda: client.embeddings.create(model=MODEL, input="a")):
            with pytest.raises(openai.AuthenticationError) as refused:
                ask()
            assert refused.value.code == "invalid_api_key"
            assert refused.value.response.headers["www-authenticate"] == "Bearer"
