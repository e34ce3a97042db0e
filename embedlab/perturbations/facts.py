"""Changes of what a text is about: an amount, an id, a day, what comes from where."""

from __future__ import annotations

import re

_UNITS = r"kg|mg|g|ml|cl|L|l|km|cm|mm|m|min|ms|h|s|KB|MB|GB|TB|kWh|kW|W|V|A|Hz|°C|°F|K|%|€|\$|£|EUR|USD"
# A number by itself or with a unit at its end. Dates, times of day, ranges and numbers in a list of points are none.
_NUMBER = re.compile(rf"(?<![\w.,:/+-])\d{{1,4}}(?:[.,]\d+)*(?=(?:{_UNITS})?(?![A-Za-z0-9_/-]|:\d))")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_POINT = re.compile(r"\s*\d+[.)]\s")
# Letters and digits, joined by signs or not, such as LABO-288-PRO; or five digits and more.
_ID = re.compile(r"(?<![\w./@:+-])[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*(?![A-Za-z0-9@]|://)")
_AMOUNT = re.compile(r"\d[\d.,]*[A-Za-z]{0,3}|[\d./-]+")
_DAYS = (
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    # Months of English and German alike, of English and of German; March and May are words of their own.
    ("April", "August", "September", "November"),
    ("January", "February", "June", "July", "October", "December"),
    ("Januar", "Februar", "März", "Juni", "Juli", "Oktober", "Dezember"),
)
_OTHER_DAY = {day: days[(place + 2) % len(days)] for days in _DAYS for place, day in enumerate(days)}
# Korean writes what follows onto the name of a day.
_DAY = re.compile("|".join(day if day[-1] == "일" else rf"\b{day}\b" for day in _OTHER_DAY))
_NAME = r"[A-ZÄÖÜ]\w+|\d+"
_ENDS = r"(?=\s*(?:[.,;:!?)]|$))"
# Two parts and what stands around them; exchanged, the sentence says the reverse.
_EXCHANGES = (
    re.compile(rf"\bfrom (?P<a>{_NAME})(?P<mid> to )(?P<b>{_NAME})\b"),
    re.compile(rf"\b[vV]on (?P<a>{_NAME})(?P<mid> (?:nach|bis) )(?P<b>{_NAME})\b"),
    re.compile(r"(?P<a>[가-힣]{2,})(?P<mid>에서 )(?P<b>[가-힣]{2,})(?=까지)"),
    re.compile(rf"\b(?P<a>(?:the |an? )?\w+)(?P<mid> instead of )(?P<b>(?:the |an? )?\w+){_ENDS}"),
    re.compile(rf"\b(?P<a>\w+)(?P<mid> (?:an)?statt )(?P<b>\w+){_ENDS}"),
)


def change_number(text: str) -> str | None:
    """Make the first amount of a text another one, of as many digits. None without one.

    Examples
    --------
    >>> change_number("It holds 280 L."), change_number("It costs 0.90 €"), change_number("Order LABO-288")
    ('It holds 380 L.', 'It costs 0.80 €', None)
    """
    for number in _NUMBER.finditer(text):
        first = re.search(r"[1-9]", number.group())
        is_point = _POINT.match(text) and not text[: number.start()].strip()
        if first is None or number.group() == "1" or is_point or _DATE.match(text, number.start()):
            continue  # One thing and one more are written differently in most languages.
        at = number.start() + first.start()
        return text[:at] + ("8" if text[at] == "9" else str(int(text[at]) + 1)) + text[at + 1 :]
    return None


def change_identifier(text: str) -> str | None:
    """Change the last digit of the first id of a text. None without an id.

    Examples
    --------
    >>> change_identifier("Where is LABO-288-PRO?"), change_identifier("Order 4700219"), change_identifier("280L")
    ('Where is LABO-289-PRO?', 'Order 4700210', None)
    """
    for found in _ID.finditer(text):
        name = found.group()
        is_amount = _AMOUNT.fullmatch(name) and not re.fullmatch(r"\d{5,}", name)
        digits = [place for place, char in enumerate(name, found.start()) if char.isdigit()]
        if len(name) < 4 or is_amount or not digits:
            continue
        at = digits[-1]
        return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    return None


def change_day(text: str) -> str | None:
    """Name another day of the week or another month than the first that a text names. None without one.

    Examples
    --------
    >>> change_day("It came on Monday."), change_day("Seit Juni kaputt"), change_day("월요일에 왔어요.")
    ('It came on Wednesday.', 'Seit Oktober kaputt', '수요일에 왔어요.')
    """
    found = _DAY.search(text)
    return found and text[: found.start()] + _OTHER_DAY[found.group()] + text[found.end() :]


def exchange(text: str) -> str | None:
    """Exchange from where and where to, or what came and what it came instead of. None where a text has neither.

    Examples
    --------
    >>> exchange("The train from Bonn to Berlin"), exchange("Rot statt blau."), exchange("서울에서 부산까지 갔다.")
    ('The train from Berlin to Bonn', 'Blau statt rot.', '부산에서 서울까지 갔다.')
    """
    for pattern in _EXCHANGES:
        found = pattern.search(text)
        if not found or not _can_exchange(found["a"], found["b"]):
            continue
        first, second = found["b"], found["a"]
        if found.start("a") == 0 and found["a"][0].isupper():  # The sentence still begins with a capital.
            first, second = first[0].upper() + first[1:], second if _is_noun(found) else second[0].lower() + second[1:]
        return text[: found.start("a")] + first + found["mid"] + second + text[found.end("b") :]
    return None


def _can_exchange(a: str, b: str) -> bool:
    """Whether two parts are different and of one kind: with an article or not, a gerund or not."""
    kinds = {(part.count(" "), part.endswith("ing")) for part in (a, b)}
    return len(kinds) == 1 and a.casefold() != b.casefold()


def _is_noun(found: re.Match[str]) -> bool:
    """Whether what stands second is written with a capital, and so what comes to stand there."""
    return found["b"][0].isupper() or found["b"][0].isdigit()
