"""A grassroots committee: of an office, a school, a company, a hospital."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

GRASSROOTS = register(
    Level(
        key="grassroots",
        label=_l("Đảng bộ cơ sở"),
        order=40,
        is_cell=False,
        words=("dang bo co so",),
        weak_words=("dang bo", "dang uy"),
    )
)
