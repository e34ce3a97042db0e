"""The Compare page: what is chosen, what is said of it, and what it says when something is missing."""

import threading

import pandas as pd
import pytest
from page_app import figure, open_page, press, said, uploaded
from patience import PATIENCE
from streamlit.testing.v1 import AppTest

from embedlab.ui.tasks import comparing
from embedlab.ui.views.compare import scores


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    """Speeds are taken from one short stretch."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)


MINI = "all-MiniLM-L6-v2"


def checks_said(app):
    return [box.label for box in app.main.expander if box.label.startswith(("Checks", "Models"))]


def test_nothing_is_computed_before_it_is_asked_for():
    app = open_page("Compare")
    assert not app.exception
    assert not app.get("plotly_chart")
    press(app, "Compare")
    assert "comes first" in said(app)
    assert "is not how the model was trained" in said(app)
    table = app.dataframe[-1].value
    assert len(table) == 4
    assert table["Probe accuracy"].is_monotonic_decreasing
    assert app.query_params["run"] == "1"


def test_the_first_figures_are_there_before_the_last_model(fresh_server, monkeypatch):
    """The last model is loaded only when the figures of the others have been shown."""
    seen, is_shown = [], threading.Event()
    load, show = comparing.load_candidate, scores.show_so_far

    def load_late(candidate, gold):
        assert is_shown.wait(PATIENCE), "no figures came before the last model"
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
    assert len(app.dataframe[-1].value) == 2
    assert "candidates measured" not in said(app), "what was shown meanwhile gives way to the whole"


def test_no_verdict_while_candidates_are_missing():
    app = AppTest.from_function(draw_so_far, default_timeout=PATIENCE).run()
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
    table = app.dataframe[-1].value
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
    assert len(app.dataframe[-1].value) == 8, "and the model as it was trained"


def test_where_it_fails():
    """The rows on which the first two part, and the first by a column: its name and interval, and a verdict."""
    app = open_page("Compare", run="1", view="Where it fails")
    assert not app.exception
    assert not app.error
    items, by_column = (each.value for each in app.dataframe[-2:])
    assert items["difference"].abs().is_monotonic_decreasing
    assert {"row", "text", "label"} < set(items.columns)
    assert by_column["slice"].nunique() > 1
    assert set(by_column["worse than the rest"]) <= {"yes", "no, better", "cannot be told"}
    key = next(box.key for box in app.selectbox if box.key.startswith("by:"))
    app.selectbox(key=key).set_value("Length in letters").run()
    assert not app.exception
    assert all(" to " in name for name in app.dataframe[-1].value["slice"])


def test_a_figure_of_all_rows_has_none_to_show():
    app = open_page("Compare", run="1", view="Where it fails")
    app.segmented_control(key="measure:labels").set_value("ari").run()
    assert not app.exception
    assert "is a figure of all texts together" in app.info[0].value
    assert "slice" in app.dataframe[-1].value, "by a column it can be taken"
    assert "difference" not in app.dataframe[-2].value


@pytest.mark.parametrize("view", ["Cost", "Probes", "Agreement", "Take away"])
def test_views(view):
    app = open_page("Compare", dataset="refrigerators", run="1", view=view)
    assert not app.exception
    assert not app.error
    if view == "Agreement":
        overlap = figure(app)["data"][0]
        assert overlap["type"] == "heatmap"
    elif view == "Probes":
        assert "goes by words alone" in said(app)
        assert {"anchor", "near", "far"} <= set(app.dataframe[-1].value.columns)
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
    assert ("of all pairs of texts reach it by the first" in said(app)) == (sides == "Matrices")


def test_what_is_known_can_be_said_otherwise():
    app = open_page("Compare", dataset="support_messages", known="texts", run="1", candidates="all-MiniLM-L6-v2,tf-idf")
    assert "nothing is known about them" in said(app)
    assert {"Typos", "Negation"} <= set(app.dataframe[-1].value.columns)
    assert "not which is right" in said(app)
    agreement = app.dataframe[-1].value.set_index("candidate")["Agreement"]
    assert agreement.isna().to_dict() == {"all-MiniLM-L6-v2 · Mean": True, "tf-idf": False}
    app.selectbox(key="reference").set_value("tf-idf").run()
    agreement = app.dataframe[-1].value.set_index("candidate")["Agreement"]
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
    assert len(app.dataframe[-1].value) == 2


def test_how_many_hits_count_is_chosen_and_stands_in_the_link():
    app = open_page("Compare", dataset="refrigerators", run="1", candidates="tf-idf", hits="3")
    assert {"nDCG@3", "MRR@3", "MAP@3", "Recall@3", "Precision@3", "Hit rate@3"} <= set(app.dataframe[0].value.columns)
    app.selectbox(key="hits").set_value("1").run()
    assert not app.exception
    assert app.query_params["hits"] == "1"
    table = app.dataframe[0].value
    assert table.loc[0, "MRR@1"] == table.loc[0, "Hit rate@1"] == table.loc[0, "Precision@1"]
    assert "nDCG@3" not in table.columns


CORPUS = b"doc_id,text\n" + b"".join(
    b"d%d,%s\n" % (number, text)
    for number, text in enumerate([b"The parcel is late.", b"A lamp of glass.", b"It costs five.", b"My cat sleeps."])
)
QRELS = b"q1 0 d0 1\nq2 0 d2 2\nq2 0 d9 1\n"
ASKED = b"id,question\nq1,when does the parcel come?\nq2,how much does it cost?\n"


def judged_page():
    return open_page("Compare", dataset=uploaded("corpus.csv", CORPUS), known="judged", run="1", candidates="tf-idf")


def bring(app, place, name, content):
    return app.file_uploader[place].upload(name, content, "text/plain").run()


def test_judgements_in_a_file_of_their_own():
    app = judged_page()
    assert "Bring a file of judgements" in app.info[0].value
    bring(app, 0, "test.qrels", QRELS)
    assert "do not hold their words" in app.error[0].value
    bring(app, 1, "queries.csv", ASKED)
    assert not app.error
    assert "2 questions about 4 texts" in said(app)
    assert r"d9 \(row 3\)" in said(app)
    assert app.dataframe[0].value.loc[0, "Hit rate@10"] > 0


@pytest.mark.parametrize("place", [0, 1])
def test_a_wrong_file_is_answered_in_a_sentence(place):
    app = judged_page()
    bring(app, 0, "test.qrels", QRELS)
    bring(app, 1, "queries.csv", ASKED)
    bring(app, place, "picture.png", b"\x89PNG and so on")
    assert not app.exception
    assert "a PNG picture" in app.error[0].value
    assert len(app.dataframe) == 0


def test_judgements_are_taken_away():
    app = open_page("Compare", dataset="refrigerators", run="1", candidates="tf-idf", view="Take away")
    assert "Download judgements" in [button.label for button in app.get("download_button")]
    app = open_page("Compare", dataset="sentence_pairs", run="1", candidates="tf-idf", view="Take away")
    assert "Download judgements" not in [button.label for button in app.get("download_button")]


def test_rows_that_know_of_each_other_are_kept_together():
    """The link brings the group column; the verdict counts groups, and the table to take along says so."""
    app = open_page("Compare", dataset="refrigerators", known="texts", group="brand", candidates="tf-idf", run="1")
    assert not app.exception
    dataset = "refrigerators"
    columns = app.selectbox(key=f"group:{dataset}").options
    assert columns[0] == "None"
    app.selectbox(key=f"group:{dataset}").set_value(columns[-1]).run()
    assert f"Kept together by {columns[-1]}" in said(app).replace("\\", "")
    app.toggle(key=f"near:{dataset}").set_value(True).run()
    assert "and near-duplicate" in said(app).replace("\\", "")
    assert (app.query_params["group"], app.query_params["near"]) == (columns[-1], "1")
    assert "rows" not in app.dataframe[-1].value.columns


def test_what_is_odd_is_said_before_the_figures():
    """A closed box: the table's own oddities before anything is run, those of the models once they are loaded."""
    rows = [(f"text number {i} of the table", "ab"[i % 2], "train") for i in range(12)]
    rows += [("Text number 0 of the table", "b", "test"), ("ꙮ ꙮꙮ", "a", "test")]
    content = pd.DataFrame(rows, columns=["text", "label", "split"]).to_csv(index=False).encode()
    dataset = uploaded("mine.csv", content)
    app = open_page("Compare", dataset=dataset, text="text", label="label", known="labels", candidates=MINI)
    assert not app.exception
    assert checks_said(app) == ["Checks: 2 things to look at"]
    assert "1 text has several labels" in said(app)
    assert "1 text stands in several parts of split" in said(app)
    assert app.dataframe[0].value["row"].tolist() == [1, 13]
    app.selectbox(key=f"split:{dataset}").set_value("—").run()
    assert checks_said(app) == ["Checks: 1 thing to look at"]
    press(app, "Compare")
    assert not app.exception
    assert checks_said(app) == ["Checks: 1 thing to look at", "Models: 1 thing to look at"]
    assert "cannot read 1 of 14 texts" in said(app)
    assert checks_said(open_page("Compare", dataset="refrigerators")) == ["Checks: nothing to look at"]


