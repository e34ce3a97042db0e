"""Many queries: read from a file, their hits as a table, and a query's place on a map."""

import numpy as np
import pytest

from embedlab.errors import InvalidInputError, TableError
from embedlab.exports import hits_table
from embedlab.projection import Projection
from embedlab.search import FusedHit, LexicalIndex, read_queries, search_by


def test_a_text_file_has_one_query_a_line(tmp_path):
    path = tmp_path / "queries.txt"
    path.write_text('late, parcel; "now"\n\n  \nsecond\n', encoding="utf-8")
    assert read_queries(path) == ['late, parcel; "now"', "second"]
    assert read_queries(path.read_bytes(), name="q.TXT") == read_queries(path)


def test_a_table_has_a_column_of_queries():
    assert read_queries(b"id,query\n1,late parcel\n2,\n3,refund please\n", name="q.csv") == [
        "late parcel",
        "refund please",
    ]
    assert read_queries(b"id\nLABO-288\nLABO-100\n", name="q.csv") == ["LABO-288", "LABO-100"]


def test_files_without_queries_say_so():
    with pytest.raises(TableError, match="blank"):
        read_queries(b"\n\n", name="q.txt")
    with pytest.raises(InvalidInputError, match="q.txt holds no query"):
        read_queries("\u200b\n\u200b\n".encode(), name="q.txt")


def test_hits_become_a_table_in_which_no_query_is_missing():
    found = [[FusedHit(1, 0.9, (1, None)), FusedHit(0, 0.5, (2, None))], []]
    table = hits_table(["a", "b"], ["first", "second"], found)
    assert table["query"].tolist() == ["first", "first", "second"]
    assert table["text"].tolist()[:2] == ["b", "a"]
    assert table["rank"].tolist()[:2] == [1, 2]
    assert table["rank"].isna().tolist() == [False, False, True]


def test_a_way_without_its_index_is_refused():
    words = LexicalIndex(["one"])
    assert search_by("words", words, None, "one", [0.0]) == [FusedHit(0, pytest.approx(0.115, abs=1e-3), (1, None))]
    for by in ("meaning", "both", "nonsense"):
        with pytest.raises(InvalidInputError, match=f"by='{by}'"):
            search_by(by, words, None, "one", [1.0])


def test_the_place_of_a_query_is_the_weighted_mean_of_its_neighbours():
    """Weights 0.75 and 0.25 between (0, 0) and (4, 8); what is opposed does not count."""
    projection = Projection(np.array([[0, 0], [4, 8], [99, 99]], dtype=np.float32), {1: 1.0}, "umap")
    assert projection.estimate_place([0, 1, 2], [0.75, 0.25, -1]).tolist() == [1, 2]
    assert projection.estimate_place([0, 1], [-0.5, 0]).tolist() == [2, 4]
    with pytest.raises(InvalidInputError, match="at least one neighbour"):
        projection.estimate_place([], [])
    with pytest.raises(InvalidInputError, match="1 rows and 2 similarities"):
        projection.estimate_place([0], [1, 2])
