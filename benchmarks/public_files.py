"""A folder of files that others have collected: how many are read, and how many right.

``--dialects`` names a list of the delimiter of each file, as CSVsniffer has (``file|encoding|delimiter|…``);
``--clean`` a folder with the same tables as plain CSV, as Pollock has. Neither is part of this project.
"""

import argparse
import csv
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from _shared import print_table

from embedlab.errors import TableError
from embedlab.reading import read_table
from embedlab.tables import Table

SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "vslash": "|", "pipe": "|", "space": " "}
READ = {".csv", ".tsv", ".txt"}


def signs_of(dialects: Path | None) -> dict[str, str]:
    """Return the annotated delimiter of each file."""
    lines = dialects.read_text(encoding="utf-8").splitlines() if dialects else []
    entries = [line.split("|") for line in lines if not line.startswith(("#", "file_name"))]
    return {entry[0]: SIGNS.get(entry[2], entry[2]) for entry in entries if len(entry) > 2}


def cells_of(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows with spaces evened out, without empty cells at their end, and without blank rows."""
    evened = [[" ".join(cell.split()) for cell in row] for row in rows]
    return [row[: max((i for i, cell in enumerate(row, 1) if cell), default=0)] for row in evened if any(row)]


def n_rows_wrong(table: Table, clean: Path) -> int:
    """Count the rows that differ from those of a clean file; all of them where the number of rows differs."""
    with clean.open(encoding="utf-8", newline="") as stream:
        expected = cells_of(list(csv.reader(stream)))[table.report.header_rows :]
    rows = cells_of(table.frame.to_numpy().tolist())
    if len(rows) != len(expected):
        return len(expected)
    return sum(a != b for a, b in zip(rows, expected, strict=True))


def main() -> None:
    """Print the counts, and the files whose delimiter is not the annotated one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dialects", type=Path)
    parser.add_argument("--clean", type=Path)
    options = parser.parse_args()
    signs, counted, other = signs_of(options.dialects), Counter[str](), []
    for path in sorted(path for path in options.folder.rglob("*") if path.suffix.lower() in READ):
        try:
            table = read_table(path)
        except TableError as error:
            counted["refused in a sentence"] += 1
            print(error)
            continue
        except Exception:  # What must never happen is what is counted here.
            counted["ended in an error"] += 1
            traceback.print_exc()
            continue
        counted["read" if table.report.encoding_certain else "read, and asked about letters"] += 1
        if path.name in signs:
            is_one_column = len(table.frame.columns) == 1 and signs[path.name] == ","
            is_right = table.report.delimiter == signs[path.name] or is_one_column
            counted["delimiter as annotated" if is_right else "another delimiter"] += 1
            other += [] if is_right else [path.name]
        if options.clean:
            n_wrong = n_rows_wrong(table, options.clean / path.name)
            counted["all rows right" if not n_wrong else "one row wrong" if n_wrong == 1 else "more rows wrong"] += 1
    print_table("files | number", [f"{name} | {number:,}" for name, number in counted.items()])
    print("", *other, sep="\n")


if __name__ == "__main__":
    main()
