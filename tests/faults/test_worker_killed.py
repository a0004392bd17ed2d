"""The worker dies in the middle of a job, by kill -9; the next one goes on at the step that was not finished."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT, Settings
from core.database import db, unit_of_work
from core.jobs import Job, enqueue, register
from core.jobs.service import request_cancel
from tests.core.jobs.kinds_for_tests import Counting, happenings, steps_recorded

pytestmark = pytest.mark.faults

#: Seconds after which a worker that says nothing is taken for dead; then its lines end and the test fails.
PATIENCE = 60


class Worker:
    """A worker process and what it says."""

    def __init__(self, settings: Settings, hang: str = "", at: int = 0) -> None:
        program = ROOT / "tests" / "faults" / "counting_worker.py"
        self.process = subprocess.Popen(
            [sys.executable, str(program), str(settings.instance), settings.database_url, hang, str(at)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._guard = threading.Timer(PATIENCE, self.process.kill)
        self._guard.start()

    def read_until(self, *wanted: str) -> list[str]:
        """Everything said until all of ``wanted`` has been."""
        assert self.process.stdout is not None
        for said in self.process.stdout:
            self.lines.append(said.strip())
            if set(wanted) <= set(self.lines):
                return self.lines
        raise AssertionError(f"the worker ended without saying {wanted}: {self.lines}")

    def end(self, by: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(by)
        code = self.process.wait(PATIENCE)
        self._guard.cancel()
        assert self.process.stdout is not None
        self.lines += [line.strip() for line in self.process.stdout]
        self.process.stdout.close()
        return code


@pytest.fixture
def workers() -> Iterator[Callable[..., Worker]]:
    """Starts workers over an app's database; none outlives the test."""
    started: list[Worker] = []
    register(Counting())

    def start(app: Flask, hang: str = "", at: int = 0) -> Worker:
        started.append(Worker(app.config["SETTINGS"], hang, at))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.end(signal.SIGKILL)


def ask(steps: int) -> int:
    with unit_of_work():
        return enqueue("test.count", {"steps": steps}, title="Đếm", unit_path="/1/").id


def fresh(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


@pytest.mark.parametrize(
    ("hang", "marked", "repeated"),
    [
        pytest.param("inside", 2, True, id="before its commit: the step is done again"),
        pytest.param("after-commit", 3, False, id="after its commit: the step is not done again"),
    ],
)
def test_a_killed_worker_is_taken_over_from(
    app: Flask, workers: Callable[..., Worker], hang: str, marked: int, repeated: bool
) -> None:
    job_id = ask(steps=5)
    first = workers(app, hang, 3)
    first.read_until("hanging")
    assert first.lines == ["step 1", "step 2", "step 3", "hanging"]
    first.end(signal.SIGKILL)
    assert (fresh(job_id).state, fresh(job_id).steps_done) == ("running", marked)

    second = workers(app)
    second.read_until("finished")
    assert second.lines == [*(["step 3"] if repeated else []), "step 4", "step 5", "finished"]
    assert second.end(signal.SIGTERM) == 0
    job = fresh(job_id)
    assert (job.state, job.steps_done, job.message) == ("done", 5, "Đã đếm 5")
    assert steps_recorded() == [1, 2, 3, 4, 5]
    assert happenings() == ["plan", "finish"]


def test_a_job_goes_on_although_the_library_lost_its_tables(
    sqlite_app: Flask, workers: Callable[..., Worker]
) -> None:
    job_id = ask(steps=3)
    first = workers(sqlite_app, "after-commit", 2)
    first.read_until("hanging")
    first.end(signal.SIGKILL)
    for path in Path(sqlite_app.config["SETTINGS"].instance).glob("jobs.sqlite*"):
        path.unlink()
    second = workers(sqlite_app)
    assert second.read_until("finished") == ["step 3", "finished"]
    second.end(signal.SIGTERM)
    assert fresh(job_id).state == "done"
    assert steps_recorded() == [1, 2, 3]


def test_told_to_end_the_worker_lets_its_step_end_and_leaves_the_rest(
    sqlite_app: Flask, workers: Callable[..., Worker]
) -> None:
    long = ask(steps=400)
    first = workers(sqlite_app)
    first.read_until("step 2")
    assert first.end(signal.SIGTERM) == 0
    done = fresh(long).steps_done
    assert 2 <= done < 400
    assert fresh(long).state == "running"
    assert steps_recorded() == list(range(1, done + 1))

    with unit_of_work():
        request_cancel(db.session.get_one(Job, long))
    follower = ask(steps=1)
    second = workers(sqlite_app)
    second.read_until("cancelled", "finished")
    second.end(signal.SIGTERM)
    assert (fresh(long).state, fresh(follower).state) == ("cancelled", "done")


def test_the_library_keeps_its_file_to_itself(sqlite_app: Flask, workers: Callable[..., Worker]) -> None:
    ask(steps=1)
    worker = workers(sqlite_app)
    worker.read_until("finished")
    worker.end(signal.SIGTERM)
    file = Path(sqlite_app.config["SETTINGS"].instance) / "jobs.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600
