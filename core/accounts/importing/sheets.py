"""Finds the tables of a workbook: which sheet lists units, which people, where the heading is, what each column holds.

Nothing disappears: a sheet, column or line that is not taken is named in ``Found`` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.accounts.importing.cells import Raw
from core.accounts.importing.cells import raw_of as plain_raw
from core.accounts.importing.headers import LEVEL_COLUMNS, heading_key, person_field, unit_field
from core.database.text import canonical, fold
from core.documents.excel_reading import CellValue, Sheet
from core.documents.excel_writing import without_guard

#: Rows from the top among which the heading is looked for.
DEEPEST_HEADING = 40
#: Names of sheets that explain and hold no list.
_EXPLAINING = re.compile(r"huong dan|danh muc|chu thich|ghi chu|readme|_.*")
#: How the sample rows of our own template begin.
SAMPLE_MARK = "(Ví dụ)"
_MOST_ASIDE = 300


def raw_of(value: CellValue) -> Raw:
    """The cell as Raw, without the apostrophe that our own sheets put before what a spreadsheet might run."""
    return plain_raw(without_guard(value) if isinstance(value, str) else value)


@dataclass(frozen=True)
class Line:
    """One row of a table: Excel's number of it (from 1) and its cells by field."""

    sheet: str
    number: int
    cells: dict[str, Raw]


@dataclass(frozen=True)
class Aside:
    """Something of the file that is not taken in: a sheet, a column or a line, and why (a code)."""

    sheet: str
    what: str
    reason: str


@dataclass
class Table:
    """A list in a sheet: ``kind`` is unit or person; ``columns`` maps column numbers to fields."""

    sheet: str
    kind: str
    heading_row: int
    depth: int
    columns: dict[int, str]
    headings: dict[str, str]
    lines: list[Line] = field(default_factory=list)


@dataclass
class Found:
    """The tables of a workbook, units first, and what was left aside."""

    tables: list[Table] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    samples: int = 0

    def lines(self, kind: str) -> list[Line]:
        """Every line of the tables of ``kind``."""
        return [line for table in self.tables if table.kind == kind for line in table.lines]


def find_tables(sheets: Sequence[Sheet]) -> Found:
    """Read every sheet that holds a list of units or people."""
    found = Found()
    for sheet in sheets:
        if not any(value is not None for row in sheet.rows for value in row):
            continue
        name = fold(sheet.name)
        if sheet.hidden or _EXPLAINING.fullmatch(name):
            if not _EXPLAINING.fullmatch(name):
                found.aside.append(Aside(sheet.name, "", "sheet_hidden"))
            continue
        table = _table(sheet)
        if table is None:
            found.aside.append(Aside(sheet.name, "", "sheet_without_heading"))
            continue
        _LineReader(sheet, table, found).read()
        found.tables.append(table)
    found.tables.sort(key=lambda table: table.kind != "unit")
    return found


def _table(sheet: Sheet) -> Table | None:
    """The best heading of the sheet: most fields known, the higher row and the plainer reading where equal."""
    best: tuple[int, Table] | None = None
    top = _Top(sheet)
    for row in range(min(DEEPEST_HEADING, len(sheet.rows))):
        for depth in (1, 2):
            for kind, classify in (("person", person_field), ("unit", unit_field)):
                table = _heading(top, row, depth, kind, classify)
                if table is None:
                    continue
                score = len(set(table.columns.values())) * 10 + (depth - 1) + _named_like(sheet.name, kind)
                if best is None or score > best[0]:
                    best = (score, table)
    return None if best is None else best[1]


def _named_like(sheet_name: str, kind: str) -> int:
    name = fold(sheet_name)
    if kind == "unit":
        return 15 if re.fullmatch(r"(danh sach )?(cac )?(don vi|to chuc( dang)?)", name) else 0
    return 15 if re.search(r"thi sinh|dang vien|bi thu", name) else 0


