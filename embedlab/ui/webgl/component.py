"""The map as an element of Streamlit, in three parts.

The program, the arrays and the map are elements of their own. What Streamlit has sent once it does not send again, so
a new highlight or another selection costs a small message, and the view stays where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.plots.look import SEQUENTIAL, Coloring
from embedlab.ui.webgl.arrays import Arrays
from embedlab.ui.webgl.polygons import Step, selected_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOLDER = Path(__file__).parent
# Up to so many texts go to the browser at once; of more, the one under the pointer is asked for.
_SENT_TEXTS = 5_000
_TEXT_CHARS = 220
_FAILED = "no-webgl"
# A selection: an id, and the steps that lead to it, as the browser describes them; their rows may be an array.
Said = Mapping[str, Any]
NOTHING_SELECTED: Said = {"id": "", "steps": []}


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_load_program = st.components.v2.component(
    "embedlab_program",
    html="<i hidden></i>",
    js=f"const STYLE = {json.dumps(_read('map.css'))};\nconst LAYOUT = {json.dumps(_read('layout.html'))};\n"
    + _read("camera.js", "picking.js", "density.js", "points.js", "labels.js", "gestures.js", "map.js"),
)
_draw_map = st.components.v2.component(
    "embedlab_map", html='<div class="map" role="application" tabindex="0"></div>', js=_read("mount.js")
)


@dataclass(frozen=True)
class Name:
    """A name written on the map, in the middle of what it names; the first ones go before the others."""

    text: str
    at: tuple[float, ...]


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
    filtered: NDArray[np.int64] | None = None,
    selection: Said = NOTHING_SELECTED,
    is_draft: bool = False,
    flies: bool = False,
    on_select: Callable[[NDArray[np.int64], Said], None] | None = None,
    height: int = 620,
) -> None:
    """Draw a map, and tell what is selected on it.

    Parameters
    ----------
    coordinates : float32 array of shape (n, 2) or (n, 3)
    texts : sequence of str of length n
    coloring : Coloring
    key : str
        Names the map; its view and selection stay with it.
    label : str
        What a screen reader says of it.
    names : sequence of Name
    marked : int array, optional
        Points drawn large, in the colour of what is marked.
    filtered : int array, optional
        Points left out of the picture.
    selection : mapping
        What is selected, as ``on_select`` was told of it.
    is_draft : bool, default=False
        Another map of the same points will take its place: it says so and cannot be saved, and the points are seen to
        move to their places on the other.
    flies : bool, default=False
        The points are seen to move here from their places on the map that stood here before.
    on_select : callable, optional
        Called with the rows and a description of them once the person has selected others; the page runs again then.
    height : int, default=620
        In pixels.
    """
    arrays, none = Arrays(key, len(coordinates)), np.zeros(0, dtype=np.int64)
    sent = [text[:_TEXT_CHARS] for text in texts] if len(texts) <= _SENT_TEXTS else None
    about_points = {"texts": sent, "width": coordinates.shape[1], "scale": SEQUENTIAL}
    answer = _draw_map(
        key=key,
        data={
            "points": arrays.keep("points", coordinates, about_points),
            "colors": arrays.keep("colors", coloring.numbers, _describe(coloring, names)),
            "marked": arrays.rows("marked", none if marked is None else marked),
            "filtered": arrays.rows("filtered", none if filtered is None else filtered),
            "selection": {
                "id": selection["id"],
                "steps": [arrays.step(f"step-{i}", step) for i, step in enumerate(selection["steps"])],
            },
            "hovered": _hovered(key, texts),
            "label": label,
            "draft": is_draft,
            "flies": flies,
            "height": height,
        },
        on_selection_change=_nothing,
        on_hover_change=_nothing,
        on_problem_change=_nothing,
    )
    with st.container(gap=None):
        _load_program(key=f"{key}-program", height=1)
        arrays.send()
    if answer.get("problem"):
        st.session_state[_FAILED] = True
        st.rerun()
    told, known = answer.get("selection"), f"{key}-known"
    if on_select is not None and told and told.get("id") != st.session_state.get(known):
        st.session_state[known] = told.get("id")
        said = [arrays.told_step(step) for step in told.get("steps", ())]
        rows = selected_rows(coordinates, [Step.read(step) for step in said], coloring.numbers)
        # What was filtered out when a line was drawn around it was not seen, and is not selected.
        on_select(rows if filtered is None else np.setdiff1d(rows, filtered), {"id": told["id"], "steps": said})
        st.rerun()


def has_failed() -> bool:
    """Return whether the browser of this session cannot draw maps."""
    return bool(st.session_state.get(_FAILED))


def _describe(coloring: Coloring, names: Sequence[Name]) -> dict[str, Any]:
    return {
        "palette": coloring.palette,
        "title": coloring.title,
        "names": coloring.names,
        "ends": coloring.ends,
        "written": [{"text": name.text, "at": name.at} for name in names],
    }


def _hovered(key: str, texts: Sequence[str]) -> dict[str, Any] | None:
    row = (st.session_state.get(key) or {}).get("hover")
    if not isinstance(row, int) or not 0 <= row < len(texts):
        return None
    return {"row": row, "text": texts[row][:_TEXT_CHARS]}


def _nothing() -> None:
    """Do nothing: what a person does is read from the answer."""
