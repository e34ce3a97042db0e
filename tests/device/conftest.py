"""The processor as a card, for work of any size."""

import logging

import pytest

from embedlab.device import card as card_module
from embedlab.device import pairs
from embedlab.device.card import Card

USERS = ("kmeans", "layout", "neighbors", "pairs", "search")


@pytest.fixture
def card(monkeypatch, caplog):
    """The processor's device of torch stands in for a card; the test fails where work came back from it."""
    monkeypatch.setattr(card_module, "card_name", lambda: "cpu")
    for module in USERS:
        monkeypatch.setattr(f"embedlab.device.{module}._WORTH", 0)
    with caplog.at_level(logging.WARNING, logger=card_module.__name__):
        yield monkeypatch
    assert not caplog.records


@pytest.fixture(params=["large", "small"])
def card_of_any_size(request, card):
    """A card that takes all at once, and one with so little memory that many blocks are needed."""
    if request.param == "small":
        card.setattr(Card, "free", lambda self: 2**20)
        card.setattr(pairs, "_TILE", 128)
        card.setattr(pairs, "_AT_ONCE", 50)


@pytest.fixture
def twice(monkeypatch):
    """A function that does some work as it stands, and then on the processor."""

    def ask(work):
        found = work()
        with monkeypatch.context() as patch:
            patch.setattr(card_module, "card_name", lambda: None)
            return found, work()

    return ask
