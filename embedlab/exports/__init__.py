"""Out of the lab: what was found as tables and files, as a report, and as settings and a program that make it again.

Read ``tables.py`` and ``formats.py`` first, then ``view.py``: a view of the app, and the way back to it.
"""

from embedlab.exports.formats import EXPORT_FORMATS, ExportFormat, find_format, to_csv, to_npy, to_parquet
from embedlab.exports.htmlreport import html_report
from embedlab.exports.program import snippet
from embedlab.exports.settings import UPLOADED, USUAL_MAP, ClusterSettings, MapSettings, ViewSettings
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
from embedlab.exports.view import View, describe_embeddings, describe_source, replay

__all__ = [
    "ClusterSettings",
    "EXPORT_FORMATS",
    "ExportFormat",
    "MapSettings",
    "UPLOADED",
    "USUAL_MAP",
    "View",
    "ViewSettings",
    "add_columns",
    "classification_table",
    "cleaned_table",
    "cluster_table",
    "describe_embeddings",
    "describe_source",
    "embedding_table",
    "find_format",
    "hits_table",
    "html_report",
    "removed_table",
    "replay",
    "snippet",
    "spread_rows",
    "to_csv",
    "to_npy",
    "to_parquet",
]
