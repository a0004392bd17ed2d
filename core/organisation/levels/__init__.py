"""The levels of the tree of units: one file a level; forms and lists find them by the registry."""

from core.organisation.levels import (
    bloc,
    cell,
    city,
    commune,
    district,
    grassroots,
    grassroots_cell,
    section,
)
from core.organisation.levels.base import (
    Level,
    all_levels,
    guess_level,
    is_level,
    level_by_label,
    level_of,
    levels_under,
)

__all__ = [
    "Level",
    "all_levels",
    "bloc",
    "cell",
    "city",
    "commune",
    "district",
    "grassroots",
    "grassroots_cell",
    "guess_level",
    "is_level",
    "level_by_label",
    "level_of",
    "levels_under",
    "section",
]
