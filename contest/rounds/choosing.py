"""Units to choose from in forms: the committees of some subtrees, or what a search finds there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from core.database import db, fold
from core.organisation.levels import all_levels
from core.organisation.models import Unit
from core.organisation.tree import SEPARATOR, exists_on, today, within

#: So many are offered at once; a search narrows them.
MOST = 150


def units_to_choose(paths: Sequence[str], query: str = "", limit: int = MOST) -> list[Unit]:
    """The units of these subtrees, from the top down, at most ``limit``.

    Without a query: committees only. With one: any unit that has every word of it in its own name or those above, the
    shortest names first.
    """
    statement = select(Unit).where(within(paths), exists_on(today()))
    words = fold(query).split()
    if not words:
        cells = [level.key for level in all_levels() if level.is_cell]
        statement = statement.where(Unit.level.not_in(cells))
        return list(db.session.scalars(statement.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(limit)))
    # The last word is looked for in the unit's own name, so that "Tam Hiệp" does not bring every cell below it.
    statement = statement.where(or_(*(Unit.folded.contains(word, autoescape=True) for word in words)))
    found = [u for u in db.session.scalars(statement.order_by(Unit.depth, Unit.sort_key, Unit.id).limit(5000))
             if set(words) <= set(fold(u.full_name).split()) or fold(query) in fold(u.full_name)]  # fmt: skip
    own = [u for u in found if fold(query) in u.folded]
    return ([*own, *(u for u in found if u not in own)])[:limit]


def label_of_unit(unit: Unit, below: str = "") -> str:
    """The unit's name and, nearest first, those above it (two communes may bear one name); ``below``: a full name not to
    repeat."""
    if unit.full_name == below:
        return unit.name
    names = unit.full_name.removeprefix(below + SEPARATOR).split(SEPARATOR) if below else unit.full_name.split(SEPARATOR)
    return ", ".join(reversed(names)) if len(names) > 1 else names[0]
