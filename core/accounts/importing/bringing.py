"""The job that brings the good rows in: invisible units and people in steps, then one step that shows them all.

Until that last step nobody sees anything new, and what was changed of those who were there can be changed back: the old
values stand in the rows. A step that is repeated after a crash was rolled back before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.accounts.importing.closing import reveal, summary_of
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.people_in import bring_people, new_people
from core.accounts.importing.staging import CHUNK, batch_of, dots, preview_url, steps_for
from core.accounts.importing.units_in import bring_units
from core.database import db
from core.jobs import Job, JobError, JobKind, enqueue, prepared

_LISTENERS: list[Callable[[ImportBatch], None]] = []


def add_import_listener(listener: Callable[[ImportBatch], None]) -> None:
    """Have ``listener(batch)`` called in the unit of work that ends an import (a higher room enters the new people).

    ``Person.import_batch_id`` tells the new ones. What takes long belongs into a job that the listener enqueues.
    """
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


@dataclass(frozen=True)
class _Order:
    """Positions in the order in which they are brought in; units from the top down."""

    units: list[int]
    people: list[int]

    @property
    def unit_steps(self) -> int:
        return steps_for(len(self.units))

    @property
    def steps(self) -> int:
        return self.unit_steps + steps_for(len(self.people)) + 1


_ORDERS: OrderedDict[str, _Order] = OrderedDict()

_GOOD = (ImportRow.state == "good") & ImportRow.action.in_(("new", "change"))


def _order(job: Job) -> _Order:
    known = _ORDERS.get(job.public_id)
    if known is not None:
        return known
    batch_id = job.arguments["batch"]
    statement = select(ImportRow.position, ImportRow.kind, ImportRow.parent_ref).where(ImportRow.batch_id == batch_id, _GOOD)
    rows = db.session.execute(statement.order_by(ImportRow.position)).all()
    parents = {row.position: row.parent_ref for row in rows if row.kind == "unit"}

    def depth(position: int) -> int:
        steps, parent = 0, parents.get(position)
        while parent is not None and parent < 0 and steps < 30:
            steps, parent = steps + 1, parents.get(-parent)
        return steps

    units = sorted(parents, key=lambda position: (depth(position), position))
    order = _ORDERS[job.public_id] = _Order(units, [row.position for row in rows if row.kind == "person"])
    while len(_ORDERS) > 4:
        _ORDERS.popitem(last=False)
    return order


def _slice(positions: list[int], number: int) -> list[int]:
    return positions[(number - 1) * CHUNK : number * CHUNK]


class BringIn(JobKind):
    """``people.import``: the argument ``batch`` is the id of a batch in state importing."""

    name = "people.import"

    def prepare(self, job: Job, number: int) -> Any:
        order = _order(job)
        if number == 0:
            return order
        if number == order.steps:
            return summary_of(job.arguments["batch"])
        if number > order.unit_steps:
            return new_people(batch_of(job), _slice(order.people, number - order.unit_steps))
        return None

    def plan(self, job: Job) -> int:
        order: _Order = prepared()
        return order.steps

    def step(self, job: Job, number: int) -> str | None:
        batch, order = batch_of(job), _order(job)
        if number == order.steps:
            summary = prepared()
            if batch.all_or_nothing and any(name.endswith("_left_out") for name in summary["counts"]):
                raise JobError(_("Có dòng không nhập được nên chưa nhập dòng nào. Xin xem lại rồi nhập lại."))
            reveal(batch, summary)
            return str(_("Đã nhập xong."))
        if number <= order.unit_steps:
            positions = _slice(order.units, number)
            bring_units(batch, positions)
            return str(_("Đã nhập %(done)s đơn vị.", done=dots((number - 1) * CHUNK + len(positions))))
        bring_people(batch, prepared())
        done = min((number - order.unit_steps) * CHUNK, len(order.people))
        return str(_("Đã nhập %(done)s/%(total)s người.", done=dots(done), total=dots(len(order.people))))

    def finish(self, job: Job) -> dict[str, Any] | None:
        batch = batch_of(job)
        for listener in _LISTENERS:
            listener(batch)
        _ORDERS.pop(job.public_id, None)
        return {"url": preview_url(batch), "go_on": True, "label": str(_("Xem kết quả"))}

    def cancelled(self, job: Job) -> None:
        take_back(batch_of(job), _("Đồng chí đã dừng lần nhập. Không có gì thay đổi."))

    def failed(self, job: Job) -> None:
        take_back(batch_of(job), _("Lần nhập chưa xong được nên đã được gỡ lại. Xin thử lại."))


def take_back(batch: ImportBatch, message: str) -> None:
    """Have what an import brought so far removed, in steps, by a job of its own."""
    if batch.revealed:
        return  # everything is there already: only the last formalities were missing
    batch.state, batch.message = "discarding", message
    job = enqueue("people.discard", {"batch": batch.id}, title=_("Gỡ lần nhập dở"), unit_path=batch.unit_path)
    batch.job_public_id = job.public_id
