"""What a level of the tree says of itself, and the registry of levels."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString

from core.database.text import fold


@dataclass(frozen=True)
class Level:
    """One level. A unit stands only under one of smaller ``order``; levels may be left out, so depth differs.

    ``words`` are the folded beginnings by which a unit's name shows its level ("xã Đông Mỹ"); ``weak_words``
    count where no level's ``words`` do.
    """

    key: str
    label: LazyString
    order: int
    is_cell: bool
    words: tuple[str, ...] = ()
    weak_words: tuple[str, ...] = ()

    def may_stand_under(self, parent: Level | None) -> bool:
        """True when a unit of this level may be under one of ``parent`` (None: at the top)."""
        return not self.is_cell if parent is None else not parent.is_cell and parent.order < self.order


_LEVELS: dict[str, Level] = {}


def register(level: Level) -> Level:
    """Make ``level`` known. Raises ValueError for a key that is taken."""
    if level.key in _LEVELS:
        raise ValueError(f"two levels are called {level.key}")
    _LEVELS[level.key] = level
    return level


def all_levels() -> list[Level]:
    """Every level, from the top down."""
    return sorted(_LEVELS.values(), key=lambda level: (level.order, level.key))


def level_of(key: str) -> Level:
    """The level called ``key``. Raises KeyError for an unknown one."""
    return _LEVELS[key]


def is_level(key: str) -> bool:
    """True when ``key`` names a level."""
    return key in _LEVELS


def levels_under(parent: Level | None) -> list[Level]:
    """The levels that may stand under ``parent`` (None: at the top)."""
    return [level for level in all_levels() if level.may_stand_under(parent)]


def level_by_label(text: str) -> Level | None:
    """The level whose label or key is ``text``, however it is typed."""
    wanted = fold(text)
    for level in all_levels():
        if wanted in (fold(str(level.label)), level.key):
            return level
    return None


def guess_level(name: str, parent: Level | None) -> Level | None:
    """The level that ``name`` shows by its first words, among those that may stand under ``parent``, if any.

    The longest match counts ("Chi bộ cơ sở …" before "Chi bộ …").
    """
    folded = fold(name)
    candidates = levels_under(parent)
    for kind in ("words", "weak_words"):
        found = [
            (len(word), level)
            for level in candidates
            for word in getattr(level, kind)
            if folded == word or folded.startswith(word + " ")
        ]
        if found:
            return max(found, key=lambda pair: pair[0])[1]
    return None
