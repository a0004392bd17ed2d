"""Deciding about late answers: of one sitting at once, of a whole round by a job, a batch a transaction; each decision is one
entry of the audit chain."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from contest.rounds.models import Round
from contest.sittings.deadlines import BATCH
from contest.sittings.late import (
    Decided,
    LateRefused,
    changes_of,
    decide,
    is_late_answer,
    why_kept,
    why_undecided,
)
from contest.sittings.models import ApartRow, Result, Sitting
from core.access import current_actor
from core.audit import record
from core.audit.canonical import merkle_root
from core.database import db, from_microseconds, to_microseconds
from core.database.server_time import now
from core.jobs import Job, JobError, JobKind, enqueue, prepared
from core.jobs.service import OVER
from core.web.filters import show_number

KIND = "sittings.late"

#: Letters of a reason; what the decision was stands before it in the result.
MAX_REASON = 150


def _result_reason(counting: bool, reason: str) -> str:
    text: str = (
        _("Tính câu trả lời đến muộn: %(reason)s", reason=reason)
        if counting
        else _("Thôi tính câu trả lời đến muộn: %(reason)s", reason=reason)
    )
    return text[:200]


def require_decision(round_: Round, *, counting: bool, counted_since: datetime | None) -> None:
    """Raises LateRefused where late answers of ``round_`` cannot be let count, or where that cannot be taken back, now.
    ``counted_since`` is when the first of those to be taken back was let count."""
    why_not = why_undecided(round_)
    if why_not is None and not counting and counted_since is not None:
        why_not = why_kept(round_, counted_since)
    if why_not is not None:
        raise LateRefused(why_not)


def decide_one(sitting: Sitting, *, counting: bool, reason: str) -> Decided:
    """Let the late answers of ``sitting`` count, or take that back, inside a unit of work. Raises LateRefused."""
    require_decision(sitting.round, counting=counting, counted_since=_counted_since(sitting))
    connection = db.session.connection()
    if counting and not _changing(connection, [sitting.id]):
        raise LateRefused(_("Những câu đến muộn không làm thay đổi bài, nên không cần tính."))
    done = decide(connection, [sitting.id], counting=counting, reason=_result_reason(counting, reason), at=now())
    if not done:
        raise LateRefused(_("Bài này không có câu đến muộn nào để quyết định."))
    one = done[0]
    record(
        "late.counted" if counting else "late.uncounted",
        f"sitting:{sitting.public_id}",
        {"reason": reason, "answers": one.answers, "result": one.number, "digest": merkle_root([one.leaf()])},
    )
    db.session.expire(sitting)
    return one


def _counted_since(sitting: Sitting) -> datetime | None:
    return db.session.scalar(
        select(func.min(ApartRow.counted_at)).where(ApartRow.sitting_id == sitting.id, is_late_answer())
    )


def waiting_sittings(round_: Round, *, counting: bool) -> list[int]:
    """The submitted sittings of ``round_`` with late answers that could be let count (or are counted, to be taken back)."""
    undecided = ApartRow.counted_at.is_(None) if counting else ApartRow.counted_at.is_not(None)
    return list(
        db.session.scalars(
            select(ApartRow.sitting_id)
            .join(Sitting, Sitting.id == ApartRow.sitting_id)
            .where(Sitting.round_id == round_.id, Sitting.state == "submitted", is_late_answer(), undecided)
            .distinct()
            .order_by(ApartRow.sitting_id)
        )
    )


def _changing(connection: Any, sittings: Sequence[int]) -> list[int]:
    """Those of ``sittings`` whose late answers change anything: to count others would only take their time away."""
    found: list[int] = []
    for start in range(0, len(sittings), 100):
        chunk = sittings[start : start + 100]
        found += [number for number, change in changes_of(connection, chunk).items() if change.questions]
    return found


def running_decision(round_: Round) -> Job | None:
    """The job that is deciding about the round's late answers now, if any."""
    jobs = db.session.scalars(select(Job).where(Job.kind == KIND, Job.state.not_in(OVER)).order_by(Job.id))
    return next((job for job in jobs if job.arguments["round"] == round_.id), None)


def decide_all(round_: Round, *, counting: bool, reason: str) -> Job:
    """Ask, inside a unit of work, that all late answers of ``round_`` count, or none any more. Raises LateRefused."""
    waiting = waiting_sittings(round_, counting=counting)
    if not waiting:
        raise LateRefused(_("Không có bài nào có câu đến muộn cần quyết định."))
    require_decision(round_, counting=counting, counted_since=None if counting else first_counted(round_))
    if running_decision(round_) is not None:
        raise LateRefused(_("Việc tính câu đến muộn của vòng này đang chạy. Xin chờ việc ấy xong."))
    title = (
        _("Tính câu trả lời đến muộn: %(round)s", round=round_.name)
        if counting
        else _("Thôi tính câu trả lời đến muộn: %(round)s", round=round_.name)
    )
    return enqueue(
        KIND,
        {"round": round_.id, "counting": counting, "reason": reason},
        title=title,
        unit_path=round_.contest.unit.path,
        account_id=current_actor().account_id,
    )


