"""What a cosine means here, and the shape of the space: with labels, pairs, questions, and where nothing is known."""

import json

import pytest
from page_app import messages, metrics, open_page, said, table, uploaded

MEANING, SPACE = "What a cosine means here", "Shape of the space"


def links(app):
    return {link.proto.label: link.proto for link in app.main.get("page_link")}


def traces(app):
    (chart,) = [each for each in app.get("plotly_chart") if each.proto.id.endswith("-cosine_curves")]
    return [trace["name"] for trace in json.loads(chart.proto.spec)["data"]]


def labelled(n=30):
    texts = [f"the parcel number {i} came late" for i in range(n)] + [f"my card {i} was declined" for i in range(n)]
    rows = "\n".join(f"{text},{'parcel' if 'parcel' in text else 'card'}" for text in texts)
    return uploaded("labelled.csv", f"text,topic\n{rows}\n".encode())


def test_labels_say_what_a_cosine_means_and_where_to_draw_the_line():
    app = open_page("Similarity", view=MEANING)
    assert not app.exception
    assert not messages(app)
    assert "have a cosine of 0.80 or more" in said(app)
    assert traces(app) == ["Belong together", "Do not"]
    shown = metrics(app)
    assert 0 < float(shown["Threshold"]) < 1
    assert shown["False matches"].endswith("%")
    assert float(shown["False matches"].rstrip("%")) <= 1
    by_rate = float(shown["Threshold"])
    (search,) = [link for label, link in links(app).items() if label.startswith("Search")]
    assert f"lowest={by_rate:.2f}" in search.query_string
    app.slider(key="cosine").set_value(0.3).run()
    assert "have a cosine of 0.30 or more" in said(app)
    app.segmented_control(key="chosen_by").set_value("Cost").run()
    app.number_input(key="false_cost").set_value(1000).run()
    assert not app.exception
    assert float(metrics(app)["Threshold"]) > by_rate
    assert app.query_params["false_cost"] == "1000"


def test_a_link_reopens_the_choice():
    app = open_page("Similarity", view=MEANING, chosen_by="False matches", max_rate="0.05", share="0.01")
    assert app.selectbox(key="max_rate").value == "0.05"
    found = metrics(app)
    assert float(found["False matches"].rstrip("%")) <= 5
    assert float(found["Precision"].rstrip("%")) < float(
        metrics(open_page("Similarity", view=MEANING, max_rate="0.05"))["Precision"].rstrip("%")
    )


def test_pairs_with_a_score():
    app = open_page("Similarity", dataset="sentence_pairs", view=MEANING)
    assert not app.exception
    assert "with a score of at least" in said(app)
    before = metrics(app)["Threshold"]
    app.number_input(key="cut").set_value(1.0).run()
    assert not app.exception
    assert "with a score of at least 1" in said(app)
    assert metrics(app)["Threshold"] != before or "too few" in said(app)


def test_questions_and_their_answers():
    rows = "\n".join(f"where is parcel {i},the parcel {i} is in the depot" for i in range(20))
    dataset = uploaded("asked.csv", f"question,text\n{rows}\n".encode())
    app = open_page("Similarity", dataset=dataset, text="text", view=MEANING)
    assert not app.exception
    assert "of a question and its answer" in said(app)


def test_nothing_known_is_said_with_what_to_bring():
    dataset = uploaded("plain.csv", ("text\n" + "\n".join(f"sentence {i} of many" for i in range(30))).encode())
    app = open_page("Similarity", dataset=dataset, view=MEANING)
    assert not app.exception
    assert "Choose a label column" in said(app)
    assert traces(app) == ["Any two texts", "A text and its nearest"]
    assert "Threshold" not in metrics(app)


def test_labels_that_say_nothing_are_a_sentence():
    dataset = uploaded("same.csv", ("text,topic\n" + "\n".join(f"sentence {i},a" for i in range(30))).encode())
    app = open_page("Similarity", dataset=dataset, label="topic", view=MEANING)
    assert not app.exception
    assert "both are needed to draw a line" in said(app)


def test_duplicates_takes_the_threshold_and_search_the_lowest_score():
    app = open_page("Similarity", dataset=labelled(), view=MEANING, max_rate="0.0001")
    assert not app.exception
    (link,) = [link for label, link in links(app).items() if label.startswith("Find duplicates")]
    taken = dict(part.split("=") for part in link.query_string.split("&"))
    assert link.disabled == ("floor" not in taken) == ("this threshold is lower" in said(app))
    assert link.disabled or float(taken["floor"]) <= float(taken["threshold"])
    assert open_page("Duplicates", threshold="0.905").slider(key="threshold").value == pytest.approx(0.905)
    search = open_page("Search", query="I forgot my password", lowest="0.6")
    assert not search.exception
    scores = table(search, search.dataframe[0].proto.alt)["score"]
    assert scores.min() >= 0.6
    search.slider(key="lowest").set_value(1.0).run()
    assert "No text has a score of 1.00 or more" in said(search)
    search.segmented_control(key="by").set_value("Words").run()
    assert not search.exception


def test_the_shape_of_the_space():
    app = open_page("Similarity", view=SPACE)
    assert not app.exception
    assert not messages(app)
    figures = app.table[0].value["Here"]
    assert figures["Effective dimensions"].endswith("of 384")
    assert -4.5 < float(figures["Uniformity"]) < 0
    assert 0 < float(figures["Alignment"]) < 2
    assert 1 < float(figures["Tokens a word"]) < 3
    hubs = table(app, "Texts that are the neighbours of many others, the most frequent first")
    assert hubs["nearest of"].is_monotonic_decreasing
    assert "different texts" in said(app)


def test_the_space_of_very_few_texts():
    app = open_page("Similarity", dataset=uploaded("one.csv", b"text\nonly this one\n"), view=SPACE)
    assert not app.exception
    figures = app.table[0].value["Here"]
    assert figures["Hubness"] == figures["Uniformity"] == "too few texts"
    assert "Alignment" not in figures
    assert "Alignment is left out" in said(app)


def test_word_counts_have_a_space_as_well():
    app = open_page("Similarity", model="tf-idf", view=SPACE)
    assert not app.exception
    figures = app.table[0].value["Here"]
    assert figures["Tokens a word"] == "1.00"
