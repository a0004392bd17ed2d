"""Pauses, extra time, saves and ends in any order, through the services: a person with a stopwatch gets the same.

The stopwatch knows no dates: it counts down what each sitting and the window have left, and stands while the window is
paused. Only what a pause rounds up to whole seconds comes on top, and that is counted too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from contest.rounds.models import RoundNotice, Window
from contest.sittings.deadlines import QUEUED, finalise_due
from contest.sittings.extra_time import Grant, give_one, new_key
from contest.sittings.journal import NewRow, Save, save
from contest.sittings.models import (
    ApartRow,
    ControlRow,
    ExtraTime,
    ItemMark,
    JournalRow,
    Response,
    Result,
    Sitting,
    SittingEpoch,
    SittingPresence,
    WindowPause,
)
from contest.sittings.pausing import pause_windows, resume_windows
from contest.sittings.service import committed, seats_of
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests.starts import start_sitting
from tests.world import Opened, open_district_round

DEVICE = "a" * 32
LENGTH, WINDOW, GRACE, QUEUE = 60_000, 100_000, 5_000, int(QUEUED / timedelta(milliseconds=1))


@dataclass
class Stopwatch:
    """One sitting: milliseconds left of its own, extra time, and how long after its end nothing counts any more."""

    own: int
    extra: int = 0
    over: bool = False
    handed_in: bool = False

    def left(self, window: int) -> int:
        return min(self.own, window) + self.extra


@dataclass
class Hall:
    """The hall in which they sit: what is left of the window, and whether it is paused."""

    window: int
    sittings: dict[int, Stopwatch]
    paused: bool = False
    since: int = 0

    def run(self, milliseconds: int) -> None:
        if self.paused:
            self.since += milliseconds
            return
        self.window -= milliseconds
        for sitting in self.sittings.values():
            sitting.own -= milliseconds
            sitting.over = sitting.over or sitting.left(self.window) < -GRACE

    def pause(self) -> bool:
        someone = any(not s.over and not s.handed_in for s in self.sittings.values())
        if self.paused or not (self.window > 0 or someone):
            return False
        self.paused, self.since = True, 0
        return True

    def resume(self) -> None:
        rounded = -self.since % 1000
        assert 0 <= rounded < 1000
        self.paused = False
        self.window += rounded
        for sitting in self.sittings.values():
            sitting.own += rounded

    def counts(self, number: int) -> bool:
        return not self.paused and not self.sittings[number].over and not self.sittings[number].handed_in


@pytest.fixture
def opened(sqlite_app: Flask) -> Opened:
    return open_district_round(minutes=1, people=("An", "Bình", "Chi"))


def empty(opened: Opened) -> Window:
    """As if nobody had ever sat: the window begins now."""
    window = db.session.get_one(Window, opened.round.windows[0].id)
    with unit_of_work() as session:
        for table in (
            ItemMark, Result, Response, JournalRow, ApartRow, ExtraTime, SittingEpoch, SittingPresence, ControlRow,
            RoundNotice, WindowPause,
        ):  # fmt: skip
            session.execute(delete(table))
        session.execute(delete(Sitting))
        window.opens_at, window.closes_at = now(), now() + timedelta(milliseconds=WINDOW)
        window.paused_at = None
        window.round.notice_number = 0
    return window


gaps = st.integers(0, 20_000)
mornings = st.lists(
    st.tuples(gaps, st.sampled_from(("start", "pause", "resume", "extra", "save", "save", "ends")), st.integers(0, 2)),
    min_size=4,
    max_size=24,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(mornings)
def test_nobody_loses_and_nobody_gains_time(
    opened: Opened, clock: ManualClock, morning: list[tuple[int, str, int]]
) -> None:
    clock.advance(3600)
    window = empty(opened)
    hall = Hall(WINDOW, {})
    ids: dict[int, int] = {}
    sequence = 0
    for gap, event, person in (*morning, (1, "resume", 0), (0, "save", 0), (0, "save", 1), (0, "save", 2)):
        clock.advance(gap / 1000)
        hall.run(gap)
        if event == "start" and person not in ids and hall.window > 0 and not hall.paused:
            ids[person] = start_sitting(seats_of(opened.people[person])[0], DEVICE).sitting_id
            hall.sittings[person] = Stopwatch(LENGTH)
        elif event == "pause":
            with unit_of_work():
                assert bool(pause_windows([window], "Lý do")) is hall.pause()
        elif event == "resume" and hall.paused:
            with unit_of_work():
                resume_windows([window])
            hall.resume()
        elif event == "extra" and person in ids:
            sitting = db.session.get_one(Sitting, ids[person])
            can = not hall.sittings[person].over and not hall.sittings[person].handed_in
            with unit_of_work():
                assert give_one(sitting, Grant(new_key(), 60, "Lý do", now())) is can
            hall.sittings[person].extra += 60_000 * can
        elif event == "save" and person in ids:
            sequence += 1
            row = NewRow(sequence, "answer", 0, None, "[1]")
            # A pause that begins in this very moment holds what comes after it.
            moment = now() + timedelta(microseconds=hall.paused)
            cause = committed(save, Save(ids[person], 1, DEVICE, (row,), moment)).cause
            assert (cause is None) is hall.counts(person), (event, hall)
        elif event == "ends":
            finalise_due(db.engine)
            db.session.rollback()  # look at what it has committed
            for number, stopwatch in hall.sittings.items():
                ended = not hall.paused and stopwatch.left(hall.window) < -GRACE - QUEUE
                stopwatch.handed_in = stopwatch.handed_in or ended
                assert (db.session.get_one(Sitting, ids[number]).state == "submitted") is stopwatch.handed_in
        for number, stopwatch in hall.sittings.items():
            if not stopwatch.over and not hall.paused:
                left = (db.session.get_one(Sitting, ids[number]).deadline - now()) / timedelta(milliseconds=1)
                assert left == pytest.approx(stopwatch.left(hall.window), abs=0.01)
