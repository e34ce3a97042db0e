"""A server that misbehaves in every way there is: what may pass is tried again, and no wrong answer is used."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest
from app_server import wait_until
from misbehaving_server import changed, cut, held, send, vector_of
from patience import PATIENCE

import embedlab as el
from embedlab.errors import Cancelled, HostedError
from embedlab.hosted import ask, parse_address

TEXTS = [f"text {number}" for number in range(70)]


def vectors(texts):
    return np.stack([vector_of(text) for text in texts])


@pytest.fixture
def encoder(server):
    return el.load_encoder(server.name())


def test_texts_become_their_embeddings_in_their_order(encoder, server):
    found = encoder.encode([*TEXTS, TEXTS[3]])
    np.testing.assert_allclose(found, vectors([*TEXTS, TEXTS[3]]), atol=1e-6)
    # No word of anybody's was sent to learn the length; 32 texts a request, and equal ones once.
    assert server.bodies[0]["input"] == ["dimension"]
    assert sorted(len(body["input"]) for body in server.bodies[1:]) == [6, 32, 32]
    assert max(server.texts.values()) == 1


@pytest.mark.parametrize(
    "step",
    [
        429,
        500,
        503,
        (429, {"Retry_After": "0.05"}, {}),
        (503, {"Retry_After": format_datetime(datetime.now(UTC) - timedelta(1), usegmt=True)}, {}),
        (429, {"Retry_After": "soon"}, {}),
        cut,
    ],
    ids=["429", "500", "503", "seconds", "date", "nonsense", "cut"],
)
def test_what_may_pass_is_tried_again(encoder, server, step):
    server.todo = [step, step]
    np.testing.assert_allclose(encoder.encode(TEXTS[:3]), vectors(TEXTS[:3]), atol=1e-6)
    assert len(server.bodies) == 4  # the word, twice in vain, and once


def test_retry_after_is_waited_for_by_all(encoder, server):
    server.todo = [(429, {"Retry_After": "0.4"}, {})]
    began = time.monotonic()
    encoder.encode(TEXTS)
    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (401, "refuses the key"),
        (403, "refuses the key"),
        (404, "does not know the model"),
        ((429, {"Retry_After": "3600"}, {}), "left alone for 3,600 seconds"),
        ((429, {}, {"error": {"code": "insufficient_quota", "message": "Pay."}}), "nothing is left to spend"),
        ((302, {"Location": "http://127.0.0.1:1/"}, {}), "sends on to another address"),
        ((400, {}, {"error": {"message": "no such thing"}}), "It says: no such thing"),
        ((400, {}, {"detail": "\x1b[31mred" + "x" * 5000}), "…"),
        ((418, {}, {"error": "tea"}), "It says: tea"),
    ],
    ids=["401", "403", "404", "long wait", "quota", "redirect", "400", "escape", "418"],
)
def test_refusals_are_said_at_once(encoder, server, step, said):
    server.todo = [step]
    with pytest.raises(HostedError, match=said) as caught:
        encoder.encode(TEXTS[:3])
    assert len(server.bodies) == 2
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_it_gives_up_in_the_end(encoder, server):
    server.todo = [500] * 10
    with pytest.raises(HostedError, match="answered 500, 6 times"):
        encoder.encode(TEXTS[:3])
    assert len(server.bodies) == 7


def _set(place, value):
    def change(content):
        content["data"][place]["embedding"] = value

    return change


LIES = {
    "too few": lambda content: {**content, "data": content["data"][:-1]},
    "too many": lambda content: {**content, "data": [*content["data"], {**content["data"][0], "index": 3}]},
    "one twice": lambda content: {**content, "data": [content["data"][0]] * 3},
    "another order": lambda content: content["data"].reverse(),
    "another length": _set(1, [0.5] * 7),
    "NaN": _set(1, [float("nan")] * 8),
    "infinite": _set(1, [1e300] * 8),
    "texts": _set(1, ["0.5"] * 8),
    "broken base64": _set(1, "????"),
    "half a number": _set(1, "AAA="),
    "nothing": lambda _: {"data": []},
    "a list": lambda _: [1, 2],
    "null": lambda _: {"data": None},
    "another model": lambda content: {**content, "embedlab": {"revision": "other"}},
    "an error that says it is well": lambda _: {"error": {"message": "no"}},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_lies_are_refused(server, lie):
    server.models = [{"id": "m", "embedlab": {"embedding_dimension": 8, "revision": "own"}}]
    encoder = el.load_encoder(server.name())
    server.todo = [changed(lie)]
    if lie is LIES["another order"]:  # which says its order is no lie
        np.testing.assert_allclose(encoder.encode(TEXTS[:3]), vectors(TEXTS[:3]), atol=1e-6)
        return
    with pytest.raises(HostedError):
        encoder.encode(TEXTS[:3])
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"<html>hello</html>", "text/html", "did not answer with JSON"),
        (b"{not json", "application/json", "not JSON"),
        (b"[" * 50_000, "application/json", "not JSON"),
        (b" " * (1 << 21), "application/json", "more than there is to say"),
    ],
    ids=["a page", "broken", "deep", "huge"],
)
def test_only_json_of_a_bounded_size_is_read(encoder, server, content, kind, said):
    server.todo = [lambda handler, _: send(handler, 200, content, kind)]
    with pytest.raises(HostedError, match=said):
        encoder.encode(TEXTS[:3])


def test_packed_answers_are_not_unpacked(encoder, server):
    server.todo = [lambda handler, _: send(handler, 200, b"\x1f\x8b", Content_Encoding="gzip")]
    with pytest.raises(HostedError, match="did not answer with JSON"):
        encoder.encode(TEXTS[:3])


def test_a_slow_server_is_left_at_once_and_its_answers_are_kept(encoder, server, tmp_path):
    """Three requests are under way when somebody leaves; all are answered long after she has gone."""
    store, may_answer = el.EmbeddingStore(tmp_path), threading.Event()
    server.todo = [held(lambda: may_answer.wait(PATIENCE))] * 3

    def leave(_done, _total):
        if len(server.bodies) == 4:  # the word, and 70 texts
            raise Cancelled("left")

    with pytest.raises(Cancelled):
        store.encode(encoder, TEXTS, progress=leave)
    assert len(store.missing(encoder.spec(), TEXTS)) == 70
    may_answer.set()
    wait_until(lambda: not store.missing(encoder.spec(), TEXTS))
    n_before = len(server.bodies)
    np.testing.assert_allclose(store.encode(encoder, TEXTS), vectors(TEXTS), atol=1e-6)
    assert len(server.bodies) == n_before


def test_waiting_for_another_try_ends_at_once(server):
    stop, ended = threading.Event(), []
    server.todo = [(429, {"Retry_After": "60"}, {})] * 2

    def work():
        with pytest.raises(Cancelled):
            ask(parse_address(server.address), "embeddings", {"input": ["a"]}, stop=stop)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: server.bodies)
    stop.set()
    thread.join(30)
    assert ended, "it waits on, for a minute"


def test_a_server_that_is_gone_is_said():
    with pytest.raises(HostedError, match="127.0.0.1:9 cannot be reached"):
        el.load_encoder("http://127.0.0.1:9/v1#m")


def test_what_failed_in_the_middle_goes_on_where_it_stopped(encoder, server, tmp_path):
    """No text is answered, and paid for, twice."""
    store = el.EmbeddingStore(tmp_path)
    many = [f"number {number}" for number in range(400)]
    server.todo = [200] * 5 + [401]
    with pytest.raises(HostedError):
        store.encode(encoder, many)
    n_answered = sum(server.texts.values()) - 1  # without the word
    assert 0 < n_answered < 400
    np.testing.assert_allclose(store.encode(encoder, many), vectors(many), atol=1e-6)
    assert max(server.texts.values()) == 1
