"""Rows of somebody else's: where their texts usually stand, and what of them is metadata."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from embedlab.stores.contract.filters import Metadata

TEXTS = ("document", "text", "content", "page_content", "chunk", "body")
"""How columns and fields of texts are called, the likeliest first."""


def text_field(names: Collection[str]) -> str | None:
    """Return which of some fields holds the text of a row: one with a usual name; None where there is none."""
    return next((name for name in TEXTS if name in names), None)


def scalars(metadata: Mapping[str, Any]) -> Metadata:
    """Return metadata without what is empty; what holds several values becomes text.

    Examples
    --------
    >>> scalars({"year": 2020, "tags": ["a", "b"], "author": None})
    {'year': 2020, 'tags': '["a", "b"]'}
    """
    return {
        name: value if isinstance(value, str | int | float | bool) else json.dumps(value, default=str)
        for name, value in metadata.items()
        if value is not None
    }
