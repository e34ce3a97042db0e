"""Arrow and Feather files, and streams of Arrow: another process checks and unpacks them, the rows are read here.

A compressed batch of some kB says it holds gigabytes, and what its offsets point at is anything at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading.apart import run_apart
from embedlab.reading.records.arrow import table_of_batches
from embedlab.tables import ReadOptions, Table, check_size

_PROGRAM = Path(__file__).with_name("_ipc_process.py")
_ADVICE = "Export it again, or save the table as Parquet or CSV."


def read_arrow(contents: Sequence[bytes], name: str, options: ReadOptions) -> Table:
    """Read files of Arrow (also called Feather) or streams of it, one after the other: their columns are the same.

    Parameters
    ----------
    contents : sequence of bytes
        At least one.
    name : str
    options : ReadOptions
        ``part`` chooses the list, as in JSON.

    Raises
    ------
    TableError
        When a file is damaged, unlike the others, or larger than the limits.
    """
    arguments = (limits().max_rows,)
    with run_apart(_PROGRAM, contents, arguments, name, _ADVICE) as written:
        return table_of_stream(written, "arrow", name, options)


def table_of_stream(written: IO[bytes], kind: str, name: str, options: ReadOptions) -> Table:
    """Read a stream of Arrow that another process wrote, plain and in small batches.

    Parameters
    ----------
    written : binary file object
        From where it stands.
    kind, name : str
        The format, and the name of the file.
    options : ReadOptions
        ``part`` chooses the list.

    Raises
    ------
    TableError
        When there are no rows, or too many rows, columns or characters.
    """
    import pyarrow as pa

    try:
        stream = pa.ipc.open_stream(written)
        check_size(name, 0, len(stream.schema))
        return table_of_batches(iter(stream), kind, name, options)
    except (pa.ArrowException, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} cannot be read: it is damaged. {_ADVICE}") from error
