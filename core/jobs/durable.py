"""Jobs as durable workflows: the only module that knows the library (DBOS), and only the worker imports it.

The library remembers in tables of its own which steps of a workflow have ended; after a crash it goes on at the first
one that has not. Its tables commit apart from ours, so a step may come twice: our own mark, in the step's unit of work
(``running``), decides. On SQLite its tables lie in ``jobs.sqlite`` beside our database, so that its bookkeeping never
waits for our write lock; on PostgreSQL in a schema of their own in our database, so that one backup holds both.
"""

from __future__ import annotations

import itertools
import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from dbos import DBOS, DBOSConfig, SetWorkflowID
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.exc import DBAPIError, OperationalError

from config import Settings
from core.database import db
from core.jobs import running
from core.jobs.models import Job

log = logging.getLogger(__name__)

Result = TypeVar("Result")

#: Seconds before a step that met a busy or lost database is tried again; after the last the job fails.
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0)
#: A job that was begun anew so often takes the worker down with it, and is given up.
MAX_RECOVERIES = 20
#: How long the library remembers workflows that have ended.
REMEMBERED = timedelta(days=30)

#: The workflow below has the same steps in the same order in every version of the platform with this number; a worker
#: takes up only workflows of its own number.
_VERSION = "1"
_TABLES_SCHEMA = "dbos"


class Interrupted(BaseException):
    """The worker is ending: leave the workflow where it is. No Exception, or the library would record a failure."""


@dataclass
class _Host:
    """What the workflows of this process need."""

    app: Flask
    stopping: threading.Event
    broken: threading.Event
    active: set[str] = field(default_factory=set)
    idle: threading.Condition = field(default_factory=threading.Condition)


_host: _Host | None = None


def _this_host() -> _Host:
    if _host is None:
        raise Interrupted
    return _host


def transient(error: Exception) -> bool:
    """True for a database that is busy or out of reach: trying again later may help."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    return state in {"40001", "40P01", "55P03", "57P01", "57P03"} or (
        isinstance(error, OperationalError) and state is None
    )


def _carefully(public_id: str, work: Callable[[int], Result], otherwise: Result) -> Result:
    """``work`` on the job in a fresh app context: what passes is waited for, what does not closes the job."""
    host = _this_host()
    for pause in itertools.chain(PAUSES, (None,)):
        if host.stopping.is_set():
            raise Interrupted
        try:
            with host.app.app_context():
                job_id = db.session.scalar(select(Job.id).where(Job.public_id == public_id))
                return otherwise if job_id is None else work(job_id)
        except Exception as error:
            if transient(error) and pause is not None:
                log.warning("job %s waits %s s for the database: %s", public_id, pause, error)
                host.stopping.wait(pause)
                continue
            _give_up(host, public_id, error)
            return otherwise
    return otherwise


def _give_up(host: _Host, public_id: str, error: Exception) -> None:
    try:
        with host.app.app_context():
            job_id = db.session.scalar(select(Job.id).where(Job.public_id == public_id))
            if job_id is not None:
                running.fail(job_id, error)
    except Exception:
        # Not even that can be written down. The workflow stays open, and the worker ends to be started again.
        log.exception("job %s cannot be closed", public_id)
        host.broken.set()
        raise Interrupted from error


@DBOS.step(name="plan")
def _plan(public_id: str) -> int:
    """The number of steps, -1 when the job is over."""
    total = _carefully(public_id, running.begin, None)
    return -1 if total is None else total


@DBOS.step(name="step")
def _step(public_id: str, number: int) -> bool:
    return _carefully(public_id, lambda job_id: running.perform(job_id, number), False)


@DBOS.step(name="finish")
def _finish(public_id: str) -> None:
    _carefully(public_id, running.finish, None)


@DBOS.workflow(name="job", max_recovery_attempts=MAX_RECOVERIES)
def _job(public_id: str) -> None:
    host = _this_host()
    with host.idle:
        host.active.add(public_id)
    try:
        total = _plan(public_id)
        if total >= 0 and all(_step(public_id, number) for number in range(1, total + 1)):
            _finish(public_id)
    finally:
        with host.idle:
            host.active.discard(public_id)
            host.idle.notify_all()


class DurableJobs:
    """The library, launched for ``app`` in this process: at most one at a time."""

    def __init__(self, app: Flask, stopping: threading.Event) -> None:
        self._app = app
        self._stopping = stopping
        self.broken = threading.Event()

    def launch(self) -> None:
        """Open the library's tables (made at the first start) and take up what was left unfinished."""
        global _host
        _host = _Host(self._app, self._stopping, self.broken)
        DBOS(config=_configuration(self._app.config["SETTINGS"]))
        DBOS.launch()

    def start(self, public_id: str) -> None:
        """Start the job's workflow; one that has been started already is left as it is."""
        with SetWorkflowID(public_id):
            DBOS.start_workflow(_job, public_id)

    def restart_lost(self, public_id: str) -> None:
        """See to it that an unfinished job has a workflow: it may have been lost with its tables, or given up."""
        status = DBOS.get_workflow_status(public_id)
        if status is not None and status.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
            _give_up(_this_host(), public_id, RuntimeError(f"begun anew {MAX_RECOVERIES} times"))
        elif status is None or status.status in {"SUCCESS", "ERROR", "CANCELLED"}:
            if status is not None:
                DBOS.delete_workflow(public_id)
            self.start(public_id)

    def forget_old(self) -> None:
        """Drop the library's record of workflows that ended long ago (the jobs themselves stay)."""
        before = (datetime.now(UTC) - REMEMBERED).isoformat()
        old = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], end_time=before, limit=1000, load_input=False, load_output=False
        )
        if old:
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])

    def drain(self, seconds: float) -> bool:
        """Wait until no job is in a step (``stopping`` is set by now); False when ``seconds`` were not enough."""
        host = _this_host()
        with host.idle:
            return host.idle.wait_for(lambda: not host.active, seconds)

    def close(self) -> None:
        """Let go of the library; unfinished workflows stay open for the next worker."""
        global _host
        DBOS.destroy()
        _host = None


def _configuration(settings: Settings) -> DBOSConfig:
    """No telemetry, no console of its own, nothing listening, nobody called."""
    configuration: DBOSConfig = {
        "name": "hoithi",
        "application_version": _VERSION,
        "executor_id": "worker",
        "log_level": "WARNING",
        "enable_otlp": False,
        "use_listen_notify": False,
        "max_executor_threads": 8,
        "scheduler_polling_interval_sec": 3600.0,
        "notification_listener_polling_interval_sec": 1.0,
        "dbos_system_schema": _TABLES_SCHEMA,
    }
    url = settings.sqlalchemy_url
    if url.startswith("sqlite"):
        configuration["system_database_url"] = f"sqlite:///{_private_file(settings.instance / 'jobs.sqlite')}"
    else:
        configuration["system_database_engine"] = create_engine(
            url, pool_size=3, max_overflow=5, pool_pre_ping=True
        )
    return configuration


def _private_file(path: Path) -> Path:
    """The library's file: readable by its owner only, and in WAL (a commit costs less)."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
    return path
