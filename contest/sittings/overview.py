"""How a round goes, counted by units in the database: who sits, who has handed in, who is not heard of, who has not come.

Everything here is scoped: the caller names the subtrees that may be seen. People count who are entered, on the lists, and
in some window of the round. Of several sittings of one person an open one counts, else the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, literal, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import String

from contest.rounds.models import Entry, Round, Window
from contest.sittings.models import Sitting, SittingPresence
from core.accounts.models import Person
from core.database import db
from core.organisation.levels import level_of
from core.organisation.models import Unit
from core.organisation.tree import under, within

#: Not heard of for longer than this: the connection is lost. Devices send a sign of life every 25 s.
LOST_AFTER = timedelta(seconds=60)

#: The states of somebody in a round, as addresses and filters name them.
ABSENT, WORKING, LOST, SUBMITTED = "chua-vao", "dang-lam", "mat-lien-lac", "da-nop"
STATES = (WORKING, SUBMITTED, LOST, ABSENT)


class path_step(GenericFunction[str]):
    """The id in a unit's path that begins at character ``start`` (from 1): ``path_step('/1/5/33/', 4)`` is '5'."""

    type = String()
    inherit_cache = True


@compiles(path_step, "sqlite")
def _step_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    path, start = (compiler.process(clause, **more) for clause in element.clauses)
    return f"substr(substr({path}, {start}), 1, instr(substr({path}, {start}), '/') - 1)"


@compiles(path_step, "postgresql")
def _step_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    path, start = (compiler.process(clause, **more) for clause in element.clauses)
    return f"split_part(substr({path}, {start}), '/', 1)"


@dataclass(frozen=True)
class Counts:
    """People by state; ``total`` is all of them."""

    working: int = 0
    submitted: int = 0
    lost: int = 0
    absent: int = 0

    @property
    def total(self) -> int:
        """Everybody who may sit."""
        return self.working + self.submitted + self.lost + self.absent

    @property
    def come(self) -> int:
        """Those who have started."""
        return self.total - self.absent

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            self.working + other.working,
            self.submitted + other.submitted,
            self.lost + other.lost,
            self.absent + other.absent,
        )


@dataclass(frozen=True)
class UnitCounts:
    """A unit one level below the one looked at; without ``public_id``: people of that very unit. Plain, so that it keeps."""

    public_id: str
    name: str
    sort_key: str
    level: str
    counts: Counts

    @property
    def is_cell(self) -> bool:
        """True when there is nothing below to look at."""
        return bool(self.level) and level_of(self.level).is_cell


def of_windows(round_: Round) -> ColumnElement[bool]:
    """The condition "the unit has a window in the round", its own or one of a unit above."""
    conditions = [under(window.unit.path) for window in round_.windows]
    return or_(*conditions) if conditions else false()


def latest_sittings(round_: Round) -> Any:
    """A subquery: one row for each entry that has a sitting in the round, with the id of the one that counts."""
    return (
        select(Sitting.entry_id.label("entry_id"), func.max(Sitting.id).label("sitting_id"))
        .where(Sitting.round_id == round_.id, Sitting.state != "annulled")
        .group_by(Sitting.entry_id)
        .subquery("latest")
    )


def state_at(moment: datetime) -> ColumnElement[str]:
    """The state of somebody at ``moment`` by the sitting joined (none: absent).

    A sitting whose deadline has passed is handed in, whether the worker has folded it yet or not; one that a pause holds
    goes on.
    """
    paused_at = select(Window.paused_at).where(Window.id == Sitting.window_id).scalar_subquery()
    under_way = (Sitting.state == "open") & ((Sitting.deadline >= moment) | (Sitting.deadline >= paused_at))
    seen = select(SittingPresence.last_seen_at).where(SittingPresence.sitting_id == Sitting.id).scalar_subquery()
    heard = func.coalesce(seen, Sitting.started_at, type_=Sitting.started_at.type)
    return case(
        (Sitting.id.is_(None), literal(ABSENT)),
        (under_way & (heard < moment - LOST_AFTER), literal(LOST)),
        (under_way, literal(WORKING)),
        else_=literal(SUBMITTED),
    )


def people_of(round_: Round, paths: Sequence[str]) -> Select[Entry, Person, Unit, Sitting]:
    """Entry, person, unit and sitting (or none) of everybody who may sit ``round_`` in these subtrees."""
    latest = latest_sittings(round_)
    return (
        select(Entry, Person, Unit, Sitting)
        .select_from(Entry)
        .join(Person, Person.id == Entry.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(latest, latest.c.entry_id == Entry.id)
        .outerjoin(Sitting, Sitting.id == latest.c.sitting_id)
        .options(selectinload(Sitting.presence))
        .where(
            Entry.contest_id == round_.contest_id, Person.active, Person.visible, within(paths), of_windows(round_)
        )
    )


def counts_below(round_: Round, focus: Unit, moment: datetime, paths: Sequence[str]) -> list[UnitCounts]:
    """The counts of each unit directly under ``focus``, in Vietnamese order; people of ``focus`` itself come last.

    ``paths``: the subtrees that may be seen.
    """
    start = len(focus.path) + 1
    step = path_step(Unit.path, literal_column(str(start)))
    # Grouped outside of a subquery: a bare name in GROUP BY would mean the table's own column "state".
    people = (
        people_of(round_, paths)
        .where(under(focus.path))
        .with_only_columns(step.label("child"), state_at(moment).label("now"))
        .subquery("people")
    )
    statement = select(people.c.child, people.c.now, func.count()).group_by(people.c.child, people.c.now)
    found: dict[str, dict[str, int]] = {}
    for child, name, count in db.session.execute(statement):
        found.setdefault(child or "", {})[name] = count
    ids = [int(child) for child in found if child]
    units = {u.id: u for start_ in range(0, len(ids), 500) for u in _units(ids[start_ : start_ + 500])}
    rows = []
    for child, states in found.items():
        unit = units[int(child)] if child else None
        own = (unit.public_id, unit.name, unit.sort_key, unit.level) if unit else ("", focus.name, "", "")
        rows.append(UnitCounts(*own, _counts(states)))
    return sorted(rows, key=lambda row: (not row.public_id, row.sort_key))


def _units(ids: Sequence[int]) -> Sequence[Unit]:
    return db.session.scalars(select(Unit).where(Unit.id.in_(ids))).all()


def _counts(states: dict[str, int]) -> Counts:
    return Counts(states.get(WORKING, 0), states.get(SUBMITTED, 0), states.get(LOST, 0), states.get(ABSENT, 0))


def total_of(rows: Sequence[UnitCounts]) -> Counts:
    """All rows together."""
    total = Counts()
    for row in rows:
        total = total.plus(row.counts)
    return total


def default_focus(round_: Round, paths: Sequence[str]) -> Unit:
    """The unit to look at first: that of the only window in sight, or one's own below it, else the contest's."""
    seen = [w.unit for w in round_.windows if any(w.unit.path.startswith(p) or p.startswith(w.unit.path) for p in paths)]
    own = db.session.scalar(select(Unit).where(Unit.path == paths[0])) if len(paths) == 1 else None
    if len(seen) == 1:
        window_unit = seen[0]
        return own if own is not None and own.path.startswith(window_unit.path) else window_unit
    return own if own is not None else round_.contest.unit
