"""Files as people have them, read into tables of texts, with a report of what was found.

The bytes decide what a file is, not its name: a workbook called ``.csv`` is read as a workbook, and a picture is
refused whatever it is called. Every cell is text, ``NA`` stays ``NA``, and no column ever shifts in silence.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading.archives import unpack
from embedlab.reading.databases import read_duckdb, read_sqlite
from embedlab.reading.delimited import read_delimited
from embedlab.reading.encodings import decode
from embedlab.reading.folders import read_folder, read_zipped_folder
from embedlab.reading.records import read_arrow, read_json, read_parquet
from embedlab.reading.refusals import refuse_other_kinds
from embedlab.reading.repair import repair_table
from embedlab.reading.talks import read_talk
from embedlab.reading.workbook import read_workbook
from embedlab.tables import UNREADABLE, ReadOptions, Table, as_part, check_file_size
from embedlab.validation import check_integer

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MOST_NAME = 4096
_OLE = b"\xd0\xcf\x11\xe0"


def read_table(
    source: str | Path | bytes | BinaryIO,
    *,
    name: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int | None = None,
    skip_rows: int | None = None,
    part: str | None = None,
    trim: bool = True,
    repair: bool = False,
) -> Table:
    """Read a table of texts from a file of any usual kind, from one inside of an archive, or from a folder.

    CSV, TSV and other delimited text, one text a line, workbooks, Parquet, Arrow, JSON, JSON Lines, databases (SQLite,
    DuckDB), subtitles, chats (WhatsApp, Telegram, Slack) and datasets of Hugging Face.

    Parameters
    ----------
    source : path, bytes or binary file object
        A path may be that of a folder: a dataset of Hugging Face, an export of Slack.
    name : str, optional
        File name, for bytes and file objects; its ending settles what the bytes leave open.
    encoding, delimiter, header_rows, skip_rows, part, trim, repair
        Override what is guessed, as :class:`embedlab.tables.ReadOptions` has it.

    Returns
    -------
    Table
        ``frame`` with all cells as ``str``, and ``report``.

    Raises
    ------
    TableError
        When the file is empty, too large, damaged, or not a table; the message says which and what to do.
    InvalidInputError
        For numbers of rows that are none.
    OSError
        When a path cannot be opened.
    """
    options = ReadOptions(encoding, delimiter, header_rows, skip_rows, part, trim, repair)
    _check_options(options)
    if isinstance(source, (str, Path)) and Path(source).is_dir():
        table = read_folder(Path(source), name or Path(source).resolve().name, options)
    else:
        table = _read_packed(*_content(source, name), options)
    return repair_table(table) if repair else table


def _read_packed(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read a file, or the one inside of it; what is packed twice stays packed."""
    refuse_other_kinds(content, name)
    if content.startswith(_ZIP) and (table := read_zipped_folder(content, name, options)):
        return table
    inside = unpack(content, name, options.part)
    if inside is None:
        return _read(content, name, options)
    refuse_other_kinds(inside.content, inside.name)
    if unpack(inside.content, inside.name) is not None:
        raise TableError(f"{name} holds an archive within the archive. Unpack it and load the table inside.")
    table = _read(inside.content, inside.name, replace(options, part=inside.within))
    return as_part(table, "file", inside.part, inside.parts)


def _read(content: bytes, name: str, options: ReadOptions) -> Table:
    if not content:
        raise TableError(f"{name} is empty: it holds no data at all. Check the export that made it.")
    if content.startswith((*_ZIP, _OLE)):
        return read_workbook(content, name, options)
    if content.startswith(b"PAR1"):
        return read_parquet(content, name, options)
    if content.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return read_arrow([content], name, options)
    if content[8:12] == b"DUCK":
        return read_duckdb(content, name, options)
    if content.startswith(b"SQLite format 3\0"):
        return read_sqlite(content, name, options)
    decoded = decode(content, name, options.encoding)
    if not decoded.text.strip("\ufeff\x00 \t\r\n,;|\"'"):
        raise TableError(f"{name} is blank: it holds nothing but empty lines and cells.")
    if options.delimiter is None and (table := read_json(decoded, name, options)):
        return table
    if options.delimiter is None and (table := read_talk(decoded, name)):
        return table
    return read_delimited(decoded, name, options)


def _check_options(options: ReadOptions) -> None:
    sign = options.delimiter
    if sign is not None and (len(sign) > 1 or sign in ('"', "\r", "\n")):
        raise TableError(f"{sign!r} cannot separate cells. Give one character, such as ';', or '' for one text a line.")
    if options.part is not None and (UNREADABLE.search(options.part) or len(options.part) > _MOST_NAME):
        raise TableError("No part of a file has such a name: it is too long, or has signs that cannot be shown.")
    for name in ("header_rows", "skip_rows"):
        if (number := getattr(options, name)) is not None:
            check_integer(number, name, 0)


def _content(source: str | Path | bytes | BinaryIO, name: str | None) -> tuple[bytes, str]:
    """Return the bytes and the name of a file; of one that is too large no more is read than shows it."""
    most = limits().max_upload_mib << 20
    if isinstance(source, bytes):
        content, found = source, "The file"
    elif isinstance(source, (str, Path)):
        with Path(source).open("rb") as file:
            content, found = file.read(most + 1), Path(source).name
    else:
        content, found = source.read(most + 1), Path(getattr(source, "name", "The file")).name
    check_file_size(name or found, len(content))
    return content, name or found