def test_several_labels_in_a_cell_are_found_and_can_be_read_as_one():
    """The layout is guessed from cells such as a;b; the columns stay when another one is chosen."""
    topics = ["price", "price;service", "service", "food | service", "food"]
    rows = [(f"the {topics[i % 5]} was mentioned in visit {i}", topics[i % 5]) for i in range(60)]
    content = pd.DataFrame(rows, columns=["text", "topics"]).to_csv(index=False).encode()
    dataset = uploaded("visits.csv", content)
    app = open_page("Compare", dataset=dataset, text="text", label="topics", candidates="tf-idf", run="1")
    assert not app.exception
    assert app.selectbox(key=f"known:{dataset}").value == "several"
    assert "60 texts with one or several of 3 labels." in said(app)
    assert {"Probe overlap", "kNN overlap"} <= set(app.dataframe[-1].value.columns)
    assert "Probe accuracy" not in app.dataframe[-1].value.columns
    app.selectbox(key=f"known:{dataset}").set_value("labels").run()
    assert not app.exception
    assert app.selectbox(key=f"label:{dataset}:labels").value == "topics"
    assert "60 texts with labels." in said(app)
    assert "Probe accuracy" in app.dataframe[-1].value.columns


def test_the_mean_of_passages_is_offered_where_texts_are_cut():
    """It then stands in the link and in the table; where no text is cut nothing is offered."""
    letters = [
        f"Letter {place}. " + f"The {kind} broke on day {place}. " * 60
        for kind in ("lamp", "fan")
        for place in range(9)
    ]
    rows = [f'"{text}",{"lamp" if "lamp" in text else "fan"}' for text in letters]
    app = open_page(
        "Compare", dataset=uploaded("letters.csv", "\n".join(["text,kind", *rows]).encode()), run="1", candidates=MINI
    )
    assert not app.exception
    press(app, "Compare the mean of passages too")
    assert not app.exception
    assert app.query_params["candidates"] == f"{MINI},{MINI}~passages"
    assert "Compare the mean of passages too" not in [button.label for button in app.button]
    titles = app.dataframe[-1].value.iloc[:, 0]
    assert titles.str.contains("mean of passages").sum() == 1
    short = open_page("Compare", run="1", candidates="static-all-MiniLM-L6-v2")
    assert "Compare the mean of passages too" not in [button.label for button in short.button]


