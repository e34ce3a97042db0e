"""Delimited text of any size: its beginning says how it is read, and the rest is held to that, row by row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from embedlab.errors import TableError
from embedlab.reading._misfits import Misfits
from embedlab.reading.delimited import find_delimiter, read_delimited
from embedlab.reading.delimiters import LongText, TextRow, parse_best
from embedlab.reading.encodings import HEAD_BYTES, decode, what_decides
from embedlab.reading.layout import MAX_TITLE_LINES, find_margins, note_margins
from embedlab.reading.refusals import refuse_other_kinds
from embedlab.reading.talks import read_talk
from embedlab.tables import ReadOptions, Table, make_table

# Shorter files are read whole, with all that can be mended in them.
LONG_BYTES = 32 << 20
# The beginning, which says what separates the cells and which rows hold the names.
_SHOWN_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 20
# Bytes of one kind of file begin so, and other ones hold no text of lines.
_OTHERS = (b"PK", b"\xd0\xcf\x11\xe0", b"ARROW1", b"\xff\xff\xff\xff", b"SQLite", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_ZSTD = b"\x28\xb5\x2f\xfd"
# What is noted of the beginning and is so of the whole file.
_OF_ALL = "above the names", "hold the names", "columns are numbered", "without a name", "surplus is kept"


@dataclass(frozen=True)
class Surveyed:
    """What was found in a long text: where stretches begin (byte, line, rows), its columns, and how it is read."""

    places: tuple[tuple[int, int, int], ...]
    columns: tuple[str, ...]
    options: ReadOptions
    style: dict[str, Any]
    fingerprint: str
    notes: tuple[str, ...]


def is_long_text(path: Path, options: ReadOptions) -> bool:
    """Return whether a file is delimited text that is too long to be read whole: not packed, not JSON, no chat.

    Raises
    ------
    TableError
        When it is something that is never read.
    """
    if path.stat().st_size < LONG_BYTES:
        return False
    with path.open("rb") as file:
        head = file.read(_SHOWN_BYTES)
    refuse_other_kinds(head, path.name)
    if head.startswith((*_OTHERS, _ZSTD)) or head[8:12] == b"DUCK" or head[257:262] == b"ustar":
        return False
    if options.delimiter is not None:
        return True
    head = head[: head.rfind(b"\n") + 1] or head
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return False
    return read_talk(decode(head, path.name, options.encoding), path.name) is None


def survey_long_text(path: Path, options: ReadOptions, n_rows: int, n_bytes: int) -> Surveyed:
    """Read a long text once, and find how it is read and where its stretches begin.

    Parameters
    ----------
    path : Path
    options : ReadOptions
        What is not to be guessed.
    n_rows, n_bytes : int
        Of a stretch at most.

    Raises
    ------
    TableError
        When it is in an encoding that has to be read from its beginning, or a row has more cells than the beginning.
    """
    fingerprint, deciding = _look_through(path)
    decoded = decode(deciding, path.name, options.encoding)
    if decoded.encoding.replace("_", "-").lower().startswith(("utf-16", "utf-32", "utf-7", "iso2022", "hz")):
        raise TableError(
            f"{path.name} is in {decoded.encoding}, in which so large a file cannot be read in parts. Save it as UTF-8."
        )
    if not decoded.text.strip("\ufeff\x00 \t\r\n,;|\"'"):
        raise TableError(f"{path.name} is blank: it holds nothing but empty lines and cells.")
    notes = list(decoded.notes)
    if not decoded.certain:
        notes.append(f"{path.name} is read as {decoded.encoding}, which is a guess; --encoding names another one.")
    options = replace(options, encoding=decoded.encoding)
    head, style = _beginning(path, options)
    report = head.report
    settled = replace(
        options, delimiter=report.delimiter, header_rows=report.header_rows, skip_rows=report.skip_rows, trim=False
    )
    columns = tuple(map(str, head.frame))
    last: deque[list[str]] = deque(maxlen=2 * MAX_TITLE_LINES)
    rows = _noting(last, _rows_below(path, settled, style, columns))
    misfits = Misfits(len(columns))
    places = _cut(rows, path, misfits, n_rows, n_bytes)
    said = misfits.notes(path.name, sum(count for *_, count in places))
    if options.trim and (below := find_margins(list(last), header=False)[1]):
        places = _without_last(places, below)
        said += note_margins(list(last), 0, below)
    notes += [note for note in report.notes if any(words in note for words in _OF_ALL)]
    return Surveyed(tuple(places), columns, settled, style, fingerprint, (*notes, *said))


def read_long_text(
    path: Path,
    options: ReadOptions,
    style: Mapping[str, Any],
    columns: Sequence[str],
    offset: int,
    line: int,
    n_rows: int,
) -> Table:
    """Read some rows of a long text, from one that begins at an offset, in a line."""
    text = LongText(path, str(options.encoding), str(options.delimiter), style, len(columns))
    cells: list[list[str]] = []
    for row in islice(text.rows(offset, line), n_rows):
        cells.append(row.cells[: len(columns)] + [""] * (len(columns) - len(row.cells)))
    return make_table(path.name, "csv", columns, list(zip(*cells, strict=True)))


def _look_through(path: Path) -> tuple[str, bytes]:
    """Return the digest of a file, and what decides its encoding."""
    digest = sha256()

    def blocks() -> Iterator[bytes]:
        with path.open("rb") as file:
            n_bytes = HEAD_BYTES
            while block := file.read(n_bytes):
                block += file.readline(_BLOCK_BYTES)
                digest.update(block)
                n_bytes = _BLOCK_BYTES
                yield block

    deciding = what_decides(blocks())
    return digest.hexdigest(), deciding


def _beginning(path: Path, options: ReadOptions) -> tuple[Table, dict[str, Any]]:
    """Read the beginning of a text as a table of its own, and find how it is quoted."""
    with path.open("rb") as file:
        content = file.read(_SHOWN_BYTES) + file.readline(_BLOCK_BYTES)
    decoded = decode(content, path.name, options.encoding)
    delimiter, text, _ = find_delimiter(decoded.text, path.name, options)
    is_plain = not delimiter and path.suffix.lower() == ".txt"
    style = {"quoting": csv.QUOTE_NONE} if is_plain else parse_best(text, delimiter, is_cut=True).style
    if len(content) < path.stat().st_size:  # the last row may go on behind what was read
        rows = LongText(path, decoded.encoding, delimiter, style, 0).rows()
        begun = [row.offset for row in takewhile(lambda row: row.offset < len(content), rows) if row.offset > 0]
        decoded = decode(content[: max(begun, default=len(content))], path.name, options.encoding)
    return read_delimited(decoded, path.name, options), style


def _rows_below(
    path: Path, options: ReadOptions, style: Mapping[str, Any], columns: Sequence[str]
) -> Iterator[TextRow]:
    """Yield the rows below the names of the columns."""
    text = LongText(path, str(options.encoding), str(options.delimiter), style, len(columns))
    left = options.header_rows or 0
    for row in text.rows():
        if row.line <= (options.skip_rows or 0):
            continue
        if left:
            left -= 1
            continue
        yield row


def _noting(last: deque[list[str]], rows: Iterator[TextRow]) -> Iterator[TextRow]:
    """Pass rows on, the last of which are remembered."""
    for row in rows:
        last.append(row.cells)
        yield row


def _without_last(places: Sequence[tuple[int, int, int]], n_rows: int) -> list[tuple[int, int, int]]:
    """Return where stretches begin when the last rows are no part of the table."""
    left = sum(count for *_, count in places) - n_rows
    kept = []
    for offset, line, count in places:
        kept.append((offset, line, min(count, left)))
        left -= min(count, left)
    return [place for place in kept if place[2]]


def _cut(
    rows: Iterator[TextRow], path: Path, misfits: Misfits, n_rows: int, n_bytes: int
) -> list[tuple[int, int, int]]:
    """Return where stretches begin, with their lines and rows; what does not fit is noted on the way."""
    places: list[tuple[int, int, int]] = []
    first: TextRow | None = None
    count = 0
    for row in rows:
        is_full = first is not None and (count >= n_rows or row.offset - first.offset >= n_bytes)
        if first is None or (is_full and row.offset >= 0):
            places += [(first.offset, first.line, count)] if first is not None else []
            first, count = row, 0
        count += 1
        misfits.look_at(row)
    if first is None:
        raise TableError(f"{path.name} holds column names but no rows below them.")
    if first.offset < 0:
        raise TableError(
            f"{path.name} has ends of lines of old (CR alone), in which so large a file cannot be read in parts. Save "
            "it with the usual ones."
        )
    return [*places, (first.offset, first.line, count)]
