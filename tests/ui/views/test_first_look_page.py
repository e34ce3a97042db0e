"""Pages while the model reads the texts: a first look, marked, and then what the model makes of them."""

import re

import numpy as np
import pytest
from page_app import arrays_header, drawn_maps, metrics, open_page, press, said, uploaded

import embedlab as el
from embedlab.models import DEFAULT_MODEL
from embedlab.ui.tasks import first_look, model_tasks, services, text_tasks, waiting

SUBJECTS = ["parcel", "lamp", "refund", "courier", "invoice", "battery", "colour", "voucher"]
VERBS = ["broke", "came late", "is missing", "looks wrong", "was refused", "flickers", "costs too much", "arrived"]


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    """Word vectors that are loaded, and texts that are many."""
    waiting.run_task(model_tasks.load_model(f"static-{DEFAULT_MODEL}"))
    monkeypatch.setattr(first_look, "LEAST_TEXTS", 50)


def upload(word):
    """Load texts no other test has; return the id of the dataset and the task of embedding them, for two prompts."""
    texts = [f"my {word} {subject} {verb}" for subject in SUBJECTS for verb in VERBS]
    texts += [f"My {word} parcel arrived!", f"my {word} lamp broke"]
    dataset = uploaded("texts.csv", "\n".join(["text", *texts]).encode())
    corpus = services.datasets().get(dataset).corpus("text")
    encoder = waiting.run_task(model_tasks.load_model(DEFAULT_MODEL))
    return dataset, text_tasks.embed(corpus, encoder, services.store(), "mean", encoder.document_prompt_name)


def open_while_it_reads(title, dataset, reading, **query):
    """Open a page of which the reading has been stopped, so that what was drawn until then stays."""
    app = open_page("Data")
    app.session_state[waiting.STOPPED] = reading.key
    for key, value in {"dataset": dataset, "text": "text", **query}.items():
        app.query_params[key] = value
    from page_app import go

    return go(app, title)


def map_data(app):
    """What the last map is told, and what its colours stand for."""
    title = [header["title"] for header in map(arrays_header, app.get("bidi_component")) if "title" in header][-1]
    drawn = [e for e in app.get("bidi_component") if e.proto.component_name == "embedlab_map"][-1]
    return bool(re.search(r'"draft": ?true', str(drawn.proto.json))), title


def test_clusters_are_looked_at_first_and_the_models_take_their_place():
    dataset, reading = upload("own")
    app = open_while_it_reads("Clusters", dataset, reading)
    assert not app.exception
    assert map_data(app) == (True, "Cluster (first look)")
    assert "First look, by word vectors" in said(app)
    assert "its map takes this one's place" in said(app)
    assert app.dataframe[0].value["texts"].sum() == 66
    assert "stopped" in app.info[0].value
    # Nothing is offered that could be taken for a result.
    assert not [button.label for button in app.get("download_button")]
    assert "Take it away" not in [heading.value for heading in app.subheader]

    app = press(app, "Start again")
    assert not app.exception
    assert map_data(app) == (False, "Cluster")
    assert "First look" not in said(app)
    assert "Take it away" in [heading.value for heading in app.subheader]
    assert "The model has read all texts" in app.toast[0].value

    # The map is the one there is without a first look, bit for bit.
    embedded = waiting.jobs().find(reading.key).result()
    found = waiting.jobs().find(text_tasks.draw_map(embedded, None).key).result()
    graph = el.neighbor_graph(embedded.vectors, text_tasks.N_NEIGHBORS)
    np.testing.assert_array_equal(found.coordinates, el.project(embedded.vectors, neighbors=graph).coordinates)
    assert "First look" not in said(app.run())


def test_a_search_is_answered_by_word_vectors_first():
    dataset, reading = upload("blue")
    app = open_while_it_reads("Search", dataset, reading, query="a lamp that flickers")
    assert not app.exception
    words = waiting.run_task(model_tasks.load_model(f"static-{DEFAULT_MODEL}"))
    texts = services.datasets().get(dataset).corpus("text").texts
    cosines = words.encode(texts) @ words.encode_query("a lamp that flickers")[0]
    hits = app.dataframe[0].value
    assert hits["found text"].iloc[0] == texts[cosines.argmax()]
    np.testing.assert_allclose(hits["score"], np.sort(cosines)[::-1][:10], atol=1e-5)
    assert map_data(app)[0]
    assert drawn_maps(app) == 1
    assert "First look, by word vectors" in said(app)
    assert not app.get("file_uploader")

    app = press(app, "Start again")
    assert not app.exception
    assert not map_data(app)[0]
    embedded = waiting.jobs().find(reading.key).result()
    encoder = waiting.run_task(model_tasks.load_model(DEFAULT_MODEL))
    cosines = embedded.vectors @ encoder.encode_query("a lamp that flickers")[0]
    np.testing.assert_allclose(app.dataframe[0].value["score"], np.sort(cosines)[::-1][:10], atol=1e-3)


def test_nothing_is_computed_where_nothing_is_looked_for():
    dataset, reading = upload("green")
    app = open_page("Search", dataset=dataset, text="text")
    assert not app.exception
    assert "First look" not in said(app)
    assert waiting.jobs().find(reading.key) is None


def test_equal_rows_are_there_before_the_model_has_read_them():
    dataset, reading = upload("red")
    app = open_while_it_reads("Duplicates", dataset, reading)
    assert not app.exception
    assert "Meanwhile" in said(app)
    assert metrics(app)["Rows removed"] == "2"
    # A cosine of word vectors would say of equal rows that they differ.
    assert app.dataframe[0].value.columns.tolist() == ["group", "rows", "kept"]
    assert not app.get("download_button")
    app.segmented_control(key="alike").set_value("Exactly the same").run()
    assert metrics(app)["Rows removed"] == "1"
    assert "no model is needed" in said(app)
    app = press(app, "Start again")
    assert metrics(app)["Rows removed"] == "1"
    assert app.get("download_button")
