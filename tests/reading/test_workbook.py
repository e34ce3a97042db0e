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
    assert "'Sheet 1', 'Sheet 3'" in table.report.notes[0]


def test_a_renamed_workbook_is_read_as_what_it_is():
    assert read_table(workbook([["text", "n"], ["a b", 1]]), name="renamed.csv").report.format == "xlsx"


def test_the_cell_in_the_farthest_corner_harms_nobody():
    """A workbook of some kB whose only cells are the first and the last of the sheet asks for 550 GB."""
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "far"
    assert read_table(content_of(book), name="far.xlsx").frame.to_numpy().tolist() == [["far"]]
    book.active["A1"] = "near"
    with pytest.raises(TableError, match="cannot be read: .* far larger inside than it looks"):
        read_table(content_of(book), name="far.xlsx")


def test_a_sheet_is_chosen_by_its_name():
    content = workbook([["a", "n"], ["first words", 1]], [], [["b", "n"], ["other words", 2]])
    table = read_table(content, name="a.xlsx", part="Sheet 3")
    assert table.frame["b"].tolist() == ["other words"]
    assert (table.report.part, table.report.parts) == ("Sheet 3", ("Sheet 1", "Sheet 2", "Sheet 3"))
    with pytest.raises(TableError, match="no part called 'Sheet 9'. It holds 'Sheet 1'"):
        read_table(content, name="a.xlsx", part="Sheet 9")
    with pytest.raises(TableError, match="the sheet 'Sheet 2' holds no text"):
        read_table(content, name="a.xlsx", part="Sheet 2")


def test_merged_cells_say_the_same_in_each_cell():
    """Names over two rows, merged across and down, and a label that is written once for three rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["Team", "Answers", None, "Stars"], [None, "What was good?", "What was bad?", None],
        ["north", "the food", "the noise", 4], [None, "the beds", "the price", 5], [None, "all of it", "nothing", 3],
    ]:  # fmt: skip
        sheet.append(row)
    for area in ("A1:A2", "B1:C1", "D1:D2", "A3:A5"):
        sheet.merge_cells(area)
    table = read_table(content_of(book), name="a.xlsx")
    assert list(table.frame.columns) == ["Team", "Answers – What was good?", "Answers – What was bad?", "Stars"]
    assert table.frame["Team"].tolist() == ["north"] * 3
    assert table.report.header_rows == 2
    assert any("4 merged cells were filled" in note for note in table.report.notes)


def test_a_title_that_is_merged_over_all_columns_stays_a_title():
    book = openpyxl.Workbook()
    for row in [["Survey of May", None], ["text", "n"], ["a lamp", 1], ["a chair", 2]]:
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    table = read_table(content_of(book), name="a.xlsx")
    assert list(table.frame.columns) == ["text", "n"]
    assert any("set aside above the names" in note for note in table.report.notes)


def test_what_a_cell_says_and_what_it_does_not():
    hours = datetime.timedelta(hours=30, minutes=5)
    said = "Booked for 2024-01-05 00:00:00"
    content = workbook([["text", "spent", "sum"], [said, hours, "=1+1"], ["a_x000D_b", datetime.time(9, 30), 2.5]])
    table = read_table(content, name="a.xlsx")
    assert table.frame.to_numpy().tolist() == [[said, "30:05:00", ""], ["a\rb", "09:30:00", "2.5"]]
    assert any("Formulas without a kept value are empty here: C2." in note for note in table.report.notes)


def test_a_strict_workbook_is_read():
    """ISO 29500 strict: what "Strict Open XML" of Excel writes, under other names."""
    other = [
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ]
    stream = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook([["text", "n"], ["a lamp", 1]])))
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            for old, new in other:
                content = content.replace(old, new)
            target.writestr(name, content)
    assert read_table(stream.getvalue(), name="a.xlsx").frame.to_numpy().tolist() == [["a lamp", "1"]]


def test_an_open_document_sheet_is_read():
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    cells = [("text", "topic"), ("a lamp", "light"), ("a chair", "seat")]
    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in cells)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet><table:table '
        f'table:name="One">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("content.xml", content)
        target.writestr("META-INF/manifest.xml", "<manifest/>")
    table = read_table(stream.getvalue(), name="a.ods")
    assert table.frame.to_numpy().tolist() == [["a lamp", "light"], ["a chair", "seat"]]
    assert table.report.format == "ods"


def test_a_zip_bomb_is_refused_by_its_size_inside():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(100 << 20))
    with pytest.raises(TableError, match="unpacks to more than 200 times its size"):
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
