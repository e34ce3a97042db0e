"""The Duplicates page: a threshold whose effect shows at once, groups, members, what is taken away."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.duplicates import find_duplicates
from embedlab.exports import cleaned_table, removed_table

ROOT = Path(__file__).parents[1]
CONTENT = (
    "review,when\n"
    "The parcel is late,2026-01-01\n"
    "My card was declined,2026-01-02\n"
    " ,2026-01-03\n"
    "The parcel is very late,2026-01-04\n"
    "The parcel is late,2026-01-05\n"
    "the parcel is late!!,2026-01-06\n"
    "I love this shop,2026-01-07\n"
)


def open_page(content=CONTENT, **query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.switch_page("pages/1_Data.py").run()
    app.file_uploader[0].upload("reviews.csv", content.encode(), "text/csv").run()
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page("pages/3_Duplicates.py").run()


def counts(app):
    assert not app.exception
    return {metric.label: int(metric.value.replace(",", "")) for metric in app.metric}


def test_the_threshold_is_followed_at_once():
    app = open_page()
    strict = counts(app)
    assert strict["Rows"] == 6
    app.slider(key="threshold").set_value(0.8).run()
    loose = counts(app)
    assert loose["Rows removed"] == 3 >= strict["Rows removed"] > 0
    assert loose["Groups"] == 1
    curve = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert curve["layout"]["shapes"][0]["x0"] == 0.8


def test_exact_and_same_words():
    assert counts(open_page(alike="Exactly the same"))["Rows removed"] == 1
    assert counts(open_page(alike="Same words"))["Rows removed"] == 2


def test_a_selected_group_shows_what_is_kept():
    app = open_page(alike="Same words", keep="The longest text")
    groups = app.dataframe[0].value
    assert groups["rows"].tolist() == [3]
    assert groups["kept"].tolist() == ["the parcel is late!!"]
    key = re.search(r"groups-[-\d]+", app.dataframe[0].proto.id).group()
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    members = app.dataframe[1].value
    assert members["stays"].tolist() == [True, False, False]
    assert members["review"].iloc[0] == "the parcel is late!!"


def test_the_newest_by_a_column():
    app = open_page(alike="Exactly the same", keep="The largest or newest by a column")
    assert not app.exception
    assert next(box for box in app.selectbox if box.label == "Column").value == "when"
    assert len(app.get("download_button")) == 4


@pytest.mark.parametrize("content", ["text\nonly one\n", "text\nthe cat\nstock prices fell\n"])
def test_no_duplicates_is_an_empty_state(content):
    app = open_page(content)
    assert counts(app)["Rows removed"] == 0
    assert "No duplicates here" in app.info[0].value
    assert not app.get("download_button")


def test_blank_rows_stay_in_the_cleaned_table():
    """What the downloads hold: all rows but the removed ones, and these with their group."""
    frame = pd.DataFrame({"text": ["a", " ", "b", "a", "a"], "group": list("vwxyz")})
    rows = pd.Index([0, 2, 3, 4]).to_numpy()
    groups = find_duplicates(["a", "b", "a", "a"], [[1, 0], [0, 1], [1, 0], [1, 0]]).at(1.0)
    kept = groups.keep("last")
    assert cleaned_table(frame, rows, kept)["group"].tolist() == ["w", "x", "z"]
    removed = removed_table(frame, rows, groups, kept)
    assert removed["group"].tolist() == ["v", "y"]
    assert removed["group_2"].tolist() == [1, 1]
    assert removed["duplicate_of"].tolist() == ["a", "a"]
