"""A question to a collection, with a condition on its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from embedlab.errors import SpecError
from embedlab.escape import escape_markdown
from embedlab.ui.choices import address
from embedlab.ui.parts import COSINE
from embedlab.ui.stores import Condition, tasks
from embedlab.ui.tasks import services
from embedlab.ui.views.stores import choosing

if TYPE_CHECKING:
    from embedlab.stores import CollectionInfo
    from embedlab.stores.exchange import Place
    from embedlab.ui.choices import Selection

NUMBERS = {"gte": "at least", "lte": "at most"}
OPERATORS = {"eq": "is", "ne": "is not", **NUMBERS}
UNKNOWN = (
    "Nobody has said which model the vectors of this collection are of. The scores mean something only where it is the "
    "chosen one."
)
ALL = "All rows"


def show(selection: Selection, place: Place, info: CollectionInfo) -> None:
    """Let the person ask, and list what the store answers."""
    asked, number = st.columns([4, 1], vertical_alignment="bottom")
    query = asked.text_input(
        "What are you looking for?", key="query", bind="query-params", type="search",
        placeholder="Say it in your own words, for example: my parcel is late",
    )  # fmt: skip
    with number:
        top_k = address.count("top_k", "Results", 10, (1, 100))
    where = choose_condition(place, info)
    if not query.strip():
        st.info("Ask something: the store answers with what is in it, by the chosen model.", icon=":material/search:")
        return
    if info.spec is None:
        st.caption(f":material/warning: {UNKNOWN}")
    encoder = services.encoder(selection)
    spec = encoder.spec(pooling_mode=selection.pooling_mode, prompt_name=encoder.query_prompt_name)
    (vector,) = services.asked(selection, [query])
    try:
        found = tasks.found(place, info.name, vector, spec, top_k, where, choosing.look())
    except SpecError as error:
        refuse(error, info)
        return
    if not found:
        st.info("No row passes the condition.", icon=":material/filter_alt_off:")
        return
    st.dataframe(
        pd.DataFrame(
            [
                {"score": match.score, "text": match.document, **_beside(match.metadata), "id": match.id}
                for match in found
            ]
        ),
        hide_index=True,
        column_config={"score": COSINE, "text": st.column_config.TextColumn("Text", width="large")},
        alt="What the store has found, best first",
    )


def refuse(error: SpecError, info: CollectionInfo) -> None:
    """Say that the collection is of another model, and offer that one."""
    st.error(escape_markdown(str(error)), icon=":material/error:")
    if info.spec is not None:
        st.button(
            f"Choose {info.spec.model}",
            type="primary",
            on_click=_choose,
            args=(info.spec.model, info.spec.pooling_mode),
        )


def _choose(model: str, pooling_mode: str) -> None:
    address.bring("model", model)
    address.bring("pooling", pooling_mode)


def choose_condition(place: Place, info: CollectionInfo) -> Condition | None:
    """Draw a condition on one field of the metadata; None for all rows."""
    fields = tasks.fields(place, info.name, choosing.look())
    if not fields:
        return None
    left, middle, right = st.columns([2, 1, 2], vertical_alignment="bottom")
    with left:
        field = address.pick(
            "field",
            "Only rows where",
            [address.NONE, *fields],
            address.NONE,
            scope=info.name,
            format_func=_field_title,
            help="A field of the metadata. Rows without it pass “is not” alone.",
        )
    if field == address.NONE:
        return None
    values = fields[field]
    has_numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    operators = OPERATORS if has_numbers else {name: title for name, title in OPERATORS.items() if name not in NUMBERS}
    with middle:
        operator = address.pick("op", "Is", list(operators), "eq", scope=field, format_func=operators.__getitem__)
    with right:
        by_title = {str(value): value for value in values}
        chosen = address.pick("value", "Value", list(by_title), next(iter(by_title)), scope=field)
    return {field: {operator: by_title[chosen]}}


def _field_title(name: str) -> str:
    return ALL if name == address.NONE else name


def _beside(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a row as columns beside ours."""
    return {f"{name} (metadata)" if name in ("score", "text", "id") else name: str(v) for name, v in metadata.items()}
