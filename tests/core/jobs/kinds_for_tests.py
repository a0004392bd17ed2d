"""Kinds of jobs that leave their traces in the audit chain, where a test can count them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.audit import AuditEntry, record
from core.database import db
from core.jobs import Job, JobError, JobKind, prepared


class Counting(JobKind):
    """Records one audit entry a step; ``arguments`` hold ``steps`` and perhaps where to break."""

    name = "test.count"

    def plan(self, job: Job) -> int:
        record("test.plan", job.public_id)
        return int(job.arguments["steps"])

    def prepare(self, job: Job, number: int) -> Any:
        return number * 10

    def step(self, job: Job, number: int) -> str | None:
        record("test.step", str(number), {"prepared": prepared()})
        if number == job.arguments.get("refuse_at"):
            raise JobError("Tệp này không có dòng nào.")
        if number == job.arguments.get("break_at"):
            raise ZeroDivisionError("secret detail")
        return f"Đã đếm {number}"

    def finish(self, job: Job) -> dict[str, Any] | None:
        record("test.finish", job.public_id)
        return {"url": "/noi-khac", "label": "Xem số đếm"}

    def cancelled(self, job: Job) -> None:
        record("test.cancelled", job.public_id)

    def failed(self, job: Job) -> None:
        record("test.failed", job.public_id)


def steps_recorded() -> list[int]:
    """The numbers of the steps whose traces are in the database, in order of happening."""
    subjects = db.session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "test.step").order_by(AuditEntry.id)
    )
    return [int(subject) for subject in subjects]


def happenings() -> list[str]:
    """Every trace but the steps'."""
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    return [action.removeprefix("test.") for action in actions if action.startswith("test.") and action != "test.step"]
