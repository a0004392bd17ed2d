"""A district's organisation, until 30 June 2025."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

DISTRICT = register(
    Level(
        key="district",
        label=_l("Đảng bộ quận, huyện, thị xã"),
        order=20,
        is_cell=False,
        words=(
            "huyen uy",
            "quan uy",
            "thi uy",
            "dang bo huyen",
            "dang bo quan",
            "dang bo thi xa",
            "huyen",
            "quan",
            "thi xa",
        ),
    )
)
