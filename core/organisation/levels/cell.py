"""A cell (chi bộ trực thuộc): where members are."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

CELL = register(
    Level(
        key="cell",
        label=_l("Chi bộ"),
        order=60,
        is_cell=True,
        words=("chi bo",),
    )
)
