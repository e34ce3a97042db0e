"""The Similarity page with all texts: order, parts, boxes, cells, figures; and a clicked cell."""

import json

import pytest
from page_app import messages, open_page, said, uploaded
from streamlit.typing import PlotlyState


def chosen(**selection):
    """What a chart tells of a selection in the browser."""
    return PlotlyState({"selection": {"points": [], "point_indices": [], "box": [], "lasso": [], **selection}})


def chart(app, key):
    """The figure of the chart with this key."""
    (found,) = [element for element in app.get("plotly_chart") if element.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.spec)


def shape(trace):
    return tuple(int(n) for n in trace["z"]["shape"].split(","))


def test_all_texts_are_an_image_ordered_by_cluster_with_figures_below():
    app = open_page("Similarity", matrix_texts="All texts")
    assert not app.exception
    assert not messages(app)
    overview = chart(app, "overview")
    n_texts = shape(overview["data"][0])[0]
    assert n_texts > 300
    assert len(overview["layout"]["shapes"]) == 2 * (len(app.dataframe[0].value) - 1)
    assert overview["layout"]["annotations"]
    assert f"{n_texts * (n_texts - 1) // 2:,} pairs" in " ".join(caption.value for caption in app.caption)
    assert chart(app, "cosines")["data"][0]["type"] == "bar"
    (sentence,) = [text.value for text in app.markdown if "same cluster" in text.value]
    assert "nearer" in sentence
    assert app.dataframe[0].value["texts"].sum() == n_texts


def test_order_by_label_or_as_in_the_table():
    app = open_page("Similarity", matrix_texts="All texts", matrix_order="Label")
    assert any("same label" in text.value for text in app.markdown)
    app.segmented_control(key="matrix_order").set_value("Table").run()
    assert not app.exception
    assert "shapes" not in chart(app, "overview")["layout"]
    assert not [box for box in app.selectbox if box.key == "rows_of"]


def test_two_groups_are_cells_with_their_texts():
    app = open_page("Similarity", matrix_texts="All texts", matrix_order="Label")
    names = app.selectbox(key="rows_of").options[1:]
    sizes = app.dataframe[0].value.set_index("group")["texts"]
    app.selectbox(key="rows_of").set_value(names[0])
    app.selectbox(key="columns_of").set_value(names[1]).run()
    assert not app.exception
    heatmap = chart(app, "matrix")
    assert shape(heatmap["data"][0]) == (sizes[names[0]], sizes[names[1]])
    assert len(heatmap["layout"]["yaxis"]["ticktext"]) == sizes[names[0]]


def test_a_box_leads_into_the_image_and_a_button_back():
    app = open_page("Similarity", matrix_texts="All texts")
    app.session_state["overview"] = chosen(box=[{"x": [10.2, 49.7], "y": [-5, 19.5]}])
    app.run()
    assert not app.exception
    assert shape(chart(app, "matrix")["data"][0]) == (20, 40)
    app.button(key="overview_back").click().run()
    assert chart(app, "overview")
    assert not [button for button in app.button if button.key == "overview_back"]


def test_a_clicked_cell_shows_its_two_texts_with_cosine_and_places():
    app = open_page("Similarity")
    matrix = chart(app, "matrix")
    assert "Click a cell" in " ".join(caption.value for caption in app.caption)
    app.session_state["matrix"] = chosen(points=[{"x": 3, "y": 4}], point_indices=[0])
    app.run()
    assert not app.exception
    pair = app.dataframe[0].value
    assert pair["First text"][0].startswith(matrix["layout"]["yaxis"]["ticktext"][4][:20])
    assert pair["Second text"][0].startswith(matrix["layout"]["xaxis"]["ticktext"][3][:20])
    shown = {metric.label: metric.value for metric in app.metric}
    assert 0 < float(shown["Cosine of the two"]) < 1
    assert shown["Place of the second text"].endswith(" of 305")
    app.session_state["matrix"] = chosen(points=[{"x": 4, "y": 4}], point_indices=[0])
    app.run()
    assert any("with itself" in caption.value for caption in app.caption)


@pytest.mark.parametrize("n_texts", [1, 2, 3])
def test_all_of_very_few_texts(n_texts):
    content = "text\n" + "\n".join(f"this is sentence {i}" for i in range(n_texts))
    dataset = uploaded("few.csv", content.encode())
    app = open_page("Similarity", dataset=dataset, matrix_texts="All texts")
    assert not app.exception
    assert not app.error
    if n_texts > 1:
        assert shape(chart(app, "matrix")["data"][0]) == (n_texts, n_texts)


def test_a_label_column_without_groups_is_said():
    rows = "\n".join(f"number {i} of many,{i}" for i in range(1001))
    dataset = uploaded("ids.csv", f"text,id\n{rows}".encode())
    app = open_page("Similarity", dataset=dataset, label="id", matrix_texts="All texts", matrix_order="Label")
    assert not app.exception
    assert "different values" in messages(app)[0]


THUMBS = ["Great! 👍", "Great! 👎", "great 👍", "The parcel is late.", "Where is my money?", "Great! 👍"]


def thumbs():
    return uploaded("thumbs.csv", "\n".join(["text", *THUMBS]).encode())


def test_pairs_that_differ_in_what_is_not_read_are_marked():
    """Thumbs are unknown to the model: up and down have one vector, and so have up and up, which are the same."""
    app = open_page("Similarity", dataset=thumbs(), text="text")
    assert not app.exception
    assert "cannot tell" not in " ".join(messages(app))
    most = app.dataframe[0].value
    pairs = [frozenset(pair) for pair in zip(most["First text"], most["Second text"], strict=True)]
    marks = dict(zip(pairs, most["Not read"], strict=True))
    assert most["cosine"][:3].round(3).tolist() == [1, 1, 1]
    assert set(marks[frozenset(THUMBS[:2])].split(" and ")) == {"“👍”", "“👎”"}
    assert marks[frozenset(["Great! 👍"])] == marks[frozenset(["Great! 👍", "great 👍"])] == ""
    least = app.dataframe[1].value
    assert (
        least["Not read"]
        .isin(["“👍” of the first", "“👍” of the second", "“👎” of the first", "“👎” of the second", ""])
        .all()
    )
    assert "Not read" not in open_page("Similarity").dataframe[0].value


def test_two_typed_sentences_that_differ_in_what_is_not_read():
    app = open_page("Similarity", first="Great! 👍", second="Great! 👎")
    assert app.metric[0].value == "1.000"
    assert "does not read “👍” and “👎”" in said(app)
    app.text_input(key="second").set_value("Great! 👍").run()
    assert "does not read" not in said(app)


def test_a_clicked_cell_says_what_is_not_read():
    app = open_page("Similarity", dataset=thumbs(), text="text", ordered="false")
    app.session_state["matrix"] = chosen(points=[{"x": 1, "y": 0}], point_indices=[0])
    app.run()
    assert "does not read “👍” and “👎”" in said(app)
    app.session_state["matrix"] = chosen(points=[{"x": 5, "y": 0}], point_indices=[0])
    app.run()
    assert "does not read" not in said(app)
