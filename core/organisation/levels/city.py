"""The city's Party organisation: the top of the tree."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

CITY = register(
    Level(
        key="city",
        label=_l("Thành ủy"),
        order=10,
        is_cell=False,
        words=("thanh uy", "dang bo thanh pho", "thanh pho", "tinh uy", "dang bo tinh"),
    )
)
