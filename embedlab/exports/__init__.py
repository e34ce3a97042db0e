"""Out of the lab: what was found as columns of a table, and tables and arrays as files."""

from embedlab.exports.formats import EXPORT_FORMATS, ExportFormat, find_format, to_csv, to_npy, to_parquet
from embedlab.exports.tables import (
    add_columns,
    classification_table,
    cleaned_table,
    cluster_table,
    embedding_table,
    hits_table,
    removed_table,
    spread_rows,
)

__all__ = [
    "EXPORT_FORMATS",
    "ExportFormat",
    "add_columns",
    "classification_table",
    "cleaned_table",
    "cluster_table",
    "embedding_table",
    "find_format",
    "hits_table",
    "removed_table",
    "spread_rows",
    "to_csv",
    "to_npy",
    "to_parquet",
]
