"""Entering whole lists of people into a contest, in the job worker, some hundreds at a time."""

from __future__ import annotations

import math
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from contest.rounds.entries import CHUNK, count_without_entry, entry_values, insert_entries, people_without_entry
from contest.rounds.models import Contest, Entry
from core.accounts.importing.models import ImportBatch
from core.accounts.models import Person
from core.audit import record
from core.audit.canonical import sha256_hex
from core.database import db
from core.jobs import Job, JobKind, enqueue, prepared
from core.organisation.models import Unit
from core.organisation.tree import ids_on, under

KIND = "contest.enter_people"


def enter_everybody(contest: Contest) -> Job:
    """Ask that everybody on the lists of the contest's units be entered; inside a unit of work."""
    return enqueue(
        KIND,
        {"contest": contest.id},
        title=_("Đưa danh sách vào %(contest)s", contest=contest.name),
        unit_path=contest.unit.path,
    )


def enter_imported(batch: ImportBatch) -> None:
    """After an import: enter the new people into every contest of their units that is in preparation or open."""
    unit = db.session.get_one(Unit, batch.unit_id)
    statement = select(Contest).join(Unit, Unit.id == Contest.unit_id)
    statement = statement.where(or_(Contest.unit_id.in_(ids_on(unit.path)), under(unit.path))).order_by(Contest.id)
    for contest in db.session.scalars(statement):
        if is_live(contest) and count_without_entry(contest):
            enter_everybody(contest)


def is_live(contest: Contest) -> bool:
    """True while a contest is in preparation or open: some round of it has not been closed, or there is none yet."""
    return not contest.rounds or any(round_.state != "closed" for round_ in contest.rounds)


class EnterPeople(JobKind):
    """One step a chunk; whoever is added to the lists meanwhile is found by the last step or the next job."""

    name = KIND

    def plan(self, job: Job) -> int:
        """As many chunks as there are people without an entry."""
        return math.ceil(count_without_entry(_contest_of(job)) / CHUNK)

    def prepare(self, job: Job, number: int) -> Any:
        """The rows of the next chunk, found and made before anything is locked."""
        if number == 0:
            return None
        contest = _contest_of(job)
        return entry_values(contest, people_without_entry(contest, CHUNK))

    def step(self, job: Job, number: int) -> str | None:
        """Write the chunk."""
        insert_entries(prepared())
        return str(_("Đã xong %(number)s trong %(total)s lượt", number=number, total=job.steps_total))

    def finish(self, job: Job) -> dict[str, Any] | None:
        """One entry in the audit chain for all of them, with their count and digest."""
        contest = _contest_of(job)
        people = db.session.scalars(
            select(Person.public_id)
            .join(Entry, Entry.person_id == Person.id)
            .where(Entry.contest_id == contest.id, Entry.created_at >= job.created_at)
            .order_by(Person.public_id)
        ).all()
        if people:
            details = {"count": len(people), "digest": sha256_hex(list(people))}
            record("entries.added", f"contest:{contest.public_id}", details)
        job.message = _("Đã đưa thêm %(count)s thí sinh vào hội thi", count=len(people))
        url = f"/quan-tri/hoi-thi/{contest.public_id}/thi-sinh"
        return {"url": url, "go_on": True, "label": str(_("Xem danh sách thí sinh"))}


def _contest_of(job: Job) -> Contest:
    return db.session.get_one(Contest, job.arguments["contest"])
