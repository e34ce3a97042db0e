"""What somebody said."""

from __future__ import annotations

from typing import NamedTuple


class Saying(NamedTuple):
    """One cue of subtitles or one message; ``end`` and ``speaker`` are empty where the file does not say them."""

    start: str
    end: str
    speaker: str
    text: str
