"""One selection for all pages, the filter of the panel, and groups made of what is selected."""

import numpy as np
import pytest
from page_app import open_page

from embedlab.datasets import Filter, group_column, matching_rows
from embedlab.errors import InvalidInputError
from embedlab.ui.parts import downloads
from embedlab.ui.tasks import services

COLUMNS = {
    "text": ["Late parcel", "PARCEL lost", "refund", ""],
    "topic": ["delivery", "delivery", "money", ""],
    "n": ["1", "2", "3", ""],
    "price": [str(value) for value in range(4)],
}


def rows(*filters):
    return matching_rows(COLUMNS, filters).tolist()


def test_filters_by_hand():
    assert rows() == [0, 1, 2, 3]
    assert rows(Filter("text", contains="parcel")) == [0, 1]
    assert rows(Filter("topic", values=("money", ""))) == [2, 3]
    assert rows(Filter("text", contains="parcel"), Filter("n", values=("2", "3"))) == [1]


def test_a_range_takes_its_ends_and_leaves_blanks_out():
    numbers = {"n": [*map(str, range(20)), "", "19.5"]}
    assert matching_rows(numbers, [Filter("n", limits=(18, 19))]).tolist() == [18, 19]
    days = {"day": [f"2026-01-{day:02d}" for day in range(1, 21)]}
    second = np.datetime64("2026-01-02", "s").astype(int)
    assert matching_rows(days, [Filter("day", limits=(second, second))]).tolist() == [1]
    with pytest.raises(InvalidInputError, match="more than numbers"):
        rows(Filter("topic", limits=(0, 1)))
    with pytest.raises(InvalidInputError, match="no column 'colour'"):
        rows(Filter("colour", contains="red"))


def test_groups_are_a_column():
    groups = {"urgent": np.array([0, 2]), "to read": np.array([2])}
    assert group_column(groups, 4) == ["urgent", "", "urgent; to read", ""]
    assert group_column({}, 2) == ["", ""]


def select(app, *rows):
    app.session_state["map-2d"] = {"selection": {"id": str(rows), "steps": [{"mode": "replace", "rows": list(rows)}]}}
    return app.run()


def told(app):
    return next(text.value for text in app.sidebar.markdown if "selected" in text.value)


def test_what_is_selected_on_the_map_is_in_the_panel_of_every_page_and_in_the_address():
    app = select(open_page("Clusters"), 3, 5)
    assert told(app) == "**2** of 306 texts selected"
    link = app.query_params["selected"]
    app.switch_page("pages/5_Search.py").run()
    assert told(app) == "**2** of 306 texts selected"
    other = open_page("Search", selected=link[0] if isinstance(link, list) else link)
    assert told(other) == "**2** of 306 texts selected"
    other.button(key="clear-selected").click().run()
    assert "selected" not in other.query_params


def test_a_link_to_a_selection_that_is_gone_says_so():
    app = open_page("Search", selected="nothing")
    assert "no longer" in app.warning[0].value
    assert not app.exception


def test_a_selection_becomes_a_group_and_a_filter():
    app = select(open_page("Clusters"), 3, 5, 8)
    app.text_input(key="group-name").set_value("to read").run()
    app.button(key="put-into-group").click().run()
    assert app.selectbox(key="group").options == ["to read · 3"]
    app.button(key="clear-selected").click().run()
    app.button(key="select-group").click().run()
    assert told(app) == "**3** of 306 texts selected"
    app.button(key="drop-group").click().run()
    assert not app.exception
    assert told(app) == "**3** of 306 texts selected"


def test_the_filter_is_counted_on_every_page():
    app = open_page("Clusters", contains="password")
    shown = next(text.value for text in app.sidebar.caption if "pass the filter" in text.value)
    n_passing = int(shown.split("**")[1])
    assert 0 < n_passing < 306
    app.switch_page("pages/5_Search.py").run()
    assert shown in [text.value for text in app.sidebar.caption]


def test_groups_go_out_with_every_table(monkeypatch):
    """By the row they stand in, whichever rows a table holds and in whatever order."""
    corpus = services.datasets().get("support_messages").corpus("text")
    monkeypatch.setattr(downloads.groups, "of", lambda corpus: {"urgent": np.array([0, 2])})
    table = downloads.with_groups(corpus, lambda: corpus.frame.iloc[[2, 1, 0]])()
    assert table["group"].tolist() == ["urgent", "", "urgent"]
    file = downloads.table_files("some", lambda: table)["CSV"]
    assert file.name == "some.csv"
    assert b'"urgent"' in file.make()


def test_clusters_are_renamed_merged_and_split_by_hand():
    app = open_page("Clusters", k_by="Chosen", k="4")
    app.text_input(key="edit-name").set_value("  Late   parcels ").run()
    app.button(key="apply-edit").click().run()
    assert cluster_names(app)[0] == "Late parcels"
    app.segmented_control(key="edit-kind").set_value("Merge").run()
    assert app.button(key="apply-edit").disabled
    app.multiselect(key="edit-merged").set_value([1, 2]).run()
    app.button(key="apply-edit").click().run()
    assert not app.exception
    assert len(cluster_names(app)) == 3
    app.button(key="undo-edit").click().run()
    assert len(cluster_names(app)) == 4
    app.segmented_control(key="edit-kind").set_value("Split").run()
    app.button(key="apply-edit").click().run()
    assert len(cluster_names(app)) == 5
    assert any("split 0 into 2" in caption.value for caption in app.caption)


def cluster_names(app):
    return app.dataframe[0].value["cluster"].tolist()


def test_texts_can_be_filtered_by_cluster_and_the_counts_follow():
    app = open_page("Clusters", k_by="Chosen", k="4")
    sizes = dict(zip(cluster_names(app), app.dataframe[0].value["texts"], strict=True))
    digest = services.datasets().get("support_messages").corpus("text").digest
    app.multiselect(key=f"filter:{digest}").set_value(["Cluster (found)"]).run()
    name = cluster_names(app)[1]
    app.multiselect(key=f"filter:{digest}:Cluster (found)").set_value([name]).run()
    assert f"**{sizes[name]}** of 306 texts pass" in " ".join(text.value for text in app.sidebar.caption)
    assert app.dataframe[0].value["texts"].tolist() == [sizes[name] if other == name else 0 for other in sizes]
    # Other clusters have other names: nothing is left to filter by, and nothing breaks.
    app.slider(key="k").set_value(9).run()
    app.run()
    assert not app.exception
