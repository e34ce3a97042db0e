"""``embedlab serve`` as a person starts and stops it."""

import json
import signal
import threading
import urllib.request

import pytest
from app_server import process_at
from own_server import running_model_server
from patience import PATIENCE

from embedlab.cli import main

KEY = "a-key-nobody-may-see"


def ask(address, texts):
    body = json.dumps({"model": "all-MiniLM-L6-v2", "input": texts}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/v1/embeddings", body, headers)) as answer:
        return json.load(answer)


def test_it_says_how_it_is_asked_and_ends_when_all_are_answered(tmp_path):
    """Stopped in the middle of a request it answers that one first, and takes no other."""
    with running_model_server(tmp_path, "--key-env", "OUR_KEY", OUR_KEY=KEY) as address:
        ask(address, ["warm"])
        answers = []
        texts = [f"Order {number} came late, and it came broken." * 5 for number in range(500)]
        asking = threading.Thread(target=lambda: answers.append(ask(address, texts)))
        asking.start()
        process = process_at(address)
        while not _waiting(address):
            pass
        process.send_signal(signal.SIGTERM)
        asking.join(PATIENCE)
        assert len(answers[0]["data"]) == 500
        process.wait(PATIENCE)
        with pytest.raises(OSError, match="refused"):
            ask(address, ["one more"])
    said = (tmp_path / "server.log").read_text()
    assert f"curl {address}/v1/embeddings" in said
    assert 'api_key=os.environ["OUR_KEY"]' in said
    assert KEY not in said


def _waiting(address):
    request = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request) as answer:
        return b"embedlab_waiting_texts 500" in answer.read()


@pytest.mark.parametrize("key", ["", "   ", "ключ"])
def test_a_key_that_is_none_starts_nothing(key, monkeypatch, capsys):
    monkeypatch.setenv("OUR_KEY", key)
    assert main(["serve", "--model", "all-MiniLM-L6-v2", "--key-env", "OUR_KEY"]) == 1
    assert "OUR_KEY holds no key" in capsys.readouterr().err
