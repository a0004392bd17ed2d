"""A section between a grassroots committee and its cells."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

SECTION = register(
    Level(
        key="section",
        label=_l("Đảng bộ bộ phận"),
        order=50,
        is_cell=False,
        words=("dang bo bo phan",),
    )
)
