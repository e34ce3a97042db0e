"""Files that are no text: workbooks, archives, Parquet."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

PARQUET_ROWS = [["a b", "x", "[1, 2]", "ü"], ["", "y", "", ""]]


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def macro_workbook(rows):
    """A workbook as .xlsm holds it: another content type, and a part with a program, here no program at all."""
    source, stream = zipfile.ZipFile(io.BytesIO(workbook(rows))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main").replace(
                    b"openxmlformats-officedocument.sheet.macro", b"ms-excel.sheet.macro"
                )
            target.writestr(name, content)
        target.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 no program")
    return stream.getvalue()


def archive(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


def parquet_of(columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def parquet():
    return parquet_of(
        {
            "text": pa.array(["a b", None]),
            "topic": pa.array(["x", "y"]).dictionary_encode(),
            "list": pa.array([[1, 2], None]),
            "map": pa.array([{"k": "ü"}, None]),
        }
    )
