"""A server of this machine in the place of OpenAI's, as if it were elsewhere: what goes to it leaves the machine."""

import sys
from dataclasses import replace
from pathlib import Path

from misbehaving_server import DIMENSION

from embedlab.hosted import Address, hosted_catalog
from embedlab.hosted.cards import providers

SMALL, LARGE = "openai/text-embedding-3-small", "openai/text-embedding-3-large"
KEY = "sk-a-key-of-the-tests"
# The app with the server at STANDS_IN in that place, without the work in the background.
PROGRAM = (
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    "import os, pytest, elsewhere\n"
    "from embedlab.cli import main\n"
    "from embedlab.ui.serving import server\n"
    "server.warm_up = lambda: None\n"
    "elsewhere.stand_in(os.environ['STANDS_IN'], pytest.MonkeyPatch())\n"
    "main()",
)


def stand_in(address, monkeypatch):
    """Let the server at an address answer for two models of OpenAI."""
    monkeypatch.setattr(Address, "is_loopback", False)
    for name in (SMALL, LARGE):
        card = hosted_catalog()[name]
        provider = replace(card.provider, address=f"{address}/v1")
        short = replace(card, provider=provider, embedding_dimension=DIMENSION, dimensions=(2, 4))
        monkeypatch.setitem(providers(), provider.name, provider)
        monkeypatch.setitem(hosted_catalog(), name, short)
        monkeypatch.setenv(provider.keys[0], KEY)
