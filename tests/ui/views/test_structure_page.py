"""The views of the structure of texts on the Clusters page."""

import pytest
from page_app import drawn_maps, open_page, uploaded


def test_hierarchy_is_cut_where_the_slider_says():
    app = open_page("Clusters", method="Hierarchy", k_by="Chosen", k="4")
    assert len(app.dataframe[0].value) == 4
    assert not app.exception
    app.slider(key="k").set_value(9).run()
    table = app.dataframe[0].value
    assert len(table) == 9
    assert table["cluster"].is_unique
    assert table["texts"].is_monotonic_decreasing
    app.segmented_control(key="view").set_value("How many?").run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1


def test_hdbscan_leaves_texts_in_no_cluster():
    app = open_page("Clusters", method="HDBSCAN", smallest_by="Chosen", smallest="8")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["cluster"].iloc[-1] == "no cluster"
    assert table["silhouette"].isna().tolist() == [False] * (len(table) - 1) + [True]
    for view in ("How many?", "Against the labels", "Outliers"):
        app.segmented_control(key="view").set_value(view).run()
        assert not app.exception
    app.slider(key="smallest").set_value(500).run()
    assert not app.exception
    assert "500" in app.error[0].value


def test_outliers_are_listed_and_marked():
    app = open_page("Clusters", view="Outliers")
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) == 20
    assert table["distance"].between(0, 2).all()
    assert table["isolation"].mean() > 1
    assert drawn_maps(app) == 2
    app.slider(key="n_outliers").set_value(40).run()
    assert len(app.dataframe[0].value) == 40


def test_stability_is_measured_when_asked_for_and_stays():
    app = open_page("Clusters", view="Stability", k_by="Chosen", k="3")
    assert not app.dataframe
    app.button(key="stability").click().run()
    table = app.dataframe[0].value
    assert set(table["verdict"]) <= {"stable", "doubtful", "do not believe"}
    assert table["comes back"].between(0, 1).all()
    app.run()
    assert app.dataframe[0].value.equals(table)
    app.slider(key="k").set_value(4).run()
    assert not app.dataframe
    assert not app.exception


def test_three_maps_with_their_trustworthiness():
    app = open_page("Clusters", view="Three maps")
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    captions = [caption.value for caption in app.caption]
    assert sum(caption.startswith("Trustworthiness 0.") for caption in captions) == 3
    assert any("mean little" in caption and "t-SNE" in caption for caption in captions)


@pytest.mark.parametrize("method", ["Hierarchy", "HDBSCAN"])
@pytest.mark.parametrize("content", [b"text\none\n", b"text\none\ntwo\nthree\n", b"text\n" + b"same\n" * 5])
def test_one_to_three_texts_in_every_view(method, content):
    app = open_page("Clusters", dataset=uploaded("small.csv", content), method=method)
    for view in ("Clusters", "How many?", "Outliers", "Stability", "Three maps"):
        app.segmented_control(key="view").set_value(view).run()
        assert not app.exception
        assert not app.error
    app.segmented_control(key="view").set_value("Stability").run()
    if method == "Hierarchy":
        app.button(key="stability").click().run()
        assert not app.exception
        assert len(app.dataframe) == 1
