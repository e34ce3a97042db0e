"""How a case is written: a file that holds the same few rows as most, or is refused."""

from dataclasses import dataclass

TEXTS = ["the parcel is late", "where is my order", "I love this lamp", "it broke at once"]
COLUMNS = ["text", "n"]
ROWS = [[text, str(i)] for i, text in enumerate(TEXTS, start=1)]


@dataclass(frozen=True)
class Case:
    """A file, and the table that is in it, or a piece of the sentence that says why there is none."""

    content: bytes
    name: str = "table.csv"
    columns: list[str] | None = None
    rows: list[list[str]] | None = None
    said: str = ""


def lines_of(rows, delimiter=",", end="\n"):
    return "".join(delimiter.join(row) + end for row in rows)


PLAIN = lines_of([COLUMNS, *ROWS])


def table(content, columns=COLUMNS, rows=ROWS, said="", name="table.csv"):
    return Case(content if isinstance(content, bytes) else content.encode(), name, columns, rows, said)


def refused(content, said, name="table.csv"):
    return Case(content if isinstance(content, bytes) else content.encode(), name, said=said)
