"""The map in the browser: points on the graphics card, sent once, and a few bytes for all that a person does on it.

The arrays and the map are two elements. What Streamlit has sent once it does not send again, so a new highlight or
another selection costs a small message, and the view stays where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.coloring import Coloring
from embedlab.polygons import Step, selected_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOLDER = Path(__file__).parent
# Up to so many texts go to the browser at once; of more, the one under the pointer is asked for.
_SENT_TEXTS = 5_000
_TEXT_CHARS = 220
_FAILED = "no-webgl"
# A selection as the browser describes it: an id, and steps.
Said = Mapping[str, Any]
NOTHING_SELECTED: Said = {"id": "", "steps": []}


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_keep_array = st.components.v2.component("embedlab_arrays", html="<i hidden></i>", js=_read("store.js"))
_draw_map = st.components.v2.component(
    "embedlab_map",
    html=_read("map.html"),
    css=_read("map.css"),
    js=_read("camera.js", "points.js", "picking.js", "map.js"),
)


@dataclass(frozen=True)
class Name:
    """A name written on the map, at the middle of what it names; the first ones go before the others."""

    text: str
    x: float
    y: float


@st.fragment
def point_map(
    coordinates: NDArray[np.float32],
    texts: Sequence[str],
    coloring: Coloring,
    *,
    key: str,
    label: str,
    names: Sequence[Name] = (),
    marked: NDArray[np.int64] | None = None,
    selection: Said = NOTHING_SELECTED,
    on_select: Callable[[NDArray[np.int64], Said], None] | None = None,
    height: int = 620,
) -> None:
    """Draw a map, and tell what is selected on it.

    Parameters
    ----------
    coordinates : float32 array of shape (n, 2)
    texts : sequence of str of length n
    coloring : Coloring
    key : str
        Names the map; its view and selection stay with it.
    label : str
        What a screen reader says of it.
    names : sequence of Name
    marked : int array, optional
        Points drawn large, in the colour of what is marked.
    selection : mapping
        What is selected, as ``on_select`` was told of it.
    on_select : callable, optional
        Called with the rows and a description of them once the person has selected others; the page runs again then.
    height : int, default=620
        In pixels.
    """
    said: Any = st.session_state.get(key) or {}
    row = said.get("hover")
    hovered = {"row": row, "text": texts[row][:_TEXT_CHARS]} if isinstance(row, int) and 0 <= row < len(texts) else None
    answer = _draw_map(
        key=key,
        data={
            "points": _keep(coordinates, texts, f"{key}-points"),
            "colors": _keep(coloring.numbers, (), f"{key}-colors"),
            "palette": list(coloring.palette),
            "legend": {"title": coloring.title, "names": list(coloring.names), "ends": coloring.ends},
            "names": [{"text": name.text, "x": name.x, "y": name.y} for name in names],
            "marked": [] if marked is None else marked.tolist(),
            "selection": dict(selection),
            "hovered": hovered,
            "label": label,
            "height": height,
        },
        on_selection_change=_nothing,
        on_hover_change=_nothing,
        on_problem_change=_nothing,
    )
    if answer.get("problem"):
        st.session_state[_FAILED] = True
        st.rerun()
    told, known = answer.get("selection"), f"{key}-known"
    if on_select is not None and told and told.get("id") != st.session_state.get(known):
        st.session_state[known] = told.get("id")
        steps = [Step.read(step) for step in told.get("steps", ())]
        on_select(selected_rows(coordinates, steps, coloring.numbers), told)
        st.rerun()


def has_failed() -> bool:
    """Return whether the browser of this session cannot draw maps."""
    return bool(st.session_state.get(_FAILED))


def _keep(array: NDArray[Any], texts: Sequence[str], key: str) -> str:
    """Send an array to the browser, where it is not there yet, and return its name."""
    content = np.ascontiguousarray(array).tobytes()
    sent = [text[:_TEXT_CHARS] for text in texts] if 0 < len(texts) <= _SENT_TEXTS else None
    about = json.dumps({"texts": sent}).encode()
    name = blake2b(content + about, digest_size=12).hexdigest()
    header = json.dumps({"name": name, "texts": sent}).encode()
    _keep_array(key=key, data=header + b"\n" + content, height=1)
    return name


def _nothing() -> None:
    """Do nothing: what a person does is read from the answer."""
