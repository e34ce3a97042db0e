"""Uploads on a server, and the texts chosen from them."""

import pytest

from embedlab.datasets import DatasetStore, select_texts
from embedlab.errors import InvalidInputError, TableError
from embedlab.tables import ReadOptions

CONTENT = b"label;review\ngood;I like it a lot\nbad; \ngood;I like it a lot\nbad;Broken again\n"


def test_blanks_are_set_aside_and_rows_stay_together():
    dataset = DatasetStore().add(CONTENT, "a.csv")
    corpus = select_texts(dataset.table, "review")
    assert corpus.texts == ["I like it a lot", "I like it a lot", "Broken again"]
    assert corpus.labels("label").tolist() == ["good", "good", "bad"]
    assert corpus.summary.kept.tolist() == [0, 2, 3]
    assert dataset.table.report.n_rows == 4


def test_columns_are_guessed_for_uploads_and_known_for_samples():
    store = DatasetStore()
    upload, sample = store.add(CONTENT, "a.csv"), store.get("support_messages")
    assert (upload.text_column, upload.label_column) == ("review", "label")
    assert (sample.text_column, sample.label_column) == ("text", "topic")
    assert store.add(b"a,b\n1,2\n", "numbers.csv").text_column is None


def test_ids_cannot_be_computed_and_the_same_upload_has_the_same():
    store = DatasetStore()
    first, again = store.add(CONTENT, "a.csv"), store.add(CONTENT, "a.csv")
    assert first is again
    assert len(first.id) == 32
    others = [store.add(CONTENT, "b.csv"), store.add(CONTENT, "a.csv", ReadOptions(header_rows=0))]
    others += [DatasetStore().add(CONTENT, "a.csv")]
    assert len({first.id, *(other.id for other in others)}) == 4


def test_what_cannot_be_read_is_not_kept_and_unknown_ids_give_nothing():
    store = DatasetStore()
    with pytest.raises(TableError):
        store.add(b"", "empty.csv")
    assert store.get("0" * 32) is None


def test_oldest_uploads_make_room():
    store = DatasetStore(max_bytes=50_000)
    datasets = [store.add(CONTENT + b"good;" + bytes([97 + i]) * 8000 + b"\n", f"{i}.csv") for i in range(6)]
    assert store.get(datasets[-1].id) is datasets[-1]
    assert store.get(datasets[0].id) is None


def test_wrong_columns_are_named():
    dataset = DatasetStore().add(CONTENT, "a.csv")
    with pytest.raises(InvalidInputError, match="no column 'comment'. It has: label, review"):
        select_texts(dataset.table, "comment")
    blank = DatasetStore().add(b"label,text\na, \nb,\n", "blank.csv")
    with pytest.raises(InvalidInputError, match="'text' is blank"):
        select_texts(blank.table, "text")


def test_several_files_have_an_id_of_their_own_and_all_their_bytes_count():
    store = DatasetStore()
    files = [("a.csv", CONTENT), ("b.csv", CONTENT)]
    both = store.add_files(files)
    assert (both.title, both.files) == ("a.csv and 1 more", tuple(files))
    assert both is store.add_files(files)
    ids = {both.id, store.add(CONTENT, "a.csv").id, store.add_files(files[::-1]).id, store.add_files(files * 2).id}
    assert len(ids) == 4
    # What a name ends with and a file begins with are told apart.
    parted = [store.add_files([("a.csv", b"text\na b\n"), (name, b"text\nc d\n")]).id for name in ("b.csv", "bc.csv")]
    assert len(set(parted)) == 2
    assert both.nbytes > 2 * len(CONTENT)
    assert list(both.digests) == ["a.csv", "b.csv"]
    with pytest.raises(InvalidInputError, match="no file to read"):
        store.add_files([])
