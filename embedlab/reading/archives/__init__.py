"""Files packed into another: what is inside of a gzip, bzip2, xz, zstd or zip file, never more of it than is safe.

Read ``unpack.py``.
"""

from embedlab.reading.archives.unpack import ALL_TABLES, Unpacked, tables_among, unpack, unpack_each

__all__ = ["ALL_TABLES", "Unpacked", "tables_among", "unpack", "unpack_each"]
