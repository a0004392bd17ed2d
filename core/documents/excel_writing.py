"""Makes .xlsx files: one look (bold frozen headings, A4 landscape), and no cell that can run.

Every text is written as text, never as a formula or a link. A text that a spreadsheet would run if the sheet were saved
as CSV and opened again (it begins with = + - @, a tab or a line end, also in full width or behind spaces) gets an
apostrophe in front; ``without_guard`` takes it away when such a sheet comes back.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

Number = int | float | Decimal
Plain = str | Number | date | datetime | bool | None

_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_MAX_TEXT = 32_767
_MAX_NAME = 31
_MAX_ROWS = 1_048_576
#: Excel keeps fifteen digits of a number: longer ones (codes, card numbers) are text.
_MAX_EXACT = 10**15
#: A list of choices of up to so many characters lies in the cell's own rule, a longer one on a hidden sheet.
_MAX_INLINE_CHOICES = 255
_A4 = 9
#: The full-width signs run in East Asian Excel.
_RUNS = frozenset("=+-@\t\r\n＝＋－＠")
_GUARD = "'"


class Look(Enum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"


_NUMBER_FORMATS = {Look.TEXT: "@", Look.NUMBER: "#,##0.##", Look.DATE: "dd/mm/yyyy", Look.MOMENT: "dd/mm/yyyy hh:mm"}


@dataclass(frozen=True)
class Marked:
    """A value whose cell stands out (something is wrong there)."""

    value: Plain


Cell = Plain | Marked


@dataclass(frozen=True)
class Column:
    """One column: its heading, width in characters (None: by the heading), and what one may choose from.

    ``decimals`` is shown for numbers (None: only as many as there are). ``choices`` become a drop-down list.
    """

    heading: str
    width: float | None = None
    look: Look = Look.TEXT
    decimals: int | None = None
    choices: Sequence[str] = ()
    wrap: bool = False


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: lines of title above, columns, rows (any iterable, written as it comes).

    ``empty_rows`` is how far below the rows the drop-down lists go on (for templates that people fill in). ``notes``
    stand below the title in small letters.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]] = ()
    title: Sequence[str] = ()
    notes: Sequence[str] = field(default=())
    empty_rows: int = 0
    portrait: bool = False


def guarded(text: str) -> str:
    """``text`` with an apostrophe in front when a spreadsheet could run it, after saving as CSV too."""
    first = text.lstrip(" \u00a0\u200b\u2060\ufeff")[:1]
    return _GUARD + text if first in _RUNS and first else text


def without_guard(text: str) -> str:
    """What ``guarded`` was given: for sheets of ours that people send back."""
    return text[1:] if text.startswith(_GUARD) and guarded(text[1:]) == text else text


def write_workbook(sheets: Sequence[SheetSpec]) -> bytes:
    """An .xlsx file of ``sheets``, in their order. Raises ValueError without a sheet or past Excel's last row."""
    if not sheets:
        raise ValueError("a workbook needs a sheet")
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": _NUMBER_FORMATS[Look.DATE],
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        pen = _Pen(workbook)
        names = _sheet_names([sheet.name for sheet in sheets])
        for name, sheet in zip(names, sheets, strict=True):
            pen.write(name, sheet)
        pen.write_choices()
    return buffer.getvalue()


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel takes: at most 31 characters, none of []:*?/\\, no two alike."""
    names: list[str] = []
    taken = {"history", _Pen.CHOICES.lower()}
    for text in wanted:
        plain = "".join(" " if c in "[]:*?/\\" or not c.isprintable() else c for c in text)
        base = _cut(plain.strip(" '"), _MAX_NAME).strip(" '") or "Trang"
        name, number = base, 2
        while name.lower() in taken:
            tail = f" ({number})"
            name, number = _cut(base, _MAX_NAME - len(tail)) + tail, number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """The beginning of ``text``, of at most so many UTF-16 units, by which Excel counts."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


class _Pen:
    """Writes sheets into one workbook; keeps the formats, which a file holds once."""

    CHOICES = "DanhMuc"

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._looks: dict[tuple[str, bool, bool], Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def write(self, name: str, spec: SheetSpec) -> None:
        sheet = self._workbook.add_worksheet(name)
        self._set_up_print(sheet, spec)
        for index, column in enumerate(spec.columns):
            width = column.width or min(40.0, max(8.0, len(column.heading) * 1.2 + 2))
            sheet.set_column(index, index, width, self._format(column, marked=False))
        row = 0
        for line in spec.title:
            self._text(sheet, row, 0, line, self._style(bold=True, font_size=14, num_format="@"))
            row += 1
        for line in spec.notes:
            self._text(sheet, row, 0, line, self._style(italic=True, num_format="@"))
            row += 1
        heading = self._style(bold=True, border=1, bg_color="#EDE8DF", text_wrap=True, valign="vcenter", num_format="@")
        for index, column in enumerate(spec.columns):
            self._text(sheet, row, index, column.heading, heading)
        first = row + 1
        sheet.freeze_panes(first, 0)
        sheet.repeat_rows(row)
        row = first
        for values in spec.rows:
            if row >= _MAX_ROWS:
                raise ValueError("more rows than a sheet holds")
            for index, value in enumerate(values):
                column = spec.columns[index] if index < len(spec.columns) else Column("")
                self._cell(sheet, row, index, column, value)
            row += 1
        last = min(row - 1 + spec.empty_rows, _MAX_ROWS - 1)
        if row > first and spec.columns:
            sheet.autofilter(first - 1, 0, row - 1, len(spec.columns) - 1)
        for index, column in enumerate(spec.columns):
            if column.choices and last >= first:
                sheet.data_validation(first, index, last, index, self._rule(column.choices))

    @staticmethod
    def _set_up_print(sheet: Any, spec: SheetSpec) -> None:
        sheet.set_paper(_A4)
        if spec.portrait:
            sheet.set_portrait()
        else:
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")

    def _cell(self, sheet: Any, row: int, index: int, column: Column, value: Cell) -> None:
        marked = isinstance(value, Marked)
        plain: Plain = value.value if isinstance(value, Marked) else value
        style = self._format(column, marked)
        if isinstance(plain, bool):
            plain = "x" if plain else ""
        if plain is None or plain == "":
            if marked:
                sheet.write_blank(row, index, None, style)
        elif isinstance(plain, str):
            # Old versions of Excel show "####" for a long text in a cell formatted as text.
            long = len(plain) > 255
            look = self._style_of("General", column, marked) if long else self._format(column, marked, as_text=True)
            self._text(sheet, row, index, plain, look)
        elif isinstance(plain, datetime):
            local = plain.astimezone(_HANOI).replace(tzinfo=None) if plain.tzinfo else plain
            sheet.write_datetime(row, index, local, self._dated(column, marked, Look.MOMENT))
        elif isinstance(plain, date):
            sheet.write_datetime(row, index, plain, self._dated(column, marked, Look.DATE))
        else:
            self._number(sheet, row, index, column, marked, plain)

    def _number(self, sheet: Any, row: int, index: int, column: Column, marked: bool, value: Number) -> None:
        approximate = float(value)
        if not math.isfinite(approximate) or abs(approximate) >= _MAX_EXACT:
            self._text(sheet, row, index, str(value), self._format(column, marked, as_text=True))
            return
        style = self._style_of("General", column, marked) if column.look is Look.TEXT else self._format(column, marked)
        sheet.write_number(row, index, approximate if isinstance(value, Decimal) else value, style)

    def _text(self, sheet: Any, row: int, index: int, text: str, style: Any) -> None:
        safe = guarded(text)
        cut = _cut(safe, _MAX_TEXT)
        if cut != safe:
            safe = _cut(safe, _MAX_TEXT - 1) + "…"
        sheet.write_string(row, index, safe, style)

    def _dated(self, column: Column, marked: bool, look: Look) -> Any:
        chosen = column.look if column.look in (Look.DATE, Look.MOMENT) else look
        return self._style_of(_NUMBER_FORMATS[chosen], column, marked)

    def _format(self, column: Column, marked: bool, as_text: bool = False) -> Any:
        shown = _NUMBER_FORMATS[Look.TEXT if as_text else column.look]
        if column.look is Look.NUMBER and not as_text:
            decimals = column.decimals
            # "#,##0.##" would leave a bare comma behind whole numbers.
            shown = "General" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._style_of(shown, column, marked)

    def _style_of(self, number_format: str, column: Column, marked: bool) -> Any:
        key = (number_format, column.wrap, marked)
        if key not in self._looks:  # asked for with every cell
            more = {"bg_color": "#FCE4E1", "border": 1, "border_color": "#B3261E"} if marked else {}
            self._looks[key] = self._style(num_format=number_format, text_wrap=column.wrap, valign="top", **more)
        return self._looks[key]

    def _style(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "Times New Roman", "font_size": 12}
            self._formats[key] = self._workbook.add_format({**base, **properties})
        return self._formats[key]

    def _rule(self, choices: Sequence[str]) -> dict[str, Any]:
        inline = len(",".join(choices)) <= _MAX_INLINE_CHOICES and not any("," in c or c[:1] in _RUNS for c in choices)
        source: Any = list(choices) if inline else self._listed(tuple(choices))
        return {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": "Không có trong danh sách",
            "error_message": "Xin chọn một mục trong danh sách.",
        }

    def _listed(self, choices: tuple[str, ...]) -> str:
        """Where a long list will lie on the hidden sheet."""
        if choices not in self._lists:
            column = _letters(len(self._lists))
            self._lists[choices] = f"={self.CHOICES}!${column}$1:${column}${len(choices)}"
        return self._lists[choices]

    def write_choices(self) -> None:
        """The hidden sheet with the long lists of choices."""
        if not self._lists:
            return
        sheet = self._workbook.add_worksheet(self.CHOICES)
        sheet.hide()
        lists = list(self._lists)
        for row in range(max(map(len, lists))):
            for index, choices in enumerate(lists):
                if row < len(choices):
                    self._text(sheet, row, index, choices[row], None)


def _letters(index: int) -> str:
    """Excel's name of column ``index`` (0: "A")."""
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters
