"""Files as people have them, read into tables of texts, with a report of what was found.

The bytes decide what a file is, not its name: a workbook called ``.csv`` is read as a workbook, and a picture is
refused whatever it is called. Every cell is text, ``NA`` stays ``NA``, and no column ever shifts in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading.databases import read_duckdb, read_sqlite
from embedlab.reading.delimited import read_delimited
from embedlab.reading.encodings import decode
from embedlab.reading.folders import read_folder, read_zipped_folder
from embedlab.reading.joined import join_tables, number_names
from embedlab.reading.packed import read_packed
from embedlab.reading.records import read_arrow, read_json, read_parquet
from embedlab.reading.refusals import refuse_other_kinds
from embedlab.reading.repair import repair_table
from embedlab.reading.talks import read_talk
from embedlab.reading.workbook import read_workbook
from embedlab.tables import UNREADABLE, ReadOptions, Table, check_file_size
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
        table = _read_file(*_content(source, name), options)
    return repair_table(table) if repair else table


def read_tables(
    sources: Iterable[str | Path | BinaryIO | tuple[str, bytes]],
    **options: Any,  # noqa: ANN401 - those of read_table
) -> Table:
    """Read several files as one table: columns are joined by their names, and ``file`` says where a row comes from.

    Parameters
    ----------
    sources : iterable of paths, binary file objects with a name, or names with bytes
    **options
        How each of them is read, as :func:`read_table` has it.

    Returns
    -------
    Table
        Rows in the order of the files; cells of columns that a file lacks are empty. Files of one name are numbered.

    Raises
    ------
    UnreadFilesError
        When some cannot be read; says what is wrong with each.
    TableError
        When there is no file, or all together are more than is read.
    InvalidInputError, OSError
        As :func:`read_table`.
    """
    given = [source if isinstance(source, tuple) else (_name_of(source), source) for source in sources]
    names = number_names([name for name, _ in given])
    contents = [source for _, source in given]
    return join_tables(
        {name: partial(read_table, one, name=name, **options) for name, one in zip(names, contents, strict=True)}
    )


def _read_file(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read a file, or what is inside of it."""
    refuse_other_kinds(content, name)
    if content.startswith(_ZIP) and (table := read_zipped_folder(content, name, options)):
        return table
    return read_packed(content, name, options, _read)


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
        content = source
    elif isinstance(source, (str, Path)):
        with Path(source).open("rb") as file:
            content = file.read(most + 1)
    else:
        content = source.read(most + 1)
    name = name or _name_of(source)
    check_file_size(name, len(content))
    return content, name


def _name_of(source: str | Path | bytes | BinaryIO) -> str:
    if isinstance(source, bytes):
        return "The file"
    return Path(source if isinstance(source, (str, Path)) else getattr(source, "name", "The file")).name
