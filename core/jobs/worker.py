"""The job worker: a process that hands waiting jobs to durable workflows and runs what is to be done periodically.

A Job row is its own outbox entry: written in the unit of work that asked for it, found here, started under its public
id, and only then marked as handed over. Dying between the last two starts it again, which changes nothing.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from flask import Flask
from sqlalchemy import select, update

from core.database import db, unit_of_work
from core.database.server_time import now
from core.jobs import periodic
from core.jobs.models import Job
from core.jobs.single import single_lock

if TYPE_CHECKING:
    from core.jobs.durable import DurableJobs

log = logging.getLogger("hoithi.worker")

#: Seconds between two looks for waiting jobs.
POLL = 0.3
#: Jobs under way at once: one long import must not keep a small job waiting, and more would only share one writer.
AT_ONCE = 3
#: Every so many seconds jobs under way are checked for a workflow behind them.
CHECK = 30.0
#: Seconds that steps get to end when the worker is told to.
DRAIN = 20.0


class Starter(Protocol):
    """What the worker asks of the library."""

    def start(self, public_id: str) -> None:
        """Start the workflow of a job, once."""


def dispatch(starter: Starter) -> int:
    """Start workflows for waiting jobs while there is room; returns how many. Needs an app context."""
    rows = db.session.execute(
        select(Job.id, Job.public_id, Job.dispatched_at)
        .where(Job.state.in_(("waiting", "running")))
        .order_by(Job.id)
    ).all()
    db.session.rollback()
    room = AT_ONCE - sum(row.dispatched_at is not None for row in rows)
    chosen = [row for row in rows if row.dispatched_at is None][: max(room, 0)]
    for row in chosen:
        starter.start(row.public_id)
    if chosen:
        with unit_of_work() as session:
            session.execute(
                update(Job)
                .where(Job.id.in_([row.id for row in chosen]), Job.dispatched_at.is_(None))
                .values(dispatched_at=now())
            )
    return len(chosen)


def under_way() -> list[str]:
    """Public ids of jobs that were handed over and are not over. Needs an app context."""
    found = db.session.scalars(
        select(Job.public_id).where(
            Job.state.in_(("waiting", "running")), Job.dispatched_at.is_not(None)
        )
    ).all()
    db.session.rollback()
    return list(found)


def main(app: Flask) -> int:
    """Run the worker until SIGTERM or SIGINT, which let steps under way end; returns the exit code."""
    stopping = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return run(app, stopping)


def run(app: Flask, stopping: threading.Event) -> int:
    """The worker's life until ``stopping`` is set; 1 when it cannot go on and should be started anew."""
    from core.jobs.durable import DurableJobs

    with app.app_context():
        lock = single_lock(db.engine, app.config["SETTINGS"].instance)
    threads = periodic.start(app, stopping, on_every_machine=True)
    try:
        while not lock.take():
            if stopping.wait(1.0):
                return 0
        durable = DurableJobs(app, stopping)
        durable.launch()
        threads += periodic.start(app, stopping)
        try:
            code = _serve(app, durable, lock.held, stopping)
        finally:
            stopping.set()
            if not durable.drain(DRAIN):
                log.warning("a step did not end within %s s; it will be repeated", DRAIN)
            for thread in threads:
                thread.join(5.0)
            durable.close()
        return code
    finally:
        lock.release()


def _serve(app: Flask, durable: DurableJobs, lock_is_held: Callable[[], bool], stopping: threading.Event) -> int:
    """Poll until told to stop. What fails in one round is logged and tried again in the next."""
    next_check = 0.0
    while not stopping.wait(POLL):
        if durable.broken.is_set() or not lock_is_held():
            log.error("the worker cannot go on and ends, to be started again")
            return 1
        try:
            with app.app_context():
                dispatch(durable)
                if time.monotonic() >= next_check:
                    for public_id in under_way():
                        durable.restart_lost(public_id)
                    durable.forget_old()
                    next_check = time.monotonic() + CHECK
        except Exception:
            log.exception("looking for waiting jobs failed")
    return 0
