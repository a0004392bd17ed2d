"""Reading late answers for people: which sittings of a round have some, when they came, what the device claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, distinct, func, or_, select

from contest.rounds.models import Entry, Round
from contest.sittings.late import is_late_answer
from contest.sittings.models import ApartRow, Sitting
from core.accounts.models import Person
from core.database import db, fold
from core.organisation.models import Unit
from core.organisation.tree import within

#: What the list is narrowed to, as its address names it: to be decided, counted, never to be counted.
WAITING, COUNTED, NEVER = "cho", "da-tinh", "khong-tinh"


def sittings_apart(round_: Round, paths: Sequence[str], state: str = "", query: str = "") -> Select[Any]:
    """Sitting, person, unit and the figures (see the names) of each sitting with answers kept apart, in the subtrees ``paths``;
    those in ``state`` only, and with every word of ``query`` in the names."""
    late = is_late_answer()
    rows = (
        select(
            ApartRow.sitting_id,
            func.sum(case((late, 1), else_=0)).label("late"),
            func.sum(case((ApartRow.counted_at.is_not(None), 1), else_=0)).label("counted"),
            func.count().label("answers"),
            func.min(ApartRow.received_at).label("first_at"),
            func.max(ApartRow.received_at).label("last_at"),
            func.min(ApartRow.client_at).label("claimed_first"),
            func.max(ApartRow.client_at).label("claimed_last"),
        )
        .where(ApartRow.kind == "answer")
        .group_by(ApartRow.sitting_id)
        .subquery()
    )
    statement = (
        select(Sitting, Person, Unit, *(column for column in rows.c if column.name != "sitting_id"))
        .join(rows, rows.c.sitting_id == Sitting.id)
        .join(Entry, Entry.id == Sitting.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Sitting.round_id == round_.id, Sitting.state != "annulled", within(paths))
    )
    narrowed = {
        WAITING: rows.c.late > rows.c.counted,
        COUNTED: rows.c.counted > 0,
        NEVER: rows.c.late == 0,
    }
    if state in narrowed:
        statement = statement.where(narrowed[state])
    for word in fold(query).split():
        statement = statement.where(
            or_(Person.folded.contains(word, autoescape=True), Unit.folded.contains(word, autoescape=True))
        )
    return statement


def count_waiting(round_: Round) -> int:
    """How many sittings of ``round_`` have late answers that nobody has decided about."""
    return db.session.scalar(
        select(func.count(distinct(ApartRow.sitting_id)))
        .join(Sitting, Sitting.id == ApartRow.sitting_id)
        .where(
            Sitting.round_id == round_.id, Sitting.state != "annulled", is_late_answer(), ApartRow.counted_at.is_(None)
        )
    ) or 0  # fmt: skip


@dataclass(frozen=True, slots=True)
class LateRow:
    """One answer kept apart: the number of its question, when the server had it, when the device claims that it was given."""

    number: int
    received_at: datetime
    client_at: datetime | None
    reason: str
    counted_at: datetime | None


def answers_apart(sitting: Sitting) -> list[LateRow]:
    """The answers of ``sitting`` kept apart, in the order received."""
    rows = db.session.execute(
        select(ApartRow.item, ApartRow.received_at, ApartRow.client_at, ApartRow.reason, ApartRow.counted_at)
        .where(ApartRow.sitting_id == sitting.id, ApartRow.kind == "answer")
        .order_by(ApartRow.received_at, ApartRow.id)
    )
    return [LateRow((r.item or 0) + 1, r.received_at, r.client_at, r.reason, r.counted_at) for r in rows]


def ended_at(sitting: Sitting) -> datetime:
    """When a sitting ended: submit, or the deadline."""
    return sitting.submitted_at or sitting.deadline
