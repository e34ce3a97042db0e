"""The processor as a card, for work of any size."""

import logging

import pytest

from embedlab.device import card as card_module


@pytest.fixture
def card(monkeypatch, caplog):
    """The processor's device of torch stands in for a card; the test fails where work came back from it."""
    monkeypatch.setattr(card_module, "card_name", lambda: "cpu")
    for module in ("neighbors",):
        monkeypatch.setattr(f"embedlab.device.{module}._WORTH", 0)
    with caplog.at_level(logging.WARNING, logger=card_module.__name__):
        yield monkeypatch
    assert not [entry for entry in caplog.records if entry.name == card_module.__name__]
