"""Files that are no text: workbooks, archives, Parquet."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

# Files that are refused, by how they begin, by what lies in them, and by what they say.
BEGINNINGS = [
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"X\n\0\0\0\3", "an object of R (.rds)"),
    (b"$FL2@(#) SPSS DATA FILE", "a file of SPSS (.sav)"),
    (b"<stata_dta><header>", "a file of Stata (.dta)"),
    (b"\x72\2\1\0", "a file of Stata (.dta)"),
    (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf", "a file of SAS (.sas7bdat)"),
    (b"\4\x22\x4d\x18", "an LZ4 archive"),
    (b"{\\rtf1", "a document in rich text"),
    (b"Obj\1", "an Avro file"),
    (bytes(3) + b" ftypisom", "a sound, film or picture file"),
]
IN_ZIP = [
    (["[Content_Types].xml", "word/document.xml"], "a Word document"),
    (["[Content_Types].xml", "ppt/presentation.xml"], "a presentation"),
    (["mimetype", "META-INF/container.xml"], "a book (.epub)"),
    (["arr_0.npy", "arr_1.npy"], "several arrays of NumPy (.npz)"),
    (["model/data.pkl", "model/data/0"], "a model of PyTorch (.pt)"),
    (["config.json", "model.weights.h5"], "a model of Keras"),
]
IN_OFFICE = [("WordDocument", "a Word document"), ("__substg1.0_", "a mail of Outlook (.msg)")]
PICKLED = [["a b", "c"], {"text": ["a b"]}, ("a", "b"), {"a"}]

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


def office(stream):
    """What Office wrote until 2007: a container whose streams have names."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + stream.encode("utf-16-le")
