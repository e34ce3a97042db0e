"""The first look: rough groups and a rough map of word vectors, and when there is one."""

import numpy as np
import pytest
from page_app import uploaded

import embedlab as el
from embedlab.jobs import Visitor
from embedlab.models import DEFAULT_MODEL
from embedlab.ui.choices import Selection, own_vectors
from embedlab.ui.tasks import first_look, model_tasks, services, text_tasks, waiting

WORDS = ["parcel", "lamp", "refund", "courier", "invoice", "battery", "colour", "voucher", "return", "delivery"]
TEXTS = [f"my {WORDS[i % 10]} and the {WORDS[i // 10]} number {i}" for i in range(100)]


@pytest.fixture(scope="module")
def words():
    return waiting.run_task(model_tasks.load_model(f"static-{DEFAULT_MODEL}"))


@pytest.fixture
def embedded(words):
    return text_tasks.Embedded(words.encode(TEXTS), ("texts", "words"))


def choose(texts, model=DEFAULT_MODEL):
    dataset = services.datasets().get(uploaded("texts.csv", "\n".join(["text", *texts]).encode()))
    return Selection(dataset, "text", None, model, "mean")


def done(task):
    return waiting.jobs().submit(task, Visitor()).result()


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(first_look, "LEAST_TEXTS", 50)


def test_every_text_lies_where_the_most_similar_text_that_is_laid_out_does(embedded, monkeypatch):
    monkeypatch.setattr(first_look, "LAID_OUT", 30)
    places = done(first_look.lay_out(embedded, 2)).coordinates
    seen = np.sort(np.random.default_rng(0).choice(100, 30, replace=False))
    laid_out = el.project(embedded.vectors[seen]).coordinates
    nearest = (embedded.vectors @ embedded.vectors[seen].T).argmax(axis=1)
    np.testing.assert_array_equal(places, laid_out[nearest])


def test_a_map_of_all_texts_is_that_of_their_word_vectors_and_claims_nothing(embedded):
    drawn = done(first_look.lay_out(embedded, 3))
    np.testing.assert_array_equal(drawn.coordinates, el.project(embedded.vectors, n_components=3).coordinates)
    assert drawn.trustworthiness == {}
    assert drawn.method == first_look.FIRST_LOOK


def test_texts_go_to_the_nearest_centre_and_groups_are_named_by_their_words(words):
    about = ["parcel", "lamp"]
    texts = [f"{about[i % 2]} {about[i % 2]}s {about[i % 2]} {i}" for i in range(60)]
    vectors = text_tasks.Embedded(words.encode(texts), ("two", "words"))
    clustering, names = done(first_look.group(texts, vectors, 2))
    assert len(set(clustering.labels[::2])) == len(set(clustering.labels[1::2])) == 1
    assert clustering.labels[0] != clustering.labels[1]
    for row, word in enumerate(about):
        assert word in names[clustering.labels[row]]


def test_no_group_is_empty_where_texts_are_fewer_than_groups(words):
    texts = ["the same words"] * 70 + ["and others"] * 30
    vectors = text_tasks.Embedded(words.encode(texts), ("same", "words"))
    clustering, names = done(first_look.group(texts, vectors, 12))
    assert sorted(set(clustering.labels)) == sorted(names) == [0, 1]
    assert np.isfinite(clustering.centers).all()


def test_word_vectors_stand_in_until_the_model_has_read_the_texts(words, few_are_many):
    selection = choose([f"{text} once more" for text in TEXTS])
    look = first_look.stand_in(selection)
    assert (look.model, look.pooling_mode) == (f"static-{DEFAULT_MODEL}", "mean")
    assert look.corpus is selection.corpus
    encoder = services.encoder(selection)
    services.store().encode(encoder, selection.corpus.texts, pooling_mode="mean")
    assert first_look.stand_in(selection) is None
    # A page that shows one goes on until all is there.
    assert first_look.stand_in(selection, is_open=True).model == look.model


def test_there_is_no_first_look_where_it_would_spare_nothing(words, few_are_many, monkeypatch):
    texts = [f"{text} for nothing" for text in TEXTS]
    assert first_look.stand_in(choose(texts)) is not None
    assert first_look.stand_in(choose(texts[:20])) is None
    assert first_look.stand_in(choose(texts, f"static-{DEFAULT_MODEL}")) is None
    assert first_look.stand_in(choose(texts, "tf-idf")) is None
    monkeypatch.setattr(services.encoder(choose(texts)), "device", "cuda")
    assert first_look.stand_in(choose(texts)) is None


def test_there_is_none_without_word_vectors_at_hand_or_beside_a_map_of_ones_own(words, few_are_many, monkeypatch):
    selection = choose([f"{text} of mine" for text in TEXTS])
    monkeypatch.setattr(own_vectors, "map_of", lambda selection: ("map", np.zeros((100, 2), np.float32)))
    assert first_look.stand_in(selection) is None
    monkeypatch.undo()
    monkeypatch.setattr(waiting, "is_done", lambda task: False)
    assert first_look.stand_in(selection) is None
