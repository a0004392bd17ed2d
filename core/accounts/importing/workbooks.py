"""The workbooks that this room makes: the template to fill in, and the rows that could not be imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from core.accounts.importing.cells import Doubt
from core.accounts.importing.checking import PERSON_FIELDS
from core.accounts.importing.checking_units import UNIT_FIELDS
from core.accounts.importing.doubt_kinds import message_of, shown_proposal
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.presenting import FIELD_LABELS
from core.accounts.importing.sheets import SAMPLE_MARK
from core.accounts.importing.workings import row_data
from core.database import db
from core.documents.excel_writing import Cell, Column, Marked, SheetSpec, write_workbook
from core.organisation.levels import all_levels, level_of
from core.organisation.models import Unit
from core.organisation.tree import exists_on, today, under

#: How far down the template's drop-down lists reach.
_TEMPLATE_ROWS = 1_000
_WIDTHS = {"name": 28, "unit": 60, "birth": 14, "phone": 16, "position": 22}
_UNIT_WIDTHS = {"unit_name": 40, "level": 28, "parent": 60, "eligible": 16}


def template(scope: str) -> bytes:
    """The template for people who import into the subtree at the path ``scope``: its units are in the lists."""
    units = list(
        db.session.execute(select(Unit.full_name, Unit.level).where(under(scope), exists_on(today())).order_by(Unit.full_name))
    )
    names = [name for name, _level in units]
    cells = [name for name, level in units if level_of(level).is_cell] or names
    above = [name for name, level in units if not level_of(level).is_cell]
    example = cells[0] if cells else "Hà Nội / Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1"
    parent = above[-1] if above else "Hà Nội / Thanh Trì / Xã Đông Mỹ"
    return write_workbook(
        [
            _instructions(),
            SheetSpec(
                name=_("Thí sinh"),
                columns=[
                    Column(_("STT"), width=6),
                    Column(_("Họ và tên"), width=28),
                    Column(_("Đơn vị"), width=60, choices=names),
                    Column(_("Ngày sinh"), width=14),
                    Column(_("Điện thoại"), width=16),
                    Column(_("Chức vụ"), width=22),
                ],
                rows=[
                    ["1", f"{SAMPLE_MARK} Nguyễn Văn Bình", example, "12/04/1962", "0912000018", _("Bí thư chi bộ")],
                    ["2", f"{SAMPLE_MARK} Trần Thị Lan", example, "15/03/1970", "", _("Phó Bí thư chi bộ")],
                ],
                empty_rows=_TEMPLATE_ROWS,
            ),
            SheetSpec(
                name=_("Đơn vị"),
                columns=[
                    Column(_("Cấp"), width=32, choices=[str(level.label) for level in all_levels()]),
                    Column(_("Tên đơn vị"), width=40),
                    Column(_("Đơn vị cấp trên"), width=60, choices=above),
                    Column(_("Số người thuộc diện dự thi"), width=16),
                ],
                rows=[[_("Chi bộ"), f"{SAMPLE_MARK} Chi bộ thôn 5", parent, "24"]],
                empty_rows=_TEMPLATE_ROWS,
            ),
        ]
    )


def _instructions() -> SheetSpec:
    lines = [
        _("Trang “Thí sinh”: mỗi người một dòng. Bắt buộc có Họ và tên, Đơn vị."),
        _("Ngày sinh ghi ngày/tháng/năm, ví dụ 15/03/1970. Họ tên, đơn vị và ngày sinh cho biết ai là ai."),
        _("Đơn vị: chọn trong danh sách, hoặc ghi tên kèm cấp trên: “Chi bộ thôn 1, Xã Đông Mỹ”."),
        _("Điện thoại: ghi đủ số 0 ở đầu. Vợ chồng dùng chung một số cũng được."),
        _("Trang “Đơn vị” chỉ cần khi có đơn vị chưa có trong hệ thống, hoặc để ghi số người thuộc diện dự thi."),
        _("Các dòng bắt đầu bằng “(Ví dụ)” không được nhập; có thể xóa hoặc ghi đè."),
        _("Thứ tự cột tùy ý. Cột thừa không sao. Tải tệp lên rồi xem trước: chưa có gì thay đổi cho đến khi bấm nhập."),
        _("Nhập lại cùng tệp không tạo thêm ai."),
    ]
    return SheetSpec(
        name=_("Hướng dẫn"),
        columns=[Column(_("Cách điền"), width=110, wrap=True)],
        rows=[[line] for line in lines],
        title=[_("Danh sách thí sinh: tệp mẫu")],
        portrait=True,
    )


def bad_rows(batch: ImportBatch) -> bytes:
    """The rows that cannot be imported, or that were left out, with the reason; it can be repaired and sent again."""
    sheets = [sheet for kind in ("person", "unit") if (sheet := _bad_sheet(batch, kind)) is not None]
    if not sheets:
        sheets = [SheetSpec(name=_("Thí sinh"), columns=[Column(_("Họ và tên")), Column(_("Lý do"))])]
    return write_workbook(sheets)


def count_left_out(batch: ImportBatch) -> int:
    """How many rows ``bad_rows`` would hold."""
    return db.session.scalar(select(func.count()).select_from(_left_out(batch).order_by(None).subquery())) or 0


def _left_out(batch: ImportBatch) -> Select[ImportRow]:
    bad = ImportRow.state.in_(("error", "review")) | (ImportRow.outcome == "left_out")
    return select(ImportRow).where(ImportRow.batch_id == batch.id, bad).order_by(ImportRow.position)


def _bad_sheet(batch: ImportBatch, kind: str) -> SheetSpec | None:
    rows = _left_out(batch).where(ImportRow.kind == kind)
    if db.session.scalar(rows.limit(1)) is None:
        return None
    fields, widths = (UNIT_FIELDS, _UNIT_WIDTHS) if kind == "unit" else (PERSON_FIELDS, _WIDTHS)
    return SheetSpec(
        name=_("Đơn vị") if kind == "unit" else _("Thí sinh"),
        columns=[
            *(Column(str(FIELD_LABELS[name]), width=widths[name]) for name in fields),
            Column(_("Lý do"), width=70, wrap=True),
            Column(_("Dòng trong tệp cũ"), width=20),
        ],
        rows=_bad_lines(rows.execution_options(yield_per=500), fields),
    )


def _bad_lines(rows: Select[ImportRow], fields: Sequence[str]) -> Iterator[Sequence[Cell]]:
    for row in db.session.scalars(rows):
        data = row_data(row)
        cells = data.effective
        doubted = {doubt.field for doubt in data.doubts}
        texts = {name: cells[name].text if name in cells else "" for name in fields}
        reason = row.outcome_reason or _reasons(data.doubts)
        yield [
            *(Marked(texts[name]) if name in doubted else texts[name] for name in fields),
            reason,
            str(_("%(sheet)s, dòng %(row)s", sheet=row.sheet, row=row.number)),
        ]


def _reasons(doubts: Iterable[Doubt]) -> str:
    parts = []
    for doubt in doubts:
        text = f"{FIELD_LABELS[doubt.field]}: {message_of(doubt)}"
        proposal = shown_proposal(doubt)
        if proposal:
            text += " " + _("Có phải “%(proposal)s”?", proposal=proposal)
        parts.append(text)
    return " ".join(parts)
