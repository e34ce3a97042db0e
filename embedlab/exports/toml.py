"""Sections of settings as TOML: written, and read with the kind of every value checked."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from importlib.metadata import version
from typing import Any, TypeVar

from embedlab.errors import InvalidInputError
from embedlab.escape import quote_toml

_Section = TypeVar("_Section")
_KINDS = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple[str, ...]": "a list of texts",
}


def flat(section: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a section one by one, those of a part of it in its place."""
    settings: dict[str, Any] = {}
    for key, value in section.items():
        settings |= flat(value) if isinstance(value, dict) else {key: value}
    return settings


def written(value: object) -> str:
    """Return a value as TOML; numbers, true and false look as in JSON."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return quote_toml(value) if isinstance(value, str) else json.dumps(value)


def check_names(what: str, found: Any, known: list[str], needed: list[str]) -> None:  # noqa: ANN401 - as it was read
    """Refuse settings with names that are not known, or without those that are needed."""
    if not isinstance(found, dict):
        raise InvalidInputError(f"{what} must hold names and values, not {found!r}.")
    if unknown := [name for name in found if name not in known]:
        raise InvalidInputError(
            f"{what} hold {', '.join(unknown)}, which EmbedLab {version('embedlab')} does not know. Known are: "
            f"{', '.join(known)}."
        )
    if missing := [name for name in needed if name not in found]:
        raise InvalidInputError(f"{what} lack {', '.join(missing)}. Download them again.")


def read_section(kind: type[_Section], name: str, found: dict[str, Any]) -> _Section:
    """Make one section; the settings of a part of it stand among its own. The kind of every value is checked.

    Raises
    ------
    InvalidInputError
        When something is missing, unknown or of the wrong kind.
    """
    own = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]
    parts: dict[str, Any] = {key: type(entry.default) for key, entry in own.items() if is_dataclass(entry.default)}
    known = {key: entry for key, entry in own.items() if key not in parts}
    known |= {entry.name: entry for part in parts.values() for entry in fields(part)}
    needed = [key for key, entry in known.items() if entry.default is MISSING]
    check_names(f"The settings of [{name}]", found, list(known), needed)
    for key, value in found.items():
        said = str(known[key].type)
        kinds = ["int", "float"] if said == "float" else said.split(" | ")
        kind_of_value = "tuple[str, ...]" if _is_texts(value) else type(value).__name__
        if kind_of_value not in kinds:
            words = " or ".join(_KINDS[kind] for kind in kinds if kind in _KINDS)
            raise InvalidInputError(f"{key} = {value!r} in [{name}] must be {words}. Correct that line.")
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}
    for key, part in parts.items():
        given[key] = part(**{entry.name: given.pop(entry.name) for entry in fields(part) if entry.name in given})
    return kind(**given)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
