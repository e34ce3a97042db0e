"""A file of many writings on the pages: with its column in the address, searched, filtered, named, and taken away."""

import csv
import io

import pandas as pd
import pytest
from page_app import open_page, uploaded
from writings import COLUMN, FRIDGE, HALF_A_PAIR, NAMES, TEXTS

import embedlab as el
from embedlab.exports import EXPORT_FORMATS


@pytest.fixture(scope="module")
def dataset():
    rows = [[COLUMN, "सं", "№"], *([text, "冰箱" if text in FRIDGE.values() else "طرد", 7] for text in TEXTS)]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return uploaded("データ نص.csv", file.getvalue().encode())


@pytest.mark.parametrize("title", ["Data", "Similarity", "Duplicates", "Clusters"])
def test_pages_open_with_columns_of_any_name(dataset, title):
    app = open_page(title, dataset=dataset, text=COLUMN, label="№")
    assert not app.exception
    assert not app.error
    assert app.selectbox(key=f"text:{dataset}").value == COLUMN
    assert app.selectbox(key=f"label:{dataset}").value == "№"
    assert app.query_params["label"] == "№"


FOUND = {
    "물": ["Korean", "Korean in letters"],
    "📦": ["Emoji", "Emoji joined"],
    "ψυγείο": ["Greek", "Greek in capitals"],
}


@pytest.mark.parametrize("query", FOUND)
def test_search_by_words_finds_what_is_seen(dataset, query):
    app = open_page("Search", dataset=dataset, text=COLUMN, query=query, by="Words")
    assert not app.exception
    hits = app.dataframe[0].value
    assert sorted(hits["found text"]) == sorted(TEXTS[NAMES.index(name)] for name in FOUND[query])


def test_a_filter_finds_what_is_seen(dataset):
    app = open_page("Clusters", dataset=dataset, text=COLUMN, contains="냉장고")
    assert not app.exception
    assert "**2** of 34 texts" in " ".join(caption.value for caption in [*app.sidebar.caption, *app.sidebar.markdown])


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_files_hold_what_was_read(tmp_path, name):
    frame = pd.DataFrame({COLUMN: TEXTS, "n": range(len(TEXTS))})
    path = tmp_path / f"文{EXPORT_FORMATS[name].suffix}"
    path.write_bytes(EXPORT_FORMATS[name].write(frame))
    read = el.read_table(path).frame
    assert list(read.columns) == [COLUMN, "n"]
    assert read[COLUMN].tolist() == TEXTS


def test_half_a_pair_goes_and_is_said(tmp_path):
    path = tmp_path / "half.jsonl"
    path.write_text("\n".join(f'{{"text": "{text}"}}' for text in [r"parcel \ud83d lost", "📦"]), encoding="utf-8")
    table = el.read_table(path)
    assert table.frame["text"].tolist() == [HALF_A_PAIR.replace("\ud83d", ""), "📦"]
    assert "was removed" in table.report.notes[0]
