"""Finding units: subtrees, ancestors, units by name and by path. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, false, or_, select

from core.database import canonical, db, fold
from core.database.server_time import now
from core.organisation.models import Unit, UnitAlias, UnitLineage

#: What stands between names in ``Unit.full_name`` and in paths that people type.
SEPARATOR = " / "

_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> date:
    """The present day in Hanoi: units begin and end with days."""
    return now().astimezone(_HANOI).date()


def unit_by_public_id(public_id: str) -> Unit | None:
    """The unit with this id, also one that no longer exists; None while its import is not complete."""
    return db.session.scalar(select(Unit).where(Unit.public_id == public_id, Unit.visible))


def unit_at_path(path: str) -> Unit | None:
    """The unit with this path of ids."""
    return db.session.scalar(select(Unit).where(Unit.path == path, Unit.visible))


def under(path: str) -> ColumnElement[bool]:
    """The condition "the unit lies in the subtree at ``path``" (the top of it included)."""
    return Unit.path.startswith(path, autoescape=True)


def within(paths: Iterable[str]) -> ColumnElement[bool]:
    """The condition "the unit lies in one of these subtrees"; without paths nothing does."""
    conditions = [under(path) for path in paths]
    return or_(*conditions) if conditions else false()


def exists_on(day: date) -> ColumnElement[bool]:
    """The condition "the unit exists on ``day``" (and its import is complete)."""
    return (
        Unit.visible
        & or_(Unit.valid_from.is_(None), Unit.valid_from <= day)
        & or_(Unit.valid_until.is_(None), Unit.valid_until > day)
    )


def exists(unit: Unit, day: date | None = None) -> bool:
    """True when ``unit`` exists on ``day`` (default: today)."""
    day = day or today()
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_until is None or day < unit.valid_until)


def descendants(path: str, *, itself: bool = False, day: date | None = None) -> Select[Unit]:
    """The units below the one at ``path``, in the order of the tree's levels and of names.

    ``itself`` takes the unit too; ``day`` leaves out those that do not exist then.
    """
    statement = select(Unit).where(under(path), Unit.visible)
    if not itself:
        statement = statement.where(Unit.path != path)
    if day is not None:
        statement = statement.where(exists_on(day))
    return statement.order_by(Unit.depth, Unit.sort_key, Unit.id)


def children(unit: Unit | None, day: date | None = None) -> Sequence[Unit]:
    """The units directly under ``unit`` (None: those at the top) that exist on ``day`` (default: today)."""
    parent = Unit.parent_id.is_(None) if unit is None else Unit.parent_id == unit.id
    statement = select(Unit).where(parent, exists_on(day or today()))
    return db.session.scalars(statement.order_by(Unit.sort_key, Unit.id)).all()


def ids_on(path: str) -> list[int]:
    """The ids in a path, from the root down: "/1/5/33/" gives 1, 5, 33."""
    return [int(part) for part in path.strip("/").split("/") if part]


def ancestors(unit: Unit) -> list[Unit]:
    """The units above ``unit``, from the root down, itself left out."""
    ids = ids_on(unit.path)[:-1]
    found = db.session.scalars(select(Unit).where(Unit.id.in_(ids)))
    by_id = {each.id: each for each in found}
    return [by_id[number] for number in ids]


def children_named(parent: Unit | None, name: str, day: date | None = None) -> list[Unit]:
    """The units directly under ``parent`` (None: at the top) that ``name`` may mean.

    One with exactly this spelling counts alone ("Hòa" beside "Hoa"); else all that fold to it; else those with such
    an alias.
    """
    day = day or today()
    above = Unit.parent_id.is_(None) if parent is None else Unit.parent_id == parent.id
    folded = fold(name)
    statement = select(Unit).where(above, Unit.folded == folded, exists_on(day)).order_by(Unit.id)
    found = list(db.session.scalars(statement))
    exact = [unit for unit in found if same_spelling(unit.name, name)]
    if exact or found:
        return exact or found
    aliased = select(Unit).join(UnitAlias, UnitAlias.unit_id == Unit.id)
    aliased = aliased.where(above, UnitAlias.folded == folded, exists_on(day)).order_by(Unit.id)
    return list(db.session.scalars(aliased))


def same_spelling(one: str, other: str) -> bool:
    """True when two names differ in nothing but capitals, spaces and the place of a tone mark."""
    return canonical(one).casefold() == canonical(other).casefold()


def find_child(parent: Unit | None, name: str, day: date | None = None) -> Unit | None:
    """The one unit under ``parent`` that ``name`` means; None when there is none or more than one."""
    found = children_named(parent, name, day)
    return found[0] if len(found) == 1 else None


def find_by_path(text: str, day: date | None = None) -> Unit | None:
    """The unit at "Hà Nội / Thanh Trì / Xã Đông Mỹ", from the top down; None where a step has no or two meanings."""
    unit: Unit | None = None
    for name in (part.strip() for part in text.split("/")):
        unit = find_child(unit, name, day) if name else None
        if unit is None:
            return None
    return unit


def aliases(unit: Unit) -> Sequence[UnitAlias]:
    """The other names of ``unit``."""
    return db.session.scalars(select(UnitAlias).where(UnitAlias.unit_id == unit.id).order_by(UnitAlias.id)).all()


def successors(unit: Unit) -> Sequence[Unit]:
    """The units that came out of ``unit``, wholly or in part."""
    statement = select(Unit).join(UnitLineage, UnitLineage.successor_id == Unit.id)
    return db.session.scalars(statement.where(UnitLineage.predecessor_id == unit.id).order_by(Unit.sort_key)).all()


def predecessors(unit: Unit) -> Sequence[Unit]:
    """The units out of which ``unit`` came, wholly or in part."""
    statement = select(Unit).join(UnitLineage, UnitLineage.predecessor_id == Unit.id)
    return db.session.scalars(statement.where(UnitLineage.successor_id == unit.id).order_by(Unit.sort_key)).all()


def find_by_words(text: str, paths: Iterable[str], limit: int = 20) -> list[Unit]:
    """The existing units of these subtrees that ``text`` may mean, the likeliest first.

    A full name counts alone; else a name; else every unit whose full name has all the words ("tam hiep thanh tri"),
    unless they all mean what is above it.
    """
    wanted = fold(text.replace("/", " "))
    words = wanted.split()
    if not words:
        return []
    statement = select(Unit).where(within(paths), exists_on(today()))
    statement = statement.where(or_(*(Unit.folded.contains(word, autoescape=True) for word in words)))
    found: list[tuple[tuple[bool, int, str], Unit]] = []
    for unit in db.session.scalars(statement):
        full = fold(unit.full_name.replace("/", " "))
        if full == wanted:
            return [unit]
        above = fold(unit.full_name.rpartition(SEPARATOR)[0].replace("/", " "))
        if all(word in full for word in words) and not all(word in above for word in words):
            found.append(((unit.folded != wanted, unit.depth, unit.sort_key), unit))
    named = [each for each in found if not each[0][0]]
    return [unit for _rank, unit in sorted(named or found, key=lambda pair: pair[0])][:limit]


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Each unit before those below it, siblings by name."""
    units = list(units)
    keys = {unit.id: (unit.sort_key, unit.id) for unit in units}
    return sorted(units, key=lambda unit: [keys.get(number, ("", number)) for number in ids_on(unit.path)])
