"""A commune's, ward's or township's organisation."""

from flask_babel import lazy_gettext as _l

from core.organisation.levels.base import Level, register

COMMUNE = register(
    Level(
        key="commune",
        label=_l("Đảng bộ xã, phường, thị trấn"),
        order=30,
        is_cell=False,
        words=(
            "dang bo xa",
            "dang bo phuong",
            "dang bo thi tran",
            "dang bo dac khu",
            "dang uy xa",
            "dang uy phuong",
            "dang uy thi tran",
            "xa",
            "phuong",
            "thi tran",
            "dac khu",
        ),
    )
)
