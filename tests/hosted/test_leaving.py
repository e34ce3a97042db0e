"""What leaves the machine: nothing that nobody agreed to, no key to the wrong host, no way into a private network."""

import json
import logging
import pickle
import socket
import traceback

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import vector_of

import embedlab as el
from embedlab.errors import BudgetError, HostedError, InvalidInputError, ModelLoadError, ServerNotAskedError
from embedlab.hosted import (
    Budget,
    HostedPolicy,
    allowed,
    ask,
    ask_first,
    enforce,
    hosted_policy,
    key_names,
    look_up,
    parse_address,
    read_hosted_policy,
    server_budget,
)
from embedlab.hosted.ledger import Spent
from embedlab.hosted.reaching import is_public

TEXTS = ["a parcel", "two parcels", "a lamp"]
KEY = "sk-very-secret-1234567890"


@pytest.fixture
def elsewhere(server, monkeypatch):
    """The server under a name that is no loopback address, so that texts would leave the machine."""
    real = socket.getaddrinfo
    port = server.address.rpartition(":")[2]

    def resolved(host, asked, *rest, **ways):
        return real("127.0.0.1" if host == "models.example" else host, asked, *rest, **ways)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    server.models = [{"id": "m", "embedlab": {"embedding_dimension": 8}}]
    return f"http://models.example:{port}/v1#m"


def test_nothing_is_sent_before_somebody_agrees(elsewhere, server, tmp_path):
    encoder, store = el.load_encoder(elsewhere), el.EmbeddingStore(tmp_path)
    with pytest.raises(BudgetError, match="Nobody has agreed"):
        store.encode(encoder, TEXTS)
    offer = encoder.offer([*TEXTS, TEXTS[0]], store=store)
    assert (offer.n_texts, offer.n_sent, offer.n_characters) == (3, 3, sum(map(len, TEXTS)))
    assert offer.leaves_machine
    assert offer.dollars is None
    assert "What it costs is not known" in offer.sentence
    assert server.bodies == []
    with allowed(offer):
        store.encode(encoder, TEXTS)
    assert set(server.texts) == set(TEXTS)
    # It held in that block alone, and what is kept needs no leave.
    with pytest.raises(BudgetError):
        encoder.encode(["another"])
    store.encode(encoder, TEXTS)
    assert encoder.offer([*TEXTS, "another"], store=store).n_cached == 3
    assert "all 3 texts are kept here" in encoder.offer(TEXTS, store=store).sentence


def test_somebody_may_be_asked_each_time(elsewhere, server, tmp_path):
    encoder, store, asked = el.load_encoder(elsewhere), el.EmbeddingStore(tmp_path), []
    answers = [True, False]

    def ask_person(offer):
        asked.append(offer)
        return answers.pop(0)

    with ask_first(ask_person):
        store.encode(encoder, TEXTS)
        with pytest.raises(BudgetError, match="Nobody has agreed"):
            store.encode(encoder, [*TEXTS, "another"])
        store.encode(encoder, TEXTS)  # all of it is kept: nobody is asked
    assert [(offer.n_texts, offer.n_cached, offer.n_sent) for offer in asked] == [(3, 0, 3), (4, 3, 1)]
    assert "another" not in server.texts


def test_no_more_is_sent_than_was_agreed_to(elsewhere, server):
    encoder = el.load_encoder(elsewhere)
    with allowed(encoder.offer(TEXTS[:1])), pytest.raises(BudgetError, match="8 characters may be sent"):
        encoder.encode(TEXTS)
    other = Budget(hosts=frozenset({"api.openai.com"}))
    with allowed(other), pytest.raises(BudgetError, match="sending texts to models.example"):
        encoder.encode(TEXTS)
    with allowed(Budget(dollars=100)), pytest.raises(BudgetError, match="no amount of dollars covers it"):
        encoder.encode(TEXTS)
    assert server.bodies == []


def test_what_was_not_answered_costs_nothing(elsewhere, server):
    encoder = el.load_encoder(elsewhere)
    session = Budget(n_characters=1_000, hosts=frozenset({encoder.model.host}), name="this session")
    server.todo = [500, 400]
    with allowed(session), pytest.raises(HostedError):
        encoder.encode(TEXTS)
    assert session.spent == Spent()
    with allowed(session):
        encoder.encode(TEXTS)
    assert session.spent == Spent(3, 25)


def test_a_server_on_this_machine_needs_no_leave(server):
    encoder = el.load_encoder(server.name())
    np.testing.assert_allclose(encoder.encode(TEXTS[0])[0], vector_of(TEXTS[0]), atol=1e-6)
    offer = encoder.offer(TEXTS)
    assert not offer.leaves_machine
    assert offer.sentence.endswith("It costs nothing.")


