"""Long texts split into passages: chosen in the panel, kept in the address, and what each page makes of them."""

import pytest
from page_app import go, messages, metrics, open_page, press, said, table, uploaded

import embedlab as el
from embedlab.exports import ViewSettings, replay
from embedlab.ui.views.clusters import takeaway
from embedlab.ui.views.search.documents import marked

SENTENCES = ["The lamp is dark.", "The bulb is cold.", "My parcel never came.", "I want my money back."]
HITS = "Search results, best first; select a row to look into it"


def letter(number):
    """A text of many sentences, one of which no other letter has."""
    return " ".join([*(SENTENCES[(number + i) % 4] for i in range(30)), f"Order {number} is of colour {number}."] * 3)


LETTERS = [letter(number) for number in range(6)]
CONTENT = "text,kind\n" + "".join(f'"{text}",{"ab"[row % 2]}\n' for row, text in enumerate(LETTERS)) + " ,b\n"
CONTENT += "".join(
    f"A short note about the {what},a\n" for what in ("violin", "piano", "cello", "drum", "flute", "harp")
)


@pytest.fixture(scope="module")
def letters():
    return uploaded("letters.csv", CONTENT.encode())


def panel(app):
    return " ".join(caption.value for caption in app.sidebar.caption)


def linked(app):
    """What the address says of long texts."""
    found = {key: app.query_params[key] for key in ("long", "length", "overlap") if key in app.query_params}
    return {key: value[0] if isinstance(value, list) else value for key, value in found.items()}


def test_cut_at_first_and_how_many_are_cut_is_said_once_it_is_known(letters):
    app = open_page("Data", dataset=letters)
    assert app.selectbox(key=f"long:{letters}").value == "cut"
    assert "**6** of 12 texts are longer, and are cut." in panel(app)
    assert "long" not in app.query_params
    assert metrics(app)["Cut by the model"] == "6"


def test_split_by_the_limit_or_shorter_and_the_link_reopens_it(letters):
    app = open_page("Data", dataset=letters)
    app.selectbox(key=f"long:{letters}").set_value("passages").run()
    assert app.number_input(key="length:all-MiniLM-L6-v2").value == 256
    assert metrics(app)["Cut by the model"] == "0"
    n_passages = int(metrics(app)["Passages to embed"])
    assert f"**{n_passages}** passages of 12 texts, of which 6 were split." in panel(app)
    app.number_input(key="length:all-MiniLM-L6-v2").set_value(64).run()
    app.number_input(key="overlap").set_value(16).run()
    assert int(metrics(app)["Passages to embed"]) > 2 * n_passages
    assert linked(app) == {"long": "passages", "length": "64", "overlap": "16"}
    again = open_page("Data", dataset=letters, long="passages", length="64", overlap="16")
    assert metrics(again) == metrics(app)
    other = go(again, "Search")
    assert (other.number_input(key="overlap").value, other.number_input(key="length:all-MiniLM-L6-v2").value) == (
        16,
        64,
    )
    other.selectbox(key=f"long:{letters}").set_value("cut").run()
    assert not {"long", "length", "overlap"} & set(other.query_params) - {"length", "overlap"}


def test_what_cannot_be_split_so_is_said_on_the_page_and_can_be_corrected(letters):
    app = open_page("Search", dataset=letters, long="passages", length="16", overlap="15", query="lamp")
    assert "leaves nothing for new text" in messages(app)[0]
    app.number_input(key="overlap").set_value(2).run()
    assert not messages(app)
    unknown = open_page("Search", dataset=letters, long="passages", overlap="400000", query="lamp")
    assert unknown.number_input(key="overlap").value == 255


def test_without_the_model_the_other_pages_can_be_used(letters):
    app = open_page("Search", dataset=letters, long="passages", overlap="20", model="all-mpnet-base-v2", query="lamp")
    assert "is not on this machine" in messages(app)[0] or "Models" in messages(app)[0]
    app = go(app, "Models")
    assert not app.exception
    assert not messages(app)
    assert linked(app) == {"long": "passages", "overlap": "20"}


def test_a_column_without_texts_is_said_on_the_page_alone():
    blank = uploaded("blank.csv", b"text,nothing\nA lamp, \nA bulb, \n")
    for way in ("cut", "passages"):
        app = open_page("Data", dataset=blank, text="nothing", long=way)
        assert not app.exception
        assert any("Every text in the column" in message for message in messages(app))


def test_search_finds_documents_by_their_best_passage(letters):
    app = open_page("Search", dataset=letters, long="passages", query="colour of order 4", by="Words")
    assert not app.exception
    found = table(app, HITS)
    assert found["place"].str.extract("document (.*),")[0].tolist()[0] == "5"
    assert found["place"].str.extract("document (.*),")[0].is_unique
    assert "Order 4 is of colour 4." in found["found text"].iloc[0]
    assert "passage_text" not in found.columns
    key = app.dataframe[0].proto.id.split("-", 2)[2]
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    app = app.button(key="open-Words").click().run()
    assert not app.exception
    read = " ".join(text.value for text in app.markdown)
    assert ":violet-background[" in read
    assert "Order 4 is of colour 4\\." in read
    app = press(app, "More like this")
    assert "Texts like document 5, passage" in said(app)
    more = table(app, HITS)
    assert not more["place"].str.startswith("document 5,").any()


