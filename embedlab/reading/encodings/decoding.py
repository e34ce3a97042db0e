"""Bytes to text: settled where it can be, otherwise the likely readings side by side for a person to choose from."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from embedlab.errors import TableError
from embedlab.reading.encodings.alphabets import is_credible, is_punctuated
from embedlab.reading.encodings.deciding import shortened
from embedlab.tables import UNREADABLE, EncodingCandidate

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What older programs write: Western, Central European, Cyrillic, Turkish, Greek; Hebrew, Arabic, Thai, Baltic; Korean,
# Japanese, Chinese; Macintosh, DOS, Russian Unix.
_LEGACY = (
    *("cp1252", "cp1250", "cp1251", "cp1254", "cp1253", "cp1255", "cp1256", "cp874", "cp1257"),
    *("cp949", "cp932", "euc_jp", "gb18030", "big5", "mac_roman", "cp437", "koi8_r"),
)
_MAX_CANDIDATES, _SAMPLE_LINES = 8, 4
_DETECT_BYTES = 256 << 10
# Two looks at a handful of words can agree on the wrong answer; with fewer a person is asked.
_MIN_FOREIGN_WORDS = 5
_HIGH_WORDS = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
# The same in text; in bytes, the second half of a Japanese letter may look like a bracket and end a word.
_FOREIGN_WORDS = re.compile(r"[A-Za-z]*[^\x00-\x7f][^\W\d_]*")
_MAX_CREDIBILITY_CHARS = 1 << 20
_ASCII = bytes(range(128))
_CUT_OFF = "The file ends in the middle of a letter: it was cut off. The last rows may be missing."
# Japanese and Korean mails: ASCII alone, in which escapes turn to other letters and back.
_ESCAPES = {"iso2022_jp_ext": rb"\x1b\$[@B]|\x1b\([JI]|\x1b\$\(D", "iso2022_kr": rb"\x1b\$\)C"}
_C1 = re.compile(r"[\x80-\x9f]")


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding it was read in, and what speaks against that."""

    text: str
    encoding: str
    certain: bool = True
    candidates: tuple[EncodingCandidate, ...] = ()
    notes: tuple[str, ...] = ()


