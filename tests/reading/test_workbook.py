"""Workbooks: read in a process of their own, whatever is inside."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from embedlab.errors import TableError
from embedlab.reading import read_table


def workbook(*sheets):
    """Build a workbook from lists of rows, one a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    return content_of(book)


def content_of(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_cells_read_as_a_person_sees_them():
    day = datetime.datetime(2026, 3, 1)
    content = workbook(
        [["text", "n", "when"], ["Grüße 👋", 3.0, day], ["NA", 2.5, None], [None, None, None], ["=1+1", True, None]]
    )
    table = read_table(content, name="a.xlsx")
    assert table.frame.to_numpy().tolist()[:2] == [["Grüße 👋", "3", "2026-03-01"], ["NA", "2.5", ""]]
    assert (table.report.format, table.report.part, table.report.header_rows) == ("xlsx", "Sheet 1", 1)


def test_first_filled_sheet_is_read_and_the_others_named():
    table = read_table(workbook([], [["text"], ["hello there, friend"]], [["other"], ["x"]]), name="a.xlsx")
    assert table.frame["text"].tolist() == ["hello there, friend"]
    assert "'Sheet 2' was read" in table.report.notes[0]
    assert "Sheet 1, Sheet 3" in table.report.notes[0]


def test_a_renamed_workbook_is_read_as_what_it_is():
    assert read_table(workbook([["text", "n"], ["a b", 1]]), name="renamed.csv").report.format == "xlsx"


def test_the_cell_in_the_farthest_corner_harms_nobody():
    """A workbook of some kB whose only cell is the last of the sheet makes fast readers ask for 550 GB."""
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "far"
    with pytest.raises(TableError, match="16,384 columns; up to 1,000"):
        read_table(content_of(book), name="far.xlsx")


def test_a_zip_bomb_is_refused_by_its_size_inside():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(100 << 20))
    with pytest.raises(TableError, match="unpacks to 100 MiB"):
        read_table(stream.getvalue(), name="bomb.xlsx")


def test_an_entity_bomb_inside_is_refused():
    """The classic 'billion laughs': a few lines of XML that expand to gigabytes."""
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)]
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]><x>&a11;</x>'
    good, stream = workbook([["text"], ["a"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.namelist():
            target.writestr(entry, bomb if entry == "xl/workbook.xml" else source.read(entry))
    with pytest.raises(TableError, match="cannot be read"):
        read_table(stream.getvalue(), name="laughs.xlsx")


def test_cut_off():
    content = workbook([["text"], ["a"]])
    with pytest.raises(TableError, match="damaged workbook"):
        read_table(content[: len(content) // 2], name="cut.xlsx")


def test_no_row_and_no_column_is_dropped_in_silence():
    book = openpyxl.Workbook()
    for row, texts in ((3, ("text", "n")), (4, ("hello there", 1)), (15_000, ("far below", 2))):
        for column, text in enumerate(texts, start=2):
            book.active.cell(row, column, text)
    assert read_table(content_of(book), name="a.xlsx").frame.to_numpy().tolist() == [
        ["hello there", "1"],
        ["far below", "2"],
    ]
    book.active.cell(4, 5000, "far right")
    with pytest.raises(TableError, match="columns; up to 1,000"):
        read_table(content_of(book), name="a.xlsx")


def test_hidden_sheets_come_last():
    book = openpyxl.Workbook()
    book.active.append(["secret"])
    book.active.sheet_state = "hidden"
    book.create_sheet("shown").append(["text", "n"])
    book["shown"].append(["hello there", 1])
    assert read_table(content_of(book), name="a.xlsx").report.part == "shown"
