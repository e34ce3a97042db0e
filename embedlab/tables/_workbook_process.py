"""Reads one workbook and writes its first filled sheet as JSON lines; a process of its own, see ``workbook.py``."""

import json
import sys

MEMORY_BYTES = 2 << 30
MAX_EMPTY_ROWS = 10_000


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
    return str(value).removesuffix(" 00:00:00").encode("utf-8", "replace").decode("utf-8")


def rows_of(sheet: object, max_rows: int, max_columns: int) -> list[list[str]]:
    """Return the filled rows of a sheet; a long stretch of empty ones ends it."""
    rows: list[list[str]] = []
    empty = 0
    for values in sheet.iter_rows(max_col=max_columns, values_only=True):  # type: ignore[attr-defined]
        row = [text_of(value) for value in values]
        while row and not row[-1].strip():
            row.pop()
        empty = 0 if row else empty + 1
        if empty > MAX_EMPTY_ROWS or len(rows) >= max_rows:
            break
        if row:
            rows.append(row)
    return rows


def main(path: str, max_rows: int, max_columns: int) -> None:
    """Write the name of the sheet and of the others, then one row a line."""
    limit_memory()
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    names, rows = list(book.sheetnames), []
    chosen = names[0]
    for sheet in book.worksheets:
        rows = rows_of(sheet, max_rows, max_columns)
        if rows:
            chosen = sheet.title
            break
    write = sys.stdout.buffer.write
    write(json.dumps({"sheet": chosen, "others": [name for name in names if name != chosen]}).encode() + b"\n")
    for row in rows:
        write(json.dumps(row).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
