"""Many queries from a file."""

from __future__ import annotations

from pathlib import Path

from embedlab.errors import InvalidInputError
from embedlab.reading import read_table
from embedlab.tables import guess_text_column
from embedlab.texts import is_blank


def read_queries(source: str | Path | bytes, *, name: str | None = None) -> list[str]:
    """Read queries from a file: the lines of a text file, or the column of a table that looks most like texts.

    Parameters
    ----------
    source : path or bytes
    name : str, optional
        File name, for bytes; the ending ``.txt`` means one query a line.

    Returns
    -------
    list of str
        In the order of the file, without blank ones.

    Raises
    ------
    TableError
        When the file cannot be read, or no column holds words.
    InvalidInputError
        When all queries are blank.
    OSError
        When a path cannot be opened.
    """
    name = name or ("The file" if isinstance(source, bytes) else Path(source).name)
    if Path(name).suffix.lower() == ".txt":
        frame = read_table(source, name=name, delimiter="", header_rows=0).frame
        column = frame.columns[0]
    else:
        frame = read_table(source, name=name).frame
        column = frame.columns[0] if len(frame.columns) == 1 else guess_text_column(frame)
    queries = [query for query in frame[column].tolist() if not is_blank(query)]
    if not queries:
        raise InvalidInputError(f"{name} holds no query, only blank lines. Write one query a line.")
    return queries
