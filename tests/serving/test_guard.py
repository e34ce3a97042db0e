"""Who may ask, and how much: requests as they come over the line."""

import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest
from hashed import Hashed
from own_server import counts, running_app
from patience import PATIENCE

from embedlab.errors import InvalidInputError
from embedlab.serving import make_app
from embedlab.serving.guard import MAX_BODY

BODY = json.dumps({"model": "m", "input": ["a", "b"]}).encode()
JSON = {"Content-Type": "application/json"}


class Slow(Hashed):
    """Waits for leave before each text; stumbles over "bad"."""

    may_go = threading.Event()

    def _embed(self, texts, specs, report):
        assert self.may_go.wait(PATIENCE)
        if "bad" in texts:
            raise ZeroDivisionError(" ".join(texts * 3))
        return super()._embed(texts, specs, report)


@pytest.fixture(scope="module")
def address():
    app = make_app({"m": Slow()}, max_waiting_texts=3, hosts=["127.0.0.1", "localhost", "::1"])
    with running_app(app) as address:
        yield address
        Slow.may_go.set()


@pytest.fixture(autouse=True)
def let_go():
    Slow.may_go.set()


def ask(address, body=BODY, *, path="/v1/embeddings", method="POST", **headers):
    """Status, headers and content of an answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {**JSON, **{name.replace("_", "-"): v for name, v in headers.items()}})
        answer = connection.getresponse()
        content = answer.read()
        is_json = answer.headers["Content-Type"] == "application/json"
        return answer.status, answer.headers, json.loads(content) if is_json else content
    finally:
        connection.close()


def test_an_answer_has_all_that_keeps_browsers_away(address):
    status, headers, content = ask(address)
    assert (status, len(content["data"])) == (200, 2)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost", "[::1]:8000", "LOCALHOST:1"])
def test_our_own_names_are_answered(address, host):
    assert ask(address, Host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::2]", ""])
def test_another_name_for_this_machine_is_not(address, host):
    """A page elsewhere that gives its own name to 127.0.0.1 would read what the server says."""
    status, _, content = ask(address, Host=host)
    assert (status, content["error"]["type"]) == (403, "invalid_request_error")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_page_is_not_read(address, kind):
    assert ask(address, **{"Content-Type": kind})[0] == 415


def test_a_large_body_is_refused_before_it_is_read(address):
    """By what it says of itself, and by what comes where it says nothing."""
    assert ask(address, b"", Content_Length=str(MAX_BODY + 1))[0] == 413
    chunks = (b" " * (1 << 20) for _ in range(MAX_BODY // (1 << 20) + 2))
    try:
        status = ask(address, chunks, Transfer_Encoding="chunked")[0]
    except OSError:
        return  # the server had closed before all was sent
    assert status == 413


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/embeddings", 405), ("GET", "/v2", 404)])
def test_other_pages_say_so_in_the_protocol(address, method, path, status):
    found, _, content = ask(address, None, method=method, path=path)
    assert (found, content["error"]["type"]) == (status, "invalid_request_error")


def test_too_many_waiting_are_told_to_come_again(address):
    """Three texts may wait; two do, and two more are too many. One more is not."""
    Slow.may_go.clear()
    answers = []
    first = threading.Thread(target=lambda: answers.append(ask(address)))
    first.start()
    while counts(address)["waiting_texts"] < 2:
        pass
    status, headers, content = ask(address)
    assert (status, content["error"]["type"]) == (429, "rate_limit_error")
    assert headers["Retry-After"] == "2", "nothing was answered yet, so nobody knows"
    Slow.may_go.set()
    first.join(PATIENCE)
    assert answers[0][0] == 200
    assert ask(address)[0] == 200


def test_nobody_waits_for_whoever_has_gone(address):
    """What she asked for, and waited for in the queue behind another, is not read."""
    Slow.may_go.clear()
    first = threading.Thread(target=lambda: ask(address, json.dumps({"model": "m", "input": "a"}).encode()))
    first.start()
    while counts(address)["waiting_texts"] < 1:
        pass
    gone = http.client.HTTPConnection(urlsplit(address).netloc)
    gone.request("POST", "/v1/embeddings", BODY, JSON)
    while counts(address)["waiting_texts"] < 3:
        pass
    gone.close()
    while counts(address)["waiting_texts"] > 1:
        pass
    before = counts(address)["texts_total"]
    Slow.may_go.set()
    first.join(PATIENCE)
    assert counts(address)["texts_total"] == before + 1


def test_a_fault_says_a_code_and_no_text(address, caplog):
    status, _, content = ask(address, json.dumps({"model": "m", "input": "bad"}).encode())
    assert status == 500
    code = content["error"]["message"].split()[-1].rstrip(".")
    assert f"error {code}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "bad bad" not in caplog.text


def test_a_server_needs_a_model_and_a_way_with_long_texts():
    with pytest.raises(InvalidInputError, match="no model"):
        make_app({})
    with pytest.raises(InvalidInputError, match="refuse, cut, mean"):
        make_app({"m": Hashed()}, long_texts="drop")
