"""Chats as programs export them in JSON: Telegram's ``result.json``, and the days of a channel of Slack.

Of a message its time, its speaker and its words are kept. Lines of the service, such as who joined, are counted.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping
from typing import Any

from embedlab.reading.records.shapes import Shaped, tell_apart

_TELEGRAM = ("message", "service", "unsupported")
# <@U024BE7LH>, <#C024BE7LR|general>, <!here>, <https://example.org|a page>
_MARKED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_SECONDS = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?")
# What the service itself says; a message that a bot or an app wrote is one.
_SERVICE = (
    "channel_", "group_", "bot_add", "bot_remove", "bot_enable", "bot_disable", "pinned_", "unpinned_", "reminder_",
    "tombstone", "ekm_", "sh_room_",
)  # fmt: skip


def find_chats(value: Any) -> list[tuple[str, Shaped]]:  # noqa: ANN401 - any JSON value
    """Return the chats in a value of JSON by their names, before them all together; none where there are none.

    Parameters
    ----------
    value : JSON value

    Examples
    --------
    >>> said = {"type": "message", "date": "2024-01-05T10:00:00", "from": "Anna", "text": ["see ", {"text": "you"}]}
    >>> [(_, chat)] = find_chats({"name": "Ben", "type": "personal_chat", "messages": [said]})
    >>> chat.rows
    [{'time': '2024-01-05T10:00:00', 'speaker': 'Anna', 'text': 'see you'}]
    """
    if _are_of_slack(value):
        return [("", _shaped(*slack_rows(value, {}), "Slack"))]
    if _is_chat(value):
        return [("", _shaped(*_telegram_rows(value), "Telegram"))]
    chats = [chat for key in ("chats", "left_chats") for chat in _listed(value, key)]
    if not any(map(_is_chat, chats)):
        return []
    names = tell_apart([str(chat.get("name") or "without a name") for chat in chats])
    rows: list[dict[str, str]] = []
    found, n_left_out = [], 0
    for name, chat in zip(names, chats, strict=True):
        own, n_service = _telegram_rows(chat)
        found.append((name, _shaped(own, n_service, "Telegram")))
        rows += [{"chat": name} | row for row in own]
        n_left_out += n_service
    return [("", _shaped(rows, n_left_out, "Telegram")), *found]


def slack_rows(messages: list[Any], speakers: Mapping[str, str]) -> tuple[list[dict[str, str]], int]:
    """Return the messages of a channel of Slack as rows, and how many lines of the service were left out.

    Parameters
    ----------
    messages : list of objects
        As they stand in the file of a day.
    speakers : mapping of str to str
        The names of people by their ids.
    """
    said = [message for message in messages if _is_of_slack(message)]
    people = dict(speakers)
    for message in said:
        people.setdefault(str(message.get("user")), _slack_name(message.get("user_profile")))
    rows = [
        {
            "time": _slack_time(message["ts"]),
            "speaker": people.get(str(message.get("user"))) or _slack_sender(message),
            "text": _slack_text(message, people),
        }
        for message in said
        if not str(message.get("subtype", "")).startswith(_SERVICE)
    ]
    return rows, len(messages) - len(rows)


def slack_people(users: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the names of people by their ids, as ``users.json`` of an export says them.

    Examples
    --------
    >>> slack_people([{"id": "U1", "name": "anna", "profile": {"display_name": "", "real_name": "Anna B."}}])
    {'U1': 'Anna B.'}
    """
    found = [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    return {str(user.get("id")): _slack_name(user.get("profile")) or _slack_name(user) for user in found}


def say_service(n_left_out: int) -> str:
    """Say how many lines of a chat were left out; empty where there are none."""
    lines = "1 line was" if n_left_out == 1 else f"{n_left_out:,} lines were"
    return f"Of the chat, {lines} left out that nobody said, such as who joined." if n_left_out else ""


def _shaped(rows: list[dict[str, str]], n_left_out: int, program: str) -> Shaped:
    said = f"It was read as a chat of {program}: times, speakers and texts; media, reactions and the like are left out."
    return Shaped(rows, f"{said} {say_service(n_left_out)}".rstrip())


def _listed(value: Any, key: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the chats of an account that hold anything."""
    inner = value.get(key) if isinstance(value, dict) else None
    chats = inner.get("list") if isinstance(inner, dict) else None
    found = [chat for chat in chats if isinstance(chat, dict)] if isinstance(chats, list) else []
    return [chat for chat in found if isinstance(chat.get("messages"), list) and chat["messages"]]


def _is_chat(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    messages = value.get("messages")
    return isinstance(messages, list) and bool(messages) and all(map(_is_of_telegram, messages))


def _is_of_telegram(message: Any) -> bool:  # noqa: ANN401
    return isinstance(message, dict) and message.get("type") in _TELEGRAM and isinstance(message.get("date"), str)


def _telegram_rows(chat: dict[str, Any]) -> tuple[list[dict[str, str]], int]:
    messages = [one for one in chat["messages"] if _is_of_telegram(one) and one["type"] != "service"]
    rows = []
    for message in messages:
        row = {"time": message["date"], "speaker": str(message.get("from") or message.get("from_id") or "")}
        rows.append(row | {"text": _telegram_text(message.get("text"))})
        if source := message.get("forwarded_from"):
            rows[-1]["forwarded from"] = str(source)
    return rows, len(chat["messages"]) - len(rows)


def _telegram_text(text: Any) -> str:  # noqa: ANN401
    """Join the pieces of a text, of which some are bold, links and so on."""
    if isinstance(text, list):
        return "".join(map(_telegram_text, text))
    if isinstance(text, dict):
        text = text.get("text")
    return text if isinstance(text, str) else ""


def _are_of_slack(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and bool(value) and all(map(_is_of_slack, value))


def _is_of_slack(message: Any) -> bool:  # noqa: ANN401
    """Whether a value of JSON is a message of Slack, with its time in seconds."""
    if not isinstance(message, dict) or message.get("type") != "message":
        return False
    time = message.get("ts")
    return isinstance(time, str) and bool(_SECONDS.fullmatch(time))


def _slack_time(seconds: str) -> str:
    """Write seconds since 1970 as a time, in UTC."""
    return str(dt.datetime.fromtimestamp(int(seconds.partition(".")[0]), dt.UTC))


def _slack_name(profile: Any) -> str:  # noqa: ANN401
    """Return the name that a person chose, or else the one that was given."""
    if not isinstance(profile, dict):
        return ""
    return next((str(profile[key]) for key in ("display_name", "real_name", "name") if profile.get(key)), "")


def _slack_sender(message: dict[str, Any]) -> str:
    """Return who sent a message whose user has no name: a bot's, or the id."""
    return str(message.get("username") or _slack_name(message.get("bot_profile")) or message.get("user") or "")


def _slack_text(message: dict[str, Any], people: Mapping[str, str]) -> str:
    """Return what was written, with names for ids and without the signs of links; what a bot says may stand beside."""
    said = message.get("text")
    if not said:
        beside = message.get("attachments")
        pieces = [one for one in beside if isinstance(one, dict)] if isinstance(beside, list) else []
        said = "\n".join(str(one.get("text") or one.get("fallback") or "") for one in pieces)

    def plain(found: re.Match[str]) -> str:
        sign, target, words = found.groups()
        if sign == "@":
            return f"@{people.get(target) or words or target}"
        if sign == "!":  # <!here>, <!subteam^S1|@sales>
            return words or f"@{target}"
        return sign + (words or target)

    return html.unescape(_MARKED.sub(plain, str(said)))