def test_side_by_side_and_many_queries_count_documents(letters):
    app = open_page("Search", dataset=letters, long="passages", query="order colour", by="Side by side")
    assert not app.exception
    words, both, meaning = (frame.value for frame in app.dataframe)
    assert len(both) == 10
    assert both["found text"].str.match("Document [0-9]+, passage [0-9]+ of [0-9]+: ").all()
    assert (meaning["found"] == "both").sum() == len(words) == 6
    app.file_uploader(key="queries_file").upload("queries.txt", b"a violin\nxylophone\n", "text/plain").run()
    many = table(app, "What each query has found, best first")
    assert not many.duplicated(["query", "document"]).any()
    assert many["document"].iloc[0] == 8
    assert {"passage", "passages", "start", "end"} <= set(many.columns)


def test_the_filter_and_the_labels_know_passages(letters):
    app = open_page("Search", dataset=letters, long="passages", query="lamp", contains="Order 2 is")
    found = table(app, HITS)
    assert found["place"].str.startswith("document 3,").all()
    app = open_page("Clusters", dataset=letters, long="passages", view="Against the labels")
    assert not app.exception
    assert "Adjusted Rand index" in metrics(app)


def test_what_is_learned_holds_a_document_together(letters):
    app = open_page("Classification", dataset=letters, long="passages")
    assert not app.exception
    assert "Held out together by document: 12 groups" in said(app)
    assert "Figures count passages" in said(app)


def test_several_labels_of_a_cleaned_text_go_with_its_passages():
    kinds = ["late;angry", "late", "angry", "late;calm", "calm", "angry;calm"]
    rows = "".join(f"<p>{text}</p>,{kinds[row]}\n" for row, text in enumerate(LETTERS))
    rows += "".join(f"<p>A note about {what}.</p>,{kind}\n" for what, kind in zip("abcdef", kinds, strict=True))
    several = uploaded("several.csv", f"text,kinds\n{rows}".encode())
    choices = {"dataset": several, "text": "text", "label": "kinds", "long": "passages", "clean": "html"}
    app = open_page("Classification", **choices, labels_view="Confidently wrong")
    assert not app.exception
    assert "list several labels" in said(app)
    assert "Held out together by document: 12 groups" in said(app)
    app = open_page("Clusters", **choices, view="Against the labels")
    assert not app.exception
    assert "Texts have several labels here" in said(app)
    counted = table(app, "Each label with the cluster that holds most of its texts")
    assert set(counted["label"]) == {"late", "angry", "calm"}
    assert counted["texts"].sum() > 18  # what it is for whole texts


def test_known_labels_are_compared_on_documents(letters):
    whole, split = (open_page("Compare", dataset=letters, long=way, known="texts") for way in ("cut", "passages"))
    assert "12 texts; nothing is known" in said(whole)
    assert "12 texts; nothing is known" in said(split)
    assert "Whole texts are compared here" in said(split)


def test_overlapping_passages_are_no_duplicates(encoder):
    """Passages that have nearly all in common have a cosine above the threshold, and are no copies of each other."""
    story = " ".join(f"Word {n} of a story that goes on." for n in range(18))
    found = el.split_passages([story], encoder, max_tokens=128, overlap=120).texts
    vectors = encoder.encode(found)
    assert (vectors[0] @ vectors[1:].T).max() > 0.9
    one = uploaded("one.csv", f"text,n\n{story},1\n".encode())
    app = open_page("Duplicates", dataset=one, long="passages", length="128", overlap="120", threshold="0.9")
    assert not app.exception
    assert (metrics(app)["Rows"], metrics(app)["Pairs"]) == (str(len(found)), "0")
    assert "do not count as alike" in said(app)


def test_what_is_taken_away_says_it_and_leads_back(letters, monkeypatch):
    views, files = [], takeaway.files
    monkeypatch.setattr(takeaway, "files", lambda view, *of: views.append(view) or files(view, *of))
    app = open_page("Clusters", dataset=letters, long="passages", length="64", overlap="8")
    assert not app.exception
    (view,) = views
    again = replay(ViewSettings.from_toml(view.settings.to_toml()), CONTENT.encode())
    assert again.corpus.texts == view.corpus.texts
    assert "max_tokens=64, overlap=8" in app.code[0].value
    written = view.table()
    assert {"document", "passage", "passages", "start", "end", "passage_text"} <= set(written.columns)
    for row in written.itertuples():
        assert row.text[int(row.start) : int(row.end)] == row.passage_text


def test_word_counts_are_those_of_passages(letters):
    app = open_page("Search", dataset=letters, long="passages", model="tf-idf", length="32", query="violin")
    assert not app.exception
    assert "passages of 12 texts" in panel(app)
    assert table(app, HITS)["place"].iloc[0] == "document 8, passage 1 of 1"


def test_a_document_is_shown_line_by_line_with_the_passage_marked():
    text = "# no heading\n\n    no code\nlast *line*"
    assert marked(text, 2, 21).split("\n\n") == [
        r"\# :violet-background[no heading]", ":violet-background[no ]code", r"last \*line\*"
    ]  # fmt: skip
