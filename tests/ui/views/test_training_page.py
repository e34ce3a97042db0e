"""The Training page: what is held out, what may be chosen, what comes of a training, and what is kept of it."""

import pytest
from page_app import figure, go, messages, open_page, press, said, table, uploaded

from embedlab.errors import Cancelled
from embedlab.examples import hold_out
from embedlab.gold import Labelled
from embedlab.ui.training import tasks

TOPICS = {
    "billing": "invoice, refund, receipt, price, card, discount, payment, credit note, fee, tax",
    "delivery": "parcel, package, courier, address, box, tracking, shipment, customs, driver, door",
    "account": "password, profile, login, mail, phone number, user name, reset link, session, settings, photo",
}
ROWS = [(f"Something is wrong with my {word}", name) for name, words in TOPICS.items() for word in words.split(", ")]
CSV = "\n".join(["text,topic", *(f"{text},{name}" for text, name in ROWS)]).encode()
QUICK = {"epochs": "1", "frozen": "6", "batch": "8", "share": "50"}


@pytest.fixture(scope="module")
def topics():
    return uploaded("topics.csv", CSV)


def link(dataset, **query):
    return {"dataset": dataset, "learn": "labels", "label": "topic", **QUICK, **query}


def look(app, view):
    app.segmented_control(key="view").set_value(view).run()
    assert not app.exception
    assert not [message for message in messages(app) if not message.startswith("**")]
    return app


def test_nothing_is_learned_before_it_is_asked_for(topics):
    app = open_page("Training", **link(topics))
    assert not app.exception
    assert not messages(app)
    assert not app.get("plotly_chart")
    split = hold_out(Labelled(*zip(*ROWS, strict=True)), share=0.5)
    assert f"**{len(split.train)} texts** are learned from" in said(app)
    assert f"**{len(split.held_out.texts)} texts** are held out" in said(app)
    assert [button.label for button in app.main.button] == ["Train", "How long?"]


@pytest.mark.timeout(900)  # a training and a verdict, on cores that may be busy
def test_trained_shown_and_kept(topics, own_data):
    """The verdict comes first; every view stands on the same texts; the kept model is the one on every page."""
    app = open_page("Training", **link(topics))
    app.default_timeout = 600  # On busy cores a training and its verdict take minutes.
    press(app, "Train")
    assert not app.exception
    assert not app.error or app.error[0].value.startswith("**Worse")
    verdicts = [element.value for element in [*app.success, *app.info, *app.error]]
    assert verdicts[0].startswith(("**Better", "**In part", "**No better", "**Worse"))
    figures = table(app, "Every figure before and after, with the interval of the change")
    assert {"held out", "not yours"} == set(figures["of"])
    n_held_out = len(hold_out(Labelled(*zip(*ROWS, strict=True)), share=0.5).held_out.texts)

    again = open_page("Training", **app.query_params)
    assert not again.exception
    assert "Train" not in [button.label for button in again.main.button], "whoever has the link sees what was learned"
    assert [element.value for element in [*again.success, *again.info, *again.error]] == verdicts

    batches, _, held_out = figure(look(app, "Course"))["data"]
    assert len(batches["x"]["bdata"]) > 0
    assert len(held_out["x"]["bdata"]) > 0
    moved = table(look(app, "Neighbours"), "Texts held out, those first whose neighbours have changed most")
    assert len(moved) <= n_held_out
    assert set(moved["text"]) <= {text for text, _ in ROWS}
    assert moved["kept"].is_monotonic_increasing
    assert len(look(app, "Confusion").get("plotly_chart")) == 2
    drawn = look(app, "Map").get("bidi_component")
    assert any(element.proto.component_name == "embedlab_map" for element in drawn)
    offered = look(app, "Program").get("download_button")
    assert [button.label for button in offered] == ["Download program", "Download its table"]

    app.text_input(key="kept-name").set_value("my topics")
    press(app, "Keep")
    assert not app.exception
    kept = app.query_params["model"]
    assert kept.startswith("my-topics-")
    assert "is kept, and chosen on every page" in app.success[0].value
    found = go(app, "Search")
    assert not found.exception
    assert found.selectbox(key="model").value == kept