def test_dollars_are_counted_by_what_the_server_says():
    """Of a million tokens for two cents; the estimate is put right by what was billed."""
    session = Budget(dollars=0.05, name="this session")
    session.spend("api.openai.com", 10, 1_000, 0.04)
    session.correct(0, 0, 0.01 - 0.04)
    assert session.spent.dollars == pytest.approx(0.01)
    assert session.left_dollars == pytest.approx(0.04)
    with pytest.raises(BudgetError, match=r"\$0.05 may be spent for this session, and \$0.0100 are; \$0.0410 more"):
        session.spend("api.openai.com", 1, 1, 0.041)
    assert session.spent.dollars == pytest.approx(0.01)


@given(st.lists(st.integers(1, 40)))
def test_a_budget_never_lets_more_through_than_it_says(asked):
    budget, let = Budget(n_characters=100), 0
    for n in asked:
        try:
            budget.spend("host", 1, n, None)
            let += n
        except BudgetError:
            assert let + n > 100
    assert budget.spent.n_characters == let <= 100


def test_the_switch_forbids_it_all(server, monkeypatch):
    encoder = el.load_encoder(server.name())
    enforce(read_hosted_policy({"EMBEDLAB_HOSTED": "off"}))
    n_asked = len(server.paths)
    for forbidden in (
        lambda: encoder.encode(TEXTS),
        lambda: el.load_encoder(server.name()),
        lambda: el.load_encoder("openai/text-embedding-3-small"),
        lambda: ask(parse_address(server.address), "models"),
    ):
        with pytest.raises(ModelLoadError, match="switched off"):
            forbidden()
    assert len(server.paths) == n_asked
    assert not read_hosted_policy({}, is_shared=True).is_on
    with pytest.raises(InvalidInputError, match="neither on nor off"):
        read_hosted_policy({"EMBEDLAB_HOSTED": "of"})


def test_what_the_environment_limits():
    said = {"EMBEDLAB_HOSTED_DOLLARS": "5", "EMBEDLAB_HOSTED_SESSION_DOLLARS": "0.5", "EMBEDLAB_HOSTED_REQUESTS": "60"}
    found = read_hosted_policy(said)
    assert (found.server_dollars, found.session_dollars, found.requests_per_minute) == (5, 0.5, 60)
    enforce(found)
    assert server_budget().left_dollars == 5
    for name, value in [(name, value) for name in said for value in ("-1", "much", "inf", "")]:
        with pytest.raises(InvalidInputError, match=name):
            read_hosted_policy({name: value})


def test_requests_keep_to_a_rate(server):
    """Sixty a minute: one, and a second later the next."""
    import time

    enforce(HostedPolicy(requests_per_minute=120))
    began = time.monotonic()
    for _ in range(3):
        ask(parse_address(server.address), "embeddings", {"input": ["a"]})
    assert time.monotonic() - began >= 1.0


def test_a_server_is_not_asked_before_somebody_agrees(server):
    with pytest.raises(ServerNotAskedError, match="has not been asked"):
        el.load_encoder(server.name(), may_fetch=False)
    assert server.paths == []
    look_up(server.name())
    n_asked = len(server.paths)
    assert el.load_encoder(server.name(), may_fetch=False).embedding_dimension == 8
    assert len(server.paths) == n_asked


@pytest.fixture
def with_key(server, monkeypatch):
    origin = server.address.removeprefix("http://")
    monkeypatch.setenv("EMBEDLAB_HOSTED_KEYS", f"other.example=OTHER_KEY, {origin}=MY_KEY")
    monkeypatch.setenv("MY_KEY", KEY)
    return server


def test_a_key_goes_to_its_host_alone(with_key, monkeypatch):
    el.load_encoder(with_key.name()).encode(TEXTS)
    assert {each["Authorization"] for each in with_key.headers} == {f"Bearer {KEY}"}
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com/")
    monkeypatch.setenv("EMBEDLAB_HOSTED_KEYS", "https://models.example=SAFE_KEY")
    names = {
        "https://models.example/v1": ("SAFE_KEY",),
        "http://models.example/v1": (),
        "https://api.openai.com/v1": ("OPENAI_API_KEY",),
        "https://mine.openai.azure.com/openai/v1": ("AZURE_OPENAI_API_KEY",),
        # Neither another's resource, nor a look-alike, nor without encryption.
        "https://another.openai.azure.com/openai/v1": (),
        "https://api.openai.com.evil.example/v1": (),
        "http://api.openai.com/v1": (),
        "https://api.openai.com:8443/v1": (),
    }
    assert {address: key_names(parse_address(address)) for address in names} == names


