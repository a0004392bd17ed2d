"""Pausing and going on by the organiser, on both engines: nobody loses a moment, nobody who had ended comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.rounds.models import RoundNotice, Window
from contest.sittings.deadlines import close_settled_rounds, finalise_due, has_settled, settles_at
from contest.sittings.extending import extend_window
from contest.sittings.journal import Cause, NewRow, Save, save
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.models import ControlRow, Sitting, WindowPause
from contest.sittings.pausing import may_be_paused, pause_windows, resume_windows
from contest.sittings.service import committed, seats_of
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests.starts import start_sitting
from tests.world import Opened, open_district_round

DEVICE = "a" * 32
MINUTE = timedelta(minutes=1)


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


def window_of(opened: Opened) -> Window:
    db.session.rollback()
    return db.session.get_one(Window, opened.round.windows[0].id)


def begin(opened: Opened, person: int = 0) -> Sitting:
    return fresh(start_sitting(seats_of(opened.people[person])[0], DEVICE).sitting_id)


def fresh(number: int) -> Sitting:
    db.session.rollback()
    return db.session.get_one(Sitting, number, populate_existing=True)


def put(sitting: Sitting, sequence: int = 1) -> Cause | None:
    row = NewRow(sequence, "answer", 0, None, "[1]")
    return committed(save, Save(sitting.id, 1, DEVICE, (row,), now())).cause


def pause(opened: Opened, reason: str = "Mất điện") -> list[Window]:
    window = window_of(opened)
    with unit_of_work():
        return pause_windows([window], reason)


def resume(opened: Opened) -> dict[int, int]:
    window = window_of(opened)
    with unit_of_work():
        return resume_windows([window])


def extend(opened: Opened, minutes: int) -> int:
    window = window_of(opened)
    with unit_of_work():
        return extend_window(window, minutes, "Lý do")


def test_whoever_had_ten_minutes_left_has_ten_minutes_left(opened: Opened, clock: ManualClock) -> None:
    sitting, closes = begin(opened), window_of(opened).closes_at
    clock.advance(15 * 60)
    assert [w.paused_at for w in pause(opened)] == [now()]
    clock.advance(40 * 60)
    assert put(sitting) is Cause.PAUSED
    assert finalise_due(db.engine) == 0
    assert resume(opened) == {opened.round.windows[0].id: 40 * 60}
    sitting = fresh(sitting.id)
    assert (sitting.deadline - now(), sitting.paused_seconds) == (10 * MINUTE, 40 * 60)
    assert put(sitting) is None
    window = window_of(opened)
    assert (window.paused_at, window.closes_at) == (None, closes + 40 * MINUTE)


def test_who_starts_after_the_pause_has_what_is_left_of_the_window(opened: Opened, clock: ManualClock) -> None:
    clock.advance(50 * 60)
    pause(opened)
    clock.advance(30 * 60)
    resume(opened)
    assert begin(opened).deadline == now() + 10 * MINUTE
    extend(opened, 5)
    assert fresh(begin(opened).id).deadline == now() + 15 * MINUTE


def test_a_pause_is_given_back_once_also_to_those_whom_the_window_cuts_short(opened: Opened, clock: ManualClock) -> None:
    clock.advance(50 * 60)
    sitting = begin(opened)
    pause(opened)
    clock.advance(30 * 60)
    resume(opened)
    assert fresh(sitting.id).deadline == now() + 10 * MINUTE
    assert extend(opened, 5) == 1
    assert fresh(sitting.id).deadline == now() + 15 * MINUTE


def test_part_of_a_second_is_given_back_as_a_whole_one(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    pause(opened)
    clock.advance(61.25)
    resume(opened)
    assert fresh(sitting.id).deadline - now() == 25 * MINUTE + timedelta(seconds=0.75)


def test_who_had_ended_before_the_pause_stays_ended(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(25 * 60 + 6)
    pause(opened)
    clock.advance(60)
    resume(opened)
    sitting = fresh(sitting.id)
    assert (sitting.paused_seconds, put(sitting)) == (0, Cause.ENDED)
    assert finalise_due(db.engine) == 1
    assert fresh(sitting.id).submitted_at == sitting.deadline


def test_who_was_in_the_grace_keeps_the_rest_of_it(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(25 * 60 + 3)
    pause(opened)
    clock.advance(600)
    resume(opened)
    clock.advance(2)
    assert put(sitting) is None
    clock.advance(1)
    assert put(sitting, 2) is Cause.ENDED


def test_an_annulled_sitting_loses_nothing_either(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    with unit_of_work():
        sitting.state = "annulled"
    pause(opened)
    clock.advance(60)
    resume(opened)
    assert fresh(sitting.id).deadline == now() + 25 * MINUTE


def test_time_used_leaves_the_pause_out(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(60)
    put(sitting)
    pause(opened)
    clock.advance(300)
    resume(opened)
    clock.advance(30)
    assert committed(submit, Submit(sitting.id, 1, DEVICE, now())).cause is None
    assert fresh(sitting.id).seconds_used == 90


def test_a_pause_after_the_last_change_is_no_part_of_the_time_used(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(60)
    put(sitting)
    clock.advance(5)
    pause(opened)
    clock.advance(300)
    resume(opened)
    clock.advance(3600)
    assert finalise_due(db.engine) == 1  # nobody pressed "Nộp bài"
    assert fresh(sitting.id).seconds_used == 60


def test_pressed_twice_it_is_one_pause(opened: Opened, clock: ManualClock) -> None:
    pause(opened)
    clock.advance(10)
    assert pause(opened) == []
    assert window_of(opened).paused_at == now() - timedelta(seconds=10)
    resume(opened)
    assert resume(opened) == {}
    (kept,) = db.session.scalars(select(WindowPause)).all()
    assert (kept.ended_at, kept.reason) == (now(), "Mất điện")


def test_what_happened_is_told_kept_and_announced(opened: Opened, clock: ManualClock) -> None:
    pause(opened)
    clock.advance(90)
    resume(opened)
    public = opened.round.windows[0].public_id
    notices = db.session.scalars(select(RoundNotice).order_by(RoundNotice.number)).all()
    assert [(n.number, n.kind, n.body["window"]) for n in notices] == [(1, "pause", public), (2, "resume", public)]
    assert (notices[0].body["text"], notices[1].body["seconds"]) == ("Mất điện", 90)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.in_(("window.paused", "window.resumed")))).all()
    assert [entry.details for entry in entries] == [{"reason": "Mất điện"}, {"seconds": 90, "sittings": 0}]
    assert db.session.scalars(select(ControlRow.round_id)).all() == [opened.round.id] * 2


def test_only_what_goes_on_can_be_paused(app: Flask, clock: ManualClock) -> None:
    opened = open_district_round(opens=now() + timedelta(hours=1))
    window = window_of(opened)
    assert not may_be_paused(window, now())
    assert may_be_paused(window, now() + timedelta(hours=1))
    assert not may_be_paused(window, now() + timedelta(hours=2))
    assert pause(opened) == []


def test_a_window_that_has_closed_can_be_paused_while_somebody_still_sits(opened: Opened, clock: ManualClock) -> None:
    clock.advance(59 * 60)
    sitting = begin(opened)
    with unit_of_work():
        sitting.deadline += 10 * MINUTE  # as extra time moves it
        sitting.extra_seconds = 600
    clock.advance(2 * 60)
    assert may_be_paused(window_of(opened), now())
    pause(opened)
    clock.advance(3600)
    resume(opened)
    assert fresh(sitting.id).deadline == now() + 9 * MINUTE
    assert window_of(opened).closes_at <= now()


def test_a_round_does_not_settle_while_it_is_paused(opened: Opened, clock: ManualClock) -> None:
    clock.advance(59 * 60)
    pause(opened)
    clock.advance(5 * 3600)
    assert not has_settled(opened.round) and close_settled_rounds() == []
    resume(opened)
    assert settles_at(opened.round) == now() + 11 * MINUTE
    clock.advance(11 * 60 + 2)
    assert close_settled_rounds() == [opened.round.id]


def test_pause_and_submit_in_the_same_moment_leave_one_story(app: Flask, opened: Opened, clock: ManualClock) -> None:
    """Whoever commits first: the sitting is submitted with its receipt, or it waits for the end of the pause."""
    sittings = [begin(opened, person) for person in (0, 1)]
    clock.advance(60)
    moment = now() + timedelta(milliseconds=1)
    writer = app.extensions["writer"]

    def stop() -> None:
        with app.app_context():
            pause(opened)

    with ThreadPoolExecutor(3) as pool:
        pressed = [pool.submit(writer.call, submit, Submit(s.id, 1, DEVICE, moment)) for s in sittings]
        pool.submit(stop).result()
    for sitting, outcome in zip(sittings, pressed, strict=True):
        told, stands = outcome.result(), fresh(sitting.id)
        assert (told.cause, stands.state) in ((None, "submitted"), (Cause.PAUSED, "open"))
        assert bool(stands.receipt) is (stands.state == "submitted")
    clock.advance(60)
    resume(opened)
    for sitting in sittings:
        assert committed(submit, Submit(sitting.id, 1, DEVICE, now())).cause is None
        assert fresh(sitting.id).seconds_used is not None
