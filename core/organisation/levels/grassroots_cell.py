"""A cell that is itself a grassroots organisation, directly under a higher committee."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

GRASSROOTS_CELL = register(
    Level(
        key="grassroots_cell",
        label=_l("Chi bộ cơ sở"),
        order=60,
        is_cell=True,
        words=("chi bo co so",),
    )
)
