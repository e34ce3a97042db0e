"""The Classification page: figures, the matrix that is clicked, likely wrong labels, typed and unlabelled texts."""

import pandas as pd
import pytest
from page_app import figure, metrics, open_page, said, uploaded
from streamlit.typing import PlotlyState

from embedlab.classification import classify
from embedlab.exports import classification_table

FRUIT = ["a ripe apple", "green apples", "a sweet pear", "bananas and cherries", "fresh plums", "an orange"]
TOOLS = ["a steel hammer", "two nails", "a cordless drill", "a hand saw", "pliers and wrenches", "a screwdriver"]


def own_file(rows):
    """Open the page with a file of texts and their kinds."""
    content = pd.DataFrame(rows, columns=["text", "kind"]).to_csv(index=False).encode()
    return open_page("Classification", dataset=uploaded("mine.csv", content), text="text", label="kind")


def look_at(app, view):
    app.segmented_control(key="labels_view").set_value(view).run()
    assert not app.exception
    return app


def test_figures_and_the_matrix():
    app = open_page("Classification")
    assert not app.exception
    shown = metrics(app)
    assert 80 < float(shown["Accuracy"].rstrip("%")) < 100
    assert float(shown["Baseline"].rstrip("%")) < 20
    assert "95 % interval of the accuracy" in said(app)
    *heatmaps, clicked = figure(app)["data"]  # cells with dark and with bright numbers
    assert ({each["type"] for each in heatmaps}, clicked["type"]) == ({"heatmap"}, "scatter")
    assert "Click a cell" in said(app)


def test_a_clicked_cell_lists_its_texts():
    app = open_page("Classification")
    point = {"customdata": [2, 2], "point_index": 0, "x": 2, "y": 2}
    app.session_state["confusion"] = PlotlyState(
        {"selection": {"points": [point], "point_indices": [0], "box": [], "lasso": []}}
    )
    app.run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["label"].nunique() == table["predicted"].nunique() == 1
    assert table["label"].tolist() == table["predicted"].tolist()
    assert app.main.subheader[0].value.startswith(f"{len(table)} labelled")


def test_confidently_wrong_rows_come_first():
    app = look_at(open_page("Classification"), "Confidently wrong")
    table = app.dataframe[0].value
    assert (table["label"] != table["predicted"]).all()
    assert (table["probability"] - table["given"]).is_monotonic_decreasing
    assert "label in the file is wrong" in said(app)


def test_each_label_has_its_figures():
    table = look_at(open_page("Classification"), "By label").dataframe[0].value
    assert len(table) == 12
    assert table[["precision", "recall", "f1"]].to_numpy().max() <= 1


def test_typed_texts_get_a_label():
    app = look_at(open_page("Classification"), "Predict")
    assert not app.dataframe
    app.text_area(key="typed").set_value("I forgot my password\n\n  \nWhere is my parcel?").run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["text"].tolist() == ["I forgot my password", "Where is my parcel?"]
    assert table["predicted"].nunique() == 2


def test_unlabelled_texts_get_a_label_and_a_lonely_one_is_said():
    rows = [*((text, "fruit") for text in FRUIT), *((text, "tool") for text in TOOLS), ("a chisel and an axe", ""),
            ("a whale", "*animal*")]  # fmt: skip
    app = look_at(own_file(rows), "Unlabelled")
    table = app.dataframe[0].value.set_index("text")
    assert table.loc["a chisel and an axe", "predicted"] == "tool"
    assert table.loc["a whale", "label"] == "*animal*"
    assert r"only one text has it as its label: \*animal\*" in said(app)


def test_without_a_label_column_the_way_is_said():
    app = open_page("Classification", dataset="sentence_pairs")
    assert not app.exception
    assert "Choose a label column in the panel on the left" in app.info[0].value


@pytest.mark.parametrize(
    "rows", [[("one", "x")], [("one", "x"), ("two", "y")], [("one", ""), ("two", ""), ("three", "")]]
)
def test_too_few_rows_are_said_plainly(rows):
    app = own_file(rows)
    assert not app.exception
    assert "Choose another label column, or label more rows" in app.error[0].value.replace("\\", "")


