"""Where a sitting could go wrong: forged answers, races with the deadline and with organisers, people who move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from contest.papers.models import PoolItem, PoolRevision
from contest.papers.pool import part_of_pool
from contest.rounds.clock import Phase
from contest.rounds.service import WindowPlan, change_round, round_rules, rules_of, set_windows
from contest.sittings import deadlines, finishing
from contest.sittings.deadlines import finalise_due, has_settled
from contest.sittings.extending import extend_window
from contest.sittings.journal import NewRow, Save, save
from contest.sittings.lifecycle import NewEpoch, Submit, new_epoch, submit
from contest.sittings.models import ItemMark, Result, Sitting
from contest.sittings.preparing import prepare
from contest.sittings.service import Seat, committed, seats_of, ticket_for
from contest.sittings.starting import Start, start
from core.database import db, table_of, unit_of_work
from core.database.keys import key
from core.database.server_time import ManualClock, now
from core.database.writer import GroupCommitWriter
from questions.bank.models import QuestionVersion
from tests.starts import start_sitting
from tests.world import Opened, add_account, make_world, open_district_round

DEVICE, OTHER = "a" * 32, "b" * 32


def prepared(seat: Seat) -> Start:
    return prepare(db.engine, ticket_for(seat, DEVICE), seat.at, key("paper"))


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round(people=["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chi"])


def begin(opened: Opened, person: int = 0, device: str = DEVICE) -> Sitting:
    started = start_sitting(seats_of(opened.people[person])[0], device)
    return fresh(started.sitting_id)


def fresh(sitting: int | Sitting) -> Sitting:
    db.session.rollback()
    number = sitting if isinstance(sitting, int) else sitting.id
    return db.session.get_one(Sitting, number, populate_existing=True)


def put(sitting: Sitting, *payloads: str) -> None:
    rows = tuple(NewRow(None, "answer", n, None, text) for n, text in enumerate(payloads))
    assert committed(save, Save(sitting.id, sitting.epoch, sitting.device_hash, rows, now())).cause is None


def right(sitting: Sitting, item: int) -> str:
    return json.dumps([sitting.paper[item]["order"].index(0)])


def hand_in(sitting: Sitting) -> None:
    assert committed(submit, Submit(sitting.id, sitting.epoch, sitting.device_hash, now())).cause is None


# ---- forged answers ----


@pytest.mark.parametrize("forged", ["0.5", "[0.5]", '{"a":[1.5]}', "[" * 400 + "]" * 400, "[true]", '["0"]', "[[0]]", "[0.0]"])
def test_no_forged_answer_keeps_a_sitting_from_being_submitted(app: Flask, opened: Opened, forged: str) -> None:
    sitting = begin(opened)
    put(sitting, *[forged] * 4)
    hand_in(sitting)
    assert (fresh(sitting).state, db.session.scalars(select(Result)).one().correct) == ("submitted", 0)


def test_a_sitting_that_cannot_be_marked_keeps_no_other_from_being_finished(
    app: Flask, opened: Opened, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sittings = [begin(opened, person) for person in range(3)]
    bad = sittings[0].public_id
    honest = finishing.receipt_content

    def broken(public_id: str, *rest: object) -> object:
        if public_id == bad:
            raise TypeError("a bug that only this sitting meets")
        return honest(public_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(finishing, "receipt_content", broken)
    clock.advance(26 * 60)
    assert finalise_due(db.engine) == 2
    assert [fresh(s).state for s in sittings] == ["open", "submitted", "submitted"]
    monkeypatch.undo()
    assert finalise_due(db.engine) == 1


def test_many_sittings_with_a_long_grace_keep_no_other_waiting(
    app: Flask, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_district_round(people=[f"Thí sinh {n}" for n in range(9)])
    monkeypatch.setattr(deadlines, "BATCH", 2)
    patient = [begin(opened, person).id for person in range(8)]
    clock.advance(1)
    last = begin(opened, 8)
    with unit_of_work() as session:
        session.execute(update(Sitting).where(Sitting.id.in_(patient)).values(grace_seconds=60))
    clock.moment = last.deadline + timedelta(seconds=10)
    assert finalise_due(db.engine) == 1
    assert fresh(last).state == "submitted"


# ---- the deadline ----


def test_the_fold_waits_for_saves_that_came_in_time_and_wait_for_the_writer(
    app: Flask, opened: Opened, clock: ManualClock
) -> None:
    sitting = begin(opened)
    in_time = sitting.deadline + timedelta(seconds=4.9)
    clock.moment = sitting.deadline + timedelta(seconds=5.5)
    finalise_due(db.engine)
    row = NewRow(1, "answer", 0, None, right(sitting, 0))
    assert committed(save, Save(sitting.id, 1, DEVICE, (row,), in_time)).cause is None
    clock.advance(10)
    assert finalise_due(db.engine) == 1
    assert db.session.scalars(select(Result)).one().correct == 1


def test_a_start_learns_of_a_window_that_was_moved_meanwhile(app: Flask, opened: Opened, clock: ManualClock) -> None:
    clock.advance(50 * 60)
    seat = seats_of(opened.people[0])[0]
    assert seat.window is not None
    before = prepared(seat)
    with unit_of_work():
        extend_window(seat.window, 10, "mất điện")
    started = committed(start, before)
    assert fresh(started.sitting_id).deadline == before.started_at + timedelta(minutes=20)


def test_moving_a_window_moves_only_sittings_under_way(app: Flask, opened: Opened, clock: ManualClock) -> None:
    early = begin(opened, 0)
    clock.advance(50 * 60)
    late, given_time = begin(opened, 1), begin(opened, 2)
    with unit_of_work() as session:
        session.execute(
            update(Sitting).where(Sitting.id == given_time.id).values(
                extra_seconds=60, deadline=given_time.deadline + timedelta(seconds=60)
            )
        )
    window = late.window
    with unit_of_work():
        assert extend_window(window, 10, "mất điện") == 2
    assert fresh(early).deadline == early.started_at + timedelta(minutes=25)
    assert fresh(late).deadline == late.started_at + timedelta(minutes=20)
    assert fresh(given_time).deadline == given_time.started_at + timedelta(minutes=21)


def test_nothing_is_shown_while_a_save_may_still_count(app: Flask, clock: ManualClock) -> None:
    world = make_world()
    opened = open_district_round(world)
    version = opened.round.rules_version
    assert version is not None
    with unit_of_work():
        body = dict(version.body)
        body["rounds"] = [{**body["rounds"][0], "late_bound_minutes": 0, "grace_seconds": 60}]
        version.body = body
    clock.advance(50 * 60)
    sitting = begin(opened)
    clock.moment = sitting.deadline + timedelta(seconds=30)
    put(sitting, right(sitting, 0))
    assert not has_settled(opened.round)


# ---- people who move ----


def test_who_moves_to_another_unit_goes_on_with_the_sitting(app: Flask, opened: Opened, clock: ManualClock) -> None:
    sitting = begin(opened)
    person = opened.people[0]
    with unit_of_work():
        person.unit_id = opened.world.cells["Chi bộ Trạm Y tế, Xã Hát Môn, Huyện Phúc Thọ"].id
    clock.advance(60)
    db.session.expire_all()
    seat = seats_of(person)[0]
    assert seat.sitting is not None and seat.window is not None
    assert (seat.sitting.id, seat.phase, seat.window.id) == (sitting.id, Phase.RUNNING, sitting.window_id)


def test_who_leaves_the_contests_units_still_finds_the_own_sitting(app: Flask, clock: ManualClock) -> None:
    opened = open_district_round()
    sitting = begin(opened)
    with unit_of_work() as session:
        opened.contest.unit_id = opened.world.districts["Huyện Phúc Thọ"].id
        session.flush()
    db.session.expire_all()
    assert [s.sitting.id for s in seats_of(opened.people[0]) if s.sitting] == [sitting.id]


# ---- several attempts ----


@pytest.fixture
def twice(app: Flask) -> Opened:
    """A round that may be sat twice."""
    opened = open_district_round()
    version = opened.round.rules_version
    assert version is not None
    with unit_of_work():
        body = dict(version.body)
        body["rounds"] = [{**body["rounds"][0], "attempts": {"limit": 2, "counting": "best"}}]
        version.body = body
    return opened


def test_a_second_attempt_begins_only_when_it_is_asked_for(app: Flask, twice: Opened) -> None:
    first = begin(twice)
    hand_in(first)
    seat = seats_of(twice.people[0])[0]
    assert seat.next_attempt == 2
    assert start_sitting(seat, DEVICE).sitting_id == first.id, "the first Start pressed again"
    second = start_sitting(seats_of(twice.people[0])[0], DEVICE, attempt=2)
    assert second.created
    hand_in(fresh(second.sitting_id))
    seat = seats_of(twice.people[0])[0]
    assert seat.next_attempt is None
    assert start_sitting(seat, DEVICE, attempt=3).sitting_id == second.sitting_id


def test_an_annulled_attempt_is_none_of_those_allowed(app: Flask, twice: Opened) -> None:
    first = begin(twice)
    with unit_of_work() as session:
        session.execute(update(Sitting).where(Sitting.id == first.id).values(state="annulled"))
    second = begin(twice)
    assert second.attempt == 2
    hand_in(second)
    assert seats_of(twice.people[0])[0].next_attempt == 2
    third = fresh(start_sitting(seats_of(twice.people[0])[0], DEVICE, attempt=2).sitting_id)
    assert third.attempt == 3


# ---- revisions of the pool ----


def revise(opened: Opened, item: int, kind: str, version: int | None = None) -> None:
    """A confirmed revision."""
    with unit_of_work() as session:
        account = add_account(f"rade{item}", ("question_setter", opened.world.city))
        opened.round.pool_revision += 1
        session.add(
            PoolRevision(
                round_id=opened.round.id, number=opened.round.pool_revision, item_id=item, kind=kind, version_id=version,
                reason="sai đáp án", proposed_by_id=account.id, proposed_at=now(), confirmed_at=now(),
            )
        )


def corrected(item: int) -> int:
    """A new version of the item's question whose right option is the second one."""
    with unit_of_work() as session:
        pool_item = session.get_one(PoolItem, item)
        old = pool_item.version
        new = QuestionVersion(
            question_id=old.question_id, number=2, type=old.type, stem=old.stem, data={**old.data, "correct": [1]},
            topic_id=old.topic_id, level=old.level, created_at=now(), folded=old.folded, digest=old.digest,
        )
        session.add(new)
        session.flush()
        return new.id