def decode(content: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Turn the bytes of a text file into text.

    A byte-order mark, escapes to other letters or valid UTF-8 settle the matter. An older encoding is accepted in
    silence only where two looks at it agree, one at the file, one at nothing but the words that hold foreign letters,
    and no other reading could be a language; or where in one reading alone all that is foreign is marks in their
    places. Otherwise the likeliest readings are returned as candidates.

    Parameters
    ----------
    content : bytes
    name : str
        File name, for messages.
    encoding : str, optional
        Chosen by a person; followed without a guess.

    Raises
    ------
    TableError
        When the bytes are not text, or not in the encoding that was chosen.
    """
    if encoding is not None:
        return _cleaned(_decode_as(content, name, encoding))
    for mark, marked in _BOMS:
        if content.startswith(mark):
            if encoding is None and marked == "utf-8-sig" and (spoiled := _mostly_utf8(content, most=1.0)):
                return _cleaned(spoiled)
            return _cleaned(replace(_decode_as(content, name, marked), encoding=marked.removesuffix("-sig")))
    # UTF-16 of Latin letters without a mark is valid UTF-8 full of NULs, so NULs are looked at first.
    if (wide := _wide_encoding(content)) is not None:
        return _cleaned(_decode_as(content, name, wide))
    content = content.rstrip(b"\0")  # a crash leaves the end of a file filled with NULs
    escaped = [key for key, each in _ESCAPES.items() if content.isascii() and re.search(each, content)]
    if escaped:
        return _cleaned(_decode_as(content, name, escaped[0]))
    if content[:4096].count(0) > max(8, len(content[:4096]) // 20) or _looks_binary(content):
        raise TableError(f"{name} is not text: it looks like a binary file. Save the table as CSV, XLSX or Parquet.")
    try:
        return _cleaned(Decoded(content.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3:
            return _cleaned(Decoded(content[: error.start].decode("utf-8"), "utf-8", notes=(_CUT_OFF,)))
    return _cleaned(_mostly_utf8(content) or _legacy(content))


def _decode_as(content: bytes, name: str, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if 0 < error.start >= len(content) - 4:  # the end is the half of a letter
            return Decoded(content[: error.start].decode(encoding), encoding, notes=(_CUT_OFF,))
        reason = str(error)
    except (ValueError, LookupError) as error:
        reason = str(error)
    raise TableError(f"{name} cannot be read as {encoding}: {reason}. Choose another encoding.")


def _wide_encoding(content: bytes) -> str | None:
    """Name the kind of UTF-16 or UTF-32 that has no mark, by the spaces and line ends that every language shares."""
    if not content or 0 not in content[:4096]:
        return None
    scores = {}
    for encoding, unit in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        head = content[: 4096 - 4096 % unit]
        try:
            # The head may end between the halves of a surrogate pair; a file that is cut may end inside a letter.
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if text and not any(unicodedata.category(char) in ("Cn", "Co", "Cs") or char == "\0" for char in text):
            scores[encoding] = sum(char.isascii() for char in text) / len(text)
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    if best is None or scores[best] <= 0.02:
        return None
    return best if scores[best] > 0.4 or not _read_as(content, ["utf-8"]) else None


def _looks_binary(content: bytes) -> bool:
    head = content[:4096]
    return sum(byte < 9 or 13 < byte < 32 for byte in head) > max(8, len(head) // 10)


def _mostly_utf8(content: bytes, most: float = 0.2) -> Decoded | None:
    """Return a UTF-8 reading with a few spoiled letters, when it is far more right than any other can be."""
    text = content.decode("utf-8", "replace")
    spoiled = text.count("\ufffd") - content.count("\ufffd".encode())
    if not spoiled:
        return None
    foreign = len(text) - (len(content) - len(content.translate(None, _ASCII)))
    if spoiled > most * foreign:
        return None
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    note = f"{spoiled} letters could not be read and are shown as \ufffd, first in line {line}."
    return Decoded(text, "utf-8", notes=(note,))


def _legacy(whole: bytes) -> Decoded:
    content = shortened(whole)
    # Control characters where letters should be: not the encoding this was written in.
    readings = {encoding: text for encoding, text in _read_as(content, _LEGACY).items() if not _C1.search(text)}
    # English with a pound sign or a curly apostrophe: too little for a detector, and plain to see.
    punctuated = [encoding for encoding, text in readings.items() if is_punctuated(text[:_MAX_CREDIBILITY_CHARS])]
    if len(punctuated) == 1:
        return Decoded(whole.decode(punctuated[0]), punctuated[0])
    seen = _detect(content[:_DETECT_BYTES])
    foreign = _HIGH_WORDS.findall(content[: 4 * _DETECT_BYTES])
    words = _detect(b" ".join(foreign)[:_DETECT_BYTES])
    detected = _read_as(content, [encoding for encoding in (seen, words) if encoding])
    readings |= {encoding: text for encoding, text in detected.items() if text not in readings.values()}
    if not readings:
        readings["latin-1"] = content.decode("latin-1")
    # A stable sort: what could be a language first, then what a detector names, then the order of the list.
    credible = [encoding for encoding, text in readings.items() if _is_credible(text)]
    named = {words, seen}
    if "cp1250" in named and "cp1252" in credible:
        named.add("cp1252")  # charset-normalizer often takes a few Western letters for Central European
    ranked = sorted(readings, key=lambda encoding: (encoding not in credible, encoding not in named))
    best = ranked[0]
    enough = len(set(foreign)) >= _MIN_FOREIGN_WORDS
    agreed = enough and seen is not None and words is not None and _same(content, seen, words)
    agreed = agreed and credible == [best] and _same(content, best, str(seen))
    candidates = () if agreed else _candidates(whole, ranked)[:_MAX_CANDIDATES]
    return Decoded(whole.decode(best), best, agreed, candidates)


def _read_as(content: bytes, encodings: Iterable[str]) -> dict[str, str]:
    """Return the text in each encoding that can be it; readings that are the same count once."""
    readings: dict[str, str] = {}
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if text not in readings.values():
            readings[encoding] = text
    return readings


def _is_credible(text: str) -> bool:
    return is_credible(sorted(set(_FOREIGN_WORDS.findall(text[:_MAX_CREDIBILITY_CHARS]))))


def _detect(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    # Unicode has been looked for already; a few bytes of anything may pass for UTF-16.
    best = from_bytes(content, cp_exclusion=["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_7"]).best()
    return best.encoding if best else None


def _same(content: bytes, first: str, second: str) -> bool:
    try:
        return content.decode(first) == content.decode(second)
    except UnicodeDecodeError:
        return False


def _candidates(content: bytes, encodings: list[str]) -> tuple[EncodingCandidate, ...]:
    """Show the lines in doubt in each encoding; readings that look the same there count once."""
    lines = (found[0] for found in re.finditer(rb"[^\r\n]+", content))
    doubtful = list(islice((line for line in lines if _HIGH_WORDS.search(line)), _SAMPLE_LINES))
    shown: dict[tuple[str, ...], str] = {}
    for encoding in encodings:
        shown.setdefault(tuple(line.decode(encoding, "replace")[:200] for line in doubtful), encoding)
    return tuple(EncodingCandidate(encoding, samples) for samples, encoding in shown.items())


def _cleaned(decoded: Decoded) -> Decoded:
    """Drop what no reader can show: NULs, control characters and halves of surrogate pairs."""
    text, removed = UNREADABLE.subn("", decoded.text.removeprefix("\ufeff"))
    note = f"{removed:,} control characters, which cannot be shown, were removed."
    notes = (*decoded.notes, note) if removed else decoded.notes
    return Decoded(text, decoded.encoding, decoded.certain, decoded.candidates, notes)
