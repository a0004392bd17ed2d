"""What processes remember of sittings: two of them on one database, on both engines; no heartbeat asks a table twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import event, func, insert, select, update
from werkzeug.test import Client, TestResponse

from contest.rounds.models import Round, RoundNotice, Window
from contest.sittings.control import Remembered, announce, sweep
from contest.sittings.hot_apps import PREFIX, hot_apps
from contest.sittings.models import ControlRow, Sitting
from contest.sittings.service import seats_of, take_over
from contest.sittings.standing import SittingState, read_states
from core.accounts.contestants import DEVICE_COOKIE, hash_of_device
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.database.writer import GroupCommitWriter
from tests.starts import start_sitting, token_for
from tests.world import Opened, open_district_round

DEVICE = "d" * 43
DAY = timedelta(days=1)


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


class Process:
    """The hot path of a web process, and a phone that asks it; it looks for announcements every ``refresh`` seconds."""

    def __init__(self, refresh: float) -> None:
        self.writer = GroupCommitWriter(db.engine)
        full = current_app._get_current_object()
        app = hot_apps(full, db.engine, self.writer, full.extensions["keys"], refresh)[PREFIX]
        self.remembered: Remembered = app.extensions["hot_path"].remembered
        self.client = Client(app)
        self.client.set_cookie(DEVICE_COOKIE, DEVICE)

    def ask(self, sitting: Sitting, path: str = "/nhip", body: Any = None) -> TestResponse:
        token = token_for(sitting, hash_of_device(DEVICE))
        return self.client.post(path, json=body or {}, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def processes(opened: Opened) -> Iterator[list[Process]]:
    """Two web processes that look before every answer, whatever the clock says."""
    made = [Process(0.0), Process(0.0)]
    yield made
    for one in made:
        one.writer.close()


@pytest.fixture
def sitting(opened: Opened) -> Sitting:
    started = start_sitting(seats_of(opened.people[0])[0], hash_of_device(DEVICE))
    return db.session.get_one(Sitting, started.sitting_id, populate_existing=True)


def answers(processes: list[Process], sitting: Sitting, name: str) -> list[Any]:
    db.session.rollback()
    return [one.ask(sitting).get_json()[name] for one in processes]


def test_a_heartbeat_is_answered_from_memory(opened: Opened, sitting: Sitting) -> None:
    process = Process(3600.0)
    process.ask(sitting)
    token = token_for(sitting, hash_of_device(DEVICE))
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    for _time in range(5):
        answer = process.client.post("/nhip", headers={"Authorization": f"Bearer {token}"})
        assert answer.get_json()["state"] == "open"
    process.writer.close()
    assert not [text for text in asked if text.startswith("SELECT")]


def test_a_save_tells_the_process_how_its_sitting_stands(sitting: Sitting) -> None:
    process = Process(3600.0)
    body = process.ask(sitting, "/luu", {"rows": [{"n": 1, "k": "answer", "i": 0, "p": [1]}]}).get_json()
    process.writer.close()
    kept = process.remembered._states[sitting.id]
    assert (kept.deadline, kept.epoch, body["paused"]) == (sitting.deadline, 1, False)


def test_extra_time_reaches_the_heartbeats_of_every_process(processes: list[Process], sitting: Sitting) -> None:
    before = answers(processes, sitting, "deadline")
    with unit_of_work() as session:
        later = sitting.deadline + timedelta(minutes=5)
        session.execute(update(Sitting).where(Sitting.id == sitting.id).values(deadline=later, extra_seconds=300))
        announce(session.connection(), at=now(), sittings=[sitting.id])
    assert answers(processes, sitting, "deadline") == [moment + 300_000 for moment in before]


def test_a_pause_and_its_end_reach_everybody_in_the_window(
    processes: list[Process], opened: Opened, sitting: Sitting, clock: ManualClock
) -> None:
    assert answers(processes, sitting, "paused") == [False, False]
    for at, expected in ((now(), True), (None, False)):
        clock.advance(1)
        with unit_of_work() as session:
            session.execute(update(Window).where(Window.id == sitting.window_id).values(paused_at=at))
            announce(session.connection(), at=now(), window=sitting.window_id)
        assert answers(processes, sitting, "paused") == [expected, expected]
        saved = processes[0].ask(sitting, "/luu", {"rows": [{"n": 1, "k": "answer", "i": 0, "p": [1]}]})
        assert (saved.get_json()["cause"], saved.get_json()["paused"]) == ("paused" if expected else None, expected)


def test_a_message_reaches_the_round_and_can_be_read(processes: list[Process], opened: Opened, sitting: Sitting) -> None:
    assert answers(processes, sitting, "notice") == [0, 0]
    with unit_of_work() as session:
        for number in (1, 2):
            body = {"title": f"Thông báo {number}", "text": "Thời gian làm bài được kéo dài."}
            session.add(RoundNotice(round_id=sitting.round_id, number=number, kind="message", body=body, at=now()))
        session.execute(update(Round).where(Round.id == sitting.round_id).values(notice_number=2))
        announce(session.connection(), at=now(), round_=sitting.round_id)
    assert answers(processes, sitting, "notice") == [2, 2]
    bearer = {"Authorization": f"Bearer {token_for(sitting, hash_of_device(DEVICE))}"}
    told = processes[1].client.get("/tin?sau=1", headers=bearer).get_json()
    assert told == {
        "notices": [
            {
                "number": 2, "kind": "message", "title": "Thông báo 2", "text": "Thời gian làm bài được kéo dài.",
                "at": int(now().timestamp() * 1000),
            }
        ]
    }
    for odd in ("", "-1", "x", "9" * 30):
        assert processes[1].client.get(f"/tin?sau={odd}", headers=bearer).status_code == 200


def test_what_is_told_to_one_window_is_no_news_in_another(
    processes: list[Process], opened: Opened, sitting: Sitting
) -> None:
    own = opened.round.windows[0].public_id
    with unit_of_work() as session:
        for number, window in ((1, own), (2, "khac")):
            body = {"text": "Mất điện, xin chờ.", "window": window}
            session.add(RoundNotice(round_id=sitting.round_id, number=number, kind="pause", body=body, at=now()))
    bearer = {"Authorization": f"Bearer {token_for(sitting, hash_of_device(DEVICE))}"}
    told = processes[0].client.get("/tin?sau=0", headers=bearer).get_json()["notices"]
    assert [(notice["number"], notice["text"]) for notice in told] == [(1, "Mất điện, xin chờ."), (2, "")]


def test_a_take_over_and_a_submit_reach_the_other_process(processes: list[Process], opened: Opened, sitting: Sitting) -> None:
    assert answers(processes, sitting, "cause") == [None, None]
    assert processes[0].ask(sitting, "/nop").status_code == 200
    assert answers(processes, sitting, "cause") == ["ended", "ended"]
    started = start_sitting(seats_of(opened.people[1])[0], hash_of_device(DEVICE))
    second = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    assert answers(processes, second, "cause") == [None, None]
    token = token_for(second, hash_of_device(DEVICE))
    assert take_over(second, "another device")
    for one in processes:
        answer = one.client.post("/nhip", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.get_json()["cause"]) == (409, "other_device")


def test_memory_is_not_trusted_after_the_deadline(
    processes: list[Process], sitting: Sitting, clock: ManualClock
) -> None:
    assert answers(processes, sitting, "cause") == [None, None]
    clock.moment = sitting.deadline + timedelta(seconds=sitting.grace_seconds + 1)
    with unit_of_work() as session:  # as the worker does it: without a word
        session.execute(update(Sitting).where(Sitting.id == sitting.id).values(state="submitted"))
    assert answers(processes, sitting, "cause") == ["ended", "ended"]


def test_an_answer_that_is_older_than_an_announcement_is_not_remembered(opened: Opened, sitting: Sitting) -> None:
    memory = Remembered(db.engine, 0.0)
    memory.refresh()
    ticket = memory.ticket()
    with db.engine.connect() as connection:
        old = read_states(connection, [sitting.id])[sitting.id]
    with unit_of_work() as session:
        session.execute(update(Sitting).where(Sitting.id == sitting.id).values(epoch=2))
        announce(session.connection(), at=now(), sittings=[sitting.id])
    memory.refresh()
    memory.remember(old, ticket)
    found = memory.state_of(sitting.id, now())
    assert found is not None and found.epoch == 2


def test_a_row_that_commits_after_a_higher_one_is_read_all_the_same(app: Flask, opened: Opened, sitting: Sitting) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer: numbers are given in the order of commits")
    memory = Remembered(db.engine, 0.0)
    assert _notice(memory, sitting) == 0
    with db.engine.connect() as slow, slow.begin():
        slow.execute(update(Round).where(Round.id == sitting.round_id).values(notice_number=7))
        announce(slow, at=now(), round_=sitting.round_id)
        with db.engine.connect() as quick, quick.begin():
            announce(quick, at=now(), window=sitting.window_id)
        assert _notice(memory, sitting) == 0
    assert _notice(memory, sitting) == 7


def _notice(memory: Remembered, sitting: Sitting) -> int:
    found: SittingState | None = memory.state_of(sitting.id, now())
    assert found is not None
    return found.notice


def test_one_request_a_second_reads_what_was_announced(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Remembered(db.engine)
    read: list[float] = []
    at = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: at[0])
    monkeypatch.setattr(memory, "_read", read.append)
    for at[0] in (100.0, 100.5, 100.99, 101.0, 101.2, 109.0):
        memory.refresh()
    assert read == [100.0, 101.0, 109.0]


def test_who_finds_memory_too_old_waits_for_the_one_who_reads(opened: Opened, sitting: Sitting) -> None:
    memory = Remembered(db.engine)
    inside, go_on = threading.Event(), threading.Event()
    honest = memory._read

    def slow(moment: float) -> None:
        inside.set()
        assert go_on.wait(10)
        honest(moment)

    memory._read = slow  # type: ignore[method-assign]
    first, second = (threading.Thread(target=memory.refresh) for _ in range(2))
    first.start()
    assert inside.wait(10)
    second.start()
    second.join(0.05)
    assert second.is_alive()
    go_on.set()
    first.join(10)
    second.join(10)
    assert not second.is_alive()


def test_old_rows_are_swept_away(opened: Opened, sitting: Sitting, clock: ManualClock) -> None:
    with unit_of_work() as session:
        rows = [{"at": at, "sitting_id": sitting.id} for at in (now() - 2 * DAY, now())]
        session.execute(insert(ControlRow), rows)
    assert sweep(db.engine) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ControlRow)) == 1
