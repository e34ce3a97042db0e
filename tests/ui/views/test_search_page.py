"""The Search page: its ways, what can be done with a hit, many queries, and small or odd tables."""

import pandas as pd
import pytest
from page_app import arrays_header, messages, open_page, said, uploaded

QUERY = "I forgot my password"


def select(app, row, number=0):
    """Select a row of a table of hits, as the browser reports it."""
    key = app.dataframe[number].proto.id.split("-", 2)[2]
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return app.run()


def click(app, key):
    return app.button(key=key).click().run()


def map_names(app):
    """The names that are written on the map, from what is said of its colours."""
    return next(about["written"] for about in map(arrays_header, app.get("bidi_component")) if "written" in about)


@pytest.fixture
def small():
    """A table whose own columns are called as those of the page."""
    content = "text,score,found\nLABO-288-PRO hums,1,a\nThe fridge is too loud,2,b\nLABO 288 GLASS door,3,c\n"
    return uploaded("small.csv", content.encode())


def test_words_find_an_exact_id_first(small):
    app = open_page("Search", dataset=small, text="text", query="labo-288-pro", by="Words")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["found text"].tolist() == ["LABO-288-PRO hums", "LABO 288 GLASS door"]
    assert table["score (file)"].tolist() == ["1", "3"]
    app.text_input(key="query").set_value("xylophone").run()
    assert "No text holds a word" in app.info[0].value


def test_a_column_of_the_file_called_selected_is_no_mark():
    marked = uploaded("marked.csv", b"text,selected\nthe parcel is late,yes\nthe lamp is broken,no\n")
    app = open_page("Search", dataset=marked, text="text", query="parcel", by="Words")
    assert app.dataframe[0].value["selected"].tolist() == ["yes"]
    assert "checkbox" not in app.dataframe[0].proto.columns
    click(app, "select-hits")
    table = app.dataframe[0].value
    assert (table["selected"].tolist(), table["selected (file)"].tolist()) == ([True], ["yes"])
    assert "checkbox" in app.dataframe[0].proto.columns


def test_both_tells_the_ranks_and_follows_the_slider():
    app = open_page("Search", query=QUERY, by="Both")
    table = app.dataframe[0].value
    assert table["score"].is_monotonic_decreasing
    assert {"by words", "by meaning"} <= set(table.columns)
    app.slider(key="weight").set_value(0.0).run()
    assert app.dataframe[0].value["by words"].tolist() == list(range(1, 11))
    app.slider(key="weight").set_value(1.0).run()
    assert app.dataframe[0].value["by meaning"].tolist() == list(range(1, 11))


def test_side_by_side_marks_what_one_way_alone_has_found():
    app = open_page("Search", query="my parcel is late", by="Side by side")
    assert not app.exception
    words, both, meaning = (table.value for table in app.dataframe)
    only = set(words["found text"]) - set(meaning["found text"])
    assert set(words["found text"][words["found"] == "● words only"]) == only
    assert set(meaning["found"]) <= {"both", "● meaning only"}
    assert len(both) == 10


def test_more_like_this_and_back_to_the_query():
    app = open_page("Search", query=QUERY)
    table = app.dataframe[0].value
    app = select(app, 1)
    text, row = table["found text"].iloc[1], table.index[1] + 1
    app = click(app, "like-Meaning")
    assert not app.exception
    assert f"Texts like row {row}" in said(app)
    assert text not in app.dataframe[0].value["found text"].tolist()
    assert map_names(app) == []
    app = click(app, "unlike")
    pd.testing.assert_frame_equal(app.dataframe[0].value, table)
    app = click(select(app, 1), "like-Meaning")
    app.text_input(key="query").set_value("another lamp").run()
    assert "Texts like row" not in said(app)


def test_the_words_that_carry_a_match_are_marked(small):
    app = select(open_page("Search", dataset=small, text="text", query="loud refrigerator"), 0)
    assert not app.exception
    assert ":violet-background[**" in said(app)
    assert "Nearest:" in said(app)


def test_without_token_vectors_nothing_is_marked():
    app = select(open_page("Search", query="password", model="tf-idf"), 0)
    assert not app.exception
    assert not messages(app)
    assert "no token vectors" in said(app)


def test_the_query_stands_on_the_map():
    app = open_page("Search", query=QUERY)
    (name,) = map_names(app)
    assert name["text"] == "your query"
    assert "estimate" in said(app)


def test_many_queries_from_a_file():
    app = open_page("Search", by="Both")
    app.number_input(key="top_k").set_value(3).run()
    app.file_uploader(key="queries_file").upload(
        "queries.txt", b"late parcel\n\nforgot; password\n", "text/plain"
    ).run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table.columns.tolist() == ["query", "rank", "score", "text"]
    assert table["query"].tolist() == ["late parcel"] * 3 + ["forgot; password"] * 3
    assert table["rank"].tolist() == [1, 2, 3, 1, 2, 3]
    app.file_uploader(key="queries_file").upload("queries.csv", b"\n\n", "text/csv").run()
    assert not app.exception
    assert "blank" in messages(app)[0]


@pytest.mark.parametrize("way", ["Words", "Both", "Side by side"])
def test_one_text(way):
    dataset = uploaded("one.csv", b"text\nonly one row\n")
    app = open_page("Search", dataset=dataset, query="row", by=way)
    assert not app.exception
    app = click(select(app, 0), f"like-{'Words' if way == 'Side by side' else way}")
    assert not app.exception
    assert not messages(app)
