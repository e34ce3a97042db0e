"""Conditions on metadata as PostgreSQL asks them, of a value of type ``jsonb``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from embedlab.stores.contract import Combination, Comparison, Condition

if TYPE_CHECKING:
    from psycopg.sql import Composable, Composed

_SIGNS = {"gte": ">=", "lte": "<="}


def where_sql(condition: Condition | None, metadata: Composable) -> Composed:
    """Return a condition, true or false of every row and never unknown.

    Parameters
    ----------
    condition : Comparison, Combination or None
    metadata : Composable
        What stands for the metadata of a row.
    """
    from psycopg import sql

    if condition is None:
        return sql.Composed([sql.SQL("true")])
    if isinstance(condition, Combination):
        joined = sql.SQL(f" {condition.operator.upper()} ").join(where_sql(part, metadata) for part in condition.parts)
        return sql.SQL("({})").format(joined)
    return _compared(condition, sql.SQL("({} -> {})").format(metadata, sql.Literal(condition.field)))


def _compared(condition: Comparison, held: Composed) -> Composed:
    from psycopg import sql

    values = [_json(value) for value in condition.values]
    if condition.operator == "ne":
        return sql.SQL("({} IS DISTINCT FROM {})").format(held, values[0])
    if condition.operator in ("eq", "in"):
        return sql.SQL("coalesce({} IN ({}), false)").format(held, sql.SQL(", ").join(values))
    # Values of other types have a place in the order of jsonb, too.
    sign = sql.SQL(_SIGNS[condition.operator])
    return sql.SQL("coalesce(jsonb_typeof({}) = 'number' AND {} {} {}, false)").format(held, held, sign, values[0])


def _json(value: object) -> Composed:
    from psycopg import sql

    return sql.SQL("{}::jsonb").format(sql.Literal(json.dumps(value)))
