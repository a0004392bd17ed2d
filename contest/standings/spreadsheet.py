"""A standing as an Excel file: overall, by unit, totals of units. Made from the same rows as every page.

Never a phone number or a birth date. The caller gives the words: the bare board has no translations of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contest.standings.counting import BETWEEN
from contest.standings.listing import FEWEST_FOR_MEAN, Line, Scope, children_of
from core.documents.excel_writing import Cell, Column, Look, SheetSpec, write_workbook
from core.web.filters import show_duration

Words = Callable[[str], str]


@dataclass(frozen=True)
class Sheets:
    """What the file holds. ``scope`` is the unit it is about; ``units`` its totals (None: not to be told)."""

    title: Sequence[str]
    notes: Sequence[str]
    scope: Scope
    lines: Sequence[Line]
    scopes: Sequence[Scope]
    with_totals: bool
    public: bool


def workbook(content: Sheets, _: Words) -> bytes:
    """The .xlsx file."""
    children = children_of(content.scope, content.scopes)
    sheets = [_people(content, _)]
    if children:
        sheets.append(_by_unit(content, children, _))
    if content.with_totals:
        sheets.append(_totals(content, _))
    return write_workbook(sheets)


def _people_columns(_: Words) -> list[Column]:
    return [
        Column(_("Họ và tên"), 28),
        Column(_("Đơn vị"), 34, wrap=True),
        Column(_("Thuộc"), 34, wrap=True),
        Column(_("Điểm"), 9, Look.NUMBER),
        Column(_("Điểm tối đa"), 9, Look.NUMBER),
        Column(_("Câu đúng"), 9, Look.NUMBER),
        Column(_("Thời gian làm bài"), 12),
        Column(_("Số giây"), 9, Look.NUMBER),
    ]


def _cells(line: Line) -> tuple[Cell, ...]:
    own, _between, above = line.unit.partition(BETWEEN)
    return (
        line.name, own, above, line.score, line.max_score, line.correct, show_duration(line.seconds), line.seconds,
    )  # fmt: skip


def _people(content: Sheets, _: Words) -> SheetSpec:
    return SheetSpec(
        _("Cá nhân"),
        [Column(_("Hạng"), 7, Look.NUMBER), *_people_columns(_)],
        ((line.rank, *_cells(line)) for line in content.lines),
        title=content.title,
        notes=content.notes,
    )


def _by_unit(content: Sheets, children: Sequence[Scope], _: Words) -> SheetSpec:
    start = len(content.scope.path)
    inside: dict[str, list[Line]] = {}
    for line in content.lines:
        inside.setdefault(line.unit_path[start:].partition("/")[0], []).append(line)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for child in children:
            for line in inside.get(child.key, ()):
                yield (child.name, line.unit_ranks.get(child.key), line.rank, *_cells(line))

    return SheetSpec(
        _("Theo đơn vị"),
        [
            Column(_("Đơn vị trực thuộc"), 26, wrap=True),
            Column(_("Hạng trong đơn vị"), 9, Look.NUMBER),
            Column(_("Hạng chung"), 8, Look.NUMBER),
            *_people_columns(_),
        ],
        rows(),
        title=content.title,
        notes=content.notes,
    )


def _totals(content: Sheets, _: Words) -> SheetSpec:
    inside = [each for each in content.scopes if each.path.startswith(content.scope.path)]
    columns = [
        Column(_("Đơn vị"), 44, wrap=True),
        Column(_("Thuộc diện dự thi"), 11, Look.NUMBER),
        Column(_("Đã thi"), 9, Look.NUMBER),
        Column(_("Tỷ lệ dự thi (%)"), 10, Look.NUMBER, decimals=1),
        Column(_("Điểm trung bình"), 10, Look.NUMBER, decimals=2),
    ]
    if not content.public:
        columns += [
            Column(_("Tổng điểm"), 10, Look.NUMBER),
            Column(_("Điểm cao nhất"), 10, Look.NUMBER),
        ]
    rows = []
    for each in inside:
        told = each.sat > 0 and (not content.public or each.sat >= FEWEST_FOR_MEAN)
        share = round(100 * each.sat / each.entries, 1) if each.entries else None
        row: list[Cell] = [each.full_name, each.entries, each.sat, share, each.mean if told else None]
        if not content.public:
            row += [each.total, each.best if each.sat else None]
        rows.append(row)
    return SheetSpec(_("Tập thể"), columns, rows, title=content.title, notes=content.notes)