def test_a_corrected_key_counts_for_papers_drawn_before_it(app: Flask, opened: Opened) -> None:
    sitting = begin(opened)
    drawn = sitting.paper[0]
    put(sitting, json.dumps([drawn["order"].index(1)]))
    revise(opened, drawn["item"], "correction", corrected(drawn["item"]))
    hand_in(fresh(sitting))
    mark = db.session.scalars(select(ItemMark).where(ItemMark.item == 0)).one()
    assert (mark.state, mark.correct, mark.version_id) == ("marked", True, drawn["version"])


def test_papers_drawn_after_a_correction_show_the_corrected_version(app: Flask, opened: Opened) -> None:
    before = {q.item_id: q.version_id for q in part_of_pool(db.session.connection(), opened.round.id, 0, 0)}
    item = min(before)
    new = corrected(item)
    revise(opened, item, "correction", new)
    after = {q.item_id: q.version_id for q in part_of_pool(db.session.connection(), opened.round.id, 0, 1)}
    assert after == {**before, item: new}


def test_a_void_question_gives_full_points_and_is_drawn_no_more(app: Flask) -> None:
    opened = open_district_round(questions=5, people=["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chi"])
    sitting = begin(opened)
    item = sitting.paper[0]["item"]
    revise(opened, item, "void")
    hand_in(sitting)
    mark = db.session.scalars(select(ItemMark).where(ItemMark.item == 0)).one()
    assert (mark.state, mark.correct, mark.points) == ("void", True, mark.max_points)
    db.session.expire_all()
    later = [begin(opened, person) for person in (1, 2)]
    assert all(drawn["item"] != item for s in later for drawn in s.paper)
    assert [s.pool_revision for s in later] == [1, 1]


