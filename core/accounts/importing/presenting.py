"""Rows as pages show them: a text a cell, and beside each doubt what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.accounts.importing.cells import Doubt
from core.accounts.importing.checking import PERSON_FIELDS
from core.accounts.importing.checking_units import UNIT_FIELDS
from core.accounts.importing.dates import show_day
from core.accounts.importing.doubt_kinds import kind_of, message_of, shown_proposal
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.phones import show_phone
from core.accounts.importing.workings import RowData, row_data
from core.database import db
from core.organisation.levels import is_level, level_of
from core.organisation.models import Unit
from core.organisation.tree import SEPARATOR

FIELD_LABELS: dict[str, LazyString] = {
    "name": _l("Họ và tên"),
    "unit": _l("Đơn vị"),
    "birth": _l("Ngày sinh"),
    "phone": _l("Điện thoại"),
    "position": _l("Chức vụ"),
    "unit_name": _l("Tên đơn vị"),
    "level": _l("Cấp"),
    "parent": _l("Đơn vị cấp trên"),
    "eligible": _l("Số người thuộc diện dự thi"),
    "active": _l("Danh sách"),
}

ACTION_LABELS: dict[str, LazyString] = {
    "new": _l("Thêm mới"),
    "change": _l("Sẽ thay đổi"),
    "same": _l("Đã có, không đổi"),
    "skip": _l("Dòng lặp, bỏ qua"),
}

_ASIDE: dict[str, LazyString] = {
    "sheet_hidden": _l("Trang ẩn, không đọc"),
    "sheet_without_heading": _l("Trang không có dòng tiêu đề nhận ra được, không đọc"),
    "column_unused": _l("Cột không dùng đến"),
    "line_group": _l("Dòng tên nhóm, lấy làm đơn vị cho các dòng dưới"),
    "line_remark": _l("Dòng không có dữ liệu của danh sách"),
}


@dataclass(frozen=True)
class DoubtView:
    """A doubt with its buttons' words; None: no such button."""

    code: str
    severity: str
    message: str
    question: str
    accept: str | None
    keep: str | None
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class CellView:
    """A cell: what it shows, what one would edit, its doubts; ``tone`` is danger, warn or nothing."""

    field: str
    label: str
    text: str
    typed: str
    doubts: Sequence[DoubtView]
    tone: str


@dataclass(frozen=True)
class RowView:
    """A row: its cells in the order of the columns, and what the import will do with it."""

    row: ImportRow
    cells: Sequence[CellView]
    action: str
    changes: Sequence[tuple[str, str, str]]

    @property
    def cell_changes(self) -> dict[str, tuple[str, str]]:
        """Old and new by field."""
        return {change["field"]: (change["old"], change["new"]) for change in self.row.changes}


def columns_of(kind: str) -> list[tuple[str, str]]:
    """(field, heading) of the columns of a list of ``kind``."""
    return [(name, str(FIELD_LABELS[name])) for name in (UNIT_FIELDS if kind == "unit" else PERSON_FIELDS)]


def shown_rows(batch: ImportBatch, rows: Sequence[ImportRow]) -> list[RowView]:
    """``rows`` as pages show them."""
    names = _unit_names(batch, rows)
    return [_row_view(row, names) for row in rows]


def _unit_names(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, str]:
    """Short names of the units that ``rows`` name, by ref."""
    refs = {row.unit_ref for row in rows if row.kind == "person"} | {row.parent_ref for row in rows if row.kind == "unit"}
    wanted = {ref for ref in refs if ref}
    names: dict[int, str] = {}
    there = select(Unit.id, Unit.full_name).where(Unit.id.in_([ref for ref in wanted if ref > 0]))
    for unit_id, full_name in db.session.execute(there):
        names[unit_id] = ", ".join(reversed(full_name.split(SEPARATOR)[-2:]))
    coming = select(ImportRow.position, ImportRow.full_name).where(
        ImportRow.batch_id == batch.id, ImportRow.position.in_([-ref for ref in wanted if ref < 0])
    )
    for position, name in db.session.execute(coming):
        names[-position] = str(_("%(unit)s (trong tệp này)", unit=name))
    return names


def _row_view(row: ImportRow, names: dict[int, str]) -> RowView:
    data = row_data(row)
    shown = _unit_texts(row, names) if row.kind == "unit" else _person_texts(row, names)
    fields = UNIT_FIELDS if row.kind == "unit" else PERSON_FIELDS
    cells = [_cell_view(name, shown.get(name, ""), data) for name in fields]
    changes = [_change_view(change) for change in row.changes]
    return RowView(row, cells, str(ACTION_LABELS.get(row.action, "")), changes)


def _person_texts(row: ImportRow, names: dict[int, str]) -> dict[str, str]:
    return {
        "name": row.full_name,
        "unit": names.get(row.unit_ref or 0, ""),
        "birth": show_day(row.birth_date) if row.birth_date else "",
        "phone": show_phone(row.phone),
        "position": row.title,
    }


def _unit_texts(row: ImportRow, names: dict[int, str]) -> dict[str, str]:
    return {
        "unit_name": row.full_name,
        "level": str(level_of(row.level).label) if is_level(row.level) else "",
        "parent": names.get(row.parent_ref or 0, ""),
        "eligible": "" if row.eligible is None else str(row.eligible),
    }


def _cell_view(name: str, understood: str, data: RowData) -> CellView:
    raw = data.effective.get(name)
    typed = raw.text.strip() if raw else ""
    doubts = [_doubt_view(doubt) for doubt in data.doubts if doubt.field == name]
    # A cell in doubt shows what stands in it; any other shows what was understood.
    unsure = any(doubt.severity != "warning" for doubt in doubts)
    text = typed if unsure else (understood or typed)
    tone = "danger" if any(d.severity == "error" for d in doubts) else "warn" if doubts else ""
    return CellView(name, str(FIELD_LABELS[name]), text, typed, doubts, tone)


def _doubt_view(doubt: Doubt) -> DoubtView:
    kind = kind_of(doubt.code)
    proposal = shown_proposal(doubt)
    question = str(_("Có phải “%(proposal)s”?", proposal=proposal)) if proposal else ""
    accept = str(kind.accept) if doubt.proposal is not None else None
    keep = str(kind.keep) % {"row": doubt.params.get("row", "")} if kind.keep is not None else None
    return DoubtView(doubt.code, kind.severity, message_of(doubt), question, accept, keep, doubt.choices)


def _change_view(change: dict[str, str]) -> tuple[str, str, str]:
    old, new = change["old"], change["new"]
    if change["field"] == "phone":
        old, new = show_phone(old), show_phone(new)
    if change["field"] == "active":
        old, new = str(_("đã rút tên")), str(_("đưa lại vào danh sách"))
    return str(FIELD_LABELS[change["field"]]), old or str(_("(trống)")), new


def shown_aside(batch: ImportBatch) -> list[tuple[str, str, str]]:
    """(where, what, why) of everything in the file that is not taken in."""
    return [(each["where"], each["what"], str(_ASIDE.get(each["reason"], ""))) for each in batch.layout.get("aside", ())]
