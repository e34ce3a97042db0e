"""Chats as WhatsApp exports them: a date, a time, a name and what was written, which may go over several lines."""

from __future__ import annotations

import re

from embedlab.reading.talks.saying import Saying

_DATE = r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
_HOUR = r"(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\.?)?)"
# The comma between date and time tells a chat from the log of a program.
_MESSAGE = re.compile(rf"[\u200e\u200f]?(?:\[{_DATE}, {_HOUR}\] |{_DATE}, {_HOUR} - )(.*)", re.IGNORECASE)
# Who changed the subject of a group quotes it: such a line has no speaker.
_SPOKEN = re.compile(r"([^:\"“”„«»]{1,80}): ?(.*)")
_FEWEST, _SPOKEN_SHARE = 2, 0.5


def read_chat(text: str) -> list[Saying]:
    r"""Return the messages of an exported chat; none for text that is not one.

    Every line begins a message or goes on with the one above. Times stay as they are written: whether the day or the
    month comes first is not said.

    Parameters
    ----------
    text : str
        Lines end in ``\n``.

    Examples
    --------
    >>> chat = "31.12.23, 22:05 - Anna: See you\nthere\n31.12.23, 22:06 - Ben: Yes\n"
    >>> [(saying.speaker, saying.text) for saying in read_chat(chat)]
    [('Anna', 'See you\nthere'), ('Ben', 'Yes')]
    """
    lines = text.rstrip("\n").split("\n")
    if not _MESSAGE.fullmatch(lines[0]):
        return []
    begun: list[tuple[str, list[str]]] = []
    for line in lines:
        if found := _MESSAGE.fullmatch(line):
            day, hour = found[1] or found[3], found[2] or found[4]
            begun.append((" ".join(f"{day} {hour}".split()), [found[5]]))
        else:
            begun[-1][1].append(line)
    sayings = [_saying(time, said) for time, said in begun]
    n_spoken = sum(bool(saying.speaker) for saying in sayings)
    return sayings if n_spoken >= max(_FEWEST, _SPOKEN_SHARE * len(sayings)) else []


def _saying(time: str, lines: list[str]) -> Saying:
    spoken = _SPOKEN.fullmatch(lines[0])
    speaker, first = (spoken[1], spoken[2]) if spoken else ("", lines[0])
    return Saying(
        time, "", speaker.strip("\u200e\u200f "), "\n".join([first.lstrip("\u200e\u200f"), *lines[1:]]).rstrip()
    )
