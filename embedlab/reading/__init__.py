"""Files as people have them, read into tables of texts, with a report of what was found.

Read ``read.py`` first: the bytes decide what a file is, and one module a kind reads it.
``streams.py`` reads what is larger than memory.
"""

from embedlab.reading.archives import ALL_TABLES
from embedlab.reading.joined import number_names
from embedlab.reading.read import read_table, read_tables
from embedlab.reading.repair import DoubleEncoding, find_double_encoding
from embedlab.reading.streams import Stream, Stretch, StretchReader, survey

__all__ = [
    "ALL_TABLES",
    "DoubleEncoding",
    "Stream",
    "Stretch",
    "StretchReader",
    "find_double_encoding",
    "number_names",
    "read_table",
    "read_tables",
    "survey",
]
