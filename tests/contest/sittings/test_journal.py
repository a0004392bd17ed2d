"""The journal on both engines: whatever is sent in whatever order and however often, the journal holds each row once, and
nobody is told otherwise than what it holds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select, update

from contest.sittings import journal, lifecycle
from contest.sittings.journal import Cause, NewRow, Save, Saved, save
from contest.sittings.lifecycle import NewEpoch, new_epoch
from contest.sittings.models import ApartRow, JournalRow, Sitting
from contest.sittings.service import committed, seats_of
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.database.writer import GroupCommitWriter
from tests.starts import start_sitting
from tests.world import Opened, open_district_round

DEVICE = "a" * 32


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


@pytest.fixture
def sitting(opened: Opened) -> Sitting:
    started = start_sitting(seats_of(opened.people[0])[0], DEVICE)
    return fresh(started.sitting_id)


def fresh(number: int) -> Sitting:
    db.session.rollback()
    return db.session.get_one(Sitting, number, populate_existing=True)


def row(sequence: int | None, text: str, item: int = 0) -> NewRow:
    return NewRow(sequence, "answer", item, None, text)


def put(sitting: Sitting, *rows: NewRow, epoch: int = 1) -> Saved:
    return committed(save, Save(sitting.id, epoch, DEVICE, rows, now()))


def held(table: type[JournalRow] | type[ApartRow] = JournalRow) -> dict[tuple[int, int], str]:
    db.session.rollback()
    return {(r.epoch, r.sequence): r.payload for r in db.session.scalars(select(table))}


@pytest.fixture
def nodes(app: Flask) -> Iterator[list[GroupCommitWriter]]:
    """Writers of two processes; on SQLite there is one."""
    made = [GroupCommitWriter(db.engine) for _ in range(1 if db.engine.dialect.name == "sqlite" else 2)]
    yield made
    for writer in made:
        writer.close()


@pytest.mark.parametrize("seed", range(3))
def test_any_order_any_number_of_times_from_any_process(
    app: Flask, sitting: Sitting, nodes: list[GroupCommitWriter], seed: int
) -> None:
    dice = random.Random(seed)
    rows = [row(n, f"[{dice.randrange(4)}]", dice.randrange(4)) for n in range(1, 41)]
    sent = [tuple(dice.sample(rows, dice.randrange(1, 6))) for _ in range(80)] + [(one,) for one in rows]
    turns = count()

    def send(batch: tuple[NewRow, ...]) -> Saved:
        return nodes[next(turns) % len(nodes)].call(save, Save(sitting.id, 1, DEVICE, batch, now()))

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(send, sent))
    assert {outcome.cause for outcome in outcomes} == {None}
    assert held() == {(1, one.sequence): one.payload for one in rows}


def test_of_two_payloads_under_one_key_one_stands_and_the_other_is_refused(
    app: Flask, sitting: Sitting, nodes: list[GroupCommitWriter]
) -> None:
    def send(n: int) -> tuple[str, Saved]:
        text = f"[{n % 3}]"
        return text, nodes[n % len(nodes)].call(save, Save(sitting.id, 1, DEVICE, (row(1 + n // 12, text),), now()))

    with ThreadPoolExecutor(24) as pool:
        outcomes = list(pool.map(send, range(48)))
    stand = held()
    assert sorted(stand) == [(1, n) for n in (1, 2, 3, 4)]
    for n, (text, outcome) in enumerate(outcomes):
        key = 1 + n // 12
        if stand[(1, key)] == text:
            assert outcome.cause is None
        else:
            assert (outcome.cause, outcome.conflicts) == (Cause.PAYLOAD, [key])
            assert outcome.next > key


def test_forms_of_one_sitting_at_several_servers_all_get_numbers(
    app: Flask, sitting: Sitting, nodes: list[GroupCommitWriter]
) -> None:
    def send(n: int) -> Saved:
        return nodes[n % len(nodes)].call(save, Save(sitting.id, 1, DEVICE, (row(None, f"[{n}]"),), now()))

    with ThreadPoolExecutor(16) as pool:
        assert {outcome.cause for outcome in pool.map(send, range(60))} == {None}
    assert sorted(held().values()) == sorted(f"[{n}]" for n in range(60))


def test_the_next_number_is_the_tables_where_memory_is_behind(app: Flask, sitting: Sitting) -> None:
    put(sitting, row(1, "[0]"))
    with unit_of_work() as session:  # another process has written meanwhile
        session.add(
            JournalRow(sitting_id=sitting.id, epoch=1, sequence=2, kind="answer", item=1, payload="[1]", received_at=now())
        )
    refused = put(sitting, row(2, "[3]"))
    assert (refused.cause, refused.conflicts, refused.next) == (Cause.PAYLOAD, [2], 3)


def test_rows_kept_apart_count_when_they_come_again_in_time_that_was_added(
    app: Flask, sitting: Sitting, clock: ManualClock
) -> None:
    clock.moment = sitting.deadline + timedelta(seconds=6)
    assert put(sitting, row(1, "[1]"), row(2, "[2]")).cause is Cause.ENDED
    assert (held(), held(ApartRow)) == ({}, {(1, 1): "[1]", (1, 2): "[2]"})
    with unit_of_work() as session:
        later = sitting.deadline + timedelta(minutes=5)
        session.execute(update(Sitting).where(Sitting.id == sitting.id).values(deadline=later, extra_seconds=300))
    refused = put(sitting, row(1, "[1]"), row(2, "[0]"), row(3, "[3]"))
    assert (refused.cause, refused.conflicts) == (Cause.PAYLOAD, [2]), "one number never stands for two answers"
    assert held() == {(1, 1): "[1]", (1, 3): "[3]"}


def test_no_epoch_takes_more_rows_than_the_bound(app: Flask, sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_SEQUENCE", 3)
    assert put(sitting, row(3, "[1]")).cause is None
    assert put(sitting, row(3, "[1]")).cause is None
    for one in (row(4, "[1]"), row(None, "[1]")):
        assert put(sitting, one).cause is Cause.FULL
    assert held() == {(1, 3): "[1]"}


def test_no_sitting_has_more_epochs_than_the_bound(app: Flask, sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "MAX_EPOCHS", 2)
    again = NewEpoch(sitting.id, DEVICE, take_over=False, at=now())
    assert [committed(new_epoch, again) for _time in range(3)] == [2, None, None]
    assert fresh(sitting.id).epoch == 2
