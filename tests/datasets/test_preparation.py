"""Texts made of several columns, and cleaned ones; the columns of the file stay."""

import sys

import numpy as np
import pytest

import embedlab as el
from embedlab.datasets import DatasetStore, Preparation, passage_corpus
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
    dataset = DatasetStore().add(b"prepared_text,more\na b,c d\n", "a.csv", ReadOptions(header_rows=1))
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


def test_passages_keep_the_cells_and_the_place_of_their_document():
    dataset = DatasetStore().add(b'text,kind\n"One is red. Two is blue.",a\n ,b\nThree,c\n', "a.csv")
    corpus = dataset.corpus("text")
    found = el.Passages(["One is red.", "Two is blue.", "Three"], *np.array([[0, 0, 1], [0, 12, 0], [11, 24, 5]]))
    passages = passage_corpus(corpus, found)
    assert passages.texts == found.texts
    assert passages.frame["kind"].tolist() == ["a", "a", "c"]
    assert passages.frame["document"].tolist() == ["1", "1", "3"]
    assert passages.frame[["passage", "passages", "start", "end"]].iloc[1].tolist() == ["2", "2", "12", "24"]
    assert (passages.summary.n_blank, passages.summary.kept.tolist()) == (1, [0, 1, 3])
    assert passages.whole["kind"].tolist() == ["a", "a", "b", "c"]
    assert passages.table_rows.tolist() == [0, 0, 2]
    assert passages.place(1) == "document 1, passage 2 of 2"
    assert passages.captions[2] == "Document 3, passage 1 of 1: Three"
    assert passages.around(1) == ("One is red. Two is blue.", 12, 24)
    assert (corpus.place(0), corpus.captions, corpus.places) == ("", corpus.texts, {})
    assert passages.n_documents == corpus.n_documents == 2


def test_a_column_means_the_same_whether_its_texts_are_split_or_not():
    """Most documents have a word for the size, the one with many passages a number: by passages it would be numbers."""
    content = "text,size\nlong,1\n" + "".join(f"short {row},{'SML'[row % 3]}\n" for row in range(9))
    corpus = DatasetStore().add(content.encode(), "a.csv").corpus("text")
    assert corpus.scale("size") is None
    document = np.repeat(np.arange(10), [200, *[1] * 9])
    split = passage_corpus(corpus, el.Passages([f"p {row}" for row in range(209)], document, document, document + 1))
    assert split.scale("size") is None
    assert split.labels("size").tolist() == corpus.labels("size")[document].tolist()
    assert split.scale("passage").numbers.max() == 200


def test_passages_share_the_cells_of_their_document():
    """A long text is not held once more for each of its passages, nor counted so: other results would go for it."""
    corpus = DatasetStore().add(f"text,n\n{'word ' * 20_000},1\n".encode(), "a.csv").corpus("text")
    nothing = np.zeros(400, dtype=np.int64)
    split = passage_corpus(corpus, el.Passages([f"p {row}" for row in range(400)], nothing, nothing, nothing + 1))
    assert split.frame["text"].iloc[0] is split.frame["text"].iloc[399]
    assert split.nbytes < 400_000 < 400 * len(corpus.texts[0])


def test_passages_of_other_documents_are_other_texts():
    """The same passages, once of one document and once of two: groups and duplicates of these are not the same."""
    corpus = DatasetStore().add(b"text\na b\nb c\n", "a.csv").corpus("text")
    places = [[0, 1], [0, 0], [3, 3]], [[0, 0], [0, 2], [3, 5]]
    one, other = (passage_corpus(corpus, el.Passages(["a b", "b c"], *map(np.array, each))) for each in places)
    assert one.texts == other.texts
    assert len({one.digest, other.digest, corpus.digest}) == 3


def test_prepared_texts_count_as_memory():
    """Of a cleaned column its texts count, and two frames of places beside the cells that are shared."""
    dataset = DatasetStore().add(b"text,n\n" + b"".join(b"<b>word</b> %d,1\n" % i for i in range(50)), "a.csv")
    before = dataset.nbytes
    dataset.corpus("text")
    assert dataset.nbytes == before + 8 * 50
    before, corpus = dataset.nbytes, dataset.corpus(Preparation(("text",), ("html",)))
    texts = sum(sys.getsizeof(text) for text in corpus.texts)
    assert dataset.nbytes == before + 8 * 50 + 8 * corpus.whole.size + texts + 8 * 50
