"""Labels that a file keeps as numbers beside their names, as Hugging Face's ``datasets`` writes them (ClassLabel)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def features_of(schema: pa.Schema) -> dict[str, Any]:
    """Return the features of the columns in which numbers stand for names; none where a file does not say any.

    Parameters
    ----------
    schema : Schema
        With its metadata.

    Examples
    --------
    >>> import pyarrow as pa
    >>> label = {"_type": "ClassLabel", "names": ["bad", "good"]}
    >>> said = json.dumps({"info": {"features": {"text": {"_type": "Value"}, "label": label}}})
    >>> list(features_of(pa.schema({"text": pa.string(), "label": pa.int64()}, {"huggingface": said})))
    ['label']
    """
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return {
            field.name: features[field.name]
            for field in schema
            if field.name in features and _type_of(field.type, features[field.name]) != field.type
        }
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}


def name_labels(batch: pa.RecordBatch, features: Mapping[str, Any]) -> pa.RecordBatch:
    """Put the names of labels in the place of their numbers; -1 is a missing one, and a number without a name stays.

    Parameters
    ----------
    batch : RecordBatch
    features : mapping of str to feature
        As :func:`features_of` returns them.
    """
    import pyarrow as pa

    columns = [
        pa.array([_named(cell, features[name]) for cell in values.to_pylist()], _type_of(values.type, features[name]))
        if name in features
        else values
        for name, values in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _names(feature: Any) -> list[str]:  # noqa: ANN401
    """Return the names of a ClassLabel; none of anything else."""
    if not isinstance(feature, dict) or feature.get("_type") != "ClassLabel":
        return []
    names = feature.get("names")
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else []


def _inside(feature: Any, name: str = "") -> Any:  # noqa: ANN401
    """Return the feature of the entries of a list, or of a field of a struct.

    A list was first written as a list of one feature, and a sequence of structs still is a struct of lists: what is
    said of a field there is said of its entries.
    """
    if isinstance(feature, list):
        feature = feature[0] if feature else None
    inner = feature.get("feature", feature) if isinstance(feature, dict) else None
    if not name:
        return inner
    return inner.get(name) if isinstance(inner, dict) else None


def _named(cell: Any, feature: Any) -> Any:  # noqa: ANN401
    if isinstance(cell, list):
        return [_named(one, _inside(feature)) for one in cell]
    if isinstance(cell, dict):
        return {name: _named(one, _inside(feature, name)) for name, one in cell.items()}
    names = _names(feature)
    if not names or type(cell) is not int:
        return cell
    return None if cell == -1 else names[cell] if 0 <= cell < len(names) else str(cell)


def _type_of(kind: pa.DataType, feature: Any) -> pa.DataType:  # noqa: ANN401
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_type_of(field.type, _inside(feature, field.name))) for field in kind])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return pa.list_(_type_of(kind.value_type, _inside(feature)))
    return pa.string() if _names(feature) and pa.types.is_integer(kind) else kind
