"""Handing in for somebody, annulling and taking that back, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.sittings.deadlines import finalise_due
from contest.sittings.handing_in import SittingRefused, annul, hand_in, reinstate
from contest.sittings.journal import Cause, NewRow, Save, save
from contest.sittings.lifecycle import Submit, submit
from contest.sittings.models import ApartRow, ControlRow, Result, Sitting
from contest.sittings.service import committed, seats_of
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests.contest.sittings.test_pausing import DEVICE, begin, fresh, pause, put
from tests.starts import start_sitting
from tests.world import Opened, open_district_round


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


def entry_of(action: str) -> AuditEntry:
    db.session.rollback()
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()


def do(what: object, sitting: Sitting, reason: str = "Lý do") -> object:
    db.session.rollback()
    with unit_of_work():
        return what(sitting, reason)  # type: ignore[operator]


def test_a_sitting_is_handed_in_as_it_stands(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(100)
    put(sitting)
    clock.advance(100)
    receipt = do(hand_in, sitting, "Đồng chí bị mệt, nhờ nộp giúp")
    done = fresh(sitting.id)
    assert (done.state, done.submitted_by, done.submitted_at, done.receipt) == ("submitted", "organiser", now(), receipt)
    assert done.seconds_used == 100, "as where nobody pressed: to the last change"
    assert db.session.scalars(select(Result).where(Result.sitting_id == sitting.id)).one().number == 1
    entry = entry_of("sitting.handed_in")
    assert entry.details == {"reason": "Đồng chí bị mệt, nhờ nộp giúp", "receipt": receipt}
    assert sitting.id in db.session.scalars(select(ControlRow.sitting_id)).all()
    assert put(sitting, 2) is Cause.ENDED
    with pytest.raises(SittingRefused):
        do(hand_in, sitting)


def test_one_whose_time_is_over_ends_by_the_deadline(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(26 * 60)
    do(hand_in, sitting)
    done = fresh(sitting.id)
    assert (done.submitted_by, done.submitted_at) == ("deadline", done.deadline)
    assert finalise_due(db.engine) == 0


def test_in_a_pause_too(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(24 * 60)
    pause(opened)
    clock.advance(3600)
    do(hand_in, sitting)
    assert (fresh(sitting.id).submitted_by, fresh(sitting.id).submitted_at) == ("organiser", sitting.deadline)


def test_handing_in_and_the_persons_own_submit_in_the_same_moment_give_one_result(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = begin(opened)
    clock.advance(60)
    writer = app.extensions["writer"]

    def by_organiser() -> bool:
        with app.app_context():
            try:
                do(hand_in, db.session.get_one(Sitting, sitting.id))
            except SittingRefused:
                return False
            return True

    with ThreadPoolExecutor(3) as pool:
        own = pool.submit(writer.call, submit, Submit(sitting.id, 1, DEVICE, now()))
        saved = pool.submit(writer.call, save, Save(sitting.id, 1, DEVICE, (NewRow(7, "answer", 1, None, "[0]"),), now()))
        theirs = pool.submit(by_organiser).result()
    done = fresh(sitting.id)
    assert done.submitted_by == ("organiser" if theirs else "contestant")
    assert own.result().receipt == done.receipt
    assert len(db.session.scalars(select(Result).where(Result.sitting_id == sitting.id)).all()) == 1
    kept_apart = db.session.scalars(select(ApartRow.sequence)).all()
    assert kept_apart == ([] if saved.result().cause is None else [7]), "what was not counted was not acknowledged as counted"


def test_an_annulled_sitting_keeps_its_number_and_its_person_starts_anew(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    do(annul, sitting, "Thi hộ")
    assert (fresh(sitting.id).state, put(sitting)) == ("annulled", Cause.ENDED)
    assert entry_of("sitting.annulled").details == {"reason": "Thi hộ", "state": "open"}
    again = begin(opened)
    assert (again.id != sitting.id, again.attempt, again.state) == (True, 2, "open")
    with pytest.raises(SittingRefused):
        do(annul, sitting)
    clock.advance(3600)
    assert finalise_due(db.engine) == 1, "an annulled one is nobody's business"


def test_a_submitted_one_is_annulled_with_its_result_kept(opened: Opened) -> None:
    sitting = begin(opened)
    receipt = do(hand_in, sitting)
    do(annul, sitting)
    assert (fresh(sitting.id).state, fresh(sitting.id).receipt) == ("annulled", receipt)
    seat = seats_of(opened.people[0])[0]
    assert seat.sitting is None


def test_an_annulment_is_taken_back(opened: Opened, clock: ManualClock) -> None:
    first, second = begin(opened), begin(opened, 1)
    receipt = do(hand_in, second)
    for sitting in (first, second):
        do(annul, sitting)
        do(reinstate, sitting, "Hủy nhầm")
    assert (fresh(first.id).state, fresh(second.id).state) == ("open", "submitted")
    assert fresh(second.id).receipt == receipt
    assert put(first) is None
    with pytest.raises(SittingRefused):
        do(reinstate, first)
    clock.advance(3600)
    assert finalise_due(db.engine) == 1


def test_it_is_not_taken_back_once_another_sitting_has_begun(opened: Opened) -> None:
    sitting = begin(opened)
    do(annul, sitting)
    start_sitting(seats_of(opened.people[0])[0], DEVICE)
    with pytest.raises(SittingRefused):
        do(reinstate, sitting)
    assert fresh(sitting.id).state == "annulled"


def test_a_higher_room_has_a_say(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    app.extensions["annulment_checks"] = [lambda round_: f"{round_.name} đã công bố."]
    with pytest.raises(SittingRefused, match="Vòng 1 đã công bố."):
        do(annul, sitting)
    assert fresh(sitting.id).state == "open"


def test_somebody_taken_off_the_list_goes_on_to_the_deadline(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    with unit_of_work():
        opened.people[0].active = False
    clock.advance(60)
    assert committed(save, Save(sitting.id, 1, DEVICE, (NewRow(1, "answer", 0, None, "[1]"),), now())).cause is None
    clock.advance(25 * 60 + timedelta(minutes=1).total_seconds())
    assert finalise_due(db.engine) == 1
