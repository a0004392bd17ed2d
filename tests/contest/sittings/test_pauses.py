"""A paused window, on both engines: nothing counts, nothing is stored, nobody is folded; afterwards everything goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from contest.rounds.models import Window
from contest.sittings import deadlines
from contest.sittings.deadlines import finalise_due
from contest.sittings.journal import Cause, NewRow, Save, save
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.models import ApartRow, JournalRow, Sitting
from contest.sittings.service import committed, seats_of
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests.starts import start_sitting
from tests.world import Opened, open_district_round

DEVICE = "a" * 32


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


def begin(opened: Opened, person: int = 0) -> Sitting:
    started = start_sitting(seats_of(opened.people[person])[0], DEVICE)
    return fresh(started.sitting_id)


def fresh(number: int) -> Sitting:
    db.session.rollback()
    return db.session.get_one(Sitting, number, populate_existing=True)


def pause(sitting: Sitting, at: datetime | None) -> None:
    with unit_of_work() as session:
        session.execute(update(Window).where(Window.id == sitting.window_id).values(paused_at=at))


def stored() -> int:
    db.session.rollback()
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (JournalRow, ApartRow))


def put(sitting: Sitting, at: datetime, device: str = DEVICE, sequence: int = 1) -> Cause | None:
    row = NewRow(sequence, "answer", 0, None, "[1]")
    return committed(save, Save(sitting.id, 1, device, (row,), at)).cause


def test_a_save_that_comes_after_the_pause_began_is_refused_whole_and_can_be_sent_again(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = begin(opened)
    began = now() + timedelta(minutes=1)
    pause(sitting, began)
    assert put(sitting, began + timedelta(microseconds=1)) is Cause.PAUSED
    assert stored() == 0
    pause(sitting, None)
    assert put(sitting, began + timedelta(minutes=1)) is None
    assert stored() == 1


def test_what_came_before_the_pause_and_waited_for_the_writer_counts(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    began = now() + timedelta(minutes=1)
    pause(sitting, began)
    assert put(sitting, began) is None
    assert committed(submit, Submit(sitting.id, 1, DEVICE, began)).cause is None
    assert fresh(sitting.id).state == "submitted"


def test_submitting_waits_for_the_end_of_the_pause(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    pause(sitting, now())
    late = now() + timedelta(seconds=1)
    assert committed(submit, Submit(sitting.id, 1, DEVICE, late)).cause is Cause.PAUSED
    assert (fresh(sitting.id).state, stored()) == ("open", 0)
    pause(sitting, None)
    assert committed(submit, Submit(sitting.id, 1, DEVICE, late)).cause is None


def test_who_has_handed_in_already_still_gets_the_receipt(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    first = committed(submit, Submit(sitting.id, 1, DEVICE, now()))
    pause(sitting, now())
    again = committed(submit, Submit(sitting.id, 1, DEVICE, now() + timedelta(seconds=1)))
    assert (again.cause, again.receipt) == (None, first.receipt)


def test_another_device_is_told_so_even_in_a_pause(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    pause(sitting, now())
    assert put(sitting, now() + timedelta(seconds=1), device="b" * 32) is Cause.OTHER_DEVICE


def test_nobody_is_folded_in_a_pause_and_nobody_else_waits_for_them(
    app: Flask, opened: Opened, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 1)
    sitting = begin(opened)
    clock.advance(1)
    other = begin(opened, 1)
    with unit_of_work() as session:
        elsewhere = Window(
            round_id=opened.round.id, unit_id=opened.world.districts["Huyện Phúc Thọ"].id,
            opens_at=sitting.window.opens_at, closes_at=sitting.window.closes_at, pool_part=0,
        )
        session.add(elsewhere)
        session.flush()
        session.execute(update(Sitting).where(Sitting.id == other.id).values(window_id=elsewhere.id))
    pause(sitting, now())
    clock.advance(3600)
    assert finalise_due(db.engine) == 1
    assert (fresh(sitting.id).state, fresh(other.id).state) == ("open", "submitted")
    pause(sitting, None)
    assert finalise_due(db.engine) == 1
    assert fresh(sitting.id).state == "submitted"
