"""Choices that follow a person from page to page and sit in the address, so that a link reopens the view.

``bind="query-params"`` of a widget puts the label that is shown into the address. What is chosen here has ids behind
its labels, and pages that do not draw the widget need the choice as well, so the frame keeps the address itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal
from urllib.parse import quote, unquote

import streamlit as st

from embedlab.escape import escape_markdown

LabelVisibility = Literal["visible", "hidden", "collapsed"]

KEYS = (
    *("dataset", "text", "also", "clean", "long", "length", "overlap", "label"),
    *("model", "pooling", "selected", "contains"),
)
NONE = "—"
"""Stands in the address for a choice of nothing."""


def pick(
    key: str,
    label: str,
    options: Sequence[str],
    default: str,
    *,
    scope: str = "",
    format_func: Callable[[str], str] = str,
    help: str | None = None,
) -> str:
    """Draw a select box whose value lives in the session and in the address.

    Parameters
    ----------
    key : str
        One of ``KEYS``; also the name in the address.
    label, options, format_func, help
        As for ``st.selectbox``.
    default : str
        The option chosen at first, which stays out of the address.
    scope : str, default=""
        What the choice belongs to: each dataset remembers its own columns, each model its own pooling.

    Returns
    -------
    str
        The chosen option.
    """
    widget = f"{key}:{scope}" if scope else key
    wanted = st.session_state.pop(f"bring-{key}", None) or from_link(key)
    # A page switch forgets the widget; a copy under a key of its own lets the next page begin where this one was.
    kept = st.session_state.get(f"chosen-{widget}", default)
    index = list(options).index(kept if kept in options else default)
    if wanted in options:
        st.session_state[widget], index = wanted, 0
    chosen = st.selectbox(label, options, index, key=widget, format_func=format_func, help=help)
    st.session_state[f"chosen-{widget}"] = chosen
    write(key, "" if chosen == default else chosen)
    return chosen


def pick_several(
    key: str, label: str, options: Sequence[str], *, scope: str, placeholder: str, help: str | None = None
) -> list[str]:
    """Draw a box to choose some of the options in, whose values live in the session and in the address."""
    widget, is_brought = f"{key}:{scope}", f"bring-{key}" in st.session_state or from_link(key) is not None
    kept = several(key, options, scope=scope)
    if is_brought or not set(st.session_state.get(widget, ())) <= set(options):
        st.session_state[widget] = kept
    default = None if widget in st.session_state else kept
    chosen = st.multiselect(label, options, default, key=widget, placeholder=placeholder, help=help)
    return _keep_several(key, chosen, scope)


def several(key: str, options: Iterable[str], *, scope: str) -> list[str]:
    """Return some of the options, as the session or a link has them; another part of the page draws the choice."""
    brought = st.session_state.pop(f"bring-{key}", None)
    wanted = from_link(key) if brought is None else brought
    known = list(options)
    if wanted is not None:
        asked = [unquote(part) for part in wanted.split(",") if part]
        if missing := [part for part in asked if part not in known]:
            st.warning(f"The link asks for what is not here: {escape_markdown(', '.join(missing))}.")
        st.session_state[f"chosen-{key}:{scope}"] = [part for part in dict.fromkeys(asked) if part in known]
    kept = st.session_state.get(f"chosen-{key}:{scope}", [])
    return _keep_several(key, [value for value in kept if value in known], scope)


def _keep_several(key: str, values: list[str], scope: str) -> list[str]:
    st.session_state[f"chosen-{key}:{scope}"] = values
    write(key, _joined(values))
    return values


def _joined(values: Sequence[str]) -> str:
    return ",".join(quote(value, safe="") for value in values)


def type_in(key: str, label: str, *, help: str | None = None) -> str:
    """Draw a line to type into whose words live in the session and in the address."""
    wanted = from_link(key)
    kept = st.session_state.get(f"chosen-{key}", "")
    if wanted is not None:
        st.session_state[key], kept = wanted, ""
    words = st.text_input(label, kept, key=key, help=help)
    st.session_state[f"chosen-{key}"] = words
    write(key, words)
    return words


def turn(key: str, label: str, *, default: bool = False, scope: str = "", help: str | None = None) -> bool:
    """Draw a toggle that lives in the session and, where it is not as at first, in the address."""
    widget = f"{key}:{scope}" if scope else key
    wanted = from_link(key)
    kept = st.session_state.get(f"chosen-{widget}", default)
    if wanted in ("0", "1"):
        st.session_state[widget], kept = wanted == "1", False
    chosen = st.toggle(label, kept, key=widget, help=help)
    st.session_state[f"chosen-{widget}"] = chosen
    write(key, "" if chosen == default else str(int(chosen)))
    return chosen


def count(
    key: str, label: str, default: int, limits: tuple[int, int], *, scope: str = "", help: str | None = None
) -> int:
    """Draw a box for a whole number within limits, which lives in the session and in the address."""
    widget, (lowest, highest) = f"{key}:{scope}" if scope else key, limits
    wanted = from_link(key)
    kept = st.session_state.get(widget, st.session_state.get(f"chosen-{widget}", default))
    # The limits may have moved since; what is out of them, the box would refuse.
    given = int(wanted) if wanted is not None and wanted.isdecimal() else kept
    st.session_state[widget] = min(max(given, lowest), highest)
    chosen = int(st.number_input(label, lowest, highest, key=widget, help=help))
    st.session_state[f"chosen-{widget}"] = chosen
    write(key, "" if chosen == default else str(chosen))
    return chosen


def switch(
    key: str,
    label: str,
    options: Sequence[str],
    *,
    help: str | None = None,
    label_visibility: LabelVisibility = "visible",
) -> str:
    """Draw a choice between a few ways of a page, which sits in the address; the first is taken at first."""
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        bind="query-params",
        help=help,
        label_visibility=label_visibility,
    )


def bring(key: str, value: str) -> None:
    """Choose a value in the next run, for those who run after the box is drawn."""
    st.session_state[f"bring-{key}"] = value


def bring_several(key: str, values: Sequence[str]) -> None:
    """Choose some values in the next run, for what :func:`several` returns."""
    bring(key, _joined(values))


def brought(key: str) -> str | None:
    """Return the value that :func:`bring` has left for this run."""
    return st.session_state.get(f"bring-{key}")


def from_link(key: str) -> str | None:
    """Return a value this session has not written itself: from a link, or the browser's back button."""
    value = st.query_params.get(key)
    return value if value != st.session_state.get(f"address-{key}") else None


def write(key: str, value: str) -> None:
    """Put a value into the address; an empty one leaves it."""
    if not value:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
    st.session_state[f"address-{key}"] = st.query_params.get(key)


def chosen(key: str) -> str:
    """Return what this session has chosen last in a box of :func:`pick` without a scope."""
    return str(st.session_state[f"chosen-{key}"])


def current() -> dict[str, str]:
    """Return the shared choices in the address, for links to other pages."""
    return {key: st.query_params[key] for key in KEYS if key in st.query_params}
