"""Tables as workbooks: every text stays the text it is, whatever a spreadsheet would make of it."""

from __future__ import annotations

import io
import math
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from embedlab.errors import InvalidInputError
from embedlab.escape import neutralize_formula

if TYPE_CHECKING:
    import pandas as pd

# Limits of the format: ECMA-376, and "Excel specifications and limits".
MAX_ROWS, MAX_COLUMNS, MAX_CELL_CHARS = 1_048_576, 16_384, 32_767
CUT_MARK = " … (cut)"
# The first date a zip archive can say.
_NO_DATE = datetime(1980, 1, 1)
# What XML 1.0 cannot hold: controls but tab and line ends, halves of surrogate pairs, two signs that are none.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# ECMA-376 part 1, 22.9.2.19: _x003D_ in a cell means =, and _x005F_ the line it begins with.
_NUMBERED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def to_xlsx(frame: pd.DataFrame) -> bytes:
    """Return a table as a workbook of one sheet.

    Parameters
    ----------
    frame : DataFrame
        Texts are written as texts, so that none is run as a formula; numbers as numbers; NaN leaves a cell empty.

    Returns
    -------
    bytes
        Characters no workbook can hold are left out. A text of more than 32,767 characters is cut, and says so. The
        same table gives the same bytes: the dates in them say nothing.

    Raises
    ------
    InvalidInputError
        For more than 1,048,575 rows below the header or 16,384 columns.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    n_rows, n_columns = frame.shape
    if n_rows >= MAX_ROWS or n_columns > MAX_COLUMNS:
        raise InvalidInputError(
            f"The table has {n_rows:,} rows and {n_columns:,} columns; a workbook holds {MAX_ROWS - 1:,} rows below "
            f"its header and {MAX_COLUMNS:,} columns. Take the CSV or the Parquet file."
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Texts")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, str(name)) for name in frame.columns])
    # As objects the numbers of every dtype are Python's, and what is missing in any of them is None.
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.properties.created = book.properties.modified = _NO_DATE
    ExcelWriter(book, _Undated(stream, "w", ZIP_DEFLATED)).save()
    return stream.getvalue()


class _Undated(ZipFile):
    """An archive whose entries all have the first date there is."""

    def writestr(self, name: str, data: bytes | str) -> None:  # type: ignore[override]
        super().writestr(ZipInfo(name), data, ZIP_DEFLATED)

    def write(self, path: str, name: str) -> None:  # type: ignore[override]
        entry = ZipInfo(name)
        entry.compress_type, entry.file_size = ZIP_DEFLATED, Path(path).stat().st_size
        with Path(path).open("rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target)


def _cell(sheet: Any, value: object) -> object:  # noqa: ANN401 - openpyxl has no types
    """Return what openpyxl takes for a cell: numbers as they are, anything else as text."""
    from openpyxl.cell import WriteOnlyCell

    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value if math.isfinite(value) else str(value)
    text = _fitting(str(value))
    if text == neutralize_formula(text) and not text.startswith("#"):
        return text
    # openpyxl takes = for a formula and # for an error unless it is told; a spreadsheet takes the others for formulas
    # once somebody has edited the cell, unless it is told.
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _fitting(text: str) -> str:
    clean = _ILLEGAL.sub("", text)
    if len(clean) > MAX_CELL_CHARS:
        clean = clean[: MAX_CELL_CHARS - len(CUT_MARK)] + CUT_MARK
    return _NUMBERED.sub("_x005F_", clean)