VNNI, AVX2 = {"float32": 197.0, "bfloat16": 421.0, "int8": 800.0}, {"float32": 95.0, "int8": 83.0}


@pytest.mark.parametrize(("speeds", "offered"), [(VNNI, ["auto", "float32", "int8"]), (AVX2, ["auto", "float32"])])
def test_8_bit_integers_are_offered_where_they_are_faster(fresh_server, monkeypatch, speeds, offered):
    """What was measured for it is then said on the home page, where it stands what the model runs on."""
    monkeypatch.setattr("embedlab.ui.tasks.model_tasks.product_speeds", lambda: speeds)
    app = open_page("Compare")
    assert not app.exception
    arithmetic = next(choice for choice in app.multiselect if choice.label == "Arithmetic")
    assert arithmetic.options == offered
    assert ("no faster on this processor" in arithmetic.help) == (speeds is AVX2)
    app.switch_page("app.py").run()
    runs_on = next(metric for metric in app.metric if metric.label == "Runs on")
    assert f"{speeds['float32']:.0f} in float32" in runs_on.proto.help
    assert ("8-bit integers are not offered" in runs_on.proto.help) == (speeds is AVX2)


def test_smaller_vectors_are_candidates_like_any_other():
    """Three texts out of ten are set apart; all are judged by the others, and the full vectors are there, too."""
    app = open_page("Compare", candidates=f"{MINI}~pca32~int8,{MINI}~dim64", run="1")
    assert not app.exception
    assert "texts are set apart" in said(app)
    assert "32 bytes a text. Against the full vectors" in said(app)
    assert "Matryoshka" in said(app)
    table = app.dataframe[-1].value
    assert len(table) == 3
    assert table["bytes a vector"].sort_values().tolist() == [32, 256, 1536]
    assert table["neighbours kept"].between(0.2, 1).all()


@pytest.mark.parametrize("view", [{"view": "Side by side", "sides": "One search"}, {"view": "Agreement"}])
def test_smaller_vectors_side_by_side(view):
    """A query is made as small as the texts."""
    app = open_page("Compare", candidates=f"{MINI}~pca32~int8,{MINI}~dim64~binary", run="1", **view)
    assert not app.exception
    if "sides" in view:
        app.text_input[0].set_value("Where is my parcel?").run()
        assert not app.exception
        assert "found by one of them only" in said(app)


def test_vectors_are_chosen_in_the_form():
    app = open_page("Compare")
    box = app.multiselect(key="add-vectors")
    box.set_value(["", "binary"]).run()
    assert "Add 2" in [button.label for button in app.button]
    app.button(key="add-candidates").click().run()
    assert f"{MINI}~binary" in app.query_params["candidates"]
