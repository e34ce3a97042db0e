"""The Dimensions page: what is tried, the curve, the sentence, the files, and what it says when one is missing."""

import pytest
from page_app import figure, go, open_page, press, said, table

STATIC = "static-all-MiniLM-L6-v2"
ALT = "Figures and prices of all vectors, the smallest first"


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    """Speeds are taken from one short stretch."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)


def page(**query):
    return open_page("Dimensions", **{"dataset": "sentence_pairs", "model": STATIC, **query})


def box(app):
    return next(each for each in app.multiselect if each.key.startswith("vectors:"))


def test_nothing_is_computed_before_it_is_asked_for():
    app = page(vectors="dim64,binary")
    assert not app.exception
    assert not app.get("plotly_chart")
    press(app, "Measure")
    assert not app.exception
    assert not app.error
    assert app.query_params["run"] == "1"
    assert table(app, ALT)["vectors"].tolist() == [
        "binary vectors",
        "first 64 dimensions",
        "full vectors",
    ]


def test_some_twenty_are_suggested_and_kept_out_of_the_address():
    app = page(dataset="support_messages")
    assert len(box(app).value) >= 12
    assert "vectors" not in app.query_params
    box(app).set_value(["dim64"]).run()
    assert app.query_params["vectors"] == "dim64"
    go(go(app, "Data"), "Dimensions")
    assert box(app).value == ["dim64"]


def test_a_link_brings_what_means_something():
    app = page(dataset="support_messages", vectors="dim64,nonsense,pca32~int8,,dim64", run="1")
    assert not app.exception
    assert box(app).value == ["dim64", "pca32~int8"]
    assert len(table(app, ALT)) == 3


def test_the_verdict_the_curve_and_the_table_say_the_same():
    app = page(vectors="dim128,dim32,binary", run="1")
    rows = table(app, ALT)
    names = [trace.get("name") for trace in figure(app)["data"]]
    assert {"First dimensions", "Fewer bits", "Full vectors"} <= set(names)
    assert len(rows) == 4
    assert rows["bytes"].tolist() == [32, 128, 512, 1024]
    level = rows[rows["told apart"] != "yes"].iloc[0]
    assert f"**{level['vectors']}**" in said(app)


def test_what_is_typed_and_means_nothing_is_answered_in_a_sentence():
    app = page(vectors="dim64", run="1")
    box(app).set_value(["dim64", "tiny"]).run()
    assert not app.exception
    assert "is no way to compress" in app.error[0].value


def test_more_dimensions_than_there_are_is_a_sentence():
    app = page(vectors="dim1000", run="1")
    assert not app.exception
    assert "cannot be left" in app.error[0].value


@pytest.mark.parametrize("dataset", ["support_messages", "refrigerators"])
def test_labels_and_questions(dataset):
    app = page(dataset=dataset, vectors="dim64,float16,binary", run="1")
    assert not app.exception
    assert not app.error
    assert len(table(app, ALT)) == 4


def test_without_anything_known_it_goes_by_neighbours():
    app = page(dataset="support_messages", known="texts", vectors="dim128,binary", run="1")
    assert not app.exception
    assert "Nothing is known about these texts" in said(app)
    rows = table(app, ALT).set_index("vectors")
    assert rows["Agreement"].isna().to_dict() == {
        "binary vectors": False,
        "first 128 dimensions": False,
        "full vectors": True,  # the others are held against them
    }


def test_nothing_chosen_and_no_model():
    app = page()
    box(app).set_value([]).run()
    assert "Choose a compression" in app.info[0].value
    app = page(model="tf-idf")
    assert not app.exception
    assert "no dimensions that could be left out" in app.info[0].value


def test_what_is_taken_away_is_that_of_the_chosen_vectors():
    """The smallest that is good enough at first; a file of what was fitted only where something was."""
    app = page(vectors="pca32~int8,dim64", run="1", dataset="support_messages")
    options = app.selectbox(key="taken").options
    app.selectbox(key="taken").set_value(next(each for each in options if "PCA" in each)).run()
    assert not app.exception
    files = {button.label: button for button in app.get("download_button")}
    assert {"Vectors (npy)", "Vectors (Parquet)", "Fitted (npz)", "Table CSV"} <= set(files)
    program = app.code[0].value
    assert 'np.load("pca32-int8.npz")' in program
    assert "SentenceTransformer" in program
    app.selectbox(key="taken").set_value(next(each for each in options if "first 64" in each)).run()
    assert "Fitted (npz)" not in [button.label for button in app.get("download_button")]
    assert "rows[:, :64]" in app.code[0].value
