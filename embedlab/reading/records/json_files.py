"""JSON and JSON Lines: what a file says, which list of it is read, and what is said about that."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from embedlab.errors import TableError
from embedlab.limits import check_bytes
from embedlab.reading.encodings import Decoded
from embedlab.reading.layout import Grid, lay_out
from embedlab.reading.records.columns import columns_of, text_of
from embedlab.reading.records.parts import WHOLE, Part, chats_in, find_parts, likeliest, note_parts, rows_of
from embedlab.reading.records.shapes import Shaped
from embedlab.tables import ReadOptions, Table, choose_part, make_table

_LINE_ENDINGS = ("jsonl", "ndjson")
# What makes a program of a list: the archives of some networks begin so.
_ASSIGNED = re.compile(r"[\w.$]{1,200}\s{0,9}=\s{0,9}(?=[\[{])")
_BETWEEN = re.compile(r"[\s,]*")
_EXAMPLE = '{"text": "…"}'


def read_json(decoded: Decoded, name: str, options: ReadOptions) -> Table | None:
    """Read JSON or JSON Lines in any of their usual shapes; return None for text that is neither.

    Parameters
    ----------
    decoded : Decoded
    name : str
        File name; ``.json`` and ``.jsonl`` claim that it is.
    options : ReadOptions
        Which list is read, ``part``; how rows without names are laid out.

    Raises
    ------
    TableError
        When the text begins as JSON and is damaged, or holds no table.
    """
    text, ending = decoded.text.strip(), name.lower().rpartition(".")[2]
    if assigned := _ASSIGNED.match(text):
        text = text[assigned.end() :]
    claims = ending in ("json", *_LINE_ENDINGS)
    if not claims and not text.startswith(("[", "{")):
        return None
    # An object takes 300 bytes, and each of its fields 200.
    check_bytes(4 * len(text) + 300 * text.count("{") + 200 * text.count(":"), f"Reading {name}")
    try:
        if ending not in _LINE_ENDINGS and (value := _loads(text)) is not None:
            return _from_value(value, name, decoded, options, claims=claims)
        return _from_lines(text, name, decoded, options, claims=claims)
    except RecursionError:
        raise TableError(f"{name} nests objects too deep to be read. Save the list you mean by itself.") from None


def _from_value(value: Any, name: str, decoded: Decoded, options: ReadOptions, *, claims: bool) -> Table | None:  # noqa: ANN401
    parts = chats_in(value) or find_parts(value)
    if isinstance(value, dict) and value and all(part.shaped.is_texts for part in parts):
        parts.insert(0, Part(WHOLE, Shaped([value], "It is one object, which is one row.")))
    if not parts and not claims:
        return None
    if not parts:
        raise TableError(f"{name} holds no list of objects or texts. Save one object a row, such as {_EXAMPLE}.")
    return _from_parts(parts, "json", name, decoded, options)


def _from_lines(text: str, name: str, decoded: Decoded, options: ReadOptions, *, claims: bool) -> Table | None:
    """Read one value a line, or one after the other."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    first = _loads(lines[0][1]) if lines else None
    if not isinstance(first, (dict, list, str)):
        values = _in_sequence(text)
        if len(values) < 2:
            if claims:
                _refuse(text, name)
            return None
        return _from_parts(find_parts(values), "jsonl", name, decoded, options)
    if not claims and not isinstance(first, dict):
        return None
    values, notes = [first], list(decoded.notes)
    for number, line in lines[1:]:
        value = _loads(line)
        if value is None and line is lines[-1][1]:
            notes.append(f"The last line, {number:,}, was cut off and is left out.")
        elif not isinstance(value, (list if isinstance(first, list) else (dict, str))):
            raise TableError(
                f"Line {number:,} of {name} is not a JSON object. Each line needs one, such as {_EXAMPLE}."
            )
        else:
            values.append(value)
    parts = find_parts(values)
    if not parts:
        raise TableError(f"{name} holds no records. Each needs a name and a text, such as {_EXAMPLE}.")
    return _from_parts(parts, "jsonl", name, decoded, options, notes)


def _refuse(text: str, name: str) -> NoReturn:
    if text.startswith("["):
        raise TableError(f"{name} is not a JSON list of objects or texts, or it was cut off. Export it again.")
    raise TableError(
        f"{name} is not JSON: its first line cannot be read. Save one object a line, or a list of objects."
    )


def _from_parts(
    parts: list[Part], kind: str, name: str, decoded: Decoded, options: ReadOptions, notes: Sequence[str] | None = None
) -> Table:
    names = [part.name for part in parts]
    part = likeliest(parts) if options.part is None else parts[choose_part(names, options.part, name)]
    rows, n_without = rows_of(part)
    said = [*(decoded.notes if notes is None else notes), *note_parts(part, names, n_without)]
    facts: dict[str, object] = {"encoding": decoded.encoding, "encoding_certain": decoded.certain}
    facts["encoding_candidates"] = decoded.candidates
    if names != [WHOLE]:
        facts |= {"part": part.name, "parts": tuple(names)}
    if part.shaped.is_grid and not part.fields:
        # A row of gaps is a row; a list of nothing is none.
        texts = {line: [text_of(cell) for cell in row] for line, row in enumerate(rows, start=1) if row}
        if not any(cell.strip() for row in texts.values() for cell in row):
            raise TableError(f"{name} holds no records. Each needs a name and a text, such as {_EXAMPLE}.")
        found = lay_out(Grid(list(texts.values()), list(texts)), name, options)
        return make_table(name, kind, found.names, found.columns, [*said, *found.notes], **facts, **found.facts)
    columns, cells = columns_of([_as_record(row) for row in rows], name)
    if not columns:
        raise TableError(f"{name} holds no records. Each needs a name and a text, such as {_EXAMPLE}.")
    return make_table(name, kind, columns, cells, said, **facts)


def _as_record(row: Any) -> dict[str, Any]:  # noqa: ANN401
    if isinstance(row, dict):
        return row
    return {} if row is None else {"text": row}


def _loads(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return _DECODER.decode(text)
    except ValueError:
        return None


def _in_sequence(text: str) -> list[Any]:
    """Return values that stand one after the other over several lines; nothing where something else is among them."""
    values, start = [], 0
    try:
        while start < len(text):
            value, start = _DECODER.raw_decode(text, start)
            values.append(value)
            start = _BETWEEN.match(text, start).end()  # type: ignore[union-attr]
    except ValueError:
        return []
    return values if all(isinstance(value, dict) for value in values) else []


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keep what stands under a name that comes twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        found = {}
        for name, value in pairs:
            unique, repeat = name, 2
            while unique in found:
                unique, repeat = f"{name} ({repeat})", repeat + 1
            found[unique] = value
    return found


# NaN and Infinity are no JSON, and written all the same: what they stand for is missing.
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=lambda _: None)
