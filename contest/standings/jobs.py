"""The job that makes a standing: everything is reckoned first, without a lock; the rows are stored some hundreds at a
time; the last act gives the version its number and makes it visible."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from contest.rounds.models import Round
from contest.rounds.service import contest_rules_for
from contest.rules.document import to_plain
from contest.standings.counting import count_round, source_of
from contest.standings.drafting import Draft, draft
from contest.standings.models import Standing, StandingRow, StandingUnit
from contest.standings.service import KIND, obstacles
from core.audit import record
from core.database import db, table_of, unit_of_work
from core.database.server_time import now
from core.jobs import Job, JobError, JobKind, prepared
from core.web.filters import show_number

log = logging.getLogger(__name__)

#: Rows stored in one unit of work: some 10 ms of SQLite's write lock.
CHUNK = 300


@dataclass(frozen=True)
class _Made:
    """A draft and what it was made from."""

    draft: Draft
    source: str


class PrepareStanding(JobKind):
    """Arguments: ``round`` (id), ``reason``; ``standing`` (id) once it has been planned."""

    name = KIND

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}
        self._lock = Lock()

    def prepare(self, job: Job, number: int) -> _Made:
        """The draft: reckoned once a process; after a crash it must come out as it was planned."""
        with self._lock:
            made = self._made.get(job.id)
        if made is None:
            made = self._make(job)
            with self._lock:
                self._made.clear()  # one at a time: a city's draft takes some 50 MB
                self._made[job.id] = made
        if number > 0 and made.draft.digest != self._standing(job).digest:
            raise JobError(_changed())
        # Looked at before the last chunk, where no lock is held; what changes later is noticed when it is confirmed.
        if number == job.steps_total and source_of(self._round(job)) != made.source:
            raise JobError(_changed())
        return made

    def plan(self, job: Job) -> int:
        """A step for each chunk of rows and of units; the version is there, seen by nobody."""
        made: _Made = prepared()
        round_ = self._round(job)
        rules = contest_rules_for(round_)
        plain: dict[str, Any] = to_plain(rules)
        standing = Standing(
            round_id=round_.id,
            number=-job.id,
            state="preparing",
            reason=job.arguments["reason"],
            publication=plain["publication"],
            summary=made.draft.summary,
            criteria=[
                {"by": one.kind, "label": one.label, "direction": one.direction_label} for one in rules.ranking
            ],
            digest=made.draft.digest,
            source=made.source,
            prepared_by_id=job.account_id,
            prepared_at=now(),
        )
        db.session.add(standing)
        db.session.flush()
        job.arguments = {**job.arguments, "standing": standing.id}
        return _chunks(made.draft.rows) + _chunks(made.draft.units)

    def step(self, job: Job, number: int) -> str | None:
        """Store one chunk."""
        made: _Made = prepared()
        standing_id = job.arguments["standing"]
        of_rows = _chunks(made.draft.rows)
        if number <= of_rows:
            model: Any = StandingRow
            chunk = made.draft.rows[(number - 1) * CHUNK : number * CHUNK]
        else:
            model = StandingUnit
            chunk = made.draft.units[(number - of_rows - 1) * CHUNK : (number - of_rows) * CHUNK]
        db.session.execute(insert(table_of(model)), [{"standing_id": standing_id, **values} for values in chunk])
        done = min(number * CHUNK, len(made.draft.rows))
        return str(
            _("Đã xếp %(done)s trong %(count)s người", done=show_number(done), count=show_number(len(made.draft.rows)))
        )

    def finish(self, job: Job) -> dict[str, Any]:
        """The version is complete: it gets its number, and what was not published yet gives way to it."""
        standing = self._standing(job)
        round_ = standing.round
        numbers = select(func.max(Standing.number)).where(Standing.round_id == round_.id, Standing.number > 0)
        standing.number = (db.session.scalar(numbers) or 0) + 1
        standing.state = "draft"
        db.session.flush()
        db.session.execute(
            update(Standing)
            .where(
                Standing.round_id == round_.id,
                Standing.id != standing.id,
                Standing.state.in_(("draft", "confirmed")),
            )
            .values(state="replaced")
            .execution_options(synchronize_session="fetch")
        )
        record(
            "standing.prepared",
            f"standing:{standing.public_id}",
            {
                "round": round_.public_id,
                "number": standing.number,
                "count": standing.summary["sat"],
                "digest": standing.digest,
                "reason": standing.reason,
            },
        )
        self._forget(job)
        job.message = str(_("Đã lập bản %(number)s", number=standing.number))
        return {
            "url": f"/quan-tri/ket-qua/{standing.public_id}",
            "label": str(_("Xem bảng kết quả")),
            "standing": standing.public_id,
        }

    def cancelled(self, job: Job) -> None:
        """What was stored so far is never seen; the worker clears it away."""
        self._discard(job)

    def failed(self, job: Job) -> None:
        """As when cancelled."""
        self._discard(job)

    def _discard(self, job: Job) -> None:
        self._forget(job)
        standing_id = job.arguments.get("standing")
        standing = db.session.get(Standing, standing_id) if standing_id else None
        if standing is not None and standing.state == "preparing":
            standing.state = "discarded"

    def _forget(self, job: Job) -> None:
        with self._lock:
            self._made.pop(job.id, None)

    def _make(self, job: Job) -> _Made:
        round_ = self._round(job)
        why_not = obstacles(round_)
        if why_not:
            raise JobError(" ".join(why_not))
        source = source_of(round_)  # before the rest: what changes meanwhile is noticed at the end
        rules = contest_rules_for(round_)
        return _Made(draft(count_round(round_, rules.ranking), rules.ranking, rules.ties), source)

    def _round(self, job: Job) -> Round:
        return db.session.get_one(Round, job.arguments["round"])

    def _standing(self, job: Job) -> Standing:
        return db.session.get_one(Standing, job.arguments["standing"])


def _changed() -> str:
    return str(_("Kết quả thi vừa thay đổi trong lúc lập bảng. Xin lập lại."))


def _chunks(rows: list[dict[str, Any]]) -> int:
    return math.ceil(len(rows) / CHUNK)


def clear_discarded() -> int:
    """Delete what unfinished preparations left, a chunk a unit of work; returns how many versions went.

    The worker calls it now and then.
    """
    gone = 0
    for standing_id in db.session.scalars(select(Standing.id).where(Standing.state == "discarded")).all():
        while _clear_chunk(standing_id):
            pass
        gone += 1
    return gone


def _clear_chunk(standing_id: int) -> bool:
    """Delete one chunk; False when the version itself has gone with the last."""
    rows = table_of(StandingRow).c
    with unit_of_work() as session:
        last = session.scalar(select(func.max(rows.position)).where(rows.standing_id == standing_id))
        if last is not None:
            session.execute(
                delete(table_of(StandingRow)).where(rows.standing_id == standing_id, rows.position > last - CHUNK)
            )
            return True
        session.execute(delete(table_of(StandingUnit)).where(table_of(StandingUnit).c.standing_id == standing_id))
        session.execute(delete(table_of(Standing)).where(table_of(Standing).c.id == standing_id))
        return False
