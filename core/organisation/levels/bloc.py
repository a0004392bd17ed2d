"""A bloc: many offices of one kind under the city (Khối các cơ quan Thành phố), or a big city committee."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

BLOC = register(
    Level(
        key="bloc",
        label=_l("Đảng bộ khối"),
        order=20,
        is_cell=False,
        words=("dang bo khoi", "dang uy khoi", "khoi"),
    )
)
