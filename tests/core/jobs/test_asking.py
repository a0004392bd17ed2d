"""A job is asked for in a unit of work; the worker finds it there and hands it over once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from core.jobs import Job, enqueue, run_now
from core.jobs.service import find
from core.jobs.worker import AT_ONCE, dispatch, under_way


class Started(list[str]):
    """Stands for the workflow library."""

    def start(self, public_id: str) -> None:
        self.append(public_id)


def ask(count: int = 1) -> list[str]:
    with unit_of_work():
        return [
            enqueue("test.count", {"steps": 1}, title="Đếm", unit_path="/1/").public_id for _ in range(count)
        ]


def test_a_job_falls_with_the_unit_of_work_that_asked(app: Flask) -> None:
    with pytest.raises(LookupError), unit_of_work():
        enqueue("test.count", {"steps": 1}, title="Đếm", unit_path="/1/")
        raise LookupError
    assert db.session.scalar(select(func.count(Job.id))) == 0


def test_nobody_asks_outside_a_unit_of_work(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        enqueue("test.count", {}, title="Đếm", unit_path="/1/")


def test_unknown_kinds_are_refused_at_once(app: Flask) -> None:
    with pytest.raises(KeyError), unit_of_work():
        enqueue("no.such", {}, title="Đếm", unit_path="/1/")


def test_waiting_jobs_are_handed_over_once_and_in_order(app: Flask, clock: ManualClock) -> None:
    asked = ask(2)
    started = Started()
    assert dispatch(started) == 2
    assert started == asked
    assert dispatch(started) == 0
    job = find(asked[0])
    assert job is not None and job.dispatched_at == clock.now()
    assert under_way() == asked


def test_only_a_few_jobs_are_under_way_at_once(app: Flask) -> None:
    asked = ask(AT_ONCE + 2)
    started = Started()
    dispatch(started)
    assert started == asked[:AT_ONCE]
    first = find(asked[0])
    assert first is not None
    run_now(first.id)
    dispatch(started)
    assert started == asked[: AT_ONCE + 1]


def test_a_start_that_fails_leaves_the_job_waiting(app: Flask) -> None:
    class Broken:
        def start(self, public_id: str) -> None:
            raise ConnectionError

    asked = ask()
    with pytest.raises(ConnectionError):
        dispatch(Broken())
    started = Started()
    dispatch(started)
    assert started == asked


def test_the_web_process_never_loads_the_workflow_library(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from config import Settings\n"
        "from run import create_app\n"
        f"create_app(Settings(instance=Path({str(tmp_path)!r})))\n"
        "import core.jobs.worker\n"
        "sys.exit('dbos' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
