"""Each store once for all tests of a file, and a collection of its own for each test."""

import itertools

import numpy as np
import pytest
from store_kinds import STORES

from embedlab.stores import open_store

_numbers = itertools.count()


@pytest.fixture(scope="module", params=sorted(STORES))
def address(request, tmp_path_factory):
    """Where the store is."""
    with STORES[request.param](tmp_path_factory.mktemp("store")) as address:
        yield address


@pytest.fixture(scope="module")
def store(address):
    with open_store(address) as store:
        yield store


@pytest.fixture
def name():
    """A name that no other collection has."""
    return f"reviews_{next(_numbers)}"


@pytest.fixture
def collection(store, name):
    """An empty collection of 8 dimensions."""
    yield store.create_collection(name, 8)
    if store.has_collection(name):
        store.delete_collection(name)


@pytest.fixture(scope="module")
def vectors():
    """300 vectors of length 1 in 8 dimensions."""
    rows = np.random.default_rng(0).standard_normal((300, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
