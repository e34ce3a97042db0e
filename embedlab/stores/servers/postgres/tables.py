"""What the columns and the index of a table with embeddings are, of somebody else's table, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embedlab.stores.contract import text_field

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composable, Composed

    from embedlab.stores.servers.postgres.database import PostgresTable

# How columns of metadata are called by those who write such tables.
_METADATA = ("metadata", "cmetadata", "metadata_")
# Arguments that a function takes at most.
_ARGUMENTS = 100

_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), coalesce(a.attnum = ANY (k.indkey), false), coalesce(k.indnkeyatts, 0)
FROM pg_attribute a LEFT JOIN pg_index k ON k.indrelid = a.attrelid AND k.indisprimary
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_INDEXES = """
SELECT i.relname, m.amname, o.opcname, coalesce(i.reloptions, '{}') FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam JOIN pg_opclass o ON o.oid = x.indclass[0]
WHERE x.indrelid = %s AND m.amname IN ('hnsw', 'ivfflat') AND x.indisvalid AND x.indpred IS NULL
ORDER BY o.opcname <> 'vector_cosine_ops', i.relname
"""
_KINDS = {"hnsw": "hnsw", "ivfflat": "ivf"}
_METRICS = {"vector_cosine_ops": "cosine", "vector_l2_ops": "l2", "vector_ip_ops": "ip", "vector_l1_ops": "l1"}


@dataclass(frozen=True)
class Columns:
    """A table in the words of SQL.

    Parameters
    ----------
    table, id, embedding, document, metadata : Composable
        The id as text, and the metadata as one value of type ``jsonb``.
    dimension : int
    """

    table: Composable
    id: Composable
    embedding: Composable
    document: Composable
    metadata: Composable
    dimension: int


@dataclass(frozen=True)
class Index:
    """An index of embeddings.

    Parameters
    ----------
    name : str
    kind : {"hnsw", "ivf"}
    metric : str
        One for cosines serves no other distance, and the other way round.
    options : dict of str to str
        What it was built with, where that was said.
    """

    name: str
    kind: str
    metric: str
    options: dict[str, str]


def find_columns(run: psycopg.Connection[Any], table: PostgresTable) -> Columns:
    """Return the columns of a table."""
    from psycopg import sql

    rows = run.execute(_COLUMNS, (table.oid,)).fetchall()
    keys = [name for name, _, is_key, n_keys in rows if is_key and n_keys == 1]
    kinds = {name: kind for name, kind, _, _ in rows}
    texts = [name for name, kind in kinds.items() if kind in ("text", "character varying") and name not in keys]
    document = text_field(texts) or next(iter(texts), None)
    embedding = sql.Identifier(table.embedding)
    name = sql.Identifier(table.schema, table.table)
    dimension = table.dimension
    if dimension < 0:
        found = run.execute(
            sql.SQL("SELECT vector_dims({}) FROM {} WHERE {} IS NOT NULL LIMIT 1").format(embedding, name, embedding)
        ).fetchone()
        dimension = found[0] if found else 0
    others = [
        other for other in kinds if other not in (keys[0], table.embedding, document) and kinds[other] != "vector"
    ]
    return Columns(
        name,
        sql.SQL("{}::text").format(sql.Identifier(keys[0])) if kinds[keys[0]] != "text" else sql.Identifier(keys[0]),
        embedding,
        sql.SQL("coalesce({}, '')").format(sql.Identifier(document)) if document else sql.SQL("''"),
        sql.Identifier("metadata") if table.mark else _as_metadata(others, kinds),
        dimension,
    )


def find_index(run: psycopg.Connection[Any], table: PostgresTable) -> Index | None:
    """Return the index of a table's embeddings, one for cosines before others; None where there is none."""
    found = run.execute(_INDEXES, (table.oid,)).fetchone()
    if found is None:
        return None
    name, method, operators, options = found
    return Index(name, _KINDS[method], _METRICS.get(operators, operators), dict(each.split("=", 1) for each in options))


def _as_metadata(columns: list[str], kinds: dict[str, str]) -> Composed:
    """Return columns as one value of type ``jsonb``; one that holds such values itself gives its fields."""
    from psycopg import sql

    parts: list[Composable] = [sql.SQL("'{}'::jsonb")]
    plain = [name for name in columns if not (name in _METADATA and kinds[name] in ("jsonb", "json"))]
    for start in range(0, len(plain), _ARGUMENTS // 2):
        pairs = [
            sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(name))
            for name in plain[start : start + _ARGUMENTS // 2]
        ]
        parts.append(sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(pairs)))
    for name in set(columns) - set(plain):
        column = sql.SQL("{}::jsonb").format(sql.Identifier(name))
        parts.append(sql.SQL("CASE jsonb_typeof({}) WHEN 'object' THEN {} ELSE '{{}}' END").format(column, column))
    return sql.SQL("({})").format(sql.SQL(" || ").join(parts))
