"""Nothing is sent before the person has agreed: every page with a hosted model, and a server that counts."""

import re
from collections import Counter

import pytest
from elsewhere import KEY, LARGE, SMALL, stand_in
from misbehaving_server import model_server
from page_app import FILES, go, messages, open_page, press, said, table, uploaded

from embedlab.folders import data_folder
from embedlab.hosted import consent

pytestmark = pytest.mark.usefixtures("fresh_server", "own_cache")
PARCELS = [
    f"{what} number {number} {how}" for number in range(15) for what, how in [("parcel", "late"), ("lamp", "dim")]
]
COSTS = re.compile(r"Send ([\d,]+) texts? to (\S+) for (?:at most|about) (\S+)")


@pytest.fixture
def server(monkeypatch):
    with model_server() as asked:
        stand_in(asked.address, monkeypatch)
        yield asked


@pytest.fixture
def parcels():
    rows = "\n".join(f"{text},{text.split()[0]}" for text in PARCELS)
    return uploaded("parcels.csv", f"text,kind\n{rows}\n".encode())


def offers(app):
    """What the buttons say that would send something: number of texts, host and price."""
    found = (COSTS.match(button.label.replace("\\", "")) for button in app.main.button)
    return [(int(match[1].replace(",", "")), match[3]) for match in found if match]


def agree(app):
    button = next(button for button in app.main.button if button.label.startswith("Send "))
    return button.click().run()


@pytest.mark.parametrize("title", FILES)
def test_no_page_sends_anything_by_itself(server, parcels, title):
    """Not with a query in its link either, nor when it is told to begin."""
    app = open_page(
        title, dataset=parcels, text="text", label="kind", model=SMALL, query="late", run="1", first="a b", second="a c"
    )
    assert not app.exception
    assert not messages(app)
    assert server.bodies == []
    asks = title not in ("Data", "Stores", "Training", "Inside", "Models", "Cache")
    assert len(offers(app)) == asks
    assert ("Nothing has been sent yet" in said(app)) == asks


def test_what_was_agreed_to_is_sent_once_and_queries_beside_it(server, parcels):
    app = open_page("Clusters", dataset=parcels, text="text", model=SMALL)
    assert offers(app) == [(30, "$0.0000051")]
    app = agree(app)
    assert not app.exception
    assert server.texts == Counter(PARCELS)
    assert "parcel" in " ".join(
        table(app, "The clusters with their size, silhouette and the texts nearest to their centre")["cluster"]
    )
    app = go(app, "Search")
    app.text_input(key="query").set_value("late parcel").run()
    assert not offers(app)
    assert server.texts == Counter([*PARCELS, "late parcel"])
    assert len(app.dataframe[0].value) == 10
    app.text_input(key="query").set_value("late parcel").run()
    assert server.texts["late parcel"] == 1, "the same query is not paid for twice"


def test_another_visitor_and_other_texts_are_asked_about_anew(server, parcels):
    agree(open_page("Clusters", dataset=parcels, text="text", model=SMALL))
    app = open_page("Search", dataset=parcels, text="text", model=SMALL, query="a lamp")
    assert [number for number, _ in offers(app)] == [1], "the texts are here, what is typed is not"
    assert "what you type would leave it" in said(app)
    app = agree(app)
    assert server.texts == Counter([*PARCELS, "a lamp"])
    more = uploaded("more.csv", "\n".join(["text", *PARCELS[:10], "another text", "one more"]).encode())
    app = open_page("Clusters", dataset=more, text="text", model=SMALL)
    assert [number for number, _ in offers(app)] == [2]
    assert app.metric[0].value
    assert "10" in [metric.value for metric in app.metric], "texts kept here already"


