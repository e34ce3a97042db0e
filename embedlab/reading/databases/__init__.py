"""Databases in a file: one table or view of it is read, and nothing that the file says is run.

Read ``sqlite.py``.
"""

from embedlab.reading.databases.sqlite import read_sqlite

__all__ = ["read_sqlite"]
