"""A small tree of three depths, with two communes named Tam Hiệp."""

from __future__ import annotations

import pytest
from flask import Flask

from core.database import unit_of_work
from core.organisation.models import Unit
from core.organisation.service import create_unit
from tests.core.accounts.conftest import browser, site, staff, units  # noqa: F401 (fixtures)

Tree = dict[str, Unit]


@pytest.fixture
def tree(app: Flask) -> Tree:
    """City over two districts and a bloc; a cell stands at depth 1, 3, 4 or 5."""
    with unit_of_work():
        city = create_unit(None, "city", "Thành ủy Hà Nội")
        thanh_tri = create_unit(city, "district", "Huyện Thanh Trì")
        phuc_tho = create_unit(city, "district", "Huyện Phúc Thọ")
        tam_hiep_tt = create_unit(thanh_tri, "commune", "Xã Tam Hiệp")
        tam_hiep_pt = create_unit(phuc_tho, "commune", "Xã Tam Hiệp")
        section = create_unit(tam_hiep_tt, "section", "Đảng bộ bộ phận thôn Tựu Liệt")
        return {
            "city": city,
            "thanh_tri": thanh_tri,
            "phuc_tho": phuc_tho,
            "tam_hiep_tt": tam_hiep_tt,
            "tam_hiep_pt": tam_hiep_pt,
            "section": section,
            "deep": create_unit(section, "cell", "Chi bộ 1"),
            "cell_tt": create_unit(tam_hiep_tt, "cell", "Chi bộ Trường Tiểu học", eligible=12),
            "cell_pt": create_unit(tam_hiep_pt, "cell", "Chi bộ thôn 1"),
            "office": create_unit(city, "grassroots_cell", "Chi bộ cơ sở Văn phòng"),
        }
