"""The Stores page: written, asked, taken out as a data set; what is refused, and what a link may not do."""

import pytest
from page_app import go, messages, open_page, press, table, uploaded

import embedlab as el
from embedlab.folders import data_folder
from embedlab.models import OWN_VECTORS
from embedlab.stores import open_store

CSV = b"id,text,stars,topic\n" + b"".join(
    f"r{n},{text} {n},{n % 5 + 1},{topic}\n".encode()
    for n, (text, topic) in enumerate([("The parcel is late", "late"), ("A lovely lamp", "lamp")] * 10)
)
ALT = "The collections of the store, with their size, model and index"
FOUND = "What the store has found, best first"
NAME = "reviews"


@pytest.fixture(scope="module")
def reviews():
    """The id of the file, written into the lab's own store as ``reviews``."""
    dataset = uploaded("reviews.csv", CSV)
    app = open_page("Stores", dataset=dataset, ids="id")
    assert not app.exception
    assert app.text_input(key="collection-name").value == NAME
    app = press(app, "Write 20 texts")
    assert not app.exception
    assert not messages(app)
    assert "20 rows are new, 0 were replaced" in app.success[0].value
    return dataset


def own():
    return open_store(f"lancedb://{data_folder() / 'stores'}")


def test_what_is_written_is_there_with_its_metadata(reviews):
    with own() as store:
        found = store.open_collection(NAME).get(["r1"], with_embeddings=True)
        info = store.open_collection(NAME).info
    assert found.documents == ["A lovely lamp 1"]
    assert found.metadatas == [{"stars": 2, "topic": "lamp"}]
    assert info.model == "all-MiniLM-L6-v2"
    assert found.embeddings[0] @ el.load_encoder(info.model).encode(found.documents)[0] == pytest.approx(1, abs=1e-3)
    app = open_page("Stores", dataset=reviews)
    assert table(app, ALT).iloc[0].tolist() == [NAME, 20, 384, "all-MiniLM-L6-v2", "EmbedLab", "exact"]
    assert "store" not in app.query_params


def test_a_second_write_changes_only_what_changed(reviews):
    changed = uploaded("reviews.csv", CSV.replace(b"A lovely lamp 1,", b"A broken lamp 1,"))
    app = press(open_page("Stores", dataset=changed, ids="id"), "Write 20 texts")
    assert "0 rows are new, 1 were replaced, 19 were there as they are." in app.success[0].value
    app = press(open_page("Stores", dataset=reviews, ids="id"), "Write 20 texts")
    assert "1 were replaced" in app.success[0].value


def test_a_question_with_a_condition(reviews):
    app = open_page("Stores", dataset=reviews, view="Ask", query="my package has not come")
    assert not messages(app)
    assert table(app, FOUND)["topic"].tolist() == ["late"] * 10
    app.selectbox(key=f"field:{NAME}").set_value("stars").run()
    app.selectbox(key="op:stars").set_value("gte").run()
    app.selectbox(key="value:stars").set_value("5").run()
    assert not app.exception
    assert set(table(app, FOUND)["stars"]) == {"5"}
    assert app.query_params["field"] == "stars"


def test_another_model_is_refused_and_the_right_one_offered(reviews):
    app = open_page("Stores", dataset=reviews, view="Ask", query="lamp", model="static-all-MiniLM-L6-v2")
    assert "holds embeddings of all-MiniLM-L6-v2, and these are of static" in app.error[0].value.replace("\\", "")
    app = press(app, "Choose all-MiniLM-L6-v2")
    assert app.selectbox(key="model").value == "all-MiniLM-L6-v2"
    assert not messages(app)
    assert len(table(app, FOUND)) == 10


def test_a_collection_becomes_a_data_set_with_its_own_vectors(reviews):
    app = press(open_page("Stores", dataset=reviews, view="Open"), "Open as a data set")
    assert not app.exception
    assert not messages(app)
    assert "20 rows of reviews are the chosen data set." in app.success[0].value
    assert app.selectbox(key="dataset").value != reviews
    assert app.selectbox(key="model").value == OWN_VECTORS
    app = go(app, "Duplicates")
    assert not app.exception
    assert not messages(app)
