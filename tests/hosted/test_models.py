"""Names, cards, and the requests that the documentation of each provider asks for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import changed, vector_of

import embedlab as el
from embedlab.encoders import HostedEncoder
from embedlab.errors import HostedError, InvalidInputError, ModelLoadError
from embedlab.hosted import (
    HostedModel,
    TokenCounts,
    allowed,
    embed_texts,
    find_hosted_card,
    hosted_catalog,
    is_hosted,
    look_up,
    parse_address,
    plan_requests,
    read_name,
)
from embedlab.hosted.offers import estimate_tokens
from embedlab.models import read_policy
from embedlab.search import SearchIndex

TEXTS = ["a parcel", "two parcels", "a lamp"]


@pytest.fixture
def at_server(server):
    """The model of a name, asked at the server of the tests."""

    def found(name, **facts):
        address = parse_address(f"{server.address}/v1")
        return HostedEncoder(replace(read_name(name), address=address, embedding_dimension=8, **facts))

    return found


def test_every_card_can_be_asked_for():
    for name, card in hosted_catalog().items():
        found = read_name(name)
        assert found.embedding_dimension == card.embedding_dimension
        assert card.dollars_per_million > 0
        assert card.price_date.startswith("20")
        assert card.default_input_type is None or card.default_input_type in card.input_types
        assert el.load_encoder(name).prompts.keys() == card.input_types.keys()
        for dimensions in card.dimensions:
            assert read_name(f"{name}@{dimensions}").embedding_dimension == dimensions
    with pytest.raises(InvalidInputError, match="not known to give 300"):
        read_name("openai/text-embedding-3-large@300")
    with pytest.raises(ModelLoadError, match="no hosted model"):
        read_name("openai/text-embedding-9")


def test_which_names_are_hosted():
    assert is_hosted("openai/text-embedding-3-small@256")
    assert is_hosted("HTTP://127.0.0.1/v1#m")
    assert not any(
        map(is_hosted, ["all-MiniLM-L6-v2", "intfloat/e5-small-v2", "./http", "tf-idf", "voyageai/voyage-4"])
    )
    for wrong in ("http://127.0.0.1/v1", "http://127.0.0.1/v1#", "https://api.voyageai.com/v1#voyage-4"):
        with pytest.raises(InvalidInputError):
            read_name(wrong)


def test_what_openai_is_sent(at_server, server):
    encoder = at_server("openai/text-embedding-3-small")
    np.testing.assert_allclose(encoder.encode(TEXTS), [vector_of(text) for text in TEXTS], atol=1e-6)
    assert server.paths == ["/v1/embeddings"]
    assert server.bodies == [{"model": "text-embedding-3-small", "input": TEXTS, "encoding_format": "base64"}]
    at_server("openai/text-embedding-3-small@256", dimensions=8).encode(TEXTS)
    assert server.bodies[1]["dimensions"] == 8


def test_what_voyage_is_sent(at_server, server):
    encoder = at_server("voyage/voyage-4-lite")
    encoder.encode_query(TEXTS[0])
    encoder.encode_document(TEXTS)
    encoder.encode(TEXTS)
    assert [body.get("input_type") for body in server.bodies] == ["query", "document", None]
    assert server.bodies[0] == {
        "model": "voyage-4-lite", "input": TEXTS[:1], "input_type": "query", "truncation": False,
        "encoding_format": "base64",
    }  # fmt: skip
    at_server("voyage/voyage-4-lite@256", dimensions=8).encode(TEXTS)
    assert server.bodies[3]["output_dimension"] == 8


def test_what_cohere_is_sent(at_server, server):
    encoder = at_server("cohere/embed-v4.0")
    found = encoder.encode_query(TEXTS[0])
    encoder.encode_document([f"text {number}" for number in range(100)])
    encoder.encode(TEXTS, prompt_name="classification")
    encoder.encode(TEXTS)
    np.testing.assert_allclose(found[0], vector_of(TEXTS[0]), atol=1e-6)
    assert server.paths[0] == "/v1/embed"
    assert server.bodies[0] == {
        "model": "embed-v4.0", "texts": TEXTS[:1], "input_type": "search_query", "truncate": "NONE",
        "embedding_types": ["float"],
    }  # fmt: skip
    assert sorted(len(body["texts"]) for body in server.bodies) == [1, 3, 3, 4, 96]
    assert [body["input_type"] for body in server.bodies[-2:]] == ["classification", "clustering"]


def test_prompts_are_told_apart_in_the_store(at_server, tmp_path):
    encoder, store = at_server("cohere/embed-v4.0"), el.EmbeddingStore(tmp_path)
    specs = [encoder.spec(prompt_name=name) for name in ("query", "document", None)]
    specs += [replace(specs[0], address="https://elsewhere.example/v2"), replace(specs[0], dimensions=256)]
    assert len({spec.digest for spec in specs}) == len(specs)
    store.encode(encoder, TEXTS)
    assert store.entries()[0].spec == encoder.spec()
    assert store.missing(specs[0], TEXTS) == TEXTS
    assert "asked at http://127.0.0.1" in encoder.spec().description
    with pytest.raises(InvalidInputError, match="Leave include_prompt out"):
        encoder.encode(TEXTS, prompt_name="query", include_prompt=False)


def test_embeddings_that_should_have_length_1_are_refused_otherwise(at_server, server):
    def double(content):
        content["data"][1]["embedding"] = (2 * vector_of(TEXTS[1])).tolist()

    encoder = at_server("openai/text-embedding-3-small")
    server.todo = [changed(double)]
    with pytest.raises(HostedError, match="length is not 1"):
        encoder.encode(TEXTS)


def test_our_own_server_says_more_of_its_models(server):
    facts = {"embedding_dimension": 8, "revision": "abc", "prompts": ["query", "document"], "orders_dimensions": True}
    server.models = [{"id": "m", "max_model_len": 20, "embedlab": facts}]
    encoder = el.load_encoder(server.name())
    assert server.bodies == []  # there is nothing left to ask
    assert (encoder.revision, encoder.max_seq_length, encoder.orders_dimensions) == ("abc", 20, True)
    texts = [f"text {number}" for number in range(300)] + ["long " * 40]
    encoder.encode_document(texts)
    assert sorted(len(body["input"]) for body in server.bodies) == [45, 64, 64, 64, 64]
    assert {body["input_type"] for body in server.bodies} == {"document"}
    # It counts and cuts by the model's own tokens.
    assert {body["truncate"] for body in server.bodies} == {True}
    assert server.texts.keys() == set(texts)


NONSENSE = [{"embedding_dimension": -3}, {"embedding_dimension": True}, {"prompts": 3, "revision": 8}]
NONSENSE += [{"prompts": [None]}, {"default_prompt_name": []}, None, 7, "x", [1]]


@pytest.mark.parametrize("said", NONSENSE)
def test_nonsense_of_a_server_about_its_models_is_passed_over(server, said):
    server.models = [{"id": "m", "embedlab": said}]
    found = look_up(server.name())
    assert (found.embedding_dimension, found.revision, found.max_seq_length, found.input_types) == (8, "", None, {})
    for listed in (None, 7, "x", [], [1], {"id": "m"}, [{"id": "m", "max_model_len": -1}], [{"id": []}]):
        server.models = listed
        assert look_up(server.name()).embedding_dimension == 8


def test_too_long_texts_are_cut_and_counted(server):
    server.models = [{"id": "m", "max_model_len": 20}]
    encoder = el.load_encoder(server.name())
    texts = ["short", "long " * 40]
    offer = encoder.offer(texts)
    assert offer.n_cut == 1
    assert "Of 1 only the beginning" in offer.sentence
    encoder.encode(texts)
    sent = server.bodies[1]["input"]
    assert sent[0] == "short"
    assert texts[1].startswith(sent[1])
    assert offer.n_characters == sum(map(len, sent))
    assert encoder.unread(texts).is_cut.tolist() == [False, True]


def test_texts_longer_than_they_seemed_are_cut_when_the_server_refuses_them(server, caplog):
    """Digests have more tokens than prose of their length; none is dropped, and it is said."""
    server.models = [{"id": "m", "max_model_len": 20}]
    encoder = el.load_encoder(server.name())
    server.todo = [(400, {}, {"error": {"message": "maximum context length"}})]
    found = encoder.encode(["short", "0a1b2c3d" * 6])
    assert [len(text) for text in server.bodies[2]["input"]] == [5, 18]
    assert found.shape == (2, 8)
    assert "took the beginning only of 1 texts" in caplog.text


def test_the_mean_of_passages_is_made_here(server, tmp_path):
    server.models = [{"id": "m", "max_model_len": 20}]
    encoder, store = el.load_encoder(server.name()), el.EmbeddingStore(tmp_path)
    text = "One sentence about a parcel. Another one about a lamp. A third about a refrigerator."
    found = store.encode(encoder, [text], long_texts="mean")
    passages = [each for body in server.bodies[1:] for each in body["input"]]
    assert len(passages) > 1
    assert encoder.offer([text], long_texts="mean").n_characters == sum(map(len, passages))
    assert not np.allclose(found, encoder.encode([text]), atol=0.1)
    # Passages are no texts of anybody's table: none of them is kept as one.
    assert store.missing(encoder.spec(), passages) == passages
    np.testing.assert_array_equal(found, store.encode(encoder, [text], long_texts="mean"))


def test_an_empty_text_is_refused_before_anything_is_sent(at_server, server):
    with pytest.raises(InvalidInputError, match="empty text"):
        at_server("openai/text-embedding-3-small").encode(["a", ""])
    assert server.bodies == []


def test_an_offer_says_what_it_costs():
    """Ten thousand texts of 300 letters: 100 tokens each and two around, at two cents a million."""
    texts = [f"{number:05d}" + "x" * 295 for number in range(10_000)]
    encoder = el.load_encoder("openai/text-embedding-3-small")
    offer = encoder.offer(texts)
    assert offer.n_tokens == 10_000 * 102
    assert offer.dollars == pytest.approx(1.02 * 0.02)
    assert offer.sentence == (
        "10,000 texts are sent to api.openai.com: 3,000,000 characters, at most about 1,020,000 tokens. "
        "That costs at most about $0.02 by litellm 1.110.2, 2026-11-27."
    )
    both = offer + encoder.offer(["a query"])
    assert (both.n_texts, both.n_tokens) == (10_001, offer.n_tokens + 5)
    with pytest.raises(InvalidInputError, match="say both"):
        offer + el.load_encoder("voyage/voyage-4").offer(["a"])


@given(st.text(max_size=300))
def test_estimates_are_whole_and_rise_with_the_text(text):
    assert estimate_tokens(text) <= estimate_tokens(text + "a") <= estimate_tokens(text) + 1
    assert estimate_tokens(text) >= len(text.encode()) / 3


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 10), st.integers(40, 200))
def test_requests_hold_every_text_once_within_the_limits(counts, max_inputs, max_tokens):
    texts = [str(number) for number in range(len(counts))]
    model = HostedModel("m", "m", parse_address("http://h/v1"), max_inputs=max_inputs, max_tokens=max_tokens)
    found = plan_requests(texts, np.array(counts, dtype=np.int64), model)
    assert [text for request in found for text in request.texts] == texts
    assert [row for request in found for row in request.rows.tolist()] == list(range(len(texts)))
    for request in found:
        assert 1 <= len(request.texts) <= max_inputs
        assert request.n_tokens <= max_tokens or len(request.texts) == 1
    # None could be one with the next.
    for request, after in zip(found, found[1:], strict=False):
        is_full = len(request.texts) == max_inputs
        assert is_full or request.n_tokens + counts[after.rows[0]] > max_tokens


def test_requests_can_be_sent_without_an_encoder(server):
    model = look_up(server.name())
    requests = plan_requests(TEXTS, TokenCounts(model).count(TEXTS), model)
    kept, looked = [], []
    (found,) = embed_texts(model, requests, TokenCounts(model), None, (), kept.append, looked.append)
    assert kept == [found]
    assert looked[-1] == 3


def test_a_shared_server_offers_the_hosted_models_of_its_catalog():
    policy = read_policy({"EMBEDLAB_SHARED": "1"}, "127.0.0.1")
    assert policy.allows("openai/text-embedding-3-large@256")
    assert not policy.allows("http://10.0.0.1/v1#m")
    assert not read_policy({"EMBEDLAB_MODELS": "intfloat/*"}, "127.0.0.1").allows("openai/text-embedding-3-large")
    assert read_policy({"EMBEDLAB_MODELS": "openai/*"}, "127.0.0.1").allows("openai/text-embedding-3-large")
    assert find_hosted_card("openai/text-embedding-3-large@256").dimensions


def test_a_search_by_a_hosted_model(at_server):
    encoder = at_server("voyage/voyage-4-lite")
    with allowed(encoder.offer(TEXTS)):
        index = SearchIndex(TEXTS, encoder.encode_document(TEXTS))
        assert index.search(encoder.encode_query(TEXTS[2])[0], top_k=1)[0].index == 2


def test_keys_of_providers_stand_where_their_own_tools_look(at_server, monkeypatch):
    for name in ("OPENAI_API_KEY", "VOYAGE_API_KEY", "CO_API_KEY", "COHERE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    encoder = el.load_encoder("cohere/embed-v4.0")
    with allowed(encoder.offer(TEXTS)), pytest.raises(InvalidInputError, match="Set CO_API_KEY or COHERE_API_KEY"):
        encoder.encode(TEXTS)
