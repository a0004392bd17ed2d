"""Late answers in any order and repeated: what is folded is what a naive reader finds, before and after they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from contest.rounds.entries import enter_people
from contest.rounds.models import Entry
from contest.sittings.deadlines import QUEUED, finalise_due
from contest.sittings.late import decide
from contest.sittings.lifecycle import NewEpoch, new_epoch
from contest.sittings.models import Sitting
from contest.sittings.service import committed
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests import world as w
from tests.contest.sittings.test_late import DEVICE, MINUTE, OTHER, answer, begin, fresh, put, responses, results
from tests.world import Opened, open_district_round

_ROW = st.tuples(st.sampled_from([1, 2, 3]), st.integers(1, 6), st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3)))
_DELIVERIES = st.lists(st.integers(0, 11), max_size=14)


def _sitting_of_somebody(opened: Opened, name: str) -> Sitting:
    with unit_of_work():
        person = w.add_person(opened.people[0].unit, name)
        enter_people(opened.contest, [person])
    return begin(Opened(opened.world, opened.contest, opened.round, [person], []))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(_ROW, min_size=1, max_size=12, unique_by=lambda row: row[:2]),
    in_time=_DELIVERIES, after_take_over=_DELIVERIES, late=_DELIVERIES, too_late=_DELIVERIES,
    takes_over=st.booleans(), folded_first=st.booleans(),
)  # fmt: skip
def test_whatever_the_order_the_answers_are_those_of_a_naive_reader(
    app: Flask, clock: ManualClock, rows: list[tuple[int, int, int, int | None]], in_time: list[int],
    after_take_over: list[int], late: list[int], too_late: list[int], takes_over: bool, folded_first: bool,
) -> None:  # fmt: skip
    opened = _endless_round(app)
    sitting = _sitting_of_somebody(opened, f"Người thứ {db.session.scalar(select(func.count()).select_from(Entry))}")
    committed(new_epoch, NewEpoch(sitting.id, DEVICE, take_over=False, at=now()))
    first_seen: dict[tuple[int, int], str] = {}

    def deliver(numbers: Sequence[int], kept_as: str, newest_epoch: int) -> None:
        for number in numbers:
            epoch, sequence, item, position = rows[number % len(rows)]
            if epoch > newest_epoch:
                continue  # nobody has that epoch yet
            put(sitting, answer(sequence, item, None if position is None else [position]), epoch=epoch,
                device=OTHER if epoch == 3 else DEVICE)  # fmt: skip
            stale = newest_epoch == 3 and epoch < 3
            first_seen.setdefault((epoch, sequence), "old_epoch" if stale else kept_as)

    deliver(in_time, "journal", 2)
    newest = 2
    if takes_over:
        newest = committed(new_epoch, NewEpoch(sitting.id, OTHER, take_over=True, at=now())) or 0
    deliver(after_take_over, "journal", newest)
    clock.advance(25 * MINUTE + 5.5)
    if folded_first:
        clock.advance(QUEUED.total_seconds() + 1)
        finalise_due(db.engine)
    deliver(late, "late", newest)
    clock.advance(10 * MINUTE)
    deliver(too_late, "too_late", newest)
    finalise_due(db.engine)

    def naive(*counted: str) -> dict[int, Any]:
        final: dict[int, tuple[tuple[int, int], Any]] = {}
        for epoch, sequence, item, position in rows:
            if first_seen.get((epoch, sequence)) in counted and final.get(item, ((0, 0), None))[0] < (epoch, sequence):
                final[item] = ((epoch, sequence), position)
        order = {item: drawn["order"] for item, drawn in enumerate(sitting.paper)}
        return {item: [order[item][p]] for item, (_key, p) in final.items() if p is not None}

    assert responses(sitting) == naive("journal")
    has_late = "late" in first_seen.values()
    for counting in (True, True, False, True):
        with unit_of_work() as session:
            decide(session.connection(), [sitting.id], counting=counting, reason="thử", at=now())
        assert responses(sitting) == (naive("journal", "late") if counting else naive("journal"))
    assert [r.number for r in results(sitting)] == ([1, 2, 3, 4] if has_late else [1])
    assert fresh(sitting).seconds_used == (25 * 60 if has_late else results(sitting)[0].seconds_used)


def _endless_round(app: Flask) -> Opened:
    """One round for all examples: it stays open for years."""
    kept: dict[str, Opened] = app.extensions.setdefault("test_endless_round", {})
    if "round" not in kept:
        kept["round"] = open_district_round(length=timedelta(days=3650))
    return kept["round"]
