"""The table inside of a packed file: one of them, a part of one, or all of them as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from embedlab.errors import TableError
from embedlab.reading.archives import ALL_TABLES, Unpacked, tables_among, unpack, unpack_each
from embedlab.reading.joined import join_tables
from embedlab.reading.refusals import refuse_other_kinds
from embedlab.tables import ReadOptions, Table, as_part, list_parts

_Read: TypeAlias = Callable[[bytes, str, ReadOptions], Table]


def read_packed(content: bytes, name: str, options: ReadOptions, read: _Read) -> Table:
    """Read a file, or what is inside of it.

    Parameters
    ----------
    content : bytes
    name : str
    options : ReadOptions
        ``part`` may be a file of an archive, a part of such a file (``book.xlsx/Sheet2``), or all its tables (``/``).
    read : callable
        What reads a file that is not packed.

    Raises
    ------
    TableError
        When it cannot be unpacked, or what is inside cannot be read.
    """
    if options.part == ALL_TABLES and (files := unpack_each(content, name)) is not None:
        return _read_all(files, name, options, read)
    inside = unpack(content, name, options.part)
    return read(content, name, options) if inside is None else _read_inside(inside, name, options, read)


def _read_inside(inside: Unpacked, name: str, options: ReadOptions, read: _Read) -> Table:
    """Read a file of an archive; what is packed twice stays packed."""
    refuse_other_kinds(inside.content, inside.name)
    if unpack(inside.content, inside.name) is not None:
        raise TableError(f"{name} holds an archive within the archive. Unpack it and load the table inside.")
    table = read(inside.content, inside.name, replace(options, part=inside.within))
    table = as_part(table, "file", inside.part, inside.parts)
    if len(tables_among(inside.parts)) < 2:
        return table
    note = f"The part {ALL_TABLES!r} of {name} is all its tables as one."
    return _with_parts(table, table.report.part or "", [*table.report.parts, ALL_TABLES], note)


def _read_all(files: Mapping[str, Callable[[], Unpacked]], name: str, options: ReadOptions, read: _Read) -> Table:
    """Read the tables of an archive as one."""
    each = replace(options, part=None)
    wanted = tables_among(list(files))
    table = join_tables({path: partial(_unpack_and_read, files[path], name, each, read) for path in wanted})
    left_out = [path for path in files if path not in wanted]
    note = f"Not called tables, and left out: {list_parts(left_out)}." if left_out else ""
    return _with_parts(table, ALL_TABLES, [*files, ALL_TABLES], note)


def _unpack_and_read(take: Callable[[], Unpacked], name: str, options: ReadOptions, read: _Read) -> Table:
    return _read_inside(take(), name, options, read)


def _with_parts(table: Table, part: str, parts: Sequence[str], note: str) -> Table:
    notes = (note, *table.report.notes) if note else table.report.notes
    return Table(table.frame, replace(table.report, part=part, parts=tuple(parts), notes=notes))
