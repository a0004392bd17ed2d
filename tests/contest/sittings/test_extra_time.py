"""Extra time, on both engines: for one or for a window, once, and never for those whose time is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.rounds.clock import Progress, deadline
from contest.rounds.models import RoundNotice
from contest.rounds.service import round_rules, timing_of
from contest.sittings.deadlines import QUEUED, finalise_due, settles_at
from contest.sittings.extra_time import (
    MOST_SECONDS,
    Grant,
    begin_for_window,
    end_for_window,
    give,
    give_one,
    is_key,
    new_key,
    waiting_for,
    was_given,
)
from contest.sittings.journal import Cause
from contest.sittings.models import ControlRow, ExtraTime, Sitting
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests.contest.sittings.test_pausing import MINUTE, begin, fresh, pause, put, resume, window_of
from tests.world import Opened, open_district_round


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


def grant(minutes: int = 5, key: str = "mot-bieu-mau") -> Grant:
    return Grant(key, minutes * 60, "Máy hỏng", now())


def give_window(opened: Opened, what: Grant, batch: int = 200) -> int:
    window = window_of(opened)
    waiting = waiting_for(window, what)
    given = 0
    for first in range(0, len(waiting), batch):
        with unit_of_work():
            if not first:
                begin_for_window(window, what, waiting)
            given += give(window, what, waiting[first : first + batch])
    with unit_of_work():
        end_for_window(window, what)
    return given


def one(sitting: Sitting, what: Grant) -> bool:
    db.session.rollback()
    with unit_of_work():
        return give_one(sitting, what)


def test_one_person_is_given_time(opened: Opened, clock: ManualClock) -> None:
    sitting, other = begin(opened), begin(opened, 1)
    before = sitting.deadline
    assert one(sitting, grant(5))
    sitting = fresh(sitting.id)
    assert (sitting.deadline, sitting.extra_seconds) == (before + 5 * MINUTE, 300)
    assert fresh(other.id).extra_seconds == 0
    clock.advance(29 * 60)
    assert put(sitting) is None
    (kept,) = db.session.scalars(select(ExtraTime)).all()
    assert (kept.sitting_id, kept.seconds, kept.reason) == (sitting.id, 300, "Máy hỏng")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sitting.extra_time")).one()
    assert (entry.subject, entry.details) == (f"sitting:{sitting.public_id}", {"minutes": 5, "reason": "Máy hỏng"})
    assert db.session.scalars(select(ControlRow.sitting_id)).all() == [sitting.id]
    assert db.session.scalars(select(RoundNotice)).all() == [], "what one person is given is nobody else's business"


def test_the_same_form_sent_twice_gives_once(opened: Opened) -> None:
    sitting = begin(opened)
    what = grant()
    assert (one(sitting, what), one(sitting, what)) == (True, False)
    assert was_given(what) and not was_given(grant(key=new_key()))
    assert one(sitting, grant(key=new_key()))
    assert fresh(sitting.id).extra_seconds == 600


def test_the_deadline_is_what_the_clock_says(opened: Opened, clock: ManualClock) -> None:
    rules = round_rules(opened.round)
    early = begin(opened)
    clock.advance(50 * 60)
    late = begin(opened, 1)
    pause(opened)
    clock.advance(7 * 60)
    resume(opened)
    give_window(opened, grant(3))
    for sitting in (fresh(early.id), fresh(late.id)):
        progress = Progress(sitting.started_at, sitting.extra_seconds, sitting.paused_seconds)
        assert sitting.deadline == deadline(timing_of(sitting.window, rules), progress)
    assert (fresh(early.id).extra_seconds, fresh(late.id).extra_seconds) == (0, 180)
    assert fresh(late.id).deadline == now() + 13 * MINUTE


def test_a_whole_window_is_given_time_in_batches_and_told_why(opened: Opened, clock: ManualClock) -> None:
    sittings = [begin(opened), begin(opened, 1)]
    assert give_window(opened, grant(10), batch=1) == 2
    assert give_window(opened, grant(10), batch=1) == 0, "the same form again"
    assert [fresh(s.id).extra_seconds for s in sittings] == [600, 600]
    (notice,) = db.session.scalars(select(RoundNotice)).all()
    assert (notice.kind, notice.body["minutes"], notice.body["text"]) == ("extra", 10, "Máy hỏng")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "window.extra_time")).one()
    assert (entry.details["minutes"], entry.details["sittings"], len(entry.details["root"])) == (10, 2, 64)
    assert opened.round.windows[0].id in db.session.scalars(select(ControlRow.window_id)).all()
    assert settles_at(opened.round) == opened.round.windows[0].closes_at + 20 * MINUTE


def test_a_grant_that_was_broken_off_goes_on_where_it_was(opened: Opened) -> None:
    sittings = [begin(opened), begin(opened, 1)]
    window, what = window_of(opened), grant()
    waiting = waiting_for(window, what)
    with unit_of_work():
        begin_for_window(window, what, waiting)
        give(window, what, waiting[:1])
    assert give_window(opened, what) == 1
    assert [fresh(s.id).extra_seconds for s in sittings] == [300, 300]
    assert len(db.session.scalars(select(RoundNotice)).all()) == 1


def test_the_most_urgent_come_first(opened: Opened, clock: ManualClock) -> None:
    first = begin(opened, 1)
    clock.advance(60)
    second = begin(opened)
    assert [w.id for w in waiting_for(window_of(opened), grant())] == [first.id, second.id]


def test_whose_time_is_over_is_not_called_back(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(25 * 60 + 5)
    assert [w.id for w in waiting_for(window_of(opened), grant())] == [sitting.id], "the grace is not over yet"
    clock.advance(0.001)
    assert waiting_for(window_of(opened), grant()) == []
    assert not one(sitting, grant())
    clock.advance(10)
    assert finalise_due(db.engine) == 1
    assert not one(sitting, grant())
    assert (fresh(sitting.id).extra_seconds, put(sitting)) == (0, Cause.ENDED)


def test_who_is_held_by_a_pause_can_be_given_time(opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(24 * 60)
    pause(opened)
    clock.advance(3600)
    assert give_window(opened, grant(5)) == 1
    resume(opened)
    assert fresh(sitting.id).deadline == now() + 6 * MINUTE


def test_nobody_is_given_more_than_three_hours_in_all(opened: Opened) -> None:
    sitting = begin(opened)
    for number in range(MOST_SECONDS // 3600):
        assert one(sitting, grant(60, f"lan-thu-{number}"))
    assert not one(sitting, grant(1, "lan-cuoi"))
    assert fresh(sitting.id).extra_seconds == MOST_SECONDS


def test_what_can_be_the_key_of_a_form() -> None:
    assert is_key(new_key()) and is_key("mot-bieu-mau")
    assert not any(is_key(text) for text in (None, "", "ngan", "d" * 17, "có dấu ở đây", "a b c d e f"))


def test_extra_time_and_the_end_by_the_clock_in_the_same_moment(app: Flask, opened: Opened, clock: ManualClock) -> None:
    """Whoever commits first: the sitting goes on with its time, or it has ended and was given none."""
    sittings = [begin(opened, person) for person in (0, 1)]
    clock.advance(25 * 60 + 5)  # the last moment of the grace
    what = grant()
    later = now() + QUEUED + timedelta(milliseconds=1)

    def help_them() -> int:
        with app.app_context():
            return give_window(opened, what, batch=1)

    with ThreadPoolExecutor(2) as pool:
        helped, ended = pool.submit(help_them), pool.submit(finalise_due, db.engine, later)
        given, finished = helped.result(), ended.result()
    stands = [fresh(s.id) for s in sittings]
    assert given + finished == 2
    for sitting in stands:
        assert (sitting.state, sitting.extra_seconds) in (("open", 300), ("submitted", 0))


def test_the_same_form_twice_in_the_same_moment_gives_once(app: Flask, opened: Opened) -> None:
    sittings = [begin(opened, person) for person in (0, 1)]
    what = grant()

    def press(_number: int) -> int:
        with app.app_context():
            return give_window(opened, what, batch=1)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 2
    assert [fresh(s.id).extra_seconds for s in sittings] == [300, 300]
    assert len(db.session.scalars(select(RoundNotice)).all()) == 1
