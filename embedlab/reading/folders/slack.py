"""Exports of Slack: a folder for each channel, in it a file for each day, and beside them who the people are.

https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from embedlab.errors import TableError
from embedlab.limits import check_bytes
from embedlab.reading.folders.place import Place, inside, read_files
from embedlab.reading.records import say_service, slack_people, slack_rows
from embedlab.tables import ReadOptions, Table, check_chars, check_size, make_table

_USERS = "users.json"
_TALKS_OF_TWO = "dms.json"
_CONVERSATIONS = ("channels.json", "groups.json", "mpims.json", _TALKS_OF_TWO)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_COLUMNS = ("channel", "time", "speaker", "text")


def is_slack(place: Place) -> bool:
    """Whether a folder holds what Slack exports."""
    return place.joinpath(_USERS).is_file() and any(place.joinpath(one).is_file() for one in _CONVERSATIONS)


def read_slack(place: Place, name: str, options: ReadOptions) -> Table:
    """Read the messages of all channels, in the order of their channels and days.

    Parameters
    ----------
    place : Path or InZip
    name : str
    options : ReadOptions
        Nothing of it is asked for here.

    Raises
    ------
    TableError
        When a file is damaged, there is no message, or there is more than is read.
    """
    days = [(channel.name, day) for channel in inside(place) if channel.is_dir() for day in _days_of(channel)]
    contents = read_files([place.joinpath(_USERS), *(day for _, day in days)], name)
    people = slack_people(_load(contents[0], _USERS, name))
    talks = _talks_of_two(place, people, name)
    rows: list[tuple[str, ...]] = []
    n_left_out = n_chars = 0
    for (channel, day), content in zip(days, contents[1:], strict=True):
        messages = _load(content, f"{channel}/{day.name}", name)
        found, n_service = slack_rows(messages if isinstance(messages, list) else [], people)
        rows += [(talks.get(channel, channel), row["time"], row["speaker"], row["text"]) for row in found]
        n_left_out += n_service
        n_chars += sum(len(row["text"]) for row in found)
        check_size(name, len(rows), len(_COLUMNS))
        check_chars(name, n_chars)
    if not rows:
        raise TableError(f"{name} is an export of Slack without a message. Check which channels were exported.")
    notes = ["It was read as an export of Slack: times are in UTC; reactions, files and the like are left out."]
    notes += [said] if (said := say_service(n_left_out)) else []
    return make_table(name, "chat", _COLUMNS, list(map(list, zip(*rows, strict=True))), notes)


def _days_of(channel: Place) -> list[Place]:
    return [day for day in inside(channel) if _DAY.fullmatch(day.name)]


def _talks_of_two(place: Place, people: Mapping[str, str], name: str) -> dict[str, str]:
    """Return who talks in the folders that are called by an id: those of two people."""
    file = place.joinpath(_TALKS_OF_TWO)
    talks = _load(read_files([file], name)[0], _TALKS_OF_TWO, name) if file.is_file() else []
    found = {}
    for talk in talks if isinstance(talks, list) else []:
        if isinstance(talk, dict) and isinstance(members := talk.get("members"), list):
            found[str(talk.get("id"))] = ", ".join(people.get(str(one)) or str(one) for one in members)
    return found


def _load(content: bytes, file: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    # An object takes 300 bytes, and each of its fields 200.
    check_bytes(4 * len(content) + 300 * content.count(b"{") + 200 * content.count(b":"), f"Reading {name}")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise TableError(f"{name} is an export of Slack of which {file} cannot be read. Export it again.") from None