def first_counted(round_: Round) -> datetime | None:
    """When the first of the late answers of ``round_`` that count was let count, or None."""
    return db.session.scalar(
        select(func.min(ApartRow.counted_at))
        .join(Sitting, Sitting.id == ApartRow.sitting_id)
        .where(Sitting.round_id == round_.id, is_late_answer())
    )


class LateDecision(JobKind):
    """Arguments: ``round`` (id), ``counting``, ``reason``; once planned also ``sittings`` (ids) and ``at`` (microseconds), the
    moment of every result that the decision makes."""

    name = KIND

    def prepare(self, job: Job, number: int) -> list[int] | None:
        """Before the plan: which sittings it concerns. Those whose late answers change nothing are left as they are."""
        if number > 0:
            return None
        round_, counting = self._round(job), bool(job.arguments["counting"])
        waiting = waiting_sittings(round_, counting=counting)
        return _changing(db.session.connection(), waiting) if counting else waiting

    def plan(self, job: Job) -> int:
        """A step for each batch of sittings."""
        round_, counting = self._round(job), bool(job.arguments["counting"])
        try:
            require_decision(round_, counting=counting, counted_since=None if counting else first_counted(round_))
        except LateRefused as refusal:
            raise JobError(str(refusal)) from None
        sittings: list[int] = prepared()
        job.arguments = {**job.arguments, "sittings": sittings, "at": to_microseconds(now())}
        return math.ceil(len(sittings) / BATCH)

    def step(self, job: Job, number: int) -> str:
        """One batch."""
        sittings: list[int] = job.arguments["sittings"]
        counting = bool(job.arguments["counting"])
        decide(
            db.session.connection(),
            sittings[(number - 1) * BATCH : number * BATCH],
            counting=counting,
            reason=_result_reason(counting, job.arguments["reason"]),
            at=from_microseconds(job.arguments["at"]),
        )
        done, total = min(number * BATCH, len(sittings)), len(sittings)
        return str(_("Đã xong %(done)s trong %(total)s bài", done=show_number(done), total=show_number(total)))

    def finish(self, job: Job) -> dict[str, Any]:
        """One entry for all of it; the page of late answers says the rest."""
        count = self._record(job)
        job.message = str(_("Đã lập kết quả mới cho %(count)s bài", count=show_number(count)))
        public = self._round(job).public_id
        return {"url": f"/quan-tri/vong-thi/{public}/bai-den-muon", "label": str(_("Xem các bài đến muộn"))}

    def cancelled(self, job: Job) -> None:
        """What was done so far stands, and is told."""
        self._record(job)

    def failed(self, job: Job) -> None:
        """As when cancelled."""
        self._record(job)

    def _record(self, job: Job) -> int:
        """The audit entry, over the results that the job has made; how many."""
        if "at" not in job.arguments:
            return 0
        made = _results_made(self._round(job), set(job.arguments["sittings"]), from_microseconds(job.arguments["at"]))
        if made:
            record(
                "late.counted" if job.arguments["counting"] else "late.uncounted",
                f"round:{self._round(job).public_id}",
                {
                    "reason": job.arguments["reason"],
                    "count": len(made),
                    "answers": sum(one.answers for one in made),
                    "digest": merkle_root([one.leaf() for one in made]),
                },
            )
        return len(made)

    def _round(self, job: Job) -> Round:
        return db.session.get_one(Round, job.arguments["round"])


def _results_made(round_: Round, of: Set[int], at: datetime) -> list[Decided]:
    """The versions of results of ``round_`` that were made at ``at`` for the sittings ``of``, with the late answers that count
    in each."""
    counted = (
        select(ApartRow.sitting_id, func.count().label("answers"))
        .where(ApartRow.counted_at == at)
        .group_by(ApartRow.sitting_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Sitting.id, Sitting.public_id, Result, func.coalesce(counted.c.answers, 0))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .outerjoin(counted, counted.c.sitting_id == Result.sitting_id)
        .where(Sitting.round_id == round_.id, Result.created_at == at, Result.number > 1)
        .order_by(Sitting.id)
    )
    return [
        Decided(public, r.number, answers, None if r.score is None else format(r.score, "f"), r.seconds_used, r.receipt)
        for number, public, r, answers in rows
        if number in of
    ]
