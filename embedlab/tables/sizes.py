"""The limits that every reader keeps: rows, columns, cells, characters, and what comes out of packed files."""

from __future__ import annotations

from embedlab.errors import TableError
from embedlab.limits import check_bytes, limits, setting_of

# Tables do not pack more densely than that; bombs do.
MAX_RATIO, _ALWAYS = 200, 10 << 20


def check_size(name: str, n_rows: int, n_columns: int) -> None:
    """Raise ``TableError`` for more rows, columns or cells than are read."""
    if n_rows > limits().max_rows:
        raise TableError(
            f"{name} has {n_rows:,} rows; up to {limits().max_rows:,} are read ({setting_of('max_rows')}). Split it, "
            "or keep a sample of the rows."
        )
    if n_columns > limits().max_columns:
        raise TableError(
            f"{name} has {n_columns:,} columns; up to {limits().max_columns:,} are read ({setting_of('max_columns')}). "
            "Keep the ones you need."
        )
    if n_rows * n_columns > limits().max_cells:
        raise TableError(
            f"{name} has {n_rows:,} rows and {n_columns:,} columns; up to {limits().max_cells:,} cells are read "
            f"({setting_of('max_cells')}). Keep the columns you need. If few rows are that wide, a line end is missing "
            "in them."
        )


def check_chars(name: str, n_chars: int) -> None:
    """Raise ``TableError`` for more characters than a table may hold."""
    if n_chars > limits().max_total_chars:
        raise TableError(
            f"{name} holds more than {limits().max_total_chars:,} characters ({setting_of('max_total_chars')}). Split "
            "it, or keep fewer columns."
        )


def check_values(name: str, n_values: int) -> None:
    """Raise ``TableError`` for long lists in cells: each value in them becomes an object in memory."""
    if n_values > limits().max_cells:
        raise TableError(
            f"{name} holds {n_values:,} values, those in lists included; up to {limits().max_cells:,} are read "
            f"({setting_of('max_cells')}). Keep the columns you need, without long lists."
        )


def check_file_size(name: str, n_bytes: int) -> None:
    """Raise ``TableError`` for a file of more bytes than are read."""
    if n_bytes > limits().max_upload_mib << 20:
        raise TableError(
            f"{name} has more than {limits().max_upload_mib:,} MiB, the largest file that is read "
            f"({setting_of('max_upload_mib')}). Split it, or save it as Parquet, which is smaller."
        )


def most_unpacked(packed: int) -> int:
    """Return how many bytes may come out of so many packed ones."""
    return min(limits().max_unpacked_mib << 20, MAX_RATIO * packed + _ALWAYS)


def check_unpacked(name: str, n_bytes: int, packed: int | None = None) -> None:
    """Refuse a packed file that unpacks to more than is read (``TableError``), or than is free.

    Parameters
    ----------
    name : str
    n_bytes : int
        Unpacked, as the file says, or as far as it was unpacked.
    packed : int, optional
        Its size, where it is one of which a bomb could be made.
    """
    if n_bytes > limits().max_unpacked_mib << 20:
        raise TableError(f"{name} {say_unpacked()}")
    if packed is not None and n_bytes > most_unpacked(packed):
        raise TableError(
            f"{name} unpacks to more than {MAX_RATIO} times its size, far more than a table does. Export it again, or "
            "save the table as CSV."
        )
    check_bytes(n_bytes, f"Unpacking {name}")


def say_unpacked() -> str:
    """Return what is said of a file that unpacks to more than is read: the sentence after its name."""
    return (
        f"unpacks to more than {limits().max_unpacked_mib:,} MiB, the most that is read "
        f"({setting_of('max_unpacked_mib')}). Split it, or keep fewer columns."
    )
