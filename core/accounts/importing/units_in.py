"""Founding and changing the units of a batch, invisible until the last step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, select

from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.staging import write_rows
from core.database import db, fold, public_id, sort_key
from core.organisation.models import Unit
from core.organisation.service import MAX_FULL_NAME
from core.organisation.tree import SEPARATOR, under


def bring_units(batch: ImportBatch, positions: list[int]) -> None:
    """Found or change the units of the rows at ``positions``; parents come before their children."""
    rows = {row.position: row for row in rows_at(batch.id, positions)}
    refs = {row.parent_ref for row in rows.values() if row.parent_ref}
    refs |= {row.unit_ref for row in rows.values() if row.unit_ref and row.unit_ref > 0}
    units = units_by_ref(batch, refs)
    outcomes: list[dict[str, Any]] = []
    for position in positions:
        row = rows[position]
        if row.action == "change":
            outcomes.append(_change_unit(batch, row, units.get(row.unit_ref or 0)))
            continue
        parent = units.get(row.parent_ref) if row.parent_ref else None
        if row.parent_ref and parent is None:
            outcomes.append(left_out(row, _("Đơn vị cấp trên không còn.")))
            continue
        unit = _found_unit(batch, row, parent)
        if isinstance(unit, str):
            outcomes.append(left_out(row, unit))
        else:
            units[-position] = unit
            outcomes.append({"id": row.id, "outcome": "new", "outcome_reason": "", "target_id": unit.id})
    write_rows(outcomes)


def rows_at(batch_id: int, positions: Iterable[int]) -> list[ImportRow]:
    statement = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.position.in_(list(positions)))
    return list(db.session.scalars(statement.order_by(ImportRow.position)))


def left_out(row: ImportRow | Row[Any], reason: Any) -> dict[str, Any]:
    return {"id": row.id, "outcome": "left_out", "outcome_reason": str(reason), "target_id": row.target_id}


def units_by_ref(batch: ImportBatch, refs: Iterable[int | None]) -> dict[int, Unit]:
    """Units by ref: those that are there by id, those of this batch by minus their position."""
    wanted = {ref for ref in refs if ref}
    result: dict[int, Unit] = {}
    new = [-ref for ref in wanted if ref < 0]
    if new:
        statement = (
            select(ImportRow.position, Unit)
            .join(Unit, Unit.id == ImportRow.target_id)
            .where(ImportRow.batch_id == batch.id, ImportRow.kind == "unit", ImportRow.position.in_(new))
            .where(Unit.import_batch_id == batch.id)
        )
        result.update((-position, unit) for position, unit in db.session.execute(statement))
    old = [ref for ref in wanted if ref > 0]
    if old:
        for unit in db.session.scalars(select(Unit).where(Unit.id.in_(old), Unit.visible)):
            if unit.path.startswith(batch.unit_path):
                result[unit.id] = unit
    return result


def unit_ids_by_ref(batch: ImportBatch, refs: Iterable[int | None]) -> dict[int, int]:
    """Ids of units by ref, like ``units_by_ref`` without the units themselves."""
    wanted = {ref for ref in refs if ref}
    coming = select(ImportRow.position, ImportRow.target_id).where(
        ImportRow.batch_id == batch.id,
        ImportRow.kind == "unit",
        ImportRow.outcome == "new",
        ImportRow.position.in_([-ref for ref in wanted if ref < 0]),
    )
    result = {-position: unit_id for position, unit_id in db.session.execute(coming) if unit_id is not None}
    there = select(Unit.id).where(Unit.id.in_([ref for ref in wanted if ref > 0]), Unit.visible, under(batch.unit_path))
    result.update((unit_id, unit_id) for unit_id in db.session.scalars(there))
    return result


def _change_unit(batch: ImportBatch, row: ImportRow, unit: Unit | None) -> dict[str, Any]:
    if unit is None:
        return left_out(row, _("Đơn vị này không còn."))
    changes = [{"field": "eligible", "old": "" if unit.eligible is None else str(unit.eligible), "new": str(row.eligible)}]
    unit.eligible = row.eligible
    return {"id": row.id, "outcome": "change", "outcome_reason": "", "target_id": unit.id, "changes": changes}


def _found_unit(batch: ImportBatch, row: ImportRow, parent: Unit | None) -> Unit | str:
    """The new unit of ``row``, or why there is none."""
    above = Unit.parent_id.is_(None) if parent is None else Unit.parent_id == parent.id
    for other in db.session.scalars(select(Unit).where(above, Unit.folded == row.folded)):
        if other.valid_until is None and other.name.casefold() == row.full_name.casefold():
            return str(_("Vừa có đơn vị cùng tên được lập."))
    full_name = row.full_name if parent is None else parent.full_name + SEPARATOR + row.full_name
    if len(full_name) > MAX_FULL_NAME:
        return str(_("Tên đầy đủ từ cấp trên xuống dài quá %(max)s chữ.", max=MAX_FULL_NAME))
    unit = Unit(
        public_id=public_id(),
        parent_id=parent.id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        level=row.level,
        name=row.full_name,
        folded=fold(row.full_name),
        sort_key=sort_key(row.full_name),
        full_name=full_name,
        eligible=row.eligible,
        visible=False,
        import_batch_id=batch.id,
    )
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit
