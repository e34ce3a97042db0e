"""The Compare page: what is chosen, what is said of it, and what it says when something is missing."""

import threading

import pytest
from page_app import figure, open_page, press, said
from streamlit.testing.v1 import AppTest

from embedlab.ui.tasks import comparing
from embedlab.ui.views.compare import scores


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    """Speeds are taken from one short stretch."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)


def test_nothing_is_computed_before_it_is_asked_for():
    app = open_page("Compare")
    assert not app.exception
    assert len(app.dataframe) == 0
    press(app, "Compare")
    assert "comes first" in said(app)
    assert "is not how the model was trained" in said(app)
    table = app.dataframe[0].value
    assert len(table) == 4
    assert table["Probe accuracy"].is_monotonic_decreasing
    assert app.query_params["run"] == "1"


def test_the_first_figures_are_there_before_the_last_model(fresh_server, monkeypatch):
    """The last model is loaded only when the figures of the others have been shown."""
    seen, is_shown = [], threading.Event()
    load, show = comparing.load_candidate, scores.show_so_far

    def load_late(candidate, gold):
        assert is_shown.wait(60), "no figures came before the last model"
        return load(candidate, gold)

    def note(found):
        seen.append(([result.candidate.model for result in found.results], found.n_missing))
        show(found)
        is_shown.set()

    first = open_page("Compare", candidates="static-all-MiniLM-L6-v2", run="1")
    assert not first.exception
    # The word counts would come first; here they are what is waited for.
    monkeypatch.setattr("embedlab.comparison.running.TFIDF", "none")
    monkeypatch.setattr(comparing, "load_candidate", load_late)
    monkeypatch.setattr(scores, "show_so_far", note)
    app = open_page("Compare", candidates="static-all-MiniLM-L6-v2,tf-idf", run="1")
    assert not app.exception
    assert seen[0] == (["static-all-MiniLM-L6-v2"], 1)
    assert len(app.dataframe[0].value) == 2
    assert "candidates measured" not in said(app), "what was shown meanwhile gives way to the whole"


def test_no_verdict_while_candidates_are_missing():
    app = AppTest.from_function(draw_so_far, default_timeout=120).run()
    assert not app.exception
    assert "1 of 2 candidates measured. Speeds are measured last." in said(app)
    assert "comes first" not in said(app)
    table = app.dataframe[0].value
    assert table["Probe accuracy"].notna().all()
    assert table["texts a second"].isna().all()
    assert "told apart" not in table


def draw_so_far():
    from golds import sample_gold

    from embedlab.comparison import compare
    from embedlab.ui.views.compare import scores

    seen = []
    compare(sample_gold("support_messages"), ["static-all-MiniLM-L6-v2", "tf-idf"], on_results=seen.append)
    scores.show_so_far(seen[0])


def test_a_link_brings_candidates_and_leaves_out_what_it_may_not_bring():
    keys = "all-MiniLM-L6-v2~max,/etc/passwd,nonsense~mean,tf-idf,all-MiniLM-L6-v2~nonsense"
    app = open_page("Compare", candidates=keys, dataset="sentence_pairs", run="1")
    assert app.multiselect(key="candidate-list").value == ["all-MiniLM-L6-v2~max", "tf-idf"]
    table = app.dataframe[0].value
    assert set(table["candidate"]) == {"all-MiniLM-L6-v2 · Max", "all-MiniLM-L6-v2 · Mean", "tf-idf"}
    assert "Spearman" in table.columns


def test_every_combination_is_added_and_compared():
    app = open_page("Compare", candidates="tf-idf", dataset="sentence_pairs", run="1")
    app.multiselect(key="add-poolings").set_value(["cls", "max"]).run()
    app.multiselect(key="add-layers").set_value(["Last", 3]).run()
    app.checkbox(key="add-weighted").check().run()
    app.button(key="add-candidates").click().run()
    assert not app.exception
    added = app.multiselect(key="candidate-list").value[1:]
    name = "all-MiniLM-L6-v2~"
    assert sorted(added) == sorted(
        f"{name}{mode}{layer}" for mode in ("cls", "max", "position:1:0.25") for layer in ("", "~layer=3")
    )
    assert len(app.dataframe[0].value) == 8, "and the model as it was trained"


@pytest.mark.parametrize("view", ["Cost", "Agreement", "Take away"])
def test_views(view):
    app = open_page("Compare", dataset="refrigerators", run="1", view=view)
    assert not app.exception
    assert not app.error
    if view == "Agreement":
        overlap = figure(app)["data"][0]
        assert overlap["type"] == "heatmap"
    elif view == "Take away":
        assert "query_embeddings" in app.code[0].value
        assert "8b3219a9" in app.code[0].value
    else:
        assert "Nothing is both better and quicker" in said(app)


@pytest.mark.parametrize("sides", ["Maps", "Matrices", "One search"])
def test_two_side_by_side(sides):
    app = open_page("Compare", dataset="refrigerators", run="1", view="Side by side", sides=sides)
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == {"Maps": 2, "Matrices": 3, "One search": 1}[sides]


def test_what_is_known_can_be_said_otherwise():
    app = open_page("Compare", dataset="support_messages", known="texts", run="1", candidates="all-MiniLM-L6-v2,tf-idf")
    assert "nothing is known about them" in said(app)
    assert {"Typos", "Negation"} <= set(app.dataframe[0].value.columns)
    assert "not which is right" in said(app)
    agreement = app.dataframe[0].value.set_index("candidate")["Agreement"]
    assert agreement.isna().to_dict() == {"all-MiniLM-L6-v2 · Mean": True, "tf-idf": False}
    app.selectbox(key="reference").set_value("tf-idf").run()
    agreement = app.dataframe[0].value.set_index("candidate")["Agreement"]
    assert agreement.isna().to_dict() == {"all-MiniLM-L6-v2 · Mean": False, "tf-idf": True}


def test_too_little_is_a_message_and_an_empty_list_an_invitation():
    app = open_page("Compare", dataset="support_messages", known="pairs")
    assert "0 pairs" in app.error[0].value
    app = open_page("Compare")
    app.multiselect(key="candidate-list").set_value([]).run()
    assert "Add a model" in app.info[0].value


def test_a_model_that_is_not_here_is_said_and_can_be_taken_off_the_list():
    app = open_page("Compare", model="e5-small-v2", run="1")
    assert not app.exception
    assert "not on this machine" in app.warning[0].value
    app.multiselect(key="candidate-list").set_value(["static-all-MiniLM-L6-v2", "tf-idf"]).run()
    assert not app.warning
    assert len(app.dataframe[0].value) == 2
