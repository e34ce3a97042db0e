"""The Duplicates page: a threshold whose effect shows at once, groups, members, what is taken away."""

import re

import pandas as pd
import pytest
from page_app import figure, metrics, open_page, uploaded

from embedlab.duplicates import find_duplicates
from embedlab.encoders import TransformerEncoder
from embedlab.exports import cleaned_table, removed_table
from embedlab.ui.tasks import reading

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


def open_reviews(content=CONTENT, **query):
    """Load a file on the Data page, and open this one with it."""
    return open_page("Duplicates", dataset=uploaded("reviews.csv", content.encode()), **query)


def counts(app):
    assert not app.exception
    return {label: int(value.replace(",", "")) for label, value in metrics(app).items()}


def test_the_threshold_is_followed_at_once():
    app = open_reviews()
    strict = counts(app)
    assert strict["Rows"] == 6
    app.slider(key="threshold").set_value(0.8).run()
    loose = counts(app)
    assert loose["Rows removed"] == 3 >= strict["Rows removed"] > 0
    assert loose["Groups"] == 1
    curve = figure(app)
    assert curve["layout"]["shapes"][0]["x0"] == 0.8


def test_pairs_are_looked_for_from_lower_on_where_that_is_asked_for():
    """A link with a threshold of another page; the slider goes no lower than pairs are known."""
    app = open_reviews(threshold="0.5", floor="0.4")
    found = counts(app)
    assert (app.slider(key="threshold").value, app.slider(key="threshold").min) == (0.5, 0.4)
    assert found["Pairs"] >= 6
    app.segmented_control(key="floor").set_value("0.8").run()
    assert not app.exception
    assert app.slider(key="threshold").min == 0.8
    assert app.slider(key="threshold").value >= 0.8
    assert counts(app)["Pairs"] < found["Pairs"]


def test_exact_and_same_words():
    assert counts(open_reviews(alike="Exactly the same"))["Rows removed"] == 1
    assert counts(open_reviews(alike="Same words"))["Rows removed"] == 2


def test_a_selected_group_shows_what_is_kept():
    app = open_reviews(alike="Same words", keep="The longest text")
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
    app = open_reviews(alike="Exactly the same", keep="The largest or newest by a column")
    assert not app.exception
    assert next(box for box in app.selectbox if box.label == "Column").value == "when"
    assert len(app.get("download_button")) == 4


@pytest.mark.parametrize("content", ["text\nonly one\n", "text\nthe cat\nstock prices fell\n"])
def test_no_duplicates_is_an_empty_state(content):
    app = open_reviews(content)
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


def test_tokens_are_counted_once(monkeypatch):
    """Of all texts, which the pairs need; the warning looks at a sample of the same count."""
    counted = []
    unread = TransformerEncoder.unread

    def counting(self, texts, **options):
        counted.append(len(texts))
        return unread(self, texts, **options)

    rows = [f"{sign} is not known {number}" for number, sign in enumerate("猫👍犬👎" * 5)]
    monkeypatch.setattr(reading, "SAMPLED_TEXTS", 5)  # for the Data page
    dataset = uploaded("signs.csv", "\n".join(["review", *rows]).encode())
    monkeypatch.setattr(reading, "SAMPLED_TEXTS", 6)
    monkeypatch.setattr(TransformerEncoder, "unread", counting)
    app = open_page("Duplicates", dataset=dataset)
    assert not app.exception
    assert counted == [20]
