"""Awkward files: small functions that build one each, with the table that is in it or a piece of the sentence it gets.

``CASES`` maps a name to ``Case(content, file name, columns, rows, said)``: where ``rows`` is None the file is refused,
and ``said`` stands in the sentence; otherwise ``said``, where there is one, stands in a note of the report.
"""

from awkward.case import Case
from awkward.delimited import AROUND, ENCODINGS, SEPARATORS, UNEVEN
from awkward.kinds import KINDS

CASES = ENCODINGS | SEPARATORS | AROUND | UNEVEN | KINDS

__all__ = ["CASES", "Case"]
