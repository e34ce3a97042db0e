"""Texts into rows of a collection, a collection into a table, and who may reach which store from a browser.

Read ``rows.py`` first: what of a table goes into a collection. ``tables.py`` is the way back, ``reach.py`` the guard.
"""

from embedlab.stores.exchange.reach import Place, find_place, listed_stores, own_store
from embedlab.stores.exchange.rows import Outgoing, id_columns, make_rows
from embedlab.stores.exchange.tables import TEXT, make_table, read_sample

__all__ = [
    "Outgoing",
    "Place",
    "TEXT",
    "find_place",
    "id_columns",
    "listed_stores",
    "make_rows",
    "make_table",
    "own_store",
    "read_sample",
]
