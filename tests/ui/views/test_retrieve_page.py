"""The Retrieve page: the prompt in one setting or two, clicks and what they judge, an answer with its citations."""

import pytest
from chat_server import replying_server
from page_app import messages, open_page, press, said, table, uploaded
from tiny_models import save_tiny_reranker

from embedlab.retrieval import PassageJudgement, read_passage_judgements, write_judgements

pytestmark = pytest.mark.usefixtures("fresh_server")
ROWS = [
    "d1,The harbour opens at nine in the morning.",
    "d2,Boats are late when the wind is high.",
    "d3,the harbour opens at nine in the MORNING",
    "d4,A ticket costs five euros.",
]
QUESTION = "At what hour of the morning is the harbour open?"
FIGURES = "Figures of the settings, the best first"


@pytest.fixture
def harbour():
    return uploaded("harbour.csv", "\n".join(["id,text", *ROWS]).encode())


def opened(harbour, **query):
    return open_page("Retrieve", dataset=harbour, text="text", model="tf-idf", query=QUESTION, **query)


def metric(app, label):
    return [metric.value for metric in app.metric if metric.label == label]


def test_a_prompt_is_shown_as_the_model_gets_it(harbour):
    app = opened(harbour, **{"a-by": "Words", "a-k": "3"})
    assert not app.exception
    prompt = app.code[0].value
    assert "[1]\nThe harbour opens at nine in the morning.\n" in prompt
    assert prompt.endswith(f"Question: {QUESTION}")
    assert "Nearly the same" in messages(app)[0]
    assert "document d1" in said(app)
    assert metric(app, "Tokens of the prompt")[0].startswith("≈ "), "an estimate"
    app.toggle(key="a-distinct").set_value(True).run()
    assert not messages(app)
    assert table(app, "Passages that were found and are not in the prompt, and why")["why"].iloc[0].startswith("nearly")


def test_two_settings_stand_side_by_side_and_a_link_reopens_them(harbour):
    app = opened(harbour, two="1", **{"a-k": "1", "b-by": "Words", "b-k": "3", "b-order": "Best last"})
    assert not app.exception
    assert [code.value.count("[1]\n") for code in app.code] == [1, 1]
    assert metric(app, "Passages") == ["1", "3"]
    assert app.code[1].value.index("Boats") < app.code[1].value.index("nine in the morning")
    assert app.query_params["b-order"] in ("Best last", ["Best last"])


def test_a_full_context_is_said(harbour):
    app = opened(harbour, context="256", answer="110", **{"a-by": "Words"})
    assert "context is full" in " ".join(messages(app)) or "No passage is in the prompt" in " ".join(messages(app))


def test_clicks_judge_two_settings(harbour):
    """Said of a passage by one setting, it holds for the same passage by the other."""
    app = opened(harbour, two="1", **{"a-by": "Words", "b-by": "Words", "b-order": "Best last"})
    boxes = [each for each in app.segmented_control if each.key.startswith("holds-a")]
    boxes[0].set_value("Yes").run()
    same = next(each for each in app.segmented_control if each.key == boxes[0].key.replace("holds-a", "holds-b"))
    assert same.value == "Yes"
    assert "Your judgements (1)" in [each.label for each in app.expander]
    app.segmented_control(key="view").set_value("Figures").run()
    assert app.selectbox(key="true").value == "Your judgements"
    press(app, "Judge")
    assert not app.exception
    found = table(app, FIGURES)
    assert found["nDCG@5"].iloc[0] == found["nDCG@5"].iloc[1] > 0.5, "the order in the prompt is no other list"
    assert "Both have the same figure" in said(app)


def test_judgements_are_brought_back_as_a_file(harbour):
    click = PassageJudgement(QUESTION, "d4", 0, 26, 1.0)
    app = opened(harbour, **{"a-by": "Words"})
    file = next(each for each in app.file_uploader if each.key.startswith("judgements-"))
    file.upload("judgements.tsv", write_judgements([click]), "text/plain").run()
    assert "Your judgements (1)" in [each.label for each in app.expander]
    file = next(each for each in app.file_uploader if each.key.startswith("judgements-"))
    file.upload("other.tsv", b"a,b\n1,2\n", "text/plain").run()
    assert "no judgements of passages" in " ".join(messages(app))
    assert read_passage_judgements(write_judgements([click])) == [click]


def test_the_table_judges_where_it_knows_questions():
    app = open_page("Retrieve", dataset="refrigerators", model="tf-idf", view="Figures", run="1", **{"a-by": "Words"})
    assert not app.exception
    assert table(app, FIGURES)["nDCG@5"].between(0.1, 1).all()
    app = open_page("Retrieve", dataset="support_messages", model="tf-idf", view="Figures", run="1")
    assert "this table has none" in said(app)


def test_a_cross_encoder_orders_and_its_pairs_are_timed(harbour, tmp_path, monkeypatch):
    folder = save_tiny_reranker(tmp_path / "models" / "tiny")
    monkeypatch.setenv("EMBEDLAB_MODEL_FOLDERS", str(tmp_path / "models"))
    app = opened(harbour, **{"a-by": "Words", "a-rerank": str(folder)})
    assert not app.exception
    assert "cross-encoder" in said(app)
    app.segmented_control(key="view").set_value("What pairs cost").run()
    press(app, "Measure on this machine")
    assert not app.exception
    found = table(app, "What it takes to compare all texts, and to answer a question, by numbers of texts")
    assert found["Pairs"].tolist()[-1] == 499_999_500_000
    assert found["All pairs by the cross-encoder"].str.len().min() > 2


def test_an_answer_is_asked_for_after_consent_and_its_citations_are_marked(harbour):
    with replying_server() as model:
        model.reply = "It opens at nine [1]. <b>Boats</b> are late [7]."
        app = opened(harbour, **{"a-by": "Words"})
        app.text_input(key="answers-by").set_value(model.name).run()
        assert not app.exception
        assert model.bodies == [], "nothing before she has seen what"
        assert "Nothing has been sent yet" in said(app)
        app.button(key="send-answer-a").click().run()
        assert not app.exception
        assert len(model.bodies) == 1
        assert ":blue-badge[1]" in said(app)
        assert ":red-badge[7]" in said(app)
        assert "<b>" not in said(app).replace("\\<b", "")
        assert "not in the prompt: 7" in " ".join(messages(app))
        app.text_input(key="query").set_value("What does a ticket cost?").run()
        assert len(model.bodies) == 1, "another question is another request"
        assert "Nothing has been sent yet" in said(app)


def test_where_hosted_models_are_off_no_answer_is_offered(harbour, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_HOSTED", "off")
    assert not [box for box in opened(harbour, **{"a-by": "Words"}).text_input if box.key == "answers-by"]
