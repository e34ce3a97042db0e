"""Small tables: written to every format, and read from their bytes."""

import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from embedlab.reading import read_table


def read(content, name="table.csv", **options):
    return read_table(content if isinstance(content, bytes) else content.encode(), name=name, **options)


def rows(table):
    return table.frame.to_numpy().tolist()


def columns(n_rows, n_columns=2, cell="text"):
    """A column of texts, and columns of numbers beside it: what has a header for certain."""
    texts = {"text": [f"{cell} {row}" for row in range(n_rows)]}
    return texts | {f"n{i}": [str(row) for row in range(n_rows)] for i in range(1, n_columns)}


def csv(*shape):
    table = columns(*shape)
    return "\n".join(map(",".join, [table, *zip(*table.values(), strict=True)])).encode()


def parquet(*shape):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns(*shape)), stream)
    return stream.getvalue()


def json_lines(*shape):
    table = columns(*shape)
    rows = zip(*table.values(), strict=True)
    return "\n".join(json.dumps(dict(zip(table, row, strict=True))) for row in rows).encode()


def workbook(*shape):
    book, table, stream = openpyxl.Workbook(), columns(*shape), io.BytesIO()
    for row in [list(table), *zip(*table.values(), strict=True)]:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


FORMATS = {"a.csv": csv, "a.parquet": parquet, "a.jsonl": json_lines, "a.xlsx": workbook}
