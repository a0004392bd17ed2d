"""The worker is killed with -9 in the middle of an import of people: the next one goes on, everybody is there once, and
nobody was seen before all were."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from core.accounts.importing import batches
from core.accounts.importing.models import ImportBatch
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.jobs.models import Job
from tests.world import make_world

pytestmark = pytest.mark.faults

PEOPLE = 6_000
PATIENCE = 120


def workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Thí sinh")
        sheet.write_row(0, 0, ["Họ và tên", "Đơn vị", "Ngày sinh"])
        for row in range(1, PEOPLE + 1):
            unit = "Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì" if row % 2 else "Chi bộ Trạm Y tế, Xã Hát Môn, Huyện Phúc Thọ"
            sheet.write_row(row, 0, [f"Nguyễn Văn Thứ {row}", unit, f"{row % 28 + 1:02}/{row % 12 + 1:02}/{1950 + row % 40}"])
    return target.getvalue()


@pytest.fixture
def start_worker(sqlite_app: Flask) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts the program's own worker over the app's database; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        environment = {**os.environ, "HOITHI_INSTANCE": str(sqlite_app.config["SETTINGS"].instance)}
        started.append(subprocess.Popen([sys.executable, str(ROOT / "run.py"), "worker"], env=environment))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(condition: Callable[[], bool]) -> None:
    """Look every 5 ms until ``condition`` holds; fails after PATIENCE seconds."""
    pause = threading.Event()
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        pause.wait(0.005)
        db.session.rollback()


def state_of(batch_id: int) -> str:
    return str(db.session.scalar(select(ImportBatch.state).where(ImportBatch.id == batch_id)))


def people(*, visible: bool) -> int:
    return db.session.scalar(select(func.count()).select_from(Person).where(Person.visible.is_(visible))) or 0


def test_everybody_is_there_once_after_a_kill_in_mid_import(
    sqlite_app: Flask, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    make_world()
    token = batches.receive(io.BytesIO(workbook()))
    with unit_of_work():
        batch_id = batches.open_batch(None, token, "sáu nghìn.xlsx").id
    worker = start_worker()
    until(lambda: state_of(batch_id) == "ready")
    with unit_of_work():
        batches.bring_in(db.session.get_one(ImportBatch, batch_id))
    job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
    assert job is not None
    until(lambda: people(visible=False) > 0)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    db.session.rollback()
    done = people(visible=False)
    assert 0 < done < PEOPLE
    assert people(visible=True) == 0

    start_worker()
    until(lambda: state_of(batch_id) == "done")
    assert (people(visible=True), people(visible=False)) == (PEOPLE, 0)
    names = db.session.scalar(select(func.count(func.distinct(Person.folded))))
    assert names == PEOPLE
