"""Files of records: JSON in its usual shapes, Parquet and Arrow; nested fields become columns with a dot.

Read ``shapes.py`` first: in which ways JSON says a table. ``parts.py`` says which list of a file is the table.
"""

from embedlab.reading.records.columns import text_of
from embedlab.reading.records.ipc import read_arrow, table_of_stream
from embedlab.reading.records.json_files import read_json
from embedlab.reading.records.messages import say_service, slack_people, slack_rows
from embedlab.reading.records.parquet import LongParquet, read_parquet

__all__ = [
    "LongParquet",
    "read_arrow",
    "read_json",
    "read_parquet",
    "say_service",
    "slack_people",
    "slack_rows",
    "table_of_stream",
    "text_of",
]
