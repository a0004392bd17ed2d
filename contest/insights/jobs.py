"""The job that makes a round's statistics: everything is read and reckoned first, without a lock; the rows are stored some
hundreds at a time; the last act makes them the current ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from contest.insights.gathering import Gathered, gather, items_of
from contest.rounds.models import Round
from contest.standings.counting import source_of
from core.database import db, table_of, unit_of_work
from core.database.server_time import now
from core.jobs import Job, JobError, JobKind, enqueue, prepared
from core.jobs.service import OVER
from core.web.filters import show_number
from questions.statistics.incomplete import HeldItem, Papers, analyse_held
from questions.statistics.models import Analysis, ItemStatistic
from questions.statistics.stored import current_analysis, replace_current, row_of

KIND = "insights.statistics"

#: Rows stored in one unit of work.
CHUNK = 200

#: Rounds closed longer ago than this are no longer looked at; a failed job is tried again after an hour.
LOOKED_AT, RETRIED_AFTER = timedelta(days=120), timedelta(hours=1)


@dataclass(frozen=True)
class _Made:
    """The figures and what they were made from."""

    rows: list[dict[str, Any]]
    papers: Papers
    void: int
    left_out: int
    source: str


def occasion_of(round_: Round) -> str:
    """The name under which the round's statistics are kept."""
    return f"round:{round_.public_id}"


def source_for(round_: Round) -> str:
    """Another text as soon as results of the round count differently or a key of its pool was corrected."""
    return f"{source_of(round_)} p{round_.pool_revision}"


class MakeStatistics(JobKind):
    """Arguments: ``round`` (id); ``analysis`` (id) once it has been planned."""

    name = KIND

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}
        self._lock = Lock()

    def prepare(self, job: Job, number: int) -> _Made:
        """The figures: reckoned once a process; after a crash they must come from the same results."""
        with self._lock:
            made = self._made.get(job.id)
        if made is None:
            made = _make(_round_of(job))
            with self._lock:
                self._made.clear()
                self._made[job.id] = made
        if number > 0 and made.source != _analysis_of(job).source:
            raise JobError(_changed())
        if number == job.steps_total and source_for(_round_of(job)) != made.source:
            raise JobError(_changed())
        return made

    def plan(self, job: Job) -> int:
        """A step for each chunk of questions; nobody sees the analysis yet."""
        made: _Made = prepared()
        round_, papers = _round_of(job), made.papers
        analysis = Analysis(
            occasion=occasion_of(round_), title=f"{round_.name} · {round_.contest.name}"[:330],
            held_at=round_.closed_at or now(), source=made.source, made_at=now(), people=papers.people,
            items=papers.items, per_paper=papers.per_paper, mean=papers.mean, sd=papers.sd, alpha=papers.alpha,
            sem=papers.sem, details={"totals": papers.totals, "void": made.void, "left_out": made.left_out},
        )  # fmt: skip
        db.session.add(analysis)
        db.session.flush()
        job.arguments = {**job.arguments, "analysis": analysis.id}
        return math.ceil(len(made.rows) / CHUNK)

    def step(self, job: Job, number: int) -> str:
        """Store one chunk."""
        made: _Made = prepared()
        number_of = job.arguments["analysis"]
        chunk = made.rows[(number - 1) * CHUNK : number * CHUNK]
        db.session.execute(insert(table_of(ItemStatistic)), [{"analysis_id": number_of, **row} for row in chunk])
        done = min(number * CHUNK, len(made.rows))
        return str(_("Đã lưu %(done)s trong %(count)s câu", done=show_number(done), count=show_number(len(made.rows))))

    def finish(self, job: Job) -> dict[str, Any]:
        """The statistics are complete."""
        replace_current(_analysis_of(job))
        self._forget(job)
        job.message = str(_("Đã tính xong"))
        return {
            "url": f"/quan-tri/vong-thi/{_round_of(job).public_id}/thong-ke",
            "label": str(_("Xem thống kê")),
        }

    def cancelled(self, job: Job) -> None:
        """What was stored is never seen; the worker sweeps it away."""
        self._discard(job)

    def failed(self, job: Job) -> None:
        """As when cancelled."""
        self._discard(job)

    def _discard(self, job: Job) -> None:
        self._forget(job)
        number = job.arguments.get("analysis")
        analysis = db.session.get(Analysis, number) if number else None
        if analysis is not None and analysis.state == "preparing":
            analysis.state = "discarded"

    def _forget(self, job: Job) -> None:
        with self._lock:
            self._made.pop(job.id, None)


def _round_of(job: Job) -> Round:
    return db.session.get_one(Round, job.arguments["round"])


def _analysis_of(job: Job) -> Analysis:
    return db.session.get_one(Analysis, job.arguments["analysis"])


def _changed() -> str:
    return str(_("Kết quả thi vừa thay đổi trong lúc tính. Hệ thống sẽ tự tính lại."))


def _make(round_: Round) -> _Made:
    if round_.state != "closed":
        raise JobError(_("Vòng thi chưa kết thúc hẳn nên chưa tính thống kê được."))
    round_id, source = round_.id, source_for(round_)
    db.session.rollback()  # no snapshot is held while everything is read and reckoned
    gathered = gather(db.engine, round_id)
    with db.engine.connect() as connection:
        items = items_of(connection, round_id, list(gathered.versions))
    found, papers = analyse_held(gathered.table, items)
    return _Made(_rows(gathered, found), papers, len(gathered.void), gathered.left_out, source)


def _rows(gathered: Gathered, found: list[HeldItem]) -> list[dict[str, Any]]:
    """Each version's row; questions are numbered in the order in which they were written."""
    return [
        row_of(found[number], version, position, gathered.seconds(number), len(gathered.times[number]))
        for position, (version, number) in enumerate(sorted(gathered.versions.items()), 1)
    ]


def ask_for_statistics(round_: Round) -> Job:
    """Ask, inside a unit of work, that the round's statistics be made."""
    return enqueue(
        KIND,
        {"round": round_.id},
        title=_("Tính thống kê câu hỏi: %(round)s, %(contest)s", round=round_.name, contest=round_.contest.name),
        unit_path=round_.contest.unit.path,
    )


def ask_where_due() -> list[int]:
    """Ask for statistics of every closed round that has none, or none of its present results; their ids. The worker calls
    it every two minutes."""
    db.session.rollback()
    closed = select(Round).where(Round.state == "closed", Round.closed_at > now() - LOOKED_AT).order_by(Round.closed_at)
    due = [round_ for round_ in db.session.scalars(closed).all() if _is_due(round_)]
    numbers = [round_.id for round_ in due]
    for number in numbers:
        with unit_of_work() as session:
            ask_for_statistics(session.get_one(Round, number))
    return numbers


def running_job(round_: Round) -> Job | None:
    """The job that is making the round's statistics now, if any."""
    jobs = db.session.scalars(select(Job).where(Job.kind == KIND, Job.state.not_in(OVER)))
    return next((job for job in jobs if job.arguments["round"] == round_.id), None)


def _is_due(round_: Round) -> bool:
    current = current_analysis(occasion_of(round_))
    if (current is not None and current.source == source_for(round_)) or running_job(round_) is not None:
        return False
    failed = select(Job).where(Job.kind == KIND, Job.state.in_(("failed", "cancelled")))
    recent = db.session.scalars(failed.where(Job.finished_at > now() - RETRIED_AFTER))
    return all(job.arguments["round"] != round_.id for job in recent)
