"""What is taken on and what is refused before it costs memory: each limit with its reason and its setting."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from embedlab.errors import InvalidInputError, NotEnoughMemoryError

_MIB = 1 << 20
# What any operation takes for blocks of products, however many rows there are.
_BLOCKS = 64 * _MIB
# Less than this is not worth looking up how much is free.
_UNNOTICED = 64 * _MIB
# What results may take of the machine's memory, in MiB at least, and as a share: models are results, too.
_RESULTS_MIB, _RESULTS_SHARE = 2_048, 4


def _results_mib() -> int:
    return max(_RESULTS_MIB, total_memory() // _MIB // _RESULTS_SHARE)


@dataclass(frozen=True)
class Limits:
    """What is taken on. ``EMBEDLAB_MAX_ROWS`` in the environment sets ``max_rows``, and so on.

    Parameters
    ----------
    max_upload_mib : int, default=200
        Size of a file, in MiB. It is held in memory while it is read, and kept to be read again another way.
    max_unpacked_mib : int, default=2,048
        What a compressed file (XLSX, Parquet) says it unpacks to, in MiB: some kB can unpack to gigabytes.
    max_rows : int, default=1,000,000
        Rows of a table; what a map can still show.
    max_columns : int, default=1,000
        Columns of a table; more are a matrix of numbers, not a table of texts.
    max_cells : int, default=100,000,000
        Cells of a table: one long row among many short ones would fill the memory with empty ones.
    max_cell_chars : int, default=100,000
        Characters of a cell; no model reads further. Longer ones are cut, and the report of the table says so.
    max_total_chars : int, default=500,000,000
        Characters of a table: a file of some hundred bytes can say one long text a million times.
    max_matrix_mib : int, default=4,096
        Size of a similarity matrix, in MiB; it grows with the square of the number of texts.
    max_clusters : int, default=2,000
        Clusters somebody may ask for: each text is compared with each centre, and each cluster is named.
    max_tsne_rows : int, default=20,000
        Different texts on a t-SNE map; the time it takes grows with the square of their number.
    max_memory_percent : int, default=80
        Share of the free memory that one operation may take; the rest is for everybody else.
    max_datasets_mib : int, default=2,048
        All tables that are kept in memory; beyond it the least recently used ones are dropped.
    max_results_mib : int, default=a quarter of the memory, 2,048 at least
        All results that are kept in memory, loaded models among them; those dropped are computed again when asked for.
        One result that is larger alone, such as a large model, is kept beside them.
    max_cache_mib : int, default=4,096
        The embeddings kept on disk; beyond it those not used for longest are dropped.
    keep_minutes : int, default=60
        How long tables and results are kept after the last person who used them has left: a link lives on for a while.
    """

    max_upload_mib: int = 200
    max_unpacked_mib: int = 2_048
    max_rows: int = 1_000_000
    max_columns: int = 1_000
    max_cells: int = 100_000_000
    max_cell_chars: int = 100_000
    max_total_chars: int = 500_000_000
    max_matrix_mib: int = 4_096
    max_clusters: int = 2_000
    max_tsne_rows: int = 20_000
    max_memory_percent: int = 80
    max_datasets_mib: int = 2_048
    max_results_mib: int = field(default_factory=_results_mib)
    max_cache_mib: int = 4_096
    keep_minutes: int = 60

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Limits:
        """Return the limits that an environment sets, and the defaults for the others.

        Raises
        ------
        InvalidInputError
            When a variable holds no whole number above 0, or a share above 100.
        """
        named = {field.name: setting_of(field.name) for field in fields(cls)}
        given = {name: environment[variable] for name, variable in named.items() if variable in environment}
        return cls(**{name: _number(name, value) for name, value in given.items()})


@dataclass(frozen=True)
class _Operation:
    """What an operation does, and the memory it takes at its peak beside the rows it is given.

    ``copies`` of the n × d float32 array, and ``row_bytes`` for each row, as benchmarks/memory.py measures them.
    """

    title: str
    copies: int
    row_bytes: int


OPERATIONS = {
    "embedding": _Operation("Embedding {:,} texts", 5, 300),
    "neighbors": _Operation("Finding the neighbours of {:,} texts", 1, 300),
    "approximate neighbors": _Operation("Finding nearly all neighbours of {:,} texts", 3, 1_000),
    "clusters": _Operation("Clustering {:,} texts", 8, 300),
    "map": _Operation("Drawing a map of {:,} texts", 4, 2_000),
    "duplicates": _Operation("Comparing {:,} texts", 4, 300),
    "index": _Operation("Preparing {:,} texts for search", 3, 300),
}


@cache
def limits() -> Limits:
    """Return the limits in force, read from the environment once.

    Raises
    ------
    InvalidInputError
        As :meth:`Limits.from_environment`.
    """
    return Limits.from_environment(os.environ)


def setting_of(name: str) -> str:
    """Return the variable of the environment that sets a limit."""
    return f"EMBEDLAB_{name.upper()}"


def free_memory() -> int:
    """Return how many bytes this process can still take: of the machine, of its container, and of its own limit."""
    import psutil

    free = [int(psutil.virtual_memory().available), *(left for _, left in _containers())]
    try:
        import resource
    except ImportError:  # Windows has neither containers of this kind nor such limits
        return min(free)
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY:
        free.append(max(0, limit - psutil.Process().memory_info().vms))
    return min(free)


def total_memory() -> int:
    """Return how many bytes this process could take if nothing else were there: of the machine, or of its container."""
    import psutil

    return min([int(psutil.virtual_memory().total), *(limit for limit, _ in _containers())])


def check_memory(operation: str, n_rows: int, n_columns: int) -> None:
    """Refuse an operation on embeddings that would not fit in memory, before it begins.

    Parameters
    ----------
    operation : str
        A key of ``OPERATIONS``.
    n_rows, n_columns : int
        Shape of the embeddings.

    Raises
    ------
    NotEnoughMemoryError
        When it needs more than its share of the free memory; says how many rows would fit.
    """
    asked = OPERATIONS[operation]
    needed = n_rows * (4 * n_columns * asked.copies + asked.row_bytes)
    check_bytes(needed, asked.title.format(n_rows), n_rows)


def check_bytes(needed: int, what: str, n_rows: int = 0) -> None:
    """Refuse what needs so many bytes where they are not free.

    Parameters
    ----------
    needed : int
    what : str
        The beginning of the sentence, such as "Embedding 10 texts".
    n_rows : int, default=0
        How many rows share the bytes; 0 where a sample of them is no way out.

    Raises
    ------
    NotEnoughMemoryError
    """
    if needed < _UNNOTICED:
        return
    free, percent = free_memory(), limits().max_memory_percent
    allowed = free * percent // 100
    if needed + _BLOCKS > allowed:
        fitting = _round_down(n_rows * max(0, allowed - _BLOCKS) // needed)
        raise NotEnoughMemoryError(
            f"{what} needs about {_size(needed + _BLOCKS)} of memory; {_size(free)} are free, of which one operation "
            f"may take {percent} % ({setting_of('max_memory_percent')}). "
            + (
                f"Take a sample of {fitting:,} rows."
                if fitting
                else "Make it smaller, or try again when less is going on."
            ),
            fitting,
        )


def _number(name: str, value: str) -> int:
    highest = 100 if name.endswith("percent") else None
    try:
        number = int(value)
        if number < 1 or (highest and number > highest):
            raise ValueError
    except ValueError:
        wanted = f"from 1 to {highest}" if highest else "above 0"
        raise InvalidInputError(
            f"{setting_of(name)}={value!r} is no whole number {wanted}. Set one, such as {getattr(Limits(), name)}, or "
            "leave it unset."
        ) from None
    return number


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 2**30:,.1f} GiB" if n_bytes >= 1 << 30 else f"{n_bytes >> 20} MiB"


def _round_down(number: int) -> int:
    """Return a number with all digits but the first set to 0."""
    digit = 10 ** (len(str(number)) - 1)
    return number // digit * digit


def _containers() -> list[tuple[int, int]]:
    """Return what the control group of this process may take and what is left of it, in the two versions there are."""
    root = Path("/sys/fs/cgroup")
    found = []
    for folder, most, used, cached in (
        (root, "memory.max", "memory.current", "inactive_file"),
        (root / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        try:
            limit, taken = (folder / most).read_text().strip(), int((folder / used).read_text())
            facts = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):
            continue
        if limit != "max":
            # Pages of files are given back when memory is wanted.
            found.append((int(limit), max(0, int(limit) - taken + int(facts.get(cached, 0)))))
    return found
