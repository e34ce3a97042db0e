"""The official client of OpenAI against ``embedlab serve`` with the bundled model, in a process of its own."""

import numpy as np
import openai
import pytest
from model_server import counts, running_model_server

MODEL = "all-MiniLM-L6-v2"
TEXTS = ["Where is my parcel?", "Der Kühlschrank brummt.", "주문한 상품", "Where is my parcel?"]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with running_model_server(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("way", [{}, {"encoding_format": "float"}, {"encoding_format": "base64"}])
def test_vectors_are_those_of_the_encoder(client, encoder, way):
    """The client asks for base64 by itself and decodes it; what it is told to ask for it leaves as it came."""
    given = client.embeddings.create(model=MODEL, input=TEXTS, **way).data
    assert [each.index for each in given] == [0, 1, 2, 3]
    vectors = [
        np.frombuffer(__import__("base64").b64decode(e.embedding), "<f4")
        if isinstance(e.embedding, str)
        else e.embedding
        for e in given
    ]
    np.testing.assert_allclose(np.array(vectors), encoder.encode(TEXTS), atol=1e-6)


def test_texts_are_counted(client, address):
    before = counts(address)["texts_total"]
    client.embeddings.create(model=MODEL, input=TEXTS)
    assert counts(address)["texts_total"] == before + 4
