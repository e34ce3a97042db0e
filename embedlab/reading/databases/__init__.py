"""Databases in a file: one table or view of it is read, and nothing that the file says is run.

Read ``sqlite.py``, and ``duckdb.py``, whose work is done by a process of its own.
"""

from embedlab.reading.databases.duckdb import read_duckdb
from embedlab.reading.databases.sqlite import read_sqlite

__all__ = ["read_duckdb", "read_sqlite"]
