"""Units as Excel: one row a unit, in the order of the tree, with its path from the top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from core.database import db
from core.documents.excel_writing import Cell, Column, Look, SheetSpec, write_workbook
from core.organisation.levels import level_of
from core.organisation.models import Unit
from core.organisation.tree import SEPARATOR, in_tree_order, within


def units_workbook(paths: Iterable[str]) -> bytes:
    """An .xlsx file of the units in these subtrees, also of those that no longer exist."""
    return write_workbook(
        [
            SheetSpec(
                name=_("Đơn vị"),
                columns=[
                    Column(_("Đường dẫn"), width=60),
                    Column(_("Tên đơn vị"), width=34),
                    Column(_("Cấp"), width=26),
                    Column(_("Số người thuộc diện dự thi"), width=16, look=Look.NUMBER),
                    Column(_("Hoạt động từ"), look=Look.DATE),
                    Column(_("Kết thúc từ"), look=Look.DATE),
                ],
                rows=_rows(paths),
            )
        ]
    )


def _rows(paths: Iterable[str]) -> Iterator[Sequence[Cell]]:
    units = db.session.scalars(select(Unit).where(within(paths), Unit.visible)).all()
    for unit in in_tree_order(units):
        yield [
            unit.full_name.rpartition(SEPARATOR)[0],
            unit.name,
            str(level_of(unit.level).label),
            unit.eligible,
            unit.valid_from,
            unit.valid_until,
        ]
