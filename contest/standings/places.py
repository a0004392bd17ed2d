"""A contestant's own place in what was published."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from contest.rounds.entries import entry_of
from contest.rounds.models import Round
from contest.standings.listing import Line, Scope, line_of, scopes, select_rows
from contest.standings.models import Standing, StandingRow
from contest.standings.service import published
from core.accounts.models import Person
from core.database import db
from core.organisation.tree import ids_on


@dataclass(frozen=True)
class Place:
    """Where somebody stands: overall among ``sat``, and in each own unit below the contest's (unit, rank)."""

    standing: Standing
    line: Line
    sat: int
    units: list[tuple[Scope, int]]


def own_place(person: Person, round_: Round) -> Place | None:
    """The person's place in the published standing of ``round_``; None: nothing published, or not ranked in it."""
    standing = published(round_)
    entry = entry_of(round_.contest_id, person.id) if standing is not None else None
    if standing is None or entry is None:
        return None
    row = db.session.execute(select_rows(standing.id).where(StandingRow.entry_id == entry.id)).first()
    if row is None:
        return None
    line = line_of(row)
    mine = set(ids_on(line.unit_path))
    every = [scope for scope in scopes(db.session.connection(), standing.id) if scope.unit_id in mine]
    # The first is the contest's own unit: its rank is the overall one.
    units = [(scope, line.unit_ranks[scope.key]) for scope in every[1:] if scope.key in line.unit_ranks]
    return Place(standing, line, standing.summary["sat"], units)


def round_with(public_id: str) -> Round | None:
    """The round with this public id, once it has been opened."""
    return db.session.scalar(select(Round).where(Round.public_id == public_id, Round.state != "draft"))
