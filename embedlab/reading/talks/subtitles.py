"""SubRip (.srt) and WebVTT (.vtt): https://www.w3.org/TR/webvtt1/. Of a cue its words are kept, not its looks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from embedlab.reading.talks.saying import Saying

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_VTT = re.compile(r"WEBVTT(?=[ \t\n]|$)")
# Blocks of WebVTT that nobody says.
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?=[ \t\n]|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]*)>")
# Tags of both formats, times within a cue, and the places of SubStation; `a < b` stays.
_TAG = re.compile(r"</?(?:[ibuscv]|font|lang|ruby|rt)(?:[ .][^<>]*)?>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE)
_NAMED = re.compile(r"(?:[-–] ?)?([^\W\d_a-z][^\Wa-z]*(?:[ .'-]{1,2}[^\Wa-z]+){0,3}): +(?=\S)")


def read_subtitles(text: str) -> list[Saying]:
    r"""Return the cues of subtitles; none for text that does not begin as such.

    Parameters
    ----------
    text : str
        Lines end in ``\n``.

    Examples
    --------
    >>> read_subtitles("1\n00:00:01,000 --> 00:00:02,500\n<i>Good</i>\nday\n")
    [Saying(start='00:00:01.000', end='00:00:02.500', speaker='', text='Good day')]
    """
    lines = text.split("\n")
    is_vtt = bool(_VTT.match(text))
    if not is_vtt and not any(_TIMING.fullmatch(line) for line in lines[:2]):
        return []
    timed = [(i, found) for i, line in enumerate(lines) if (found := _TIMING.fullmatch(line))]
    ends = [_begin_of_cue(lines, i) for i, _ in timed[1:]] + [len(lines)]
    sayings = []
    for (i, found), end in zip(timed, ends, strict=True):
        start, stop = _clock(found.groups()[:4]), _clock(found.groups()[4:])
        said = _without_asides("\n".join(lines[i + 1 : end])) if is_vtt else "\n".join(lines[i + 1 : end])
        sayings += [Saying(start, stop, speaker, words) for speaker, words in _voices(said, is_vtt=is_vtt)]
    return sayings


def _begin_of_cue(lines: list[str], timing: int) -> int:
    """Return where a cue begins: with its number or name in the line above, if there is one."""
    above = lines[timing - 1].strip()
    is_name = above.isdigit() or (above and timing > 1 and not lines[timing - 2].strip())
    return timing - 1 if is_name else timing


def _without_asides(said: str) -> str:
    blocks = re.split(r"\n[ \t]*\n", said)
    return "\n".join(block for i, block in enumerate(blocks) if i == 0 or not _ASIDE.match(block.lstrip("\n")))


def _voices(said: str, *, is_vtt: bool) -> Iterator[tuple[str, str]]:
    """Yield who speaks in a cue and what; the name of a single speaker may stand in capitals before it."""
    before, *spoken = _VOICE.split(said)
    if (words := _plain(before, is_vtt=is_vtt)) or not spoken:
        names = [found for line in _TAG.sub("", before).split("\n") if (found := _NAMED.match(line.strip()))]
        named = _NAMED.match(words) if len(names) == 1 else None
        yield (named[1], words[named.end() :]) if named else ("", words)
    for speaker, words in zip(spoken[::2], spoken[1::2], strict=True):
        yield _plain(speaker, is_vtt=is_vtt), _plain(words, is_vtt=is_vtt)


def _plain(said: str, *, is_vtt: bool) -> str:
    """Take the tags out, and join lines, which are broken only to fit the picture."""
    words = " ".join(_TAG.sub("", said).split())
    return html.unescape(words) if is_vtt else words


def _clock(parts: tuple[str | None, ...]) -> str:
    hours, minutes, seconds, fraction = parts
    return f"{int(hours or 0):02}:{int(minutes or 0):02}:{seconds}.{(fraction or '').ljust(3, '0')}"
