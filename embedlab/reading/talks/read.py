"""A file of subtitles or of a chat as a table of what was said; any other text is left to the readers of tables."""

from __future__ import annotations

from embedlab.reading.encodings import Decoded
from embedlab.reading.talks.chats import read_chat
from embedlab.reading.talks.saying import Saying
from embedlab.reading.talks.subtitles import read_subtitles
from embedlab.tables import Table, check_chars, check_size, make_table

_TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson")


def read_talk(decoded: Decoded, name: str) -> Table | None:
    """Return what is said in subtitles (SRT, WebVTT) or in a chat that WhatsApp exported; None for any other text.

    Parameters
    ----------
    decoded : Decoded
    name : str
        A file that is called a table is none.

    Raises
    ------
    TableError
        When there is more than is read.
    """
    if name.lower().endswith(_TABLE_ENDINGS):
        return None
    text = decoded.text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n").replace("\r", "\n")
    for kind, read in (("subtitles", read_subtitles), ("chat", read_chat)):
        if sayings := read(text):
            return _as_table(sayings, kind, decoded, name)
    return None


def _as_table(sayings: list[Saying], kind: str, decoded: Decoded, name: str) -> Table:
    """Put the columns together; those in which nothing stands are left out, but for the text."""
    check_size(name, len(sayings), len(Saying._fields))
    check_chars(name, sum(len(saying.text) for saying in sayings))
    titles = ("start", "end", "speaker", "text") if kind == "subtitles" else ("time", "", "speaker", "text")
    columns = [
        (title, cells)
        for title, cells in zip(titles, map(list, zip(*sayings, strict=True)), strict=True)
        if title == "text" or any(cells)
    ]
    notes = list(decoded.notes)
    if kind == "chat" and (n_without := sum(not saying.speaker for saying in sayings)):
        notes.append(
            f"Lines of the chat that nobody said, such as who came and went: {n_without:,}. Their speaker is empty."
        )
    return make_table(
        name, kind, [title for title, _ in columns], [cells for _, cells in columns], notes,
        encoding=decoded.encoding, encoding_certain=decoded.certain, encoding_candidates=decoded.candidates,
    )  # fmt: skip
