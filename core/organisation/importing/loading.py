"""The index of units for an import, from the database."""

from __future__ import annotations

from sqlalchemy import select

from core.database import db
from core.organisation.importing.matching import UnitEntry, UnitIndex
from core.organisation.models import Unit, UnitAlias
from core.organisation.tree import exists_on, today


def load_index(scope: str) -> UnitIndex:
    """Every unit that exists today; those in the subtree at the path ``scope`` are the importer's."""
    aliases: dict[int, list[str]] = {}
    for unit_id, name in db.session.execute(select(UnitAlias.unit_id, UnitAlias.name)):
        aliases.setdefault(unit_id, []).append(name)
    columns = (Unit.id, Unit.parent_id, Unit.name, Unit.level, Unit.path)
    rows = db.session.execute(select(*columns).where(exists_on(today())).order_by(Unit.depth, Unit.id))
    return UnitIndex.of(
        UnitEntry(ref, parent, name, level, path.startswith(scope), tuple(aliases.get(ref, ())))
        for ref, parent, name, level, path in rows
    )