def test_a_key_is_looked_up_when_a_request_is_made(server, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_HOSTED_KEYS", f"{server.address.removeprefix('http://')}=MY_KEY")
    monkeypatch.delenv("MY_KEY", raising=False)
    with pytest.raises(InvalidInputError, match="wants a key. Set MY_KEY"):
        ask(parse_address(server.address), "embeddings", {"input": ["a"]})
    monkeypatch.setenv("MY_KEY", KEY)
    ask(parse_address(server.address), "embeddings", {"input": ["a"]})
    assert server.headers[-1]["Authorization"] == f"Bearer {KEY}"
    monkeypatch.setenv("MY_KEY", f"{KEY}\r\nX-Evil: 1")
    with pytest.raises(InvalidInputError, match="is no key") as caught:
        ask(parse_address(server.address), "embeddings", {"input": ["a"]})
    assert KEY not in str(caught.value)


def test_a_key_is_said_nowhere(with_key, caplog, tmp_path):
    """Not in messages, tracebacks, logs, descriptions, what is kept on disk, or a pickle."""
    caplog.set_level(logging.DEBUG)
    encoder, store, said = el.load_encoder(with_key.name()), el.EmbeddingStore(tmp_path), []
    store.encode(encoder, TEXTS)
    echo = {"error": {"message": f"Incorrect API key provided: {KEY}."}}
    for step in [(401, {}, echo), (400, {}, echo), (404, {}, echo), (429, {"Retry_After": "999"}, echo), 302]:
        with_key.todo = [step]
        with pytest.raises(HostedError) as caught:
            encoder.encode(["new"])
        said += traceback.format_exception(caught.value)
        said.append(repr(caught.value.__context__))
    said += [repr(encoder), repr(vars(encoder)), json.dumps(vars(encoder.spec())), repr(encoder.offer(TEXTS))]
    said += [caplog.text, pickle.dumps(encoder.spec()).decode("latin-1")]
    assert said
    assert not [each for each in said if KEY in each]
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]
    # Neither is the beginning of one, where a long message is cut off in the middle of it.
    with_key.todo = [(400, {}, {"error": {"message": "x" * 185 + KEY}})]
    with pytest.raises(HostedError) as caught:
        encoder.encode(["new"])
    assert KEY[:6] not in str(caught.value)
    assert "HTTP" in caplog.text  # something was logged at all


PRIVATE = [
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "fec0::1", "4000::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "::127.0.0.1",
    "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("number", PRIVATE)
def test_a_shared_server_reaches_no_private_network(number, monkeypatch):
    """However the number is written, and also where a public one stands beside it."""
    assert not is_public(number)
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    for numbers in ([number], ["1.1.1.1", number]):
        found = [(family, socket.SOCK_STREAM, 6, "", (each, 80)) for each in numbers]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        enforce(HostedPolicy(is_on=True, is_shared=True))
        with pytest.raises(HostedError, match="private network"):
            ask(parse_address("http://trap.example/v1"), "models", tries=1)


@pytest.mark.parametrize("number", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_numbers_are_public(number):
    assert is_public(number)


@pytest.mark.parametrize("written", ["127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "[::ffff:7f00:1]"])
def test_other_ways_to_write_this_machine_lead_nowhere(written):
    """The system's own reading of them is what is looked at."""
    enforce(HostedPolicy(is_on=True, is_shared=True))
    with pytest.raises((HostedError, InvalidInputError)) as caught:
        ask(parse_address(f"http://{written}:9/v1"), "models", tries=1)
    assert "cannot be reached" not in str(caught.value)


def test_an_owner_may_list_what_is_reached(elsewhere, server):
    enforce(HostedPolicy(is_on=True, is_shared=True, addresses=("models.example",)))
    assert el.load_encoder(elsewhere).embedding_dimension == 8
    enforce(HostedPolicy(is_on=True, is_shared=True, addresses=("models.example:1",)))
    with pytest.raises(HostedError, match="EMBEDLAB_HOSTED_ADDRESSES"):
        ask(parse_address(elsewhere.partition("#")[0]), "models", tries=1)


def test_a_name_that_turns_elsewhere_is_not_followed(server, monkeypatch):
    """The connection goes to the number that was looked at: there is no second look at the name (DNS rebinding)."""
    port, asked, real = int(server.address.rpartition(":")[2]), [], socket.getaddrinfo

    def resolved(host, *rest, **ways):
        asked.append(host)
        turned = {"turning.example": "127.0.0.1" if len(asked) == 1 else "10.255.255.1"}
        return real(turned.get(host, host), *rest, **ways)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    ask(parse_address(f"http://turning.example:{port}/v1"), "embeddings", {"input": ["a"]}, tries=1)
    assert asked.count("turning.example") == 1


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    el.load_encoder(server.name()).encode(TEXTS)
    assert set(TEXTS) <= set(server.texts)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host/v1", "file:///etc/passwd", "http://", "http://user:pass@host/v1", "https://host/v1?key=abc",
        "http://host:99999/v1", "http://ho st/v1", "http://host\\@evil/v1", "https://host/v1?api-version=1&key=2",
        "http://host/v1#x", "http://[::1/v1", "gopher://host",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InvalidInputError):
        parse_address(address)


def test_an_address_of_azure():
    found = parse_address("https://me.openai.azure.com/openai/deployments/small/embeddings?api-version=2024-10-21")
    assert found.url("embeddings") == (
        "https://me.openai.azure.com/openai/deployments/small/embeddings?api-version=2024-10-21"
    )


def test_the_policy_of_the_process_is_that_of_the_environment(monkeypatch):
    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    assert hosted_policy() == HostedPolicy(is_on=False, is_shared=True)
