"""What a map is told in bytes rather than words, each under the name of its content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

if TYPE_CHECKING:
    from numpy.typing import NDArray

# More rows than this are shorter as bits, one for each point.
_LISTED_ROWS = 200
# Selections whose rows were sent as bits: a line that is drawn later may add to one of them.
_REMEMBERED = 8

_keep_array = st.components.v2.component(
    "embedlab_arrays", html="<i hidden></i>", js=(Path(__file__).parent / "store.js").read_text(encoding="utf-8")
)


class Arrays:
    """The arrays of one map of n points, gathered while it is described and sent after it."""

    def __init__(self, key: str, n: int) -> None:
        self._key, self._n = key, n
        self._parts: dict[str, bytes] = {}
        self._rows: dict[str, NDArray[np.int64]] = st.session_state.setdefault(f"{key}-rows", {})

    def keep(self, part: str, array: NDArray[Any], about: Mapping[str, Any]) -> str:
        """Take an array and what there is to say about it, and return its name."""
        content, words = np.ascontiguousarray(array).tobytes(), json.dumps(about)
        name = blake2b(content + words.encode(), digest_size=12).hexdigest()
        self._parts[part] = json.dumps({"name": name, **about}).encode() + b"\n" + content
        return name

    def rows(self, part: str, rows: NDArray[np.int64]) -> dict[str, Any]:
        """Describe some rows: a list of a few, a bit for each point if they are many."""
        if len(rows) <= _LISTED_ROWS:
            return {"rows": np.asarray(rows).tolist()}
        is_in = np.zeros(self._n, dtype=bool)
        is_in[rows] = True
        name = self.keep(part, np.packbits(is_in, bitorder="little"), {})
        self._rows.pop(name, None)
        self._rows[name] = rows
        while len(self._rows) > _REMEMBERED:
            self._rows.pop(next(iter(self._rows)))
        return {"kept": name}

    def step(self, part: str, step: Mapping[str, Any]) -> dict[str, Any]:
        """Describe a step of a selection to the browser."""
        return {**step, **self.rows(part, step["rows"])} if "rows" in step else dict(step)

    def told_step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Return a step as the browser tells it, with the rows in place of their name."""
        if "kept" not in step:
            return dict(step)
        rows = self._rows.get(str(step["kept"]), np.zeros(0, dtype=np.int64))
        return {"mode": step.get("mode"), "rows": rows}

    def send(self) -> None:
        """Send what the browser does not have yet; Streamlit leaves out what it has sent before."""
        for part, content in self._parts.items():
            _keep_array(key=f"{self._key}-{part}", data=content, height=1)
