"""Whose slips are printed, in which order, and what stands on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import contains_eager

from contest.rounds.entries import window_for
from contest.rounds.models import Contest, Entry, Round, Window
from contest.rounds.slip_sheets import Slip
from core.accounts import slips
from core.accounts.models import Person
from core.database import db
from core.database.keys import key
from core.organisation.models import Unit
from core.organisation.tree import SEPARATOR, ids_on, under
from core.web.filters import show_clock, show_date, show_moment


@dataclass(frozen=True)
class MissingHash:
    """A person whose present slip the database does not know yet, and the hash under which it will."""

    person_id: int
    slip_hash: str


def _entered(contest_id: int, path: str) -> Select[Person]:
    return (
        select(Person)
        .join(Entry, Entry.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Entry.contest_id == contest_id, Person.active, Person.visible, under(path))
    )


def ordered_people(contest_id: int, path: str, only: Sequence[str] | None = None) -> list[int]:
    """The ids of the entered people of the subtree at ``path``, by unit in the tree's order, then by given name.

    ``only``: public ids to which it is narrowed.
    """
    statement = _entered(contest_id, path).with_only_columns(Person.id, Person.sort_key, Unit.path)
    if only is not None:
        statement = statement.where(Person.public_id.in_(only))
    rows = db.session.execute(statement).all()
    needed = {number for row in rows for number in ids_on(row.path)}
    order: dict[int, str] = {}
    for chunk in _chunks(sorted(needed), 500):
        found = db.session.execute(select(Unit.id, Unit.sort_key).where(Unit.id.in_(chunk)))
        order.update({row[0]: row[1] for row in found})

    def place(person_id: int, name: str, unit_path: str) -> tuple[list[tuple[str, int]], str, int]:
        return [(order.get(number, ""), number) for number in ids_on(unit_path)], name, person_id

    return [person_id for _units, _name, person_id in sorted(place(row[0], row[1], row[2]) for row in rows)]


def count_people(contest_id: int, path: str) -> int:
    """How many slips there would be."""
    found = _entered(contest_id, path).with_only_columns(Person.id).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def slips_of(round_: Round, person_ids: Sequence[int]) -> tuple[list[Slip], list[MissingHash]]:
    """The slips of these people in this order (those taken off the lists meanwhile are left out)."""
    contest, windows = round_.contest, round_.windows
    people: dict[int, Person] = {}
    for chunk in _chunks(list(person_ids), 500):
        found = db.session.scalars(
            select(Person)
            .join(Unit, Unit.id == Person.unit_id)
            .options(contains_eager(Person.unit))
            .where(Person.id.in_(chunk), Person.active, Person.visible)
        )
        people.update({person.id: person for person in found})
    secret = key("slip")
    made: list[Slip] = []
    missing: list[MissingHash] = []
    for person in (people[number] for number in person_ids if number in people):
        code = slips.code_for(person.public_id, person.slip_generation, secret)
        if person.slip_hash is None:
            missing.append(MissingHash(person.id, slips.slip_hash(code, secret)))
        made.append(
            Slip(
                name=person.full_name,
                unit=unit_on_slip(person.unit.full_name, contest),
                contest=contest.name,
                round=round_.name,
                window=hours(window_for(windows, person.unit.path)),
                code=code,
            )
        )
    return made, missing


def note_hashes(missing: Sequence[MissingHash]) -> None:
    """Let the database know slips that were printed for the first time, inside a unit of work."""
    if not missing:
        return
    people = Person.__table__
    statement = (
        update(Person)
        .where(people.c.id == bindparam("person"), people.c.slip_hash.is_(None))
        .values(slip_hash=bindparam("hash"))
    )
    rows = [{"person": each.person_id, "hash": each.slip_hash} for each in missing]
    db.session.connection().execute(statement, rows)


def unit_on_slip(full_name: str, contest: Contest) -> str:
    """The unit from the inside out, below the contest's own: two communes may bear one name."""
    inside = full_name.removeprefix(contest.unit.full_name + SEPARATOR)
    return " – ".join(reversed(inside.split(SEPARATOR)))


def hours(window: Window | None) -> str:
    """When the holder may sit, in words."""
    if window is None:
        return str(_("Giờ thi: ban tổ chức báo sau"))
    if show_date(window.opens_at) == show_date(window.closes_at):
        return str(
            _(
                "%(opens)s – %(closes)s, ngày %(day)s",
                opens=show_clock(window.opens_at),
                closes=show_clock(window.closes_at),
                day=show_date(window.opens_at),
            )
        )
    return str(_("%(opens)s đến %(closes)s", opens=show_moment(window.opens_at), closes=show_moment(window.closes_at)))


def _chunks(values: list[int], size: int) -> list[list[int]]:
    return [values[i : i + size] for i in range(0, len(values), size)]
