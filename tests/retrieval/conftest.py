"""A language model on this machine that says what it is told to."""

import pytest
from chat_server import replying_server


@pytest.fixture
def chat(monkeypatch):
    monkeypatch.delenv("EMBEDLAB_HOSTED", raising=False)
    with replying_server() as server:
        yield server
