"""The Stores page: written, asked, taken out as a data set; what is refused, and what a link may not do."""

import pytest
from page_app import go, messages, metrics, open_page, press, said, table, uploaded

import embedlab as el
from embedlab.folders import data_folder
from embedlab.models import OWN_VECTORS
from embedlab.stores import Collection, open_store

CSV = b"id,text,stars,topic\n" + b"".join(
    f"r{n},{text} {n},{n % 5 + 1},{topic}\n".encode()
    for n, (text, topic) in enumerate([("The parcel is late", "late"), ("A lovely lamp", "lamp")] * 10)
)
ALT = "The collections of the store, with their size, model and index"
FOUND = "What the store has found, best first"
NAME = "reviews"


@pytest.fixture(scope="module")
def reviews(tmp_path_factory):
    """The id of the file, written into the lab's own store as ``reviews``; the store is that of these tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMBEDLAB_DATA", str(tmp_path_factory.mktemp("data")))
        dataset = uploaded("reviews.csv", CSV)
        app = open_page("Stores", dataset=dataset, ids="id")
        assert not app.exception
        assert app.text_input(key="collection-name").value == NAME
        app = press(app, "Write 20 texts")
        assert not app.exception
        assert not messages(app)
        assert "20 rows are new, 0 were replaced" in app.success[0].value
        yield dataset


def bare(text):
    """What is read of a text that was escaped for Markdown."""
    return text.replace("\\", "").replace("\u2060", "")


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
    assert "holds embeddings of all-MiniLM-L6-v2, and these are of static" in bare(app.error[0].value)
    app = press(app, "Choose its model")
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


def test_an_exact_store_finds_everything_and_the_page_says_so(reviews):
    app = open_page("Stores", dataset=reviews, view="Judge", field="topic", value="late")
    assert not app.success
    app = press(app, "Judge")
    assert not app.exception
    assert not app.error
    assert [bare(said.value).split(" (")[0] for said in app.success] == ["Recall@10 is 1.000"] * 2
    assert "10 of 20" in " ".join(text.value for text in app.main.markdown)
    assert metrics(app)["Recall@10"] == "1.000"


def test_too_little_is_said_in_red_with_what_to_do(reviews, monkeypatch):
    """A store that answers with the first rows it has, whatever it is asked, without an error."""
    real = Collection.query

    def query(self, embeddings, top_k=10, where=None, **options):
        return [matches[-2:] for matches in real(self, embeddings, top_k, where, **options)]

    monkeypatch.setattr(Collection, "query", query)
    app = press(open_page("Stores", dataset=reviews, view="Judge"), "Judge")
    assert not app.exception
    assert "20 of 20 answers are shorter than they should be, without an error." in bare(app.error[0].value)
    assert float(metrics(app)["Recall@10"]) < 0.3


def test_own_questions_are_embedded_by_the_model_of_the_collection(reviews):
    app = open_page("Stores", dataset=reviews, view="Judge", **{"with": "My questions"})
    app.text_area(key="judge-questions").set_value("my parcel\na lamp\n").run()
    app = press(app, "Judge")
    assert not messages(app)
    assert metrics(app)["Recall@10"] == "1.000"
    app.selectbox(key="model").set_value("static-all-MiniLM-L6-v2").run()
    assert "holds embeddings of all-MiniLM-L6-v2" in bare(app.error[0].value)


def test_a_link_to_a_store_is_not_followed_before_the_person_says_so(reviews, tmp_path):
    """Opening makes the folder, and a server would be told the keys that are kept for it."""
    address = f"lancedb://{tmp_path / 'linked'}"
    app = open_page("Stores", dataset=reviews, store=address)
    assert not app.exception
    assert "The link leads to a store" in app.info[0].value
    assert not (tmp_path / "linked").exists()
    app = press(app, "Open this store")
    assert not messages(app)
    assert "Nothing is in this store yet" in app.info[0].value
    assert app.query_params["store"] == address


def test_a_password_in_a_link_is_neither_shown_nor_kept(reviews):
    app = open_page("Stores", dataset=reviews, store="postgresql://me:hunter2@db.example/lab")
    assert not app.exception
    assert "holds a password" in app.error[0].value
    assert "store" not in app.query_params
    assert "hunter2" not in said(app) + str(dict(app.query_params))
    assert "hunter2" not in str([box.proto for box in app.selectbox])
    app = app.run()
    assert not messages(app)


def test_a_shared_server_offers_what_its_owner_lists(reviews, monkeypatch, tmp_path):
    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    app = open_page("Stores", dataset=reviews)
    assert not app.exception
    assert "knows nobody by name" in app.info[0].value
    assert not app.main.button
    listed = f"lancedb://{tmp_path / 'listed'}"
    monkeypatch.setenv("EMBEDLAB_STORES", listed)
    app = open_page("Stores", dataset=reviews)
    assert app.selectbox(key="store-address").options == [listed]
    app = open_page("Stores", dataset=reviews, store=f"lancedb://{tmp_path / 'other'}")
    assert "this server is shared" in app.error[0].value
    assert not (tmp_path / "other").exists()
