"""Dates and times of day as people and programs write them, read strictly: what is no date stays none.

Own code, because a library that guesses reads too much (``today``, ``10``, ``May``), one that is told a format reads
that form alone, and none says where day and month could be taken for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_MONTHS = (
    ("january", "januar", "jänner", "jan", "janvier", "enero"),
    ("february", "februar", "feb", "février", "févr", "febrero"),
    ("march", "märz", "maerz", "mar", "mär", "mrz", "mars", "marzo"),
    ("april", "apr", "avril", "avr", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juni", "jun", "juin", "junio"),
    ("july", "juli", "jul", "juillet", "juil", "julio"),
    ("august", "aug", "août", "agosto"),
    ("september", "sept", "sep", "septembre", "septiembre"),
    ("october", "oktober", "oct", "okt", "octobre", "octubre"),
    ("november", "nov", "novembre", "noviembre"),
    ("december", "dezember", "dec", "dez", "décembre", "déc", "diciembre"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "mez": 60, "mesz": 120} | {
    f"{place}{season}t": 60 * (hours + (season == "d")) for place, hours in zip("ecmp", (-5, -6, -7, -8), strict=True)
    for season in "sd"
}  # fmt: skip

_ZONE = r"(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2}|ce?s?t|mes?z|[ecmp][sd]t)"
_CLOCK = (
    r"(?:(?P<half>오전|오후)\s*)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d{1,9})?))?"
    r"(?:\s?(?P<noon>a\.?m\.?|p\.?m\.?))?(?:\s?uhr)?"
)
_TIME = rf"(?:(?:\s*t|,?\s+(?:at\s+|um\s+)?){_CLOCK}(?:\s?{_ZONE})?(?:\s\(\w+\))?)?"
_WEEKDAY = r"(?:\p{L}{2,10}\.?,?\s+)?"
_NAME = r"(?P<name>" + "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_FORMS = (
    rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_TIME}",
    rf"(?P<year>\d{{4}})(?:/|\.\s?)(?P<month>\d{{1,2}})(?:/|\.\s?)(?P<day>\d{{1,2}})\.?{_TIME}",
    rf"(?P<year>\d{{4}})\s?[년年]\s?(?P<month>\d{{1,2}})\s?[월月]\s?(?P<day>\d{{1,2}})\s?[일日]{_TIME}",
    rf"(?P<first>\d{{1,2}})(?P<sign>[-/.])\s?(?P<next>\d{{1,2}})[-/.]\s?{_YEAR}{_TIME}",
    rf"{_WEEKDAY}{_DAY}[\s-]*(?:de\s+)?{_NAME}[\s,-]*(?:de\s+)?{_YEAR}{_TIME}",
    rf"{_WEEKDAY}{_NAME}[\s-]*{_DAY}[\s,-]+{_YEAR}{_TIME}",
    rf"\p{{L}}{{3}}\s+{_NAME}\s+{_DAY}\s+{_CLOCK}(?:\s{_ZONE})?\s(?P<year>\d{{4}})",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})",
    rf"{_NAME}\s*(?P<year>\d{{4}})",
)
_COMPACT = (
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2}))?"
)
_EPOCHS = ((1e8, 4.2e9, 1.0), (1e11, 4.2e12, 1e3), (1e14, 4.2e15, 1e6))
_DAY_SECONDS = 86_400
_PIVOT = 69
"""Years of two digits below this are of this century, as POSIX has it."""


@dataclass(frozen=True, eq=False)
class Dates:
    """Cells read as dates.

    Parameters
    ----------
    values : float64 array of shape (n,)
        Seconds since 1970, in UTC where a cell names its zone; NaN for what is no date.
    day_first : bool or None
        How ``03/04/2024`` was read; None where no cell is written so.
    is_settled : bool
        Whether a cell settles that, such as ``31/12/2024``, or the point between them does.
    """

    values: NDArray[np.float64]
    day_first: bool | None = None
    is_settled: bool = True


def read_dates(cells: pa.Array, *, day_first: bool | None = None, is_named: bool = False) -> Dates:
    """Read each cell as a date where it is one.

    Parameters
    ----------
    cells : Arrow array of n strings
        Different cells without white space around them, none missing.
    day_first : bool, optional
        Whether the day stands before the month where both are numbers; decided by the column where not given: by what
        most cells can be that can be one thing only, else by the sign between them: the month first with a slash, the
        day first with a point or a hyphen.
    is_named : bool, default=False
        Whether the column is called as a date is: then whole numbers may be seconds, milliseconds or microseconds since
        1970, or ``20241231``.
    """
    import pyarrow.compute as pc

    lower = pc.utf8_lower(cells)
    values = np.full(len(cells), np.nan)
    first_comes, is_settled = None, True
    for form in (*_FORMS, *((_COMPACT,) if is_named else ())):
        left = np.flatnonzero(np.isnan(values))
        if not len(left):
            break
        part = pc.extract_regex(lower.take(left), pattern=f"^(?:{form})$")
        fitting = np.flatnonzero(pc.is_valid(part).to_numpy(zero_copy_only=False))
        if not len(fitting):
            continue
        taken = _parts(part, fitting)
        if "first" in taken:
            order, is_settled = _order_of(taken, day_first)
            taken |= dict(zip(order, (taken["first"], taken["next"], taken["year"]), strict=True))
            first_comes = order[0] == "day" if order[0] != "year" else None
        values[left[fitting]] = _seconds(taken)
    if is_named:
        _read_epochs(lower, values)
    return Dates(values, first_comes, is_settled)


def read_times(cells: pa.Array) -> NDArray[np.float64]:
    """Return each cell that is a time of day in seconds since midnight, NaN for any other, shape (n,)."""
    import pyarrow.compute as pc

    values = np.full(len(cells), np.nan)
    part = pc.extract_regex(pc.utf8_lower(cells), pattern=f"^(?:{_CLOCK})$")
    fitting = np.flatnonzero(pc.is_valid(part).to_numpy(zero_copy_only=False))
    values[fitting] = _clock(_parts(part, fitting))
    return values


_Parts = dict[str, Any]


def _parts(found: Any, fitting: NDArray[np.int64]) -> _Parts:  # noqa: ANN401 - Arrow has no types
    """Return what the groups of a form hold in the cells that have it, empty where a group is not there."""
    return {field.name: found.field(place).take(fitting) for place, field in enumerate(found.type)}


def _order_of(part: _Parts, day_first: bool | None) -> tuple[tuple[str, str, str], bool]:
    """Return what the three numbers of a date are, and whether the column settles it."""
    a, b, year = (_numbers(part[name]) for name in ("first", "next", "year"))
    by_day, by_month = ((m >= 1) & (m <= 12) & (d >= 1) & (d <= 31) for d, m in ((a, b), (b, a)))
    # 24.12.31 is the last day of 2024 where the last number is the one that changes most.
    is_short = bool((_lengths(part["year"]) == 2).all())
    by_year = (b >= 1) & (b <= 12) & (year >= 1) & (year <= 31)
    is_led = is_short and by_year.sum() >= max(by_day.sum(), by_month.sum())
    if day_first is None and is_led and len(np.unique(a)) < len(np.unique(year)):
        return ("year", "month", "day"), False
    is_settled = by_day.sum() != by_month.sum()
    if day_first is None:
        signs = part["sign"].to_pylist()
        day_first = bool(by_day.sum() > by_month.sum()) if is_settled else 2 * signs.count("/") < len(signs)
        is_settled |= signs.count(".") == len(signs)
    return (("day", "month", "year") if day_first else ("month", "day", "year")), bool(is_settled)


def _seconds(part: _Parts) -> NDArray[np.float64]:
    """Return the dates of some parts, NaN where there is no such day or time."""
    year = _numbers(part["year"])
    year = np.where(_lengths(part["year"]) > 2, year, year + np.where(year < _PIVOT, 2000, 1900))
    if "name" in part:
        month = _looked_up(part["name"], _MONTH_NUMBERS.__getitem__).astype(np.int64)
    else:
        month = _numbers(part["month"])
    day = _numbers(part["day"]) if "day" in part else np.ones(len(year), dtype=np.int64)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    is_real = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1) & (days.astype("datetime64[M]") == months)
    clock = _clock(part) if "hour" in part else np.zeros(len(year))
    return np.where(is_real, days.astype(np.int64) * float(_DAY_SECONDS) + clock - _offsets(part), np.nan)


def _clock(part: _Parts) -> NDArray[np.float64]:
    """Return seconds since midnight, 0 where no time is given, NaN where there is no such time."""
    hour, minute = _numbers(part["hour"]), _numbers(part["minute"])
    second = _numbers(part["second"])
    marks = [_looked_up(part[name], _half_of_day) for name in ("noon", "half") if name in part]
    half = np.max(marks, axis=0) if marks else np.zeros(len(hour))
    is_half, is_late = half > 0, half > 1
    is_real = (minute < 60) & (second < 60) & np.where(is_half, (hour >= 1) & (hour <= 12), hour < 24)
    hour = np.where(is_half, hour % 12 + 12 * is_late, hour)
    return np.where(is_real, hour * 3600.0 + minute * 60.0 + second, np.nan)


def _offsets(part: _Parts) -> NDArray[np.float64] | float:
    """Return how many seconds a named zone is before UTC."""
    if "zone" not in part:
        return 0.0
    return _looked_up(part["zone"], _offset)


def _offset(zone: str) -> float:
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return 60.0 * (minutes if zone[0] == "+" else -minutes)
    return 60.0 * _ZONES.get(zone, 0)


def _read_epochs(cells: pa.Array, values: NDArray[np.float64]) -> None:
    """Read whole numbers as time since 1970, where most of those left can be one in the same unit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    left = np.isnan(values) & pc.match_substring_regex(cells, r"^\d{9,16}(\.\d+)?$").to_numpy(zero_copy_only=False)
    if not left.any():
        return
    numbers = pc.cast(cells.filter(pa.array(left)), pa.float64()).to_numpy(zero_copy_only=False)
    least, most, unit = max(_EPOCHS, key=lambda epoch: int(((numbers >= epoch[0]) & (numbers < epoch[1])).sum()))
    values[left] = np.where((numbers >= least) & (numbers < most), numbers / unit, np.nan)


def _half_of_day(mark: str) -> float:
    """Return 0 for no mark, 1 for the hours before noon, 2 for those after."""
    return 2.0 if mark[:1] == "p" or mark == "오후" else 1.0 if mark else 0.0


def _looked_up(texts: Any, look_up: Callable[[str], float]) -> NDArray[np.float64]:  # noqa: ANN401
    """Return a number for each text, looked up once for each different one."""
    coded = texts.dictionary_encode()
    return np.array([look_up(text) for text in coded.dictionary.to_pylist()], dtype=np.float64)[
        coded.indices.to_numpy(zero_copy_only=False)
    ]


def _numbers(digits: Any) -> NDArray[Any]:  # noqa: ANN401
    """Return digits as numbers, whole ones where there is no fraction; nothing is 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pc.replace_substring(pc.if_else(pc.equal(digits, ""), "0", digits), ",", ".")
    is_whole = not pc.any(pc.match_substring(written, ".")).as_py()
    return pc.cast(written, pa.int64() if is_whole else pa.float64()).to_numpy(zero_copy_only=False)


def _lengths(texts: Any) -> NDArray[np.int64]:  # noqa: ANN401
    import pyarrow.compute as pc

    return pc.utf8_length(texts).to_numpy(zero_copy_only=False)
