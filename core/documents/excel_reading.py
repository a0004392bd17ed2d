"""Reads Excel sheets as plain rows of values.

Values stay as Excel keeps them (float, date, text), so that a caller can see a telephone number that became
9.12E+08 or a date that is Excel's own. Row and column numbers count from 0; `cell_name` gives "B7".
"""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.packages import FileKind, damaged, file_kind, open_package

Moment = datetime.datetime | datetime.date | datetime.time | datetime.timedelta
CellValue = str | int | float | bool | Moment | None


@dataclass(frozen=True)
class MergedRange:
    """A block of merged cells; both corners belong to it. Only the top left cell holds the value."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right


@dataclass(frozen=True)
class Sheet:
    """One worksheet from cell A1 on; rows all have the same length, an empty cell is None."""

    name: str
    rows: list[list[CellValue]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden: bool = False

    def value(self, row: int, column: int) -> CellValue:
        """The value at a place; None outside of the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def spread_value(self, row: int, column: int) -> CellValue:
        """The value at a place, where a merged block counts for each of its cells."""
        here = self.value(row, column)
        if here is not None:
            return here
        for block in self.merged:
            if (row, column) in block:
                return self.value(block.top, block.left)
        return None


def cell_name(row: int, column: int) -> str:
    """Excel's own name of a cell: (6, 1) is "B7"."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


def read_workbook(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> list[Sheet]:
    """Every worksheet of an .xlsx file in its order, hidden ones marked. Raises DocumentRefused."""
    data = load(source, limits)
    require_excel(data)
    with open_package(data, limits) as archive:
        for part in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part, re.IGNORECASE):
                _check_extent(archive.read(part), limits)
    return _read_sheets(data)


def require_excel(data: bytes) -> None:
    """Says clearly what the file is when it is no .xlsx workbook. Raises DocumentRefused."""
    kind = file_kind(data)
    if kind is FileKind.EXCEL:
        return
    if kind is FileKind.ENCRYPTED_OFFICE:
        raise DocumentRefused("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "encrypted")
    if kind in {FileKind.LEGACY_OFFICE, FileKind.LEGACY_WORD}:
        raise DocumentRefused("Đây là tệp Excel đời cũ (.xls). Hãy mở bằng Excel và lưu lại thành .xlsx.")
    raise DocumentRefused("Đây không phải là tệp Excel (.xlsx).")


_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']\$?([A-Za-z]{1,3})\$?(\d{1,7})["'][^>]*?(/?)>""")
_PLACELESS_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^>]*\sr=)")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d{1,7})["']""")


def _check_extent(xml: bytes, limits: ReadingLimits) -> None:
    """A single stray cell at XFD1048576 would make a reader lay out 17 milliard cells: look first."""
    last_row = last_column = 0
    far = ""
    for match in _CELL.finditer(xml):
        if match.group(3):  # formatted but empty: such cells go down to the last row in many real files
            continue
        row, column = int(match.group(2)), _column_number(match.group(1))
        if row > last_row or column > last_column:
            far = (match.group(1) + match.group(2)).decode("ascii")
        last_row, last_column = max(last_row, row), max(last_column, column)
    if _PLACELESS_CELL.search(xml):
        last_row = max([last_row, *(int(match.group(1)) for match in _ROW.finditer(xml))])
    if last_row > limits.rows or last_column > limits.columns or last_row * last_column > limits.cells:
        rows = f"{limits.rows:,}".replace(",", ".")
        raise DocumentRefused(
            f"Bảng tính kéo dài tới ô {far or last_row}, quá mức {rows} dòng hoặc {limits.columns} cột. "
            "Hãy xóa các ô thừa hoặc chia nhỏ tệp.",
            "too_many_rows",
        )


def _column_number(letters: bytes) -> int:
    """Excel's column letters as a number from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _read_sheets(data: bytes) -> list[Sheet]:
    import python_calamine as calamine

    sheets: list[Sheet] = []
    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
        for index, meta in enumerate(workbook.sheets_metadata):
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            rows: list[list[CellValue]] = [
                [None if value == "" else value for value in row] for row in sheet.to_python(skip_empty_area=False)
            ]
            blocks = [MergedRange(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or []]
            sheets.append(Sheet(meta.name, rows, blocks, meta.visible != calamine.SheetVisibleEnum.Visible))
    except calamine.PasswordError as error:
        raise DocumentRefused("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "encrypted") from error
    except (calamine.CalamineError, OSError, ValueError, TypeError, OverflowError, EOFError) as error:
        raise damaged() from error
    return sheets
