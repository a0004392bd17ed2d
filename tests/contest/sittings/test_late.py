"""Answers that came late: kept apart, let count one by one or all together, taken back; on both engines."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from contest.papers.sheets import wordings
from contest.rounds.models import Round
from contest.sittings.deadlines import finalise_due
from contest.sittings.finishing import journal_rows, receipt_content
from contest.sittings.folding import fold
from contest.sittings.frozen_rules import marking_of
from contest.sittings.journal import Cause, NewRow, Save, Saved, save
from contest.sittings.late import LateRefused, changes_of
from contest.sittings.late_decisions import decide_all, decide_one, waiting_sittings
from contest.sittings.lifecycle import NewEpoch, Submit, new_epoch, submit
from contest.sittings.marks import mark_paper
from contest.sittings.models import ApartRow, ItemMark, Response, Result, Sitting
from contest.sittings.review import distribution
from contest.sittings.service import committed, seats_of
from core.audit import AuditEntry, first_break
from core.audit.canonical import merkle_root, short_code
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.jobs import run_now
from core.jobs.running import begin as begin_job
from core.jobs.running import perform
from core.jobs.service import request_cancel
from tests.conftest import MORNING
from tests.starts import start_sitting
from tests.world import Opened, open_district_round

DEVICE, OTHER = "a" * 32, "b" * 32
MINUTE = 60.0


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round(people=("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chi"))


def begin(opened: Opened, person: int = 0) -> Sitting:
    started = start_sitting(seats_of(opened.people[person])[0], DEVICE)
    return db.session.get_one(Sitting, started.sitting_id, populate_existing=True)


def fresh(sitting: Sitting) -> Sitting:
    db.session.rollback()
    return db.session.get_one(Sitting, sitting.id, populate_existing=True)


def put(sitting: Sitting, *rows: NewRow, epoch: int = 1, device: str = DEVICE) -> Saved:
    return committed(save, Save(sitting.id, epoch, device, rows, now()))


def answer(sequence: int, item: int, positions: list[int] | None) -> NewRow:
    return NewRow(sequence, "answer", item, None, json.dumps(positions, separators=(",", ":")), now())


def right(sitting: Sitting, item: int) -> list[int]:
    return [sitting.paper[item]["order"].index(0)]


def wrong(sitting: Sitting, item: int) -> list[int]:
    return [sitting.paper[item]["order"].index(1)]


def results(sitting: Sitting) -> list[Result]:
    db.session.rollback()
    return list(db.session.scalars(select(Result).where(Result.sitting_id == sitting.id).order_by(Result.number)))


def responses(sitting: Sitting) -> dict[int, Any]:
    db.session.rollback()
    return {r.item: r.answer for r in db.session.scalars(select(Response).where(Response.sitting_id == sitting.id))}


def over(clock: ManualClock, minutes: float) -> None:
    """Time goes on to ``minutes`` after the deadline of who started at 08:00 (25 minutes), and the worker finalises."""
    clock.advance((25 + minutes) * MINUTE - (now() - MORNING).total_seconds())
    finalise_due(db.engine)


def settle(clock: ManualClock) -> None:
    """The window (an hour) and the bound of ten minutes are over."""
    clock.advance(75 * MINUTE - (now() - MORNING).total_seconds())
    finalise_due(db.engine)


def late_sitting(opened: Opened, clock: ManualClock, person: int = 0) -> Sitting:
    """Question 1 right in time; question 1 wrong and question 2 right three minutes after the deadline."""
    sitting = begin(opened, person)
    clock.advance(10)
    put(sitting, NewRow(1, "display", 0, None, "null"))
    clock.advance(50)
    put(sitting, answer(2, 0, right(sitting, 0)), answer(3, 3, right(sitting, 3)))
    return sitting


def send_late(sitting: Sitting) -> Saved:
    return put(sitting, answer(4, 1, right(sitting, 1)), answer(5, 3, wrong(sitting, 3)), answer(6, 2, right(sitting, 2)))


def test_late_answers_count_when_the_organiser_says_so_and_give_a_new_version_of_the_result(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    assert send_late(sitting).cause is Cause.ENDED
    settle(clock)
    before = fresh(sitting)
    first_receipt, handed_in = before.receipt, before.submitted_at
    assert (before.seconds_used, [r.correct for r in results(sitting)]) == (50, [2])
    change = changes_of(db.session.connection(), [sitting.id])[sitting.id]
    assert (change.before.correct, change.after.correct, change.new, change.other) == (2, 3, [2, 3], [4])
    with unit_of_work():
        decide_one(sitting, counting=True, reason="Mất mạng cả thôn")
    old, new = results(sitting)
    assert (old.number, old.correct, old.seconds_used, old.reason) == (1, 2, 50, "")
    assert (new.number, new.correct, str(new.score), new.seconds_used) == (2, 3, "3", 25 * 60)
    assert new.reason == "Tính câu trả lời đến muộn: Mất mạng cả thôn"
    marks = db.session.scalars(select(ItemMark).where(ItemMark.result_id == new.id).order_by(ItemMark.item)).all()
    assert [m.correct for m in marks] == [True, True, True, False]
    assert responses(sitting) == {0: [0], 1: [0], 2: [0], 3: [1]}
    after = fresh(sitting)
    assert (after.seconds_used, after.receipt, after.submitted_at) == (25 * 60, first_receipt, handed_in)
    assert new.receipt and new.receipt != first_receipt


def test_both_receipts_can_be_checked_later_from_what_is_kept(app: Flask, opened: Opened, clock: ManualClock) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    send_late(sitting)
    settle(clock)
    with unit_of_work():
        decide_one(sitting, counting=True, reason="Mất mạng")
    newest = results(sitting)[-1]
    sitting = fresh(sitting)
    connection = db.session.connection()
    marking = marking_of(connection, sitting.round_id)
    texts = wordings.get(connection, marking.versions(sitting.paper))
    handed_in = mark_paper(sitting.paper, fold(journal_rows(connection, sitting.id)).answers, texts, marking)
    assert sitting.submitted_at is not None
    assert short_code(receipt_content(sitting.public_id, handed_in, texts, sitting.submitted_at)) == sitting.receipt
    kept = responses(sitting)
    content = {
        "sitting": sitting.public_id,
        "questions": [texts[drawn["version"]].public_id for drawn in sitting.paper],
        "answers": [kept.get(item) for item in range(len(sitting.paper))],
        "at": int(newest.created_at.timestamp() * 1_000_000),
    }
    assert short_code(content) == newest.receipt


def test_taking_it_back_is_a_version_of_its_own_with_the_time_as_it_was(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    send_late(sitting)
    settle(clock)
    with unit_of_work():
        decide_one(sitting, counting=True, reason="Mất mạng")
    with unit_of_work():
        decide_one(sitting, counting=False, reason="Nhầm người")
    assert [(r.number, r.correct, r.seconds_used, bool(r.receipt)) for r in results(sitting)] == [
        (1, 2, 50, False), (2, 3, 1500, True), (3, 2, 50, False),
    ]  # fmt: skip
    assert responses(sitting) == {0: [0], 3: [0]}
    assert fresh(sitting).seconds_used == 50
    with pytest.raises(LateRefused, match="không có câu đến muộn"), unit_of_work():
        decide_one(fresh(sitting), counting=False, reason="Lần nữa")
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("late.%"))).all()
    assert actions == ["late.counted", "late.uncounted"] and first_break() is None


def test_nothing_is_decided_before_the_round_has_settled_and_every_sitting_is_folded(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    send_late(sitting)
    with pytest.raises(LateRefused, match="Vòng thi còn nhận câu trả lời đến 09:10"), unit_of_work():
        decide_one(sitting, counting=True, reason="Mất mạng")
    settle(clock)
    left_open(opened)
    with pytest.raises(LateRefused, match="Còn 1 bài chưa thu xong"), unit_of_work():
        decide_one(fresh(sitting), counting=True, reason="Mất mạng")
    assert len(results(sitting)) == 1


def left_open(opened: Opened) -> None:
    """A sitting whose time is over and that the worker has not come to yet."""
    window, entry = opened.round.windows[0], opened.entries[1]
    with unit_of_work():
        db.session.add(
            Sitting(entry_id=entry.id, round_id=opened.round.id, window_id=window.id, started_at=MORNING, deadline=MORNING,
                    device_hash=DEVICE, paper=[])
        )  # fmt: skip


def test_what_came_after_the_bound_or_from_a_device_that_was_taken_over_never_counts(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    committed(new_epoch, NewEpoch(sitting.id, OTHER, take_over=True, at=now()))
    assert put(sitting, answer(7, 1, right(sitting, 1))).cause is Cause.OTHER_DEVICE
    over(clock, 10.1)
    assert put(sitting, answer(1, 2, right(sitting, 2)), epoch=2, device=OTHER).cause is Cause.ENDED
    settle(clock)
    assert {r.reason for r in db.session.scalars(select(ApartRow))} == {"old_epoch", "too_late"}
    assert waiting_sittings(opened.round, counting=True) == []
    with pytest.raises(LateRefused), unit_of_work():
        decide_one(fresh(sitting), counting=True, reason="Xin tính")
    with pytest.raises(LateRefused), unit_of_work():
        decide_all(opened.round, counting=True, reason="Xin tính")
    assert len(results(sitting)) == 1 and all(r.counted_at is None for r in db.session.scalars(select(ApartRow)))


def test_late_answers_that_change_nothing_are_not_counted_for_they_would_only_take_time_away(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    put(sitting, answer(9, 0, right(sitting, 0)))
    settle(clock)
    with pytest.raises(LateRefused, match="không làm thay đổi bài"), unit_of_work():
        decide_one(fresh(sitting), counting=True, reason="Mất mạng")
    with unit_of_work():
        job = decide_all(opened.round, counting=True, reason="Mất mạng").id
    assert run_now(job).state == "done"
    assert len(results(sitting)) == 1 and fresh(sitting).seconds_used == 50


def test_what_counts_already_is_not_kept_apart_as_well_when_it_is_sent_again(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    again = put(sitting, answer(2, 0, right(sitting, 0)))
    other = put(sitting, answer(3, 3, wrong(sitting, 3)))
    assert (again.cause, again.conflicts, other.conflicts) == (Cause.ENDED, [], [3])
    assert put(sitting, NewRow(None, "answer", 2, None, "[0]")).conflicts == []
    db.session.rollback()
    assert [(r.sequence, r.item) for r in db.session.scalars(select(ApartRow))] == [(4, 2)]


def test_who_pressed_submit_in_time_and_whose_answers_came_after_it_can_have_them_counted_too(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    committed(submit, Submit(sitting.id, 1, DEVICE, now()))
    clock.advance(5)
    assert send_late(sitting).cause is Cause.ENDED
    settle(clock)
    with unit_of_work():
        decide_one(fresh(sitting), counting=True, reason="Hai thẻ trình duyệt")
    assert [(r.correct, r.seconds_used) for r in results(sitting)] == [(2, 50), (3, 1500)]


def test_all_of_a_round_are_counted_by_a_job_and_told_in_one_entry(
    app: Flask, opened: Opened, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.sittings.late_decisions.BATCH", 2)
    sittings = [late_sitting(opened, clock, person) for person in range(3)]
    over(clock, 5)
    for sitting in sittings:
        send_late(sitting)
    settle(clock)
    with unit_of_work():
        decide_one(fresh(sittings[2]), counting=True, reason="Một người trước")
    with unit_of_work():
        job = decide_all(opened.round, counting=True, reason="Mất mạng cả xã")
        with pytest.raises(LateRefused, match="đang chạy"):
            decide_all(opened.round, counting=True, reason="Bấm lần nữa")
    done = run_now(job.id)
    assert (done.state, done.steps_total, done.message) == ("done", 1, "Đã lập kết quả mới cho 2 bài")
    assert [[r.correct for r in results(s)] for s in sittings] == [[2, 3], [2, 3], [2, 3]]
    counted = select(AuditEntry).where(AuditEntry.subject.like("round:%"), AuditEntry.action == "late.counted")
    entry = db.session.scalars(counted).one()
    leaves = [
        {"sitting": s.public_id, "number": 2, "answers": 3, "points": "3", "seconds": r.seconds_used, "receipt": r.receipt}
        for s in sittings[:2] for r in results(s)[1:]
    ]
    assert entry.details == {"reason": "Mất mạng cả xã", "count": 2, "answers": 6, "digest": merkle_root(leaves)}
    clock.advance(MINUTE)
    with unit_of_work():
        job = decide_all(opened.round, counting=False, reason="Rút lại")
    assert run_now(job.id).message == "Đã lập kết quả mới cho 3 bài"
    assert [[r.correct for r in results(s)] for s in sittings] == [[2, 3, 2]] * 3
    assert waiting_sittings(opened.round, counting=False) == [] and first_break() is None


def test_a_decision_that_is_stopped_tells_what_it_has_done(
    app: Flask, opened: Opened, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.sittings.late_decisions.BATCH", 1)
    sittings = [late_sitting(opened, clock, person) for person in range(2)]
    over(clock, 5)
    for sitting in sittings:
        send_late(sitting)
    settle(clock)
    with unit_of_work():
        job = decide_all(opened.round, counting=True, reason="Mất mạng")
    assert begin_job(job.id) == 2 and perform(job.id, 1) and perform(job.id, 1), "a step that is done is not done again"
    with unit_of_work():
        request_cancel(job)
    assert run_now(job.id).state == "cancelled"
    assert [len(results(s)) for s in sittings] == [2, 1]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "late.counted")).one()
    assert entry.details["count"] == 1


# ---- how marks are spread ----


def test_the_distribution_is_counted_once_for_all_and_anew_when_late_answers_count(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = late_sitting(opened, clock)
    over(clock, 3)
    send_late(sitting)
    settle(clock)
    statements: list[str] = []

    def seen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "GROUP BY result.score" in statement:
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", seen)
    round_ = db.session.get_one(Round, opened.round.id)
    assert [distribution(round_) for _n in range(5)] == [[(Decimal(2), 1)]] * 5 and len(statements) == 1
    with unit_of_work():
        decide_one(fresh(sitting), counting=True, reason="Mất mạng")
    assert distribution(round_) == [(Decimal(3), 1)] and len(statements) == 2
