"""A round's statistics as Excel and CSV: what the page lists, in full."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from contest.insights.listing import Line
from core.documents.excel_writing import Cell, Column, Look, SheetSpec, guarded, write_workbook
from core.web.filters import show_moment
from questions.statistics.models import Analysis
from questions.statistics.stored import flags_in
from questions.statistics.wording import FLAG_WORDS, show_figure


def _columns() -> list[Column]:
    return [
        Column(_("Số"), 6, Look.NUMBER),
        Column(_("Nội dung câu hỏi"), 60, wrap=True),
        Column(_("Chủ đề"), 26, wrap=True),
        Column(_("Mức độ"), 14),
        Column(_("Có trong đề của"), 10, Look.NUMBER),
        Column(_("Làm đến"), 9, Look.NUMBER),
        Column(_("Bỏ trống"), 9, Look.NUMBER),
        Column(_("Độ khó"), 9, Look.NUMBER, decimals=3),
        Column(_("Độ phân biệt"), 10, Look.NUMBER, decimals=3),
        Column(_("27 % trên – dưới"), 10, Look.NUMBER, decimals=3),
        Column("a", 8, Look.NUMBER, decimals=3),
        Column("b", 8, Look.NUMBER, decimals=3),
        Column(_("Thời gian giữa (giây)"), 11, Look.NUMBER, decimals=1),
        Column(_("Cần xem"), 36, wrap=True),
    ]


def _cells(line: Line) -> list[Cell]:
    row = line.row
    return [
        row.position, line.stem or "", line.topic, line.level, row.held, row.n, row.omitted, row.difficulty,
        row.discrimination, row.upper_lower, row.a, row.b, row.seconds,
        "; ".join(str(FLAG_WORDS[code].label) for code in flags_in(row)),
    ]  # fmt: skip


def workbook(analysis: Analysis, lines: Sequence[Line]) -> bytes:
    """The .xlsx file: questions, then options of those whose key the person may see."""
    notes = [
        _("%(people)s người, mỗi đề trung bình %(items)s câu. Độ tin cậy %(alpha)s, sai số chuẩn %(sem)s.",
          people=analysis.people, items=show_figure(analysis.per_paper, 1), alpha=show_figure(analysis.alpha),
          sem=show_figure(analysis.sem)),
        _("Tính lúc %(moment)s.", moment=show_moment(analysis.made_at)),
    ]  # fmt: skip
    sheets = [SheetSpec(_("Câu hỏi"), _columns(), map(_cells, lines), title=[analysis.title], notes=notes)]
    options = [cells for line in lines if line.stem is not None for cells in _option_cells(line)]
    if options:
        sheets.append(SheetSpec(_("Phương án"), _option_columns(), options, title=[analysis.title]))
    return write_workbook(sheets)


def _option_columns() -> list[Column]:
    return [
        Column(_("Số"), 6, Look.NUMBER),
        Column(_("Phương án"), 10),
        Column(_("Đáp án"), 8),
        Column(_("Người chọn"), 10, Look.NUMBER),
        Column(_("Tỷ lệ"), 9, Look.NUMBER, decimals=3),
        Column(_("Điểm trung bình các câu còn lại"), 14, Look.NUMBER, decimals=2),
    ]


def _option_cells(line: Line) -> Iterable[list[Cell]]:
    for one in line.row.options:
        yield [line.row.position, one["name"], bool(one["key"]), one["chosen"], one["share"], one["mean_rest"]]


def csv_file(lines: Iterable[Line]) -> bytes:
    """UTF-8 with a mark, so that Excel reads it; decimals with a point; no cell that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.heading for column in _columns()])
    for line in lines:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in _cells(line)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
