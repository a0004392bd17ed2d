"""The job that takes an unfinished import back, or clears away a batch that nobody wants."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from core.accounts.importing.cells import Raw
from core.accounts.importing.dates import read_birth
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.people_in import set_value, value_of
from core.accounts.importing.staging import CHUNK, batch_of, path_to, preview_url, steps_for, write_rows
from core.accounts.models import Person
from core.database import db
from core.database.server_time import now
from core.jobs import Job, JobKind, prepared
from core.organisation.models import Unit
from core.organisation.tree import today


class TakeBack(JobKind):
    """``people.discard``: changes back, then people and units that were never shown, then (``erase``) the rows.

    Of a batch that is done only the rows are erased: what it brought in stays.
    """

    name = "people.discard"

    def prepare(self, job: Job, number: int) -> Any:
        batch = batch_of(job)
        if number == 0:
            return self._sizes(batch)
        return None

    def _sizes(self, batch: ImportBatch) -> dict[str, int]:
        def count(statement: Any) -> int:
            return db.session.scalar(statement) or 0

        of_batch = ImportRow.batch_id == batch.id
        return {
            "outcomes": count(select(func.count()).select_from(ImportRow).where(of_batch, ImportRow.outcome != "")),
            "people": count(
                select(func.count()).select_from(Person).where(Person.import_batch_id == batch.id, ~Person.visible)
            ),
            "units": count(select(func.count()).select_from(Unit).where(Unit.import_batch_id == batch.id, ~Unit.visible)),
            "rows": count(select(func.count()).select_from(ImportRow).where(of_batch)),
        }

    def plan(self, job: Job) -> int:
        sizes: dict[str, int] = prepared()
        erase = job.arguments.get("erase", False)
        counts = ("people", "outcomes", "units", *(("rows",) if erase else ()))
        # Each step does the next chunk of whatever is left, so a count that is a little off harms nothing.
        return sum(steps_for(sizes[name]) for name in counts) + 1

    def step(self, job: Job, number: int) -> str | None:
        batch = batch_of(job)
        erase = job.arguments.get("erase", False)
        undo = (_undo_changes, _remove_people, _forget_outcomes, _remove_units) if batch.state != "done" else ()
        if any(part(batch) for part in undo):
            return str(_("Đang gỡ lại."))
        if erase:
            _erase_rows(batch)
        return None

    def finish(self, job: Job) -> dict[str, Any] | None:
        batch = batch_of(job)
        if not job.arguments.get("erase", False):
            batch.state = "ready"
            return {"url": preview_url(batch)}
        if batch.state != "done":
            batch.state, batch.finished_at = "cancelled", now()
        return {"url": path_to("people_import.index")}


def _rows_with(batch: ImportBatch, *conditions: Any) -> list[ImportRow]:
    statement = select(ImportRow).where(ImportRow.batch_id == batch.id, *conditions).limit(CHUNK)
    return list(db.session.scalars(statement))


def _undo_changes(batch: ImportBatch) -> bool:
    """Old values back, wherever the new one still stands."""
    rows = _rows_with(batch, ImportRow.outcome == "change")
    for row in rows:
        if row.kind == "unit":
            unit = db.session.get(Unit, row.target_id)
            for change in row.changes:
                if unit is not None and str(unit.eligible) == change["new"]:
                    unit.eligible = int(change["old"]) if change["old"] else None
        else:
            person = db.session.get(Person, row.target_id)
            for change in row.changes:
                if person is not None and value_of(person, change["field"]) == change["new"]:
                    born = read_birth(Raw(change["old"]), today()).value.day
                    set_value(person, change["field"], change["old"], born)
    write_rows([{"id": row.id, "outcome": ""} for row in rows])
    return bool(rows)


def _remove_people(batch: ImportBatch) -> bool:
    ids = list(
        db.session.scalars(select(Person.id).where(Person.import_batch_id == batch.id, Person.visible.is_(False)).limit(CHUNK))
    )
    if ids:
        db.session.execute(delete(Person).where(Person.id.in_(ids)).execution_options(synchronize_session=False))
    return bool(ids)


def _forget_outcomes(batch: ImportBatch) -> bool:
    rows = _rows_with(batch, ImportRow.outcome != "")
    write_rows(
        [
            {
                "id": row.id,
                "outcome": "",
                "outcome_reason": "",
                "target_id": None if row.outcome == "new" else row.target_id,
            }
            for row in rows
        ]
    )
    return bool(rows)


def _remove_units(batch: ImportBatch) -> bool:
    """The deepest first: a unit goes only after those below it."""
    ids = list(
        db.session.scalars(
            select(Unit.id)
            .where(Unit.import_batch_id == batch.id, Unit.visible.is_(False))
            .order_by(Unit.depth.desc(), Unit.id.desc())
            .limit(CHUNK)
        )
    )
    for unit_id in ids:
        db.session.execute(delete(Unit).where(Unit.id == unit_id).execution_options(synchronize_session=False))
    return bool(ids)


def _erase_rows(batch: ImportBatch) -> bool:
    ids = list(db.session.scalars(select(ImportRow.id).where(ImportRow.batch_id == batch.id).limit(CHUNK)))
    if ids:
        db.session.execute(delete(ImportRow).where(ImportRow.id.in_(ids)).execution_options(synchronize_session=False))
    return bool(ids)