class _Top:
    """The first rows of a sheet, where a merged block counts for each of its cells."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self.rows = sheet.rows[: DEEPEST_HEADING + 2]
        self.blocks = [block for block in sheet.merged if block.top < len(self.rows)]
        self._merged: dict[tuple[int, int], CellValue] = {}
        for block in self.blocks[:2000]:
            for row in range(block.top, min(block.bottom + 1, len(self.rows))):
                for column in range(block.left, min(block.right + 1, 300)):
                    self._merged[row, column] = sheet.value(block.top, block.left)

    def text(self, row: int, column: int) -> str:
        """The text at a place, canonical; "" for anything else."""
        value = self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None
        if value is None:
            value = self._merged.get((row, column))
        return canonical(value) if isinstance(value, str) else ""

    def heading(self, row: int, depth: int, column: int) -> str:
        """The heading of a column, of one or two rows."""
        texts = [self.text(row + level, column) for level in range(depth)]
        return " – ".join(dict.fromkeys(text for text in texts if text))


def _heading(sheet: _Top, row: int, depth: int, kind: str, classify: Callable[[str], str | None]) -> Table | None:
    if row + depth > len(sheet.rows) or (depth == 2 and not _two_deep(sheet, row, classify)):
        return None
    columns: dict[int, str] = {}
    headings: dict[str, str] = {}
    for column in range(len(sheet.rows[row])):
        text = sheet.heading(row, depth, column)
        known = _field_at(sheet, row, depth, column, classify)
        if known is None or (known in headings and known not in ("birth", "name")):
            continue
        columns[column] = known
        headings.setdefault(known, text)
    fields = set(columns.values())
    if kind == "person":
        if "family_name" not in fields and "name" not in fields and "given_name" in fields:
            columns = {c: "name" if f == "given_name" else f for c, f in columns.items()}
            fields = set(columns.values())
        named = "name" in fields or {"family_name", "given_name"} <= fields
        good = named and bool(fields & {"birth", "phone", "position", "order", *LEVEL_COLUMNS})
    else:
        good = "unit_name" in fields and bool(fields & {"level", "parent", "eligible"})
    return Table(sheet.name, kind, row, depth, columns, headings) if good else None


def _field_at(sheet: _Top, row: int, depth: int, column: int, classify: Callable[[str], str | None]) -> str | None:
    top = sheet.text(row, column)
    if depth == 1:
        return classify(top) if top else None
    bottom = sheet.text(row + 1, column)
    if bottom == top:
        return classify(top)
    # "Ngày sinh" over "Nam" and "Nữ": the upper heading counts where the lower says nothing to us.
    return classify(f"{top} {bottom}") or classify(bottom) or classify(top)


def _two_deep(sheet: _Top, row: int, classify: Callable[[str], str | None]) -> bool:
    """True when the row under ``row`` belongs to the heading: all it holds are headings, or stands under a wide one."""
    below = [(column, value) for column, value in enumerate(sheet.rows[row + 1]) if value is not None]
    if not below or not all(isinstance(value, str) and len(value) <= 40 for _column, value in below):
        return False
    wide = {
        column
        for block in sheet.blocks
        if block.top == row and block.bottom == row and block.right > block.left
        for column in range(block.left, block.right + 1)
    }
    return all(column in wide or classify(str(value)) is not None for column, value in below)


_UNIT_FIELDS = frozenset(LEVEL_COLUMNS)


class _LineReader:
    """Reads the lines under a heading."""

    def __init__(self, sheet: Sheet, table: Table, found: Found) -> None:
        self.sheet, self.table, self.found = sheet, table, found
        self.spread = self._merged_values()
        self.group = ""
        #: The unit of the line above: what an empty cell under it probably means.
        self.above = ""
        self.levels = sorted(
            ((field, column) for column, field in table.columns.items() if field in _UNIT_FIELDS),
            key=lambda pair: LEVEL_COLUMNS.index(pair[0]),
        )

    def read(self) -> None:
        first = self.table.heading_row + self.table.depth
        width = max((len(row) for row in self.sheet.rows), default=0)
        top = _Top(self.sheet)
        for column in range(width):
            text = top.heading(self.table.heading_row, self.table.depth, column)
            if column not in self.table.columns and text:
                self._aside(text, "column_unused")
        for row in range(first, len(self.sheet.rows)):
            self._line(row, is_first=row == first)

    def _merged_values(self) -> dict[tuple[int, int], CellValue]:
        """Values of merged blocks for the columns of the unit: one cell beside all its people."""
        result: dict[tuple[int, int], CellValue] = {}
        wanted = {c for c, name in self.table.columns.items() if name in _UNIT_FIELDS or name in ("parent", "level")}
        last = len(self.sheet.rows) - 1
        for block in self.sheet.merged:
            if block.left in wanted and block.right == block.left:
                value = self.sheet.value(block.top, block.left)
                for row in range(block.top + 1, min(block.bottom, last) + 1):
                    result[row, block.left] = value
        return result

    def _value(self, row: int, column: int) -> CellValue:
        value = self.sheet.value(row, column)
        return self.spread.get((row, column)) if value is None else value

    def _line(self, row: int, is_first: bool) -> None:
        values = self.sheet.rows[row]
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in values):
            return
        if is_first and _counts_columns(values):
            return
        cells = self._unit_cells(row) if self.table.kind == "unit" else self._person_cells(row)
        own = {name for name, raw in cells.items() if not raw.empty and name not in ("order", "above")}
        if any(_is_sample(cells[name].text) for name in ("name", "unit_name") if name in cells):
            self.found.samples += 1
            return
        if not own:
            self._no_line(row, values)
            return
        if self.table.kind == "person" and own <= {"unit"} and self._is_group(values):
            self._no_line(row, values)
            return
        self.table.lines.append(Line(self.table.sheet, row + 1, {k: v for k, v in cells.items() if not v.empty}))

    def _no_line(self, row: int, values: Sequence[CellValue]) -> None:
        """A line without any cell of ours: the heading of a group (it names the unit), or a remark."""
        texts = [canonical(raw_of(value).text) for value in values if value is not None]
        texts = [text for text in texts if text]
        if all(re.fullmatch(r"[\d.,]+", text) for text in texts):
            return  # only the running number, prepared for a name that never came
        text = " ".join(texts)
        if not self.levels and self.table.kind == "person":
            self.group = re.sub(r"^([IVXLC]+|[A-Z]|\d+)\s*[.)/:-]\s*", "", text)
            self._aside(text, "line_group", row)
        else:
            self._aside(text, "line_remark", row)

    def _is_group(self, values: Sequence[CellValue]) -> bool:
        """One single text in the line, as in "Tổng cộng …" or the name of a group."""
        return sum(1 for value in values if value is not None) == 1

    def _aside(self, text: str, reason: str, row: int | None = None) -> None:
        if len(self.found.aside) < _MOST_ASIDE:
            where = self.table.sheet if row is None else f"{self.table.sheet}, dòng {row + 1}"
            self.found.aside.append(Aside(where, text[:200], reason))

    def _unit_cells(self, row: int) -> dict[str, Raw]:
        return {name: raw_of(self._value(row, column)) for column, name in self.table.columns.items()}

    def _person_cells(self, row: int) -> dict[str, Raw]:
        cells: dict[str, Raw] = {}
        names: list[str] = []
        for column, name in self.table.columns.items():
            if name in _UNIT_FIELDS:
                continue
            raw = raw_of(self._value(row, column))
            if name in ("name", "family_name", "given_name"):
                names.append(raw.text)
            elif name != "birth" or not raw.empty:
                # Two columns of births are those of men and women: whichever is filled.
                cells[name] = raw if name != "birth" or cells.get("birth", Raw()).empty else cells["birth"]
        cells["name"] = Raw(" ".join(text for text in names if text.strip()))
        cells.update(self._place(row))
        if cells.get("unit", Raw()).empty:
            cells["above"] = Raw(self.above)
        else:
            self.above = cells["unit"].text
        return cells

    def _place(self, row: int) -> dict[str, Raw]:
        """The unit as one text, and its level columns where there are several."""
        parts = [(name, canonical(raw_of(self._value(row, column)).text)) for name, column in self.levels]
        parts = [(name, text) for name, text in parts if text]
        if not self.levels:
            return {"unit": Raw(self.group)} if self.group else {}
        if len(parts) == 1 and parts[0][0] == "unit":
            return {"unit": Raw(raw_of(self._value(row, dict(self.levels)["unit"])).text)}
        cells = {"unit": Raw(" / ".join(text for _name, text in parts))}
        cells.update({f"unit:{name}": Raw(text) for name, text in parts})
        return cells


def _is_sample(name: str) -> bool:
    return "(" in name[:3] and fold(name).startswith(fold(SAMPLE_MARK))


def _counts_columns(values: Sequence[CellValue]) -> bool:
    """True for the line "(1) (2) (3)" or "1 2 3" or "A B 1 2" under many official headings."""
    texts = [heading_key(raw_of(value).text).strip("() ") for value in values if value is not None]
    if len(texts) < 3 or any(len(text) > 2 for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) >= 2 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))
