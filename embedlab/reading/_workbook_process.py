"""Reads one workbook and writes its first filled sheet as JSON lines; a process of its own, see ``workbook.py``."""

import json
import re
import sys
from typing import Any

MEMORY_BYTES = 2 << 30


def limit_memory() -> None:
    """Let the process fail instead of the machine."""
    try:
        import resource
    except ImportError:  # Windows: the timeout remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def text_of(value: object) -> str:
    """Write a cell as a person sees it: whole numbers without ``.0``, dates without a midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # ECMA-376 part 1, 22.9.2.19: characters that XML cannot hold are written in numbers.
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), str(value).removesuffix(" 00:00:00"))


def rows_of(sheet: Any, max_rows: int, max_columns: int, max_cell: int, max_total: int) -> list[list[str]]:  # noqa: ANN401
    """Return the filled rows of a sheet, up to the first that is over a limit; the caller sees which."""
    rows: list[list[str]] = []
    total = 0
    sheet.reset_dimensions()  # what the file says about its own size is not to be relied on
    for values in sheet.iter_rows(values_only=True):
        width = len(values)
        while width and (values[width - 1] is None or not str(values[width - 1]).strip()):
            width -= 1
        if not width:
            continue
        # One cell over the limit is enough for the caller to know.
        row = [text_of(value)[: max_cell + 1] for value in values[:width]]
        total += sum(map(len, row))
        if total > max_total:
            raise MemoryError
        rows.append(row)
        if width > max_columns or len(rows) > max_rows:
            break
    return rows


def main(path: str, *limits: int) -> None:
    """Write the name of the sheet and of the others, then one row a line."""
    limit_memory()
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    names, rows = list(book.sheetnames), []
    chosen = names[0]
    # Hidden sheets are lists behind the cells of others: they come last.
    for sheet in sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible"):
        rows = rows_of(sheet, *limits)
        if rows:
            chosen = sheet.title
            break
    write = sys.stdout.buffer.write
    write(json.dumps({"sheet": chosen, "others": [name for name in names if name != chosen]}).encode() + b"\n")
    for row in rows:
        write(json.dumps(row).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