def test_a_comparison_asks_once_for_all(server, parcels):
    candidates = f"{SMALL},{LARGE},tf-idf"
    app = open_page(
        "Compare", dataset=parcels, text="text", known="labels", label="kind", candidates=candidates, run="1"
    )
    assert [number for number, _ in offers(app)] == [60]
    offered = table(app, "What would be sent to each model, and its price")
    assert offered["Texts to send"].tolist() == [30, 30]
    assert server.bodies == []
    app = agree(app)
    assert not app.exception
    assert not messages(app)
    assert server.texts == Counter(PARCELS * 2), "nothing is sent to measure speeds, and nothing twice"
    costs = table(app, "Figures and costs of all candidates, the best first").set_index("candidate")
    prices = costs["$ a million texts"]
    assert prices[LARGE] / prices[SMALL] == pytest.approx(0.13 / 0.02)
    assert prices["tf-idf"] == 0
    assert (costs["ms a request"][[SMALL, LARGE]] > 0).all()
    assert (costs["ms, 19 of 20"] >= costs["ms a request"])[[SMALL, LARGE]].all()


def test_what_a_server_refuses_is_said_and_not_tried_again_by_itself(server, parcels):
    server.todo = [401]
    app = agree(open_page("Clusters", dataset=parcels, text="text", model=SMALL))
    assert "refuses the key" in messages(app)[0]
    app.run()
    assert len(server.bodies) == 1, "a click somewhere else asks nobody"
    app = press(app, "Try again")
    assert not messages(app)
    assert server.texts == Counter(PARCELS)


