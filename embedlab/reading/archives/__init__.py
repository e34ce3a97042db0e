"""Files packed into another: what is inside of a gzip, bzip2, xz or zip file, never more of it than is safe.

Read ``unpack.py``.
"""

from embedlab.reading.archives.unpack import ALL_TABLES, WITHIN, Unpacked, tables_among, unpack, unpack_each

__all__ = ["ALL_TABLES", "Unpacked", "WITHIN", "tables_among", "unpack", "unpack_each"]
