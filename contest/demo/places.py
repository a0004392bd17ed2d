"""The sample tree of units."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from contest.demo.reading import Place, read_places
from core.audit import record
from core.audit.canonical import merkle_root
from core.database import db, unit_of_work
from core.organisation.models import Unit
from core.organisation.service import create_unit, new_unit

#: Units founded in one unit of work: about 50 ms of SQLite's write lock.
CHUNK = 40


def found_top() -> Unit:
    """The unit at the top of the sample tree, founded if it is not there yet; inside a unit of work."""
    top = read_places()
    there = db.session.scalars(select(Unit).where(Unit.full_name == top.name)).first()
    return there or create_unit(None, top.level, top.name)


def load_places() -> int:
    """Found every unit of the sample tree that is not there yet; returns how many were.

    Each chunk is one entry in the audit chain.
    """
    waiting = list(_flat(read_places(), ""))
    known = {unit.full_name: unit for unit in db.session.scalars(select(Unit))}
    waiting = [(place, above) for place, above in waiting if _full(place, above) not in known]
    for start in range(0, len(waiting), CHUNK):
        with unit_of_work():
            _found(waiting[start : start + CHUNK], known)
    return len(waiting)


def _found(places: list[tuple[Place, str]], known: dict[str, Unit]) -> None:
    leaves = []
    for place, above in places:
        unit = new_unit(known.get(above), place.level, place.name)
        known[unit.full_name] = unit
        leaves.append([unit.public_id, unit.full_name, unit.level])
    record("unit.create_many", "units", {"count": len(leaves), "root": merkle_root(leaves)})


def _flat(place: Place, above: str) -> Iterator[tuple[Place, str]]:
    yield place, above
    for child in place.children:
        yield from _flat(child, _full(place, above))


def _full(place: Place, above: str) -> str:
    return f"{above} / {place.name}" if above else place.name


def unit_named(full_name: str) -> Unit:
    """The unit with this full name. Raises NoResultFound when it is gone or was renamed."""
    return db.session.scalars(select(Unit).where(Unit.full_name == full_name)).one()


def cells_under(unit: Unit) -> list[Unit]:
    """The cells below ``unit``, in the order in which they were founded."""
    below = Unit.path.startswith(unit.path, autoescape=True)
    return list(db.session.scalars(select(Unit).where(below, Unit.level == "cell").order_by(Unit.id)))
