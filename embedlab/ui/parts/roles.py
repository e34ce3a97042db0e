"""What the columns of a table are, for one of the ways in which it can say something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from embedlab.ui.choices import Selection, address

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


class Roles(Protocol):
    """What each further column of a layout is: a name and a question; extras may be left out."""

    @property
    def roles(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def extras(self) -> Mapping[str, str]: ...  # noqa: D102


def choose_roles(
    selection: Selection, name: str, layout: Roles, guessed: Mapping[str, str], boxes: Sequence[DeltaGenerator]
) -> dict[str, str]:
    """Return the column of each role of a layout; one that may be left out stands there only where it is chosen."""
    text_column = selection.corpus.text_column
    others = [str(column) for column in selection.corpus.whole.columns if column != text_column]
    needed = {role: others or [text_column] for role in layout.roles}
    offered = needed | {role: [address.NONE, *others] for role in layout.extras}
    titles = {**layout.roles, **layout.extras}
    chosen = {"text": text_column}
    for box, (role, columns) in zip(boxes, offered.items(), strict=False):
        default = guessed.get(role) or (selection.label_column if role == "label" else None)
        with box:
            column = address.pick(
                role,
                titles[role],
                columns,
                default if default in columns else columns[0],
                scope=f"{selection.dataset.id}:{name}",
                format_func=lambda name: "None" if name == address.NONE else name,
            )
        if column != address.NONE:
            chosen[role] = column
    return chosen