def test_a_budget_that_does_not_reach_is_said_before(server, parcels, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_HOSTED_SESSION_DOLLARS", "0.000001")
    app = open_page("Clusters", dataset=parcels, text="text", model=SMALL)
    assert next(button for button in app.main.button if button.label.startswith("Send ")).disabled
    assert "less than this costs" in messages(app)[0]
    assert "This session: 0 texts sent" in said(app).replace("\\", "")


def test_where_they_are_switched_off_one_line_says_so(server, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_HOSTED", "off")
    app = open_page("Models", model=SMALL)
    assert "switched off" in said(app)
    assert app.selectbox(key="model").value == "all-MiniLM-L6-v2"
    assert not [frame for frame in app.dataframe if frame.proto.alt.startswith("The hosted models")]


def test_a_server_on_this_machine_is_named_by_its_address_and_needs_no_leave(parcels, monkeypatch):
    with model_server() as server:
        server.models = [{"id": "tiny"}, {"id": "other"}, {"id": 7}, "no model"]
        app = open_page("Models", dataset=parcels, text="text")
        app.text_input(key="server-address").set_value(f"{server.address}/v1")
        app = press(app, "Ask it")
        assert app.selectbox(key="server-model").options == ["other", "tiny"]
        app.selectbox(key="server-model").set_value("tiny").run()
        app = app.button(key="use-server").click().run()
        assert not app.exception
        assert app.selectbox(key="model").value == server.name("tiny")
        assert server.texts == Counter(["dimension"])
        app = go(app, "Duplicates")
        assert not offers(app)
        assert not messages(app)
        assert server.texts == Counter(["dimension", *PARCELS])
    # The server is gone: what is kept goes on, what is new is said, and not tried again by itself.
    monkeypatch.setattr("embedlab.hosted.asking._FIRST_WAIT", 0.0)
    app = go(app, "Search")
    assert not messages(app)
    app.text_input(key="query").set_value("late parcel").run()
    assert "cannot be reached, 6 times" in messages(app)[0].replace("\\", "")
    assert [button for button in app.main.button if button.label == "Try again"]


@pytest.mark.parametrize(
    "typed", ["no address", "ftp://127.0.0.1/v1", "http://user:secret@127.0.0.1/v1", "http://127.0.0.1:9/v1"]
)
def test_an_address_that_leads_nowhere_is_said(typed, monkeypatch):
    monkeypatch.setattr("embedlab.hosted.asking._FIRST_WAIT", 0.0)
    app = open_page("Models")
    app.text_input(key="server-address").set_value(typed)
    app = press(app, "Ask it")
    assert not app.exception
    assert len(messages(app)) == 1
    assert "secret" not in str(messages(app))


def test_the_key_is_shown_nowhere(server, parcels):
    for title in ("Models", "Clusters"):
        app = open_page(title, dataset=parcels, text="text", model=SMALL)
        assert KEY not in str(app)
        assert KEY not in str(dict(app.query_params))


def test_a_missing_key_is_named(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = open_page("Models")
    hosted = table(app, "The hosted models EmbedLab knows; select a row to see its card").set_index("Name")
    assert hosted.loc[SMALL, "Here"] == "needs OPENAI_API_KEY"
    assert SMALL not in app.selectbox(key="model").options


@pytest.fixture
def own_budget(own_data, monkeypatch):
    """A server that may spend a dollar a day, and was just started."""
    monkeypatch.setenv("EMBEDLAB_HOSTED_DOLLARS", "1")
    consent.server_budget.cache_clear()
    yield
    consent.server_budget.cache_clear()


@pytest.mark.usefixtures("own_budget")
def test_what_the_server_spent_is_said_and_where_that_is_lost_nothing_is_sent(server, parcels):
    agree(open_page("Clusters", dataset=parcels, text="text", model=SMALL))
    more = uploaded("more.csv", b"text\nanother text\none more\na third\n")
    app = open_page("Clusters", dataset=more, text="text", model=SMALL)
    assert "This server today: 30 texts sent, $0.0000006 of $1.00 spent." in said(app).replace("\\", "")
    n_sent = len(server.bodies)
    (data_folder() / "spent.sqlite").write_bytes(b"torn" * 1_000)
    app = open_page("Clusters", dataset=more, text="text", model=SMALL)
    assert not app.exception
    assert "So nothing is sent" in messages(app)[0]
    assert not offers(app)
    assert len(server.bodies) == n_sent


def test_lengths_are_asked_about_with_their_price_and_stand_on_the_curve(server, parcels):
    """Of a model with 8 dimensions that can be asked for 4; what is computed here costs nothing more."""
    ways = {"dataset": parcels, "text": "text", "known": "labels", "label": "kind", "model": SMALL, "run": "1"}
    app = open_page("Dimensions", vectors="dim4", **ways)
    box = next(each for each in app.multiselect if each.key.startswith("vectors:"))
    assert {"2 dimensions, asked for", "4 dimensions, asked for"} <= set(box.options)
    box.set_value(["dim4", "@4"]).run()
    assert app.query_params["vectors"] == "dim4,@4"
    assert [number for number, _ in offers(app)] == [60]
    offered = table(app, "What would be sent to each model, and its price")
    assert offered["Model"].tolist() == [SMALL, f"{SMALL}@4"]
    app = agree(app)
    assert not app.exception
    assert not messages(app)
    assert server.texts == Counter(PARCELS * 2)
    assert Counter(body.get("dimensions") for body in server.bodies) == {None: 1, 4: 1}
    rows = table(app, "Figures and prices of all vectors, the smallest first").set_index("vectors")
    assert set(rows.index) == {"4 asked for", "first 4 dimensions", "full vectors"}
    assert (rows["$ a million texts"] > 0).all()
    app = open_page("Clusters", dataset=parcels, text="text", model=f"{SMALL}@4")
    assert app.selectbox(key="model").value == f"{SMALL}@4"
    assert not offers(app), "what was sent for the curve is kept"


def test_lengths_are_candidates_in_compare(server, parcels):
    app = open_page(
        "Compare", dataset=parcels, text="text", known="labels", label="kind", candidates=f"{SMALL}@4,tf-idf"
    )
    assert app.multiselect(key="candidate-list").value == [f"{SMALL}@4", "tf-idf"]
    app.multiselect(key="add-models").set_value([SMALL, "tf-idf"]).run()
    app.multiselect(key="add-lengths").set_value([0, 2]).run()
    app = app.button(key="add-candidates").click().run()
    assert app.multiselect(key="candidate-list").value == [f"{SMALL}@4", "tf-idf", SMALL, f"{SMALL}@2"]
    assert server.bodies == []
