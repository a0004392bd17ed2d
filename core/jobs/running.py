"""Carrying out one job: plan, steps, finish, each in a unit of work together with the mark that it has been done.

Whoever carries out (the worker, or a test in its own process) may call the same thing twice, or be killed between any
two lines: a step whose mark is there is not done again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from flask_babel import gettext as _
from sqlalchemy import select

from core.access import Actor
from core.database import db, unit_of_work
from core.database.server_time import now
from core.jobs.kinds import JobError, JobKind, kind_of
from core.jobs.models import Job
from core.jobs.service import OVER

log = logging.getLogger(__name__)


@contextmanager
def _acting_for(job: Job) -> Iterator[None]:
    """Inside, who acts (for the audit chain) is who asked for the job; without any grant of theirs."""
    before = g.get("actor")
    g.actor = Actor(job.account_id, job.actor_label)
    try:
        yield
    finally:
        if before is None:
            g.pop("actor", None)
        else:
            g.actor = before
        g.pop("job_prepared", None)


def _kind(job: Job) -> JobKind:
    try:
        return kind_of(job.kind)
    except KeyError:
        raise JobError(_("Phiên bản phần mềm đang chạy không biết loại công việc này.")) from None


def _locked(job_id: int) -> Job:
    """The row, fresh and locked until the end of the unit of work."""
    return db.session.get_one(Job, job_id, with_for_update=True, populate_existing=True)


def _prepare(job_id: int, number: int) -> None:
    """Run the kind's slow work for ``number`` outside of any unit of work, unless the step has been done."""
    job = db.session.get_one(Job, job_id, populate_existing=True)
    done = job.steps_total is not None if number == 0 else job.steps_done >= number
    if job.state in OVER or job.cancel_requested or done:
        return
    g.job_prepared = _kind(job).prepare(job, number)


def _stop_if_asked(job: Job) -> bool:
    """Turns a job that somebody has cancelled into a cancelled one."""
    if not job.cancel_requested:
        return False
    _kind(job).cancelled(job)
    job.state = "cancelled"
    job.finished_at = now()
    return True


def begin(job_id: int) -> int | None:
    """Plan the job; the number of its steps, or None when it is over."""
    with _acting_for(db.session.get_one(Job, job_id)):
        _prepare(job_id, 0)
        with unit_of_work():
            job = _locked(job_id)
            if job.state in OVER or _stop_if_asked(job):
                return None
            if job.dispatched_at is None:
                job.dispatched_at = now()
            if job.steps_total is None:
                job.steps_total = _kind(job).plan(job)
            job.state = "running"
            return job.steps_total


def perform(job_id: int, number: int) -> bool:
    """Do step ``number`` unless that has been done; False when the job is over."""
    with _acting_for(db.session.get_one(Job, job_id)):
        _prepare(job_id, number)
        with unit_of_work():
            job = _locked(job_id)
            if job.state in OVER:
                return False
            if job.steps_done >= number:
                return True
            if _stop_if_asked(job):
                return False
            message = _kind(job).step(job, number)
            job.steps_done = number
            if message is not None:
                job.message = message
            return True


def finish(job_id: int) -> None:
    """Close a job whose steps have all been done."""
    with _acting_for(db.session.get_one(Job, job_id)), unit_of_work():
        job = _locked(job_id)
        if job.state in OVER:
            return
        job.result = _kind(job).finish(job)
        job.state = "done"
        job.finished_at = now()


def fail(job_id: int, error: Exception) -> None:
    """Close a job that cannot go on: what the person reads is no traceback, and the log has all of it."""
    log.error("job %s failed", job_id, exc_info=error)
    with _acting_for(db.session.get_one(Job, job_id)):
        try:
            _close_failed(job_id, error, tidy=True)
        except Exception:
            log.exception("tidying up after job %s failed too", job_id)
            _close_failed(job_id, error, tidy=False)


def _close_failed(job_id: int, error: Exception, tidy: bool) -> None:
    with unit_of_work():
        job = _locked(job_id)
        if job.state in OVER:
            return
        try:
            kind = _kind(job)
        except JobError as unknown:
            job.message = str(unknown)
        else:
            if tidy:
                kind.failed(job)
            job.message = kind.explain(job, error)
        job.state = "failed"
        job.finished_at = now()


def run_now(job_id: int) -> Job:
    """Carry out a job to its end in this process (tests, commands) and return it.

    Does not raise what a step raises: the job's ``state`` and ``message`` say how it went.
    """
    try:
        total = begin(job_id)
        if total is not None and all(perform(job_id, number) for number in range(1, total + 1)):
            finish(job_id)
    except Exception as error:
        db.session.rollback()
        fail(job_id, error)
    return db.session.execute(
        select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
    ).scalar_one()
