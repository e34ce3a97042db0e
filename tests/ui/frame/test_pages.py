"""Every page: opened first, in the empty and the loaded state, one interaction, one error in plain words."""

import re
import threading

import pytest
from page_app import arrays_header, figure, messages, metrics, open_page, press, table, upload, uploaded
from patience import PATIENCE

from embedlab.jobs import Task
from embedlab.ui.frame import PAGES
from embedlab.ui.serving.server import warm_up
from embedlab.ui.tasks import model_tasks, waiting

TITLES = [page.title for page in PAGES]
# The others are about contests, about one sentence, about what there is and what is kept, not about the texts.
TEXT_PAGES = [title for title in TITLES if title not in ("Probes", "Inside", "Models", "Cache")]


@pytest.mark.usefixtures("fresh_server")
@pytest.mark.parametrize("title", TITLES)
def test_first_on_a_fresh_server(title):
    """A deep link: frame, menu and content are there although `app.py` has not run."""
    app = open_page(title)
    assert not app.exception
    assert not messages(app)
    assert app.selectbox(key="dataset").value == "support_messages"
    assert len(app.sidebar.get("page_link")) == len(PAGES)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("sample", ["refrigerators", "sentence_pairs"])
def test_other_samples(title, sample):
    app = open_page(title, dataset=sample)
    assert not app.exception
    # One of the samples is in German and Korean, too, and the Data page says what the model was not trained for.
    assert not [
        said for said in messages(app) if title != "Data" or "was not trained for German and Korean" not in said
    ]
    assert app.selectbox(key="dataset").value == sample


@pytest.mark.parametrize("title", TEXT_PAGES)
def test_no_text_column_is_an_empty_state_with_a_way_out(title):
    app = upload(open_page("Data"), "numbers.csv", b"a,b\n1,2\n3,4\n")
    dataset = app.selectbox(key="dataset").value
    assert not app.exception
    if title != "Data":
        app = open_page(title, dataset=dataset)
    assert not app.exception
    if title != "Home":
        assert "Choose the text column" in messages(app)[0]


