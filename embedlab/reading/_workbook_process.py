"""Reads one sheet of a workbook and writes its rows as JSON lines; a process of its own, see ``workbook.py``."""

import datetime
import json
import re
import sys
import zipfile
from typing import Any

import python_calamine

HEAD_ROWS = 10
# A cell with a formula and nothing that the program which wrote it has computed: <v> is missing or empty.
_UNCOMPUTED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"[^>]*?\b\w+:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target)="([^"]*)"')
_MOST_XML = 256 << 20


def text_of(value: object) -> str:
    """Write a cell as a person sees it: whole numbers without ``.0``, days without a midnight, hours beyond a day."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return str(value.date())
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return (
            f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600:02}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
        )
    return str(value)


def fill_merged(rows: list[list[str]], ranges: list[Any], first_column: int) -> None:
    """Put what a merged cell says into all cells it covers, as far as the sheet reaches."""
    for (top, left), (bottom, right) in ranges:
        left, right = max(left - first_column, 0), right - first_column
        if top >= len(rows) or left >= len(rows[top]):
            continue
        said = rows[top][left]
        for row in rows[top : bottom + 1] if said.strip() else ():
            row[left : right + 1] = [said] * len(row[left : right + 1])


def uncomputed(path: str, sheet: str) -> list[str]:
    """Name the cells whose formula has no kept value; none where the file is of another kind."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as book:
        names = set(book.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return []
        ids = dict(_SHEET.findall(book.read("xl/workbook.xml")))
        relations = (
            dict(_ATTRIBUTE.findall(one)) for one in _RELATION.findall(book.read("xl/_rels/workbook.xml.rels"))
        )
        targets = {one.get(b"Id"): one.get(b"Target", b"").decode() for one in relations}
        target = targets.get(ids.get(sheet.encode("utf-8", "xmlcharrefreplace")), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part not in names or book.getinfo(part).file_size > _MOST_XML:
            return []
        return [cell.decode() for cell in _UNCOMPUTED.findall(book.read(part))]


def rows_of(sheet: Any, most: dict[str, int]) -> list[list[str]]:  # noqa: ANN401 - of a library without types
    """Return all rows of a sheet from its first one on, none of its cells much longer than is read."""
    rows, total = [], 0
    for values in sheet.iter_rows():
        row = [text_of(value)[: most["cell"] + 1] for value in values]
        total += sum(map(len, row))
        if total > most["total"]:
            raise MemoryError
        rows.append(row)
    return rows


def main(wanted: str, numbers: list[int], path: str) -> None:
    """Write what is known of the sheet, then each of its filled rows with its number."""
    most = dict(zip(("rows", "columns", "cells", "cell", "total"), numbers, strict=True))
    book = python_calamine.CalamineWorkbook.from_path(path)
    # Hidden sheets are lists behind the cells of others: they come last.
    visible = python_calamine.SheetVisibleEnum.Visible
    sheets = sorted(book.sheets_metadata, key=lambda sheet: sheet.visible != visible)
    names = [sheet.name for sheet in sheets if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    found: dict[str, Any] = {"names": names, "sheet": wanted or (names[0] if names else "")}
    rows: list[list[str]] = []
    for name in [wanted] if wanted else names:
        if name not in names:
            break
        sheet = book.get_sheet_by_name(name)
        start = sheet.start
        if start is None:
            continue
        if sheet.width > most["columns"] or sheet.height > most["rows"] or sheet.width * sheet.height > most["cells"]:
            found |= {"sheet": name, "size": [sheet.height - 1, sheet.width]}
            break
        rows = rows_of(sheet, most)
        if any(cell.strip() for row in rows for cell in row):
            ranges = getattr(sheet, "merged_cell_ranges", None) or []
            fill_merged(rows, ranges, start[1])
            across = {row for (top, left), (bottom, right) in ranges if right > left for row in range(top, bottom + 1)}
            found |= {"sheet": name, "merged": len(ranges), "across": sorted(across)[:HEAD_ROWS]}
            found |= {"uncomputed": uncomputed(path, name)}
            break
    write = sys.stdout.buffer.write
    write(json.dumps(found).encode() + b"\n")
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row):
            write(json.dumps([number, row]).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], list(map(int, sys.argv[2:-1])), sys.argv[-1])
