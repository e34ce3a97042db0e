"""Conditions and addresses as they are written down."""

import pytest

import embedlab as el
from embedlab.errors import InvalidInputError
from embedlab.stores import STORES, open_store
from embedlab.stores.contract import Combination, Comparison, matches, parse_address, parse_where


def test_a_condition_by_hand():
    late, recent = Comparison("topic", "eq", "late"), Comparison("year", "gte", 2020)
    assert parse_where(None) is parse_where({}) is None
    assert parse_where({"topic": "late"}) == parse_where({"topic": {"eq": "late"}}) == late
    assert parse_where({"topic": "late", "year": {"gte": 2020}}) == Combination("and", (late, recent))
    assert parse_where({"or": [{"topic": "late"}, {"year": {"gte": 2020}}]}) == Combination("or", (late, recent))
    # A field may be called like a word of ours: a list says which of the two is meant.
    assert parse_where({"and": "late"}) == Comparison("and", "eq", "late")


@pytest.mark.parametrize(
    ("where", "passes"),
    [
        ({"stars": 3}, True),
        ({"stars": 3.0}, True),
        ({"stars": "3"}, False),
        ({"stars": True}, False),
        ({"stars": {"ne": "3"}}, True),
        ({"year": {"ne": 2020}}, True),  # it has none
        ({"year": {"lte": 2020}}, False),
        ({"stars": {"in": [1, "three", 3]}}, True),
        ({"stars": {"gte": 1, "lte": 2}}, False),
        ({"is_sold": {"gte": 0}}, False),
        ({"and": [{"stars": 3}, {"or": [{"topic": "blue"}, {"topic": "late"}]}]}, True),
    ],
)
def test_what_passes(where, passes):
    row = {"stars": 3, "topic": "late", "is_sold": True}
    assert matches(parse_where(where), row) is passes


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ([("topic", "late")], "must be a mapping"),
        ({"topic": {"like": "l%"}}, "no operator 'like'"),
        ({"topic": {"in": []}}, "at least one value"),
        ({"topic": {"in": "late"}}, "at least one value"),
        ({"topic": {"gte": "late"}}, "compares numbers"),
        ({"sold": {"lte": True}}, "compares numbers"),
        ({"topic": None}, "NoneType"),
        ({"stars": float("nan")}, "no number"),
        ({"topic": {}}, "says nothing"),
        ({"": "late"}, "has a name"),
        ({"and": []}, "must list conditions"),
        ({"or": [{"topic": "late"}, {}]}, "must list conditions"),
    ],
)
def test_conditions_that_say_nothing_sure(where, said):
    with pytest.raises(InvalidInputError, match=said):
        parse_where(where)


def test_addresses():
    server = parse_address("chroma+http://localhost:8000")
    assert (server.kind, server.url, str(server)) == (
        "chroma", "http://localhost:8000", "chroma+http://localhost:8000",
    )  # fmt: skip
    folder = parse_address("lancedb:///data/my 100% stores")
    assert (str(folder.path), str(folder)) == ("/data/my 100% stores", "lancedb:///data/my 100% stores")
    assert {"lancedb", "faiss", "chroma"} <= set(STORES)
    with pytest.raises(InvalidInputError, match="oracle is no store that is known; choose from .*lancedb"):
        open_store("oracle://host")
    with pytest.raises(InvalidInputError, match="is no address"):
        el.open_store("/data/stores")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:hunter2@host/db",
        "chroma+http://:hunter2@host:80",
        "qdrant+http://host?api_key=hunter2",
        "postgresql://host/db?password=hunter2",
        "host ada:hunter2@",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_shown(address):
    with pytest.raises(InvalidInputError) as said:
        parse_address(address)
    assert "hunter2" not in str(said.value)