def test_the_download_has_every_row():
    frame = pd.DataFrame({"text": list("abcdef"), "prediction": "old"})
    found = classify([[1, 0], [1, 0.1], [1, 0.2], [0, 1], [0.1, 1], [0.2, 1]], ["a", "a", "b", "b", "b", ""])
    table = classification_table(frame, found)
    assert table.columns.tolist() == ["text", "prediction", "prediction_2", "probability", "suspect"]
    assert len(table) == 6
    assert table["suspect"].tolist() == found.is_suspect.tolist()
    assert not table["suspect"].iloc[5]


def test_rows_that_know_of_each_other_are_held_out_together():
    """By a column and by their letters; the address says so, and a link brings it back."""
    rows = [(text + end, kind, text) for kind, texts in (("fruit", FRUIT), ("tool", TOOLS)) for text in texts
            for end in ("", "!", " ...")]  # fmt: skip
    content = pd.DataFrame(rows, columns=["text", "kind", "ticket"]).to_csv(index=False).encode()
    dataset = uploaded("mine.csv", content)
    app = open_page("Classification", dataset=dataset, text="text", label="kind")
    assert "Held out together" not in said(app)
    app.selectbox(key=f"group:{dataset}").set_value("ticket").run()
    assert "Held out together by ticket: 12 groups of 36 texts" in said(app)
    assert app.query_params["group"] == "ticket"
    app.selectbox(key=f"group:{dataset}").set_value("kind").run()
    assert "nothing is left to learn them from and they count as wrong: fruit, tool." in said(app)
    linked = open_page("Classification", dataset=dataset, text="text", label="kind", near="1")
    assert not linked.exception
    assert linked.toggle(key=f"near:{dataset}").value
    assert "Held out together by near-duplicate: 12 groups of 36 texts" in said(linked).replace("\\", "")
    linked.toggle(key=f"near:{dataset}").set_value(False).run()
    assert "Held out together" not in said(linked)
    assert "near" not in linked.query_params


BOTH = ["apples and a hammer", "a saw for pear trees", "a plum on a nail", "pliers for cherries"]


def test_a_column_of_several_labels_is_learned_label_by_label():
    """No combination is a class, missing and surplus labels are listed, and a link to the confusions opens as well."""
    rows = [*((text, "fruit") for text in FRUIT), *((text, "tool") for text in TOOLS),
            *((text, "fruit;tool") for text in [*BOTH, "a wrench"]), ("a chisel and an axe", "")]  # fmt: skip
    content = pd.DataFrame(rows, columns=["text", "kind"]).to_csv(index=False).encode()
    chosen = {"dataset": uploaded("mine.csv", content), "text": "text", "label": "kind"}
    app = open_page("Classification", **chosen, labels_view="Confusions")
    assert not app.exception
    assert "The cells of this column list several labels. Each label is learned on its own" in said(app)
    shown = metrics(app)
    assert "Accuracy" not in shown
    assert 0.5 < float(shown["Mean overlap"]) <= 1
    assert (shown["Learned from"], shown["Without a label"]) == ("17", "1")
    assert "Confusions" not in app.segmented_control(key="labels_view").options
    table = look_at(app, "By label").dataframe[0].value.set_index("label")
    assert table["texts"].to_dict() == {"fruit": 11, "tool": 11}
    table = look_at(app, "Confidently wrong").dataframe[0].value
    assert len(table)
    assert (table["missing"] + table["surplus"]).isin(["fruit", "tool"]).all()
    assert "fruit" in table.set_index("text").loc["a wrench", "surplus"]
    table = look_at(app, "Unlabelled").dataframe[0].value
    assert table[["text", "predicted"]].to_numpy().tolist() == [["a chisel and an axe", "tool"]]
    look_at(app, "Predict").text_area(key="typed").set_value("a red apple\na small hammer").run()
    assert not app.exception
    assert app.dataframe[0].value["predicted"].tolist() == ["fruit", "tool"]
