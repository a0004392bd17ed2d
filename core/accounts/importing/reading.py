"""An uploaded workbook becomes numbered lines of units and people, or one sentence that says why it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from core.accounts.importing.cells import Raw
from core.accounts.importing.headers import LEVEL_COLUMNS
from core.accounts.importing.sheets import Found, Line, find_tables
from core.documents.excel_reading import read_workbook
from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, load
from core.documents.packages import open_package, read_part

MOST_ROWS = 50_000
#: Dates of Excel's own in a column, from which on it is no chance that none of them is after the 12th.
_TELLING = 8


@dataclass(frozen=True)
class Numbered:
    """A line with its place in the batch, from 1; units come first."""

    position: int
    kind: str
    line: Line


@dataclass(frozen=True)
class Lists:
    """What a file holds; ``layout`` is the part that pages show, plain JSON."""

    lines: list[Numbered]
    date_1904: bool
    layout: dict[str, Any]


def read_lists(source: Path | bytes) -> Lists:
    """Read the lists of a workbook. Raises DocumentRefused."""
    data = load(source, DEFAULT_LIMITS)
    sheets = read_workbook(data)
    found = find_tables(sheets)
    units, people = found.lines("unit"), found.lines("person")
    count = len(units) + len(people)
    if not found.tables:
        raise DocumentRefused(
            _(
                "Không thấy danh sách nào trong tệp. Dòng tiêu đề cần có “Họ và tên” với “Đơn vị”, “Ngày sinh” hoặc "
                "“Điện thoại”. Xin xem tệp mẫu."
            ),
            "empty",
        )
    if not count:
        raise DocumentRefused(_("Danh sách trong tệp chưa có dòng nào."), "empty")
    if count > MOST_ROWS:
        raise DocumentRefused(_("Tệp có quá 50.000 dòng. Xin chia thành nhiều tệp, chẳng hạn mỗi xã một tệp."), "too_many_rows")
    people = _mark_turned(people)
    lines = [Numbered(n, "unit", line) for n, line in enumerate(units, start=1)]
    lines += [Numbered(n, "person", line) for n, line in enumerate(people, start=len(units) + 1)]
    return Lists(lines, _has_date_1904(data), _layout(found, len(units), _has_date_1904(data)))


def _layout(found: Found, units: int, date_1904: bool) -> dict[str, Any]:
    tables = []
    for table in found.tables:
        present = set(table.columns.values())
        if present & set(LEVEL_COLUMNS):
            present.add("unit")
        if present & {"family_name", "given_name"}:
            present.add("name")
        columns = [heading for _field, heading in sorted(table.headings.items())]
        tables.append(
            {
                "sheet": table.sheet,
                "kind": table.kind,
                "heading_row": table.heading_row + 1,
                "columns": columns,
                "present": sorted(present),
                "rows": len(table.lines),
            }
        )
    aside = [{"where": each.sheet, "what": each.what, "reason": each.reason} for each in found.aside]
    return {"tables": tables, "aside": aside, "samples": found.samples, "units": units, "date_1904": date_1904}


def _has_date_1904(data: bytes) -> bool:
    """True when the workbook counts days from 1904 (old Macs), for dates that are kept as bare numbers."""
    with open_package(data) as archive:
        part = read_part(archive, "xl/workbook.xml") or b""
    return re.search(rb"""date1904\s*=\s*["'](1|true)""", part, re.IGNORECASE) is not None


def _mark_turned(people: list[Line]) -> list[Line]:
    """Marks Excel dates of a column in which Excel probably took the day for the month.

    Where dd/mm is typed into an Excel that thinks mm/dd, days up to 12 become dates with day and month exchanged and
    later days stay text: then texts have days after the 12th and dates have none.
    """
    marked: list[Line] = []
    for sheet in dict.fromkeys(line.sheet for line in people):
        lines = [line for line in people if line.sheet == sheet]
        births = [line.cells.get("birth", Raw()) for line in lines]
        days = [raw.day for raw in births if raw.day is not None]
        late_texts = any(re.match(r"\s*(1[3-9]|2\d|3[01])\s*[/.\-]", raw.text) for raw in births if raw.day is None)
        if late_texts and len(days) >= _TELLING and all(day.day <= 12 for day in days):
            lines = [_marked(line) for line in lines]
        marked.extend(lines)
    return marked


def _marked(line: Line) -> Line:
    day = line.cells.get("birth", Raw()).day
    if day is None or day.day == day.month:
        return line
    return replace(line, cells={**line.cells, "turned": Raw("1")})