def test_each_kind_has_its_own_recipe(topics):
    assert open_page("Training", **link(topics)).selectbox(key="recipe:labels").value == "labels"
    app = open_page("Training", **link(topics, learn="texts"))
    assert app.selectbox(key="recipe:texts").value == "simcse"
    assert app.number_input(key="epochs:simcse").value == 1
    app = open_page("Training", dataset="sentence_pairs", recipe="angle", dims="64")
    assert not app.exception
    assert "AnglELoss" in said(app)
    assert app.query_params["dims"] == "64"


def test_near_duplicates_are_held_out_together():
    """Of each of twelve texts there is one with a letter more, and half of the texts are held out."""
    words = [
        "invoice",
        "refund",
        "receipt",
        "price",
        "card",
        "discount",
        "parcel",
        "courier",
        "address",
        "customs",
        "driver",
        "password",
    ]
    texts = [f"Something is wrong with the {word} that I have asked for{end}" for word in words for end in ("", "s")]
    dataset = uploaded("near.csv", "\n".join(["text", *texts]).encode())
    apart = open_page("Training", dataset=dataset, learn="texts", share="50")
    assert "kept together with" not in said(apart)
    together = open_page("Training", dataset=dataset, learn="texts", share="50", near="1")
    assert not together.exception
    assert "12 of them lie on the side of one they equal, or are kept together with" in said(together)


def test_averaged_word_vectors_have_recipes_of_their_own(topics):
    """Which learn faster, from labels or from a model that reads word order."""
    app = open_page("Training", **link(topics, model="static-all-MiniLM-L6-v2", frozen="0", batch="16"))
    assert not app.exception
    assert app.selectbox(key="rate:labels").value == "0.005"
    app = open_page("Training", dataset=topics, learn="texts", model="static-all-MiniLM-L6-v2")
    assert not app.exception
    assert app.selectbox(key="recipe:texts").value == "distil-words"
    assert app.selectbox(key="batch").value == "128"
    assert app.selectbox(key="teacher:static-all-MiniLM-L6-v2").value == "all-MiniLM-L6-v2"


def test_hard_negatives_are_read_before_they_are_used(topics):
    app = open_page("Training", **link(topics, hard="1", negatives="2"))
    assert not app.exception
    mined = table(app, "Hard negatives, each beside its text and what belongs to it")
    topic = dict(ROWS)
    assert len(mined) > 0
    assert (mined["anchor"].map(topic) == mined["positive"].map(topic)).all()
    assert (mined["anchor"].map(topic) != mined["negative"].map(topic)).all()
    assert app.selectbox(key="recipe:triplets").value in ("together", "triplets")


@pytest.mark.parametrize("model", ["tf-idf"])
def test_what_cannot_be_trained_says_so(topics, model):
    app = open_page("Training", **link(topics, model=model))
    assert not app.exception
    assert "cannot be trained here" in app.info[0].value
    assert "Train" not in [button.label for button in app.main.button]


def test_too_little_to_hold_out_is_a_sentence():
    app = open_page("Training", dataset=uploaded("few.csv", CSV[:600]), learn="texts")
    assert not app.exception
    assert messages(app)


def test_what_was_stopped_starts_over(topics, monkeypatch):
    """Nothing of it is left, and the button is there again."""

    def stopped(*args, **options):
        raise Cancelled("Stopped.")

    monkeypatch.setattr(tasks, "train", stopped)
    app = press(open_page("Training", **link(topics, seed="5")), "Train")
    assert not app.exception
    assert "starts over from the beginning" in said(app)
    assert "Train" in [button.label for button in app.main.button]
