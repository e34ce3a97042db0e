"""A server that does as it is told, and a policy and keys that no test leaves behind."""

import pytest
from misbehaving_server import model_server

from embedlab.hosted import asking, consent, lookup, policy, reaching


@pytest.fixture(autouse=True)
def fresh(monkeypatch, own_data):
    """Nothing of the environment, nothing of other tests, and no long waits."""
    for name in ("EMBEDLAB_HOSTED", "EMBEDLAB_HOSTED_ADDRESSES", "EMBEDLAB_HOSTED_KEYS", "EMBEDLAB_SHARED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(policy, "_enforced", [])
    monkeypatch.setattr(lookup, "_asked", {})
    monkeypatch.setattr(asking, "_FIRST_WAIT", 0.01)
    reaching._paces.clear()
    policy._of_environment.cache_clear()
    consent.server_budget.cache_clear()
    yield
    consent.server_budget.cache_clear()


@pytest.fixture
def server():
    with model_server() as found:
        yield found