BAD_FILES = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n\n  \n", "blank|empty|nothing"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(200), "(?i)png|picture|image"),
    "binary.csv": (bytes(range(256)) * 8, "(?i)binary|not.*text"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_table_is_said_plainly_and_nothing_is_lost(name):
    content, words = BAD_FILES[name]
    app = upload(open_page("Data"), name, content)
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.rstrip().endswith((".", ")"))
    assert re.search(words, app.error[0].value)
    assert app.selectbox(key="dataset").value == "support_messages"
    app = upload(app.run(), "good.csv", b"text\nhello world\ngood morning\n")
    assert not messages(app)


@pytest.mark.parametrize("title", ["Similarity", "Duplicates", "Clusters", "Search"])
@pytest.mark.parametrize(
    "content", [b"text\nonly one row\n", b"text\n" + b"the same text\n" * 5], ids=["one row", "identical"]
)
def test_tiny_and_identical_texts(title, content):
    dataset = uploaded("small.csv", content)
    app = open_page(title, dataset=dataset)
    assert not app.exception
    if title == "Clusters":
        app.segmented_control(key="k_by").set_value("Chosen").run()
        app.slider(key="k").set_value(9).run()
        assert not app.exception
        assert any("9" in message for message in messages(app))


def test_a_link_to_an_unknown_dataset_says_so():
    app = open_page("Clusters", dataset="0" * 32)
    assert "no longer on this server" in app.warning[0].value
    assert app.selectbox(key="dataset").value == "support_messages"


def test_a_link_reopens_the_view_in_another_session():
    dataset = uploaded("mine.csv", b"id,review\n1,I like it\n2,I hate it\n3,So so\n")
    app = open_page("Search", dataset=dataset, text="id", pooling="max", query="love")
    assert app.selectbox(key="dataset").value == dataset
    assert app.selectbox(key=f"text:{dataset}").value == "id"
    assert app.selectbox(key="pooling:all-MiniLM-L6-v2").value == "max"
    assert not app.exception


def test_home_leads_to_every_page():
    app = open_page("Home")
    links = [link.proto.label for link in app.get("page_link")]
    assert [link for link in links if link.startswith("Open")] == [
        f"Open {page.title}" for page in PAGES if page.has_card
    ]
    assert [link for link in links if not link.startswith("Open")] == TITLES


def test_data_counts_what_it_set_aside():
    content = "text\nhello\n \n\u200b\nhello\nbye\n".encode()
    app = upload(open_page("Data"), "dirty.csv", content)
    shown = metrics(app)
    assert shown["Texts to embed"] == "3"
    assert shown["Blank, set aside"] == "2"
    assert shown["Repeated"] == "1"


def test_data_does_not_wait_for_what_others_have_embedded():
    app, is_over = open_page("Data"), threading.Event()
    others = [waiting.jobs().submit(Task(name, name, lambda report: is_over.wait(PATIENCE))) for name in "abcd"]
    upload(app, "new.csv", b"text\nnobody waits for others to look at this\n")
    assert metrics(app)["Texts to embed"] == "1"
    assert not any(job.is_finished for job in others)
    is_over.set()


def test_data_pasted_texts_become_the_dataset():
    app = open_page("Data")
    app.segmented_control(key="source").set_value("Paste texts").run()
    app.text_area[0].set_value("first text\nsecond text")
    app.button[0].click().run()
    assert not messages(app)
    assert metrics(app)["Texts to embed"] == "2"


def test_data_read_another_way():
    app = upload(open_page("Data"), "umlaut.csv", "text;n\nGrüße aus Köln;1\nSchöne Tage;2\n".encode("cp1252"))
    assert not app.exception
    encoding = next(box for box in app.selectbox if box.label == "Encoding")
    encoding.set_value("cp1252")
    press(app, "Read again")
    assert not app.exception
    assert "Grüße aus Köln" in table(app)["text"].tolist()


def test_data_offers_a_repair_and_takes_it_back():
    """Nothing is repaired before the person has seen it and agreed."""
    app = upload(open_page("Data"), "twice.csv", "text,n\nso schÃ¶n,1\nplain,2\n".encode())
    assert app.dataframe[0].value.to_numpy().tolist() == [["so schÃ¶n", "so schön"]]
    assert table(app)["text"].tolist() == ["so schÃ¶n", "plain"]
    press(app, "Repair these cells")
    assert not app.exception
    assert table(app)["text"].tolist() == ["so schön", "plain"]
    press(app, "Undo the repair")
    assert table(app)["text"].tolist() == ["so schÃ¶n", "plain"]


def test_data_says_what_it_set_aside_and_gives_it_back():
    app = upload(open_page("Data"), "survey.csv", b"Survey 2024\ntext,n\na b,1\nc d,2\n")
    assert any("set aside above the names" in caption.value for caption in app.caption)
    next(box for box in app.selectbox if box.label == "Titles and remarks").set_value(False)
    press(app, "Read again")
    assert not app.exception
    assert "Survey 2024" in [*table(app).columns, *table(app).to_numpy().ravel()]


def test_data_shows_the_first_rows_and_is_told_which_are_names():
    """The guess is explained, and what a person says instead is followed."""
    content = b"code,comment\nQ1,What would you change?\nx7,The beds\nx8,Nothing at all\n"
    app = upload(open_page("Data"), "survey.csv", content)
    first_rows = app.dataframe[0].value
    assert first_rows["Taken for"].tolist() == ["names", "row", "row", "row"]
    assert any("Row 1 is taken for the names" in text.value for text in app.markdown)
    next(box for box in app.number_input if box.label == "Rows of names").set_value(2)
    press(app, "Read again")
    assert not app.exception
    assert app.dataframe[0].value["Taken for"].tolist() == ["names", "names", "row", "row"]
    assert list(table(app).columns) == ["code – Q1", "comment – What would you change?"]


def test_similarity_of_two_sentences_is_live():
    app = open_page("Similarity")
    app.text_input(key="first").set_value("same words").run()
    app.text_input(key="second").set_value("same words").run()
    assert metrics(app)["Cosine similarity"] == "1.000"


def test_similarity_order_can_be_switched_off():
    app = open_page("Similarity")
    ordered = figure(app)["data"][0]
    app.toggle(key="ordered").set_value(False).run()
    assert figure(app)["data"][0] != ordered


def test_clusters_selection_lists_the_texts_and_stays_when_the_colours_change():
    """What the map in the browser tells of a selection: an id, and the steps that led to it."""
    app = open_page("Clusters")
    steps = [{"mode": "replace", "rows": [3, 5]}, {"mode": "add", "rows": [8]}]
    app.session_state["map-2d"] = {"selection": {"id": "a", "steps": steps}}
    app.run()
    assert not app.exception
    assert "3 selected" in [heading.value for heading in app.subheader]
    app.selectbox(key="colour:support_messages").set_value("channel").run()
    assert "3 selected" in [heading.value for heading in app.subheader]


def test_clusters_of_a_chosen_number_against_labels():
    app = open_page("Clusters", k_by="Chosen", k="7", view="Against the labels")
    assert not app.exception
    assert 0.2 < float(metrics(app)["Adjusted Rand index"]) < 1


def test_search_finds_by_meaning_and_refuses_blanks():
    app = open_page("Search", query="I forgot my password")
    assert app.dataframe[0].value["score"].is_monotonic_decreasing
    assert app.dataframe[0].value["score"].iloc[0] > 0.4
    app.text_input(key="query").set_value("   ").run()
    assert not app.exception
    assert "blank" in messages(app)[0]


@pytest.mark.parametrize("title", [title for title in TEXT_PAGES if title not in ("Compare", "Stores", "Retrieve")])
def test_a_model_that_cannot_be_had_is_said_once(title):
    app = open_page(title, model="multilingual-e5-small", query="hello")
    assert not app.exception
    (message,) = messages(app)
    assert "not on this machine" in message
    app.selectbox(key="model").set_value("all-MiniLM-L6-v2").run()
    assert not messages(app)


@pytest.mark.parametrize("column", ["priority", "date", "channel"])
def test_clusters_coloured_by_any_column_in_two_and_three_dimensions(column):
    app = open_page("Clusters", dimensions="3-D")
    app.selectbox(key="colour:support_messages").set_value(column).run()
    assert not app.exception
    described = [arrays_header(element) for element in app.get("bidi_component")]
    assert {"width": 3} in [{"width": about["width"]} for about in described if "width" in about]
    assert column in [about.get("title") for about in described]


def test_a_stopped_job_stays_stopped_until_it_is_asked_for_again():
    """The person's own stop, as the button leaves it behind; the page offers the way on."""
    app = open_page("Similarity")
    app.session_state["stopped-job"] = model_tasks.load_model("all-MiniLM-L6-v2").key
    app.run()
    assert "stopped" in app.info[0].value
    press(app, "Start again")
    assert not app.info
    assert not app.exception


@pytest.mark.usefixtures("fresh_server")
def test_warm_up_works_through_what_is_slow_at_first():
    """In the server it runs in a thread of its own, where nobody would see it fail."""
    warm_up()
