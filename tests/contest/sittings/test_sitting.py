"""A sitting through its services, on both engines: start, save, take over, submit, and the deadline when nobody comes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.sittings.deadlines import QUEUED, close_settled_rounds, finalise_due, has_settled
from contest.sittings.journal import Cause, NewRow, Save, Saved, save
from contest.sittings.lifecycle import NewEpoch, Submit, Submitted, new_epoch, submit
from contest.sittings.models import ApartRow, ItemMark, JournalRow, Response, Result, Sitting
from contest.sittings.preparing import prepare
from contest.sittings.service import Seat, committed, seats_of, ticket_for
from contest.sittings.starting import Refusal, Start, start
from core.database import db
from core.database.keys import key
from core.database.server_time import ManualClock, now
from tests.starts import NotStarted, start_sitting
from tests.world import Opened, open_district_round

DEVICE = "a" * 32
OTHER = "b" * 32


def prepared(seat: Seat, device: str) -> Start:
    return prepare(db.engine, ticket_for(seat, device), seat.at, key("paper"))


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


def begin(opened: Opened, person: int = 0, device: str = DEVICE) -> Sitting:
    seat = seats_of(opened.people[person])[0]
    started = start_sitting(seat, device)
    return db.session.get_one(Sitting, started.sitting_id, populate_existing=True)


def fresh(sitting: Sitting) -> Sitting:
    db.session.rollback()
    return db.session.get_one(Sitting, sitting.id, populate_existing=True)


def put(app: Flask, sitting: Sitting, *rows: NewRow, epoch: int = 1, device: str = DEVICE) -> Saved:
    return committed(save, Save(sitting.id, epoch, device, rows, now()))


def answer(sequence: int | None, item: int, positions: list[int] | None) -> NewRow:
    return NewRow(sequence, "answer", item, None, json.dumps(positions, separators=(",", ":")))


def hand_in(app: Flask, sitting: Sitting, epoch: int = 1, device: str = DEVICE) -> Submitted:
    return committed(submit, Submit(sitting.id, epoch, device, now()))


def right(sitting: Sitting, item: int) -> list[int]:
    """The position at which the right option (original index 0) is shown."""
    return [sitting.paper[item]["order"].index(0)]


def journal(sitting: Sitting) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(JournalRow).where(JournalRow.sitting_id == sitting.id).order_by(JournalRow.id)))


def result(sitting: Sitting) -> Result:
    db.session.rollback()
    return db.session.scalars(select(Result).where(Result.sitting_id == sitting.id)).one()


def test_a_whole_sitting(app: Flask, opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(4)
    put(app, sitting, NewRow(1, "display", 0, None, "null"))
    clock.advance(60)
    assert put(app, sitting, answer(2, 0, right(sitting, 0)), answer(3, 1, right(sitting, 1))).cause is None
    wrong = [p for p in range(4) if p not in right(sitting, 2)][:1]
    put(app, sitting, answer(4, 2, wrong))
    clock.advance(56.9)
    outcome = hand_in(app, sitting)
    assert outcome.cause is None
    assert len(outcome.receipt) == 19
    done = fresh(sitting)
    assert (done.state, done.submitted_by, done.receipt) == ("submitted", "contestant", outcome.receipt)
    assert done.seconds_used == 116  # from the display at 4 s to 120.9 s, rounded down
    marks = result(sitting)
    assert (str(marks.score), str(marks.max_score), marks.correct) == ("2", "4", 2)
    states = db.session.scalars(select(ItemMark).where(ItemMark.result_id == marks.id).order_by(ItemMark.item)).all()
    assert [m.correct for m in states] == [True, True, False, False]
    assert db.session.scalar(select(func.count()).where(Response.sitting_id == sitting.id)) == 3


def test_options_that_name_others_stay_last(app: Flask, opened: Opened) -> None:
    for person in (0, 1):
        assert all(item["order"][-1] == 3 for item in begin(opened, person).paper)


def test_fifty_presses_of_start_make_one_sitting(app: Flask, opened: Opened) -> None:
    seat = seats_of(opened.people[0])[0]
    requests = [prepared(seat, DEVICE) for _ in range(50)]
    writer = app.extensions["writer"]
    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(lambda r: writer.call(start, r), requests))
    db.session.rollback()
    assert len({o.sitting_id for o in outcomes}) == 1
    assert sum(o.created for o in outcomes) == 1
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 1


def test_starts_that_race_in_two_transactions_make_one_sitting(app: Flask, opened: Opened) -> None:
    seat = seats_of(opened.people[0])[0]
    first: Start = prepared(seat, DEVICE)
    writer = app.extensions["writer"]
    one = writer.call(start, first)
    two = writer.call(start, prepared(seat, OTHER))
    assert (two.sitting_id, two.own, two.created) == (one.sitting_id, False, False)


def test_nobody_starts_outside_the_window(app: Flask, opened: Opened, clock: ManualClock) -> None:
    clock.advance(3600)
    with pytest.raises(NotStarted) as caught:
        begin(opened)
    assert caught.value.refusal is Refusal.MISSED


def test_the_same_row_again_is_harmless_and_another_under_its_key_is_refused(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    assert put(app, sitting, answer(1, 0, [1])).cause is None
    assert put(app, sitting, answer(1, 0, [1])).cause is None
    refused = put(app, sitting, answer(1, 0, [2]))
    assert (refused.cause, refused.conflicts, refused.next) == (Cause.PAYLOAD, [1], 2)
    assert [row.payload for row in journal(sitting)] == ["[1]"]


def test_rows_of_one_request_that_use_a_key_twice(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    outcome = put(app, sitting, answer(1, 0, [1]), answer(1, 0, [1]), answer(1, 0, [3]))
    assert outcome.cause is Cause.PAYLOAD
    assert len(journal(sitting)) == 1


def test_rows_delivered_out_of_order_give_the_same_answers(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    put(app, sitting, answer(3, 0, right(sitting, 0)))
    put(app, sitting, answer(1, 0, [9]), answer(2, 0, None))
    hand_in(app, sitting)
    assert result(sitting).correct == 1


def test_an_answer_taken_back_is_no_answer(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    put(app, sitting, answer(1, 0, right(sitting, 0)), answer(2, 0, None))
    hand_in(app, sitting)
    assert result(sitting).correct == 0


def test_the_server_numbers_rows_of_pages_without_scripts(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    put(app, sitting, answer(None, 0, [1]), answer(None, 1, [2]))
    put(app, sitting, answer(None, 0, [3]))
    assert [row.sequence for row in journal(sitting)] == [1, 2, 3]


def test_a_question_that_is_not_on_the_paper_is_refused(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    assert put(app, sitting, answer(1, 4, [0])).cause is Cause.UNKNOWN
    assert journal(sitting) == []


def test_saves_count_until_the_grace_is_over_and_are_kept_apart_afterwards(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = begin(opened)
    clock.moment = sitting.deadline + timedelta(seconds=5)
    assert put(app, sitting, answer(1, 0, [0])).cause is None
    clock.moment += timedelta(milliseconds=1)
    assert put(app, sitting, answer(2, 0, [1])).cause is Cause.ENDED
    clock.moment = sitting.deadline + timedelta(minutes=10, milliseconds=1)
    assert put(app, sitting, answer(3, 0, [1])).cause is Cause.ENDED
    apart = db.session.scalars(select(ApartRow).order_by(ApartRow.sequence)).all()
    assert [(row.sequence, row.reason) for row in apart] == [(2, "late"), (3, "too_late")]
    assert [row.sequence for row in journal(sitting)] == [1]


def test_a_take_over_ends_the_old_device(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    put(app, sitting, answer(1, 0, [0]))
    writer = app.extensions["writer"]
    assert writer.call(new_epoch, NewEpoch(sitting.id, OTHER, take_over=False, at=now())) is None
    assert writer.call(new_epoch, NewEpoch(sitting.id, OTHER, take_over=True, at=now())) == 2
    assert put(app, sitting, answer(2, 0, [1])).cause is Cause.OTHER_DEVICE
    assert put(app, sitting, answer(1, 0, [2]), epoch=2, device=OTHER).cause is None
    assert hand_in(app, sitting).cause is Cause.OTHER_DEVICE
    apart = db.session.scalars(select(ApartRow)).one()
    assert (apart.sequence, apart.reason) == (2, "old_epoch")


def test_a_cleared_browser_begins_a_new_epoch_that_shadows_nothing(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    put(app, sitting, answer(7, 0, right(sitting, 0)))
    writer = app.extensions["writer"]
    assert writer.call(new_epoch, NewEpoch(sitting.id, DEVICE, take_over=False, at=now())) == 2
    put(app, sitting, answer(1, 1, right(sitting, 1)), epoch=2)
    assert put(app, sitting, answer(8, 2, right(sitting, 2)), epoch=1).cause is None  # sent before, arrived late
    hand_in(app, sitting, epoch=2)
    assert result(sitting).correct == 3


def test_pressing_submit_again_gives_the_same_receipt(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    writer = app.extensions["writer"]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _n: writer.call(submit, Submit(sitting.id, 1, DEVICE, now())), range(8)))
    db.session.rollback()
    assert len({o.receipt for o in outcomes}) == 1
    assert len(db.session.scalars(select(Result)).all()) == 1


def test_what_arrives_after_submitting_is_kept_apart(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    hand_in(app, sitting)
    assert put(app, sitting, answer(1, 0, [0])).cause is Cause.ENDED
    assert journal(sitting)[-1].kind == "submit"


def test_the_deadline_submits_when_nobody_comes_back(app: Flask, opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    clock.advance(100)
    put(app, sitting, answer(1, 0, right(sitting, 0)))
    clock.moment = sitting.deadline + timedelta(seconds=5) + QUEUED
    assert finalise_due(db.engine) == 0
    clock.advance(0.001)
    assert finalise_due(db.engine) == 1
    assert finalise_due(db.engine) == 0
    done = fresh(sitting)
    assert (done.state, done.submitted_by, done.seconds_used) == ("submitted", "deadline", 100)
    assert done.submitted_at == sitting.deadline
    assert result(sitting).correct == 1


def test_many_sittings_fall_due_at_once(app: Flask, clock: ManualClock) -> None:
    opened = open_district_round(people=[f"Thí sinh {n}" for n in range(25)])
    for person in range(25):
        begin(opened, person)
    clock.advance(26 * 60)
    engine, moment = db.engine, now()
    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(lambda _n: finalise_due(engine, moment), range(3)))
    db.session.rollback()
    assert sum(counts) == 25
    assert len(db.session.scalars(select(Result)).all()) == 25


def test_a_round_closes_when_its_last_window_has_settled(app: Flask, opened: Opened, clock: ManualClock) -> None:
    begin(opened)
    clock.advance(3600 + 599)
    finalise_due(db.engine)
    assert close_settled_rounds() == []
    assert not has_settled(opened.round)
    clock.advance(3)
    assert close_settled_rounds() == [opened.round.id]
    assert has_settled(opened.round)


def test_a_forged_answer_is_worth_nothing_and_breaks_nothing(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    forged = ['"all"', '{"score":999}', "[0,1,2,3]", "[-1]", "[99]", "true", "[[0]]", "1e400", '[0,"x"]']
    put(app, sitting, *(NewRow(n + 1, "answer", n % 4, None, text) for n, text in enumerate(forged)))
    assert hand_in(app, sitting).cause is None
    assert result(sitting).correct == 0
