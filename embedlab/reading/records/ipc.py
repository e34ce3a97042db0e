"""Arrow and Feather files, and streams of Arrow: another process checks and unpacks them, the rows are read here.

A compressed batch of some kB says it holds gigabytes, and what its offsets point at is anything at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embedlab.limits import limits
from embedlab.reading.apart import run_apart
from embedlab.reading.records.arrow import table_of_batches
from embedlab.tables import ReadOptions, Table, check_size, say_unpacked

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
    most = limits()
    numbers = (most.max_unpacked_mib << 20, most.max_rows)
    reasons = {"too many bytes": say_unpacked()}
    with run_apart(_PROGRAM, contents, numbers, name, _ADVICE, reasons) as written:
        import pyarrow as pa

        stream = pa.ipc.open_stream(written)
        check_size(name, 0, len(stream.schema))
        return table_of_batches(iter(stream), "arrow", name, options)
