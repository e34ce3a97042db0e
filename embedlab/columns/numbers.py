"""Numbers as people write them: signs, currencies, percent, thousands, a decimal point or comma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_UNIT = r"\p{Sc}|US\$|USD|EUR|GBP|CHF|JPY|KRW|CNY|INR|Fr\.|Rs\.?|kr\.?|zł|%|‰|％"
_SIGN = r"[-+−–]?"
_SHAPE = (
    rf"^(?P<open>\(?)(?P<sign>{_SIGN})\s?(?P<unit>{_UNIT})?\s?(?P<inner>{_SIGN})"
    r"(?P<body>[\d.,'’\x{a0}\x{202f}\x{2009} ]*\d[.,]?)"
    rf"(?P<power>[eE][-+]?\d{{1,3}})?\s?(?P<after>{_UNIT}|원|円|元)?(?P<close>\)?)$"
)
_GROUPS = r"[1-9]\d{{0,2}}(?:{group}\d{{3}})+"
_INDIAN = r"|[1-9]\d?(?:,\d\d)+,\d{3}"
_SPACE = r"['’\x{a0}\x{202f}\x{2009} ]"
_POINT = rf"^(?:\d+|{_GROUPS.format(group=',')}{_INDIAN}|{_GROUPS.format(group=_SPACE)})?(?:\.\d*)?$"
_COMMA = rf"^(?:\d+|{_GROUPS.format(group='[.]')}|{_GROUPS.format(group=_SPACE)})?(?:,\d*)?$"
_ONE_GROUP = r"^[1-9]\d{0,2}(?:[.]\d{3}|,\d{3})$"
# Digits of other scripts, full-width ones too, by the first of each ten; and the signs of Arabic.
_TENS = (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10)
_OURS = {first + n: str(n) for first in _TENS for n in range(10)} | {0x66B: ".", 0x66C: ",", 0xFF0E: ".", 0xFF0C: ","}


@dataclass(frozen=True, eq=False)
class Numbers:
    """Cells read as numbers.

    Parameters
    ----------
    values : float64 array of shape (n,)
        NaN for what is no number.
    n_one_group : int
        Cells such as ``1,037`` that another column would have read as a fraction, or the other way round, and that no
        other cell of this one settles.
    has_comma : bool
        Whether the comma was read as the decimal sign.
    """

    values: NDArray[np.float64]
    n_one_group: int = 0
    has_comma: bool = False


def as_arrow(cells: list[str]) -> pa.Array:
    """Return texts for the regular expressions of Arrow, with the digits of other scripts written as ours."""
    import pyarrow as pa

    plain = [cell if cell.isascii() else cell.translate(_OURS).encode("utf-8", "replace").decode() for cell in cells]
    return pa.array(plain, pa.string())


def read_numbers(cells: pa.Array) -> Numbers:
    """Read each cell as a number where it is one.

    Parameters
    ----------
    cells : Arrow array of n strings, as of :func:`as_arrow`
        Different cells without white space around them, none missing.

    Notes
    -----
    The column decides which sign parts thousands and which the fraction: the reading under which more cells are
    numbers. Where all are numbers under both, the point is decimal and the comma parts thousands, unless the cells
    with a sign all end in three digits and those without one are below a thousand. A cell with another currency than
    most, or a percent sign among currencies, does not fit. Whole numbers of one length some of which begin with 0 are
    codes, not numbers.
    """
    import pyarrow.compute as pc

    values = np.full(len(cells), np.nan)
    shape = pc.extract_regex(cells, pattern=_SHAPE)
    places = np.flatnonzero(pc.is_valid(shape).to_numpy(zero_copy_only=False))
    if not len(places):
        return Numbers(values)
    part = {name: shape.field(name).take(places) for name in ("open", "close", "sign", "inner", "body", "power")}
    fits = _of_one_unit(shape.field("unit").take(places), shape.field("after").take(places))
    fits &= _are("(", part["open"]) == _are(")", part["close"])
    fits &= ~(_matches(part["sign"], ".") & _matches(part["inner"], "."))
    if _are_codes(part["body"]):
        return Numbers(values)
    has_comma, n_one_group = _decimal_comma(part["body"])
    fits &= _matches(part["body"], _COMMA if has_comma else _POINT)
    written = pc.replace_substring_regex(part["body"], _SPACE + (r"|\." if has_comma else "|,"), "")
    written = pc.binary_join_element_wise(pc.replace_substring(written, ",", "."), part["power"], "")
    read = _to_floats(written, fits)
    negative = _matches(part["sign"], "[-−–]") | _matches(part["inner"], "[-−–]") | _are("(", part["open"])
    values[places] = np.where(negative, -read, read)
    return Numbers(values, n_one_group, has_comma)


def _decimal_comma(body: Any) -> tuple[bool, int]:  # noqa: ANN401 - Arrow has no types
    """Return whether the comma is the decimal sign, and how many cells would be another number if it were not."""
    by_point, by_comma = _matches(body, _POINT), _matches(body, _COMMA)
    if by_point.sum() != by_comma.sum():
        return bool(by_comma.sum() > by_point.sum()), 0
    one_group = _matches(body, _ONE_GROUP)
    plain = _matches(body, r"^\d+$")
    whole = plain & ~_matches(body, r"^\d{1,3}$")
    # 950, 1.037, 12.500: nobody writes fractions only from a thousand on.
    has_comma = bool(_matches(body, r"^[1-9]\d{0,2}\.\d{3}$").any() and plain.any() and not whole.any())
    has_comma &= bool((one_group | plain).all()) and not _matches(body, ",").any()
    return has_comma, int(one_group.sum())


def _of_one_unit(before: Any, after: Any) -> NDArray[np.bool_]:  # noqa: ANN401
    """Tell the cells without a unit, or with the one that most have, from those with another or with two."""
    import pyarrow.compute as pc

    units = pc.binary_join_element_wise(before, after, "")
    counts = [(entry["counts"], entry["values"]) for entry in pc.value_counts(units).to_pylist() if entry["values"]]
    most = max(counts)[1] if counts else ""
    return _are("", units) | (_are(most, units) & (_are("", before) | _are("", after)))


def _are_codes(body: Any) -> bool:  # noqa: ANN401
    """Whether the cells are whole numbers of one length, some of which begin with 0."""
    import pyarrow.compute as pc

    lengths = pc.utf8_length(body)
    return bool(
        _matches(body, r"^0\d+$").any() and _matches(body, r"^\d+$").all() and pc.min_max(lengths)["min"] == lengths[0]
        and pc.min_max(lengths)["max"] == lengths[0]
    )  # fmt: skip


def _to_floats(written: Any, fits: NDArray[np.bool_]) -> NDArray[np.float64]:  # noqa: ANN401
    import pyarrow as pa
    import pyarrow.compute as pc

    read = np.full(len(fits), np.nan)
    read[fits] = pc.cast(written.filter(pa.array(fits)), pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(read), read, np.nan)


def _matches(texts: Any, pattern: str) -> NDArray[np.bool_]:  # noqa: ANN401
    import pyarrow.compute as pc

    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False).astype(bool)


def _are(text: str, texts: Any) -> NDArray[np.bool_]:  # noqa: ANN401
    import pyarrow.compute as pc

    return pc.equal(texts, text).to_numpy(zero_copy_only=False).astype(bool)
