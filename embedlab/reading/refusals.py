"""Files that are no tables, told by their bytes: each is refused in a sentence that says what it is and what to do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from embedlab.errors import TableError

_SAVE = "Save the table as CSV, XLSX or Parquet and load that."
_COPY = "Put its texts into a table, a text a row, and load that."
_PICKLE = "a pickle, which could run a program when opened"
_BEGINNINGS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "a document in rich text",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x04\x22\x4d\x18": "an LZ4 archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"FEA1": "a Feather file of the first version",
    b"\x93NUMPY": "an array of NumPy (.npy)",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file",
    b"Obj\x01": "an Avro file",
    b"GGUF": "a model (GGUF)",
    b"\x80\x02": _PICKLE,
    b"\x80\x03": _PICKLE,
    b"\x80\x04": _PICKLE,
    b"\x80\x05": _PICKLE,
    b"RDX2\n": "a workspace of R (.RData)",
    b"RDX3\n": "a workspace of R (.RData)",
    b"X\n\0\0\0\x02": "an object of R (.rds)",
    b"X\n\0\0\0\x03": "an object of R (.rds)",
    b"$FL2": "a file of SPSS (.sav)",
    b"$FL3": "a file of SPSS (.sav)",
    b"<stata_dta>": "a file of Stata (.dta)",
    bytes(12) + b"\xc2\xea\x81\x60": "a file of SAS (.sas7bdat)",
    b"HEADER RECORD*******LIB": "a file of SAS (.xpt)",
    b"\0\1\0\0Standard ": "a database of Access",
}
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<style")
# Pickles of the first two protocols look like text: a list, a dictionary, or a class of a module and its name.
_OLD_PICKLE = re.compile(
    rb"\([ldt]p[0-9]+\r?\n|\(?[\]})]q[\x00\x01]|\(d?q[\x00\x01]|\(?[SV][^\n]*\np[0-9]+\r?\n"
    rb"|\(?X[\s\S]{2}\x00\x00"
    rb"|c(?:copy_?reg|__builtin__|builtins|__main__|collections)\r?\n\w+\r?\n"
    rb"|c[\w.]+\r?\n\w+\r?\n(?:p[0-9]+\r?\n|q[\x00\x01]|\(c)"
)
_OLD_STATA = re.compile(rb"[\x68-\x73][\x01\x02]\x01\x00")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z-]{1,40}):(?: .*)?\r?\n(?:[ \t].*\r?\n)*")
_MAIL_HEADERS = {
    b"from", b"to", b"date", b"subject", b"received", b"return-path", b"delivered-to", b"message-id", b"mime-version",
    b"content-type",
}  # fmt: skip
_MAILBOX = re.compile(rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ")
_FEWEST_HEADERS, _HEAD_BYTES = 3, 4096
_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
# What gives a kind of archive away: a name in it, or the end of one.
_IN_ZIP = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "Index/Document.iwa": "a document of Numbers, Pages or Keynote",
    "META-INF/container.xml": "a book (.epub)",
    "/data.pkl": "a model of PyTorch (.pt)",
    "model.weights.h5": "a model of Keras",
    "visio/document.xml": "a drawing of Visio",
    "AndroidManifest.xml": "a program",
    "META-INF/MANIFEST.MF": "a program",
}
_OPEN_DOCUMENTS = {b"text": "a text of OpenDocument (.odt)", b"presentation": "a presentation (.odp)"}
# Streams in the containers that Office wrote until 2007; a workbook has one of its own.
_IN_OLE = {
    "Workbook": "",
    "WordDocument": "a Word document",
    "PowerPoint Document": "a presentation",
    "__substg1.0_": "a mail of Outlook (.msg)",
}
_WRITTEN = {
    "a PDF document", "a document in rich text", "a mail", "a Word document", "a presentation", "a book (.epub)",
    "a document of Numbers, Pages or Keynote", "a mail of Outlook (.msg)", *_OPEN_DOCUMENTS.values(),
}  # fmt: skip


def refuse_other_kinds(content: bytes, name: str) -> None:
    """Refuse a file that is known to be no table.

    Parameters
    ----------
    content, name : bytes, str
        Unpacked, where it was packed by itself.

    Raises
    ------
    TableError
        Says what it is.
    """
    if content.startswith(_OLE) and _wide("EncryptedPackage") in content:
        raise TableError(
            f"{name} is protected by a password and cannot be read. Open it, remove the password, and save it again."
        )
    if kind := _kind_of(content):
        raise TableError(f"{name} is {kind}, not a table. {_COPY if kind in _WRITTEN else _SAVE}")


def _kind_of(content: bytes) -> str:
    """Return what a file is that is not read; empty for any other."""
    if content.startswith(_ZIP):
        return _kind_of_zip(content)
    if content.startswith(_OLE):
        return next((kind for stream, kind in _IN_OLE.items() if _wide(stream) in content), "")
    return _kind_of_bytes(content)


def _kind_of_bytes(content: bytes) -> str:
    if kind := next((kind for begin, kind in _BEGINNINGS.items() if content.startswith(begin)), ""):
        return kind
    if content.startswith(b"RIFF") and content[8:12] in (b"WAVE", b"AVI ", b"WEBP"):
        return "a sound, film or picture file"
    if content.startswith(b"\0\0\0") and content[4:8] == b"ftyp":
        return "a sound, film or picture file"
    if content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        return "a web page or XML"
    if _OLD_PICKLE.match(content):
        return _PICKLE
    if _OLD_STATA.match(content):
        return "a file of Stata (.dta)"
    if content[257:262] == b"ustar" and b"\0" in content[:257]:
        return "a tar archive"
    if content[8:9] == b"{" and b'"data_offsets"' in content[: 64 << 10] and content[6:8] == b"\0\0":
        return "a model (.safetensors)"
    return "a mail" if _is_mail(content[:_HEAD_BYTES]) else ""


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if names[:1] == ["mimetype"]:
                with archive.open("mimetype") as file:
                    kind = file.read(99).removeprefix(b"application/vnd.oasis.opendocument.")
                if kind in _OPEN_DOCUMENTS:
                    return _OPEN_DOCUMENTS[kind]
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        return ""
    if names and all(name.endswith(".npy") for name in names):
        return "several arrays of NumPy (.npz)"
    return next((kind for found, kind in _IN_ZIP.items() if _has(names, found)), "")


def _has(names: Iterable[str], found: str) -> bool:
    return any(name == found or (found.startswith("/") and name.endswith(found)) for name in names)


def _is_mail(head: bytes) -> bool:
    """Whether a file begins with the lines above a mail, or with those above a box of them."""
    if _MAILBOX.match(head):
        return True
    found, at = set(), 0
    while line := _HEADER.match(head, at):
        found.add(line[1].lower())
        at = line.end()
    return len(found & _MAIL_HEADERS) >= _FEWEST_HEADERS


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")