# ---- several web processes ----


@pytest.fixture
def nodes(app: Flask) -> Iterator[list[GroupCommitWriter]]:
    """The writers of two web processes on one database."""
    made = [GroupCommitWriter(db.engine), GroupCommitWriter(db.engine)]
    yield made
    for writer in made:
        writer.close()


def test_one_person_pressing_start_at_two_servers_makes_one_sitting(
    app: Flask, opened: Opened, nodes: list[GroupCommitWriter]
) -> None:
    if db.engine.dialect.name == "sqlite":
        nodes = nodes[:1]  # one web process
    requests = []
    for person in (0, 1, 2) * 8:
        seat = seats_of(opened.people[person])[0]
        requests.append(prepared(seat))
    with ThreadPoolExecutor(24) as pool:
        outcomes = list(pool.map(lambda n: nodes[n % len(nodes)].call(start, requests[n]), range(24)))
    assert sum(o.created for o in outcomes) == 3
    db.session.rollback()
    assert len(db.session.scalars(select(Sitting)).all()) == 3


def test_saves_and_submits_at_several_servers_do_not_wait_for_each_other_in_a_ring(
    app: Flask, opened: Opened, nodes: list[GroupCommitWriter], caplog: pytest.LogCaptureFixture
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one web process")
    sittings = [begin(opened, person) for person in range(3)]
    ids = [(s.id, s.device_hash) for s in sittings]

    def act(n: int) -> None:
        sitting, device = ids[n % 3]
        writer = nodes[n % 2]
        if n % 5 == 4:
            writer.call(new_epoch, NewEpoch(sitting, device, take_over=False, at=now()))
        else:
            writer.call(save, Save(sitting, 1, device, (NewRow(n + 1, "answer", 0, None, "[1]"),), now()))

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(act, range(600)))
    assert "deadlock" not in caplog.text.lower()
    assert not caplog.records, [r.getMessage() for r in caplog.records]


# ---- what is kept in memory ----


def test_a_round_taken_back_and_opened_anew_uses_its_new_rules_and_pool(app: Flask, clock: ManualClock) -> None:
    from contest.papers.opening import open_round, reopen_preparation

    opened = open_district_round(opens=now() + timedelta(hours=1))
    round_ = opened.round
    assert round_rules(round_).minutes == 25
    with unit_of_work():
        reopen_preparation(round_)
    with unit_of_work():
        change_round(round_, replace(round_rules(round_), minutes=40), rules_of(opened.contest))
        district = opened.world.districts["Huyện Thanh Trì"]
        set_windows(round_, [WindowPlan(district, now() + timedelta(hours=2), now() + timedelta(hours=3))])
    with unit_of_work():
        open_round(round_)
    clock.advance(2 * 3600)
    db.session.expire_all()
    assert round_rules(round_).minutes == 40
    sitting = begin(opened)
    assert sitting.deadline == sitting.started_at + timedelta(minutes=40)
    items = set(db.session.scalars(select(table_of(PoolItem).c.id).where(PoolItem.round_id == round_.id)))
    assert {drawn["item"] for drawn in sitting.paper} <= items
