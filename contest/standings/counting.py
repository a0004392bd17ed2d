"""What a standing is made from: each entry's counting sitting of a round with its newest result, and who could sit.

Reads only; some tens of thousands of rows in a few statements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true

from contest.rounds.entries import window_for
from contest.rounds.models import Contest, Entry, Round
from contest.rules.criteria import Criterion
from contest.rules.results import Sitting as Attempt
from contest.rules.results import counted
from contest.sittings.models import Result, Sitting
from core.accounts.models import Person
from core.database import db
from core.organisation.levels import level_of
from core.organisation.models import Unit
from core.organisation.tree import ids_on, under

#: Stands between a unit's name and those above it, nearest first ("Chi bộ thôn 1 · Xã Đông Mỹ").
BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as it is when the standing is made."""

    id: int
    parent_id: int | None
    depth: int
    path: str
    level: str
    name: str
    full_name: str
    sort_key: str
    is_cell: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submitted sitting with the newest version of its result; what the criteria look at."""

    entry_id: int
    entry: str
    sitting_id: int
    sitting: str
    ranked: bool
    name: str
    sort_key: str
    unit_id: int
    score: Decimal
    max_score: Decimal
    correct: int
    seconds: int
    submitted_at: datetime | None


@dataclass(frozen=True)
class Counted:
    """Everything that a standing of a round is made from.

    ``sat`` are the counting sittings of ranked entries, one each. ``could_sit`` counts ranked entries with a window by
    their unit's id, those who sat included. ``outside`` is how many sat out of competition; ``annulled`` how many ranked
    entries have nothing but annulled sittings. ``units`` are the contest's unit and all below it, by id.
    """

    units: dict[int, UnitFacts]
    top: UnitFacts
    sat: list[Candidate]
    could_sit: Counter[int] = field(default_factory=Counter)
    outside: int = 0
    annulled: int = 0


def newest_results(round_id: int) -> Select[int, int]:
    """For each submitted sitting of a round: its id and the number of its newest result."""
    return (
        select(Result.sitting_id, func.max(Result.number).label("number"))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .where(Sitting.round_id == round_id, Sitting.state == "submitted")
        .group_by(Result.sitting_id)
    )


def on_the_roll(round_: Round) -> ColumnElement[bool]:
    """SQL: the entry was made before the round's last window closed. Later ones belong to later rounds."""
    closes = max((window.closes_at for window in round_.windows), default=None)
    return true() if closes is None else Entry.created_at <= closes


def source_of(round_: Round) -> str:
    """A short text that is another one as soon as a result, a sitting or an entry of the round counts differently."""
    newest, results = db.session.execute(
        select(func.max(Result.id), func.count(Result.id))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .where(Sitting.round_id == round_.id)
    ).one()
    states = db.session.execute(
        select(Sitting.state, func.count()).where(Sitting.round_id == round_.id).group_by(Sitting.state)
    )
    ranked, ids = db.session.execute(
        select(func.count(), func.sum(Entry.id)).where(
            Entry.contest_id == round_.contest_id, Entry.ranked, on_the_roll(round_)
        )
    ).one()
    told = ",".join(f"{state}{count}" for state, count in sorted((row[0], row[1]) for row in states))
    return f"r{newest or 0}.{results} s{told} e{ranked}.{ids or 0}"


def count_round(round_: Round, criteria: Sequence[Criterion]) -> Counted:
    """Who sat and counts, who could have sat, in which units."""
    contest = round_.contest
    units = _units(contest)
    everybody = _candidates(round_, units)
    ranked = [one for one in everybody if one.ranked]
    sat = _counting(ranked, round_.key, criteria)
    who_sat = {one.entry_id for one in sat}
    could_sit = Counter(one.unit_id for one in sat)
    annulled = set(
        db.session.scalars(
            select(Sitting.entry_id)
            .join(Entry, Entry.id == Sitting.entry_id)
            .where(Sitting.round_id == round_.id, Sitting.state == "annulled", Entry.ranked)
        )
    )
    has_window: dict[int, bool] = {}
    for entry_id, unit_id in db.session.execute(
        select(Entry.id, Person.unit_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.contest_id == contest.id, Entry.ranked, on_the_roll(round_), Person.active, Person.visible)
    ):
        if entry_id in who_sat or unit_id not in units:
            continue
        if unit_id not in has_window:
            has_window[unit_id] = window_for(round_.windows, units[unit_id].path) is not None
        if has_window[unit_id]:
            could_sit[unit_id] += 1
    return Counted(
        units=units,
        top=units[contest.unit_id],
        sat=sat,
        could_sit=could_sit,
        outside=len({one.entry_id for one in everybody if not one.ranked}),
        annulled=len(annulled - who_sat),
    )


def _units(contest: Contest) -> dict[int, UnitFacts]:
    rows = db.session.execute(
        select(
            Unit.id, Unit.parent_id, Unit.depth, Unit.path, Unit.level, Unit.name, Unit.full_name, Unit.sort_key
        ).where(under(contest.unit.path), Unit.visible)
    )
    return {row.id: UnitFacts(*row, is_cell=level_of(row.level).is_cell) for row in rows}


def _candidates(round_: Round, units: dict[int, UnitFacts]) -> list[Candidate]:
    newest = newest_results(round_.id).subquery()
    rows: Any = db.session.execute(
        select(
            Entry.id, Entry.public_id, Sitting.id, Sitting.public_id, Entry.ranked, Person.full_name, Person.sort_key,
            Person.unit_id, Result.score, Result.max_score, Result.correct, Result.seconds_used, Sitting.submitted_at,
        )
        .select_from(Result)
        .join(newest, (newest.c.sitting_id == Result.sitting_id) & (newest.c.number == Result.number))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(Entry, Entry.id == Sitting.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Result.score.is_not(None))
        .order_by(Sitting.id)
    )  # fmt: skip
    # Somebody who has left the contest's units meanwhile has no place in it.
    return [Candidate(*row) for row in rows if row[7] in units]


def _counting(candidates: Sequence[Candidate], key: str, criteria: Sequence[Criterion]) -> list[Candidate]:
    """One sitting an entry: the best by the ranking's own criteria."""
    attempts = {
        id(attempt): (attempt, one)
        for one in candidates
        for attempt in [Attempt(one.entry, (), key, one.score, one.correct, one.seconds, one.submitted_at)]
    }
    return [attempts[id(best)][1] for best in counted([attempt for attempt, _one in attempts.values()], criteria)]


def names_of(unit: UnitFacts, units: dict[int, UnitFacts], top: UnitFacts) -> str:
    """The unit's name and those between it and ``top``, nearest first; ``top``'s own name for itself."""
    if unit.id == top.id:
        return top.name
    below = ids_on(unit.path[len(top.path) - 1 :])
    return BETWEEN.join(units[number].name for number in reversed(below))
