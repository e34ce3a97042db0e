"""Texts made of several columns, and cleaned ones; the columns of the file stay."""

import pytest

import embedlab as el
from embedlab.datasets import DatasetStore, Preparation
from embedlab.tables import ReadOptions

CONTENT = (
    b"title,body,kind\n"
    b"Lamp,<p>It is &amp; stays <b>dark</b>.</p>,a\n"
    b",Only a body,b\n"
    b"Only a title, ,a\n"
    b" ,,b\n"
    b"__label__late __label__angry,Where is it?,a\n"
)


@pytest.fixture
def dataset():
    return DatasetStore().add(CONTENT, "a.csv")


def test_columns_are_joined_and_blank_parts_leave_nothing(dataset):
    corpus = dataset.corpus(Preparation(("title", "body")))
    assert corpus.texts[:3] == ["Lamp\n\n<p>It is &amp; stays <b>dark</b>.</p>", "Only a body", "Only a title"]
    assert (corpus.summary.n_blank, corpus.summary.kept.tolist()) == (1, [0, 1, 2, 4])
    assert corpus.text_column == "prepared_text"
    assert corpus.frame["prepared_text"].tolist() == corpus.texts
    assert corpus.whole["title"].tolist() == dataset.table.frame["title"].tolist()
    assert list(dataset.table.frame.columns) == ["title", "body", "kind"]


def test_cleaned_texts_and_what_was_taken_out(dataset):
    corpus = dataset.corpus(Preparation(("title", "body"), ("labels", "html")))
    assert corpus.texts == ["Lamp\n\nIt is & stays dark.", "Only a body", "Only a title", "Where is it?"]
    assert corpus.labels("fasttext_label").tolist() == ["", "", "", "late;angry"]
    assert corpus.frame["body"].iloc[0].startswith("<p>")


def test_one_column_as_it_stands_is_the_column(dataset):
    plain = dataset.corpus("body")
    assert plain.whole is dataset.table.frame
    assert plain.text_column == "body"
    assert dataset.corpus(Preparation(("body",))) is plain


def test_a_name_that_is_taken_gets_a_number():
    dataset = DatasetStore().add(b"prepared_text,more\na b,c d\n", "a.csv", ReadOptions(header=True))
    corpus = dataset.corpus(Preparation(("prepared_text", "more")))
    assert corpus.text_column == "prepared_text_2"
    assert corpus.texts == ["a b\n\nc d"]


def test_what_cannot_be_prepared_is_said(dataset):
    with pytest.raises(el.InvalidInputError, match=r"a.csv has no column 'x'. It has: title, body, kind"):
        dataset.corpus(Preparation(("title", "x")))
    with pytest.raises(el.InvalidInputError, match="'text' is blank when it is cleaned"):
        el.select_texts(DatasetStore().add(b"text\nhttps://a.de\n", "b.csv").table, Preparation(("text",), ("links",)))
    with pytest.raises(el.InvalidInputError, match="no cleaning step 'magic'"):
        Preparation(("title",), ("magic",))
    with pytest.raises(el.InvalidInputError, match="no text column"):
        Preparation(())
