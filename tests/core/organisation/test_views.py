"""Pages of units: each sees and changes its own subtree, and no other."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from core.access import Role
from core.accounts.models import Account
from core.database import db
from core.organisation.models import Unit
from tests.core.accounts.conftest import Browser, text_of

Staff = Callable[..., Account]
Units = dict[str, Unit]


@pytest.fixture
def organiser(browser: Browser, staff: Staff) -> Browser:
    """An organiser of Thanh Trì, signed in."""
    staff("an.thanhtri")
    browser.sign_in("an.thanhtri")
    return browser


def page_of(unit: Unit, what: str = "") -> str:
    return f"/quan-tri/don-vi/{unit.public_id}{what}"


def test_the_first_page_is_the_unit_one_looks_after(organiser: Browser) -> None:
    page = text_of(organiser.get("/quan-tri/don-vi"))
    assert "Huyện Thanh Trì" in page and "Xã Tam Hiệp" in page and "1 chi bộ" in page
    assert "Phúc Thọ" not in page


def test_search_needs_no_accents_and_stays_within_reach(organiser: Browser) -> None:
    page = text_of(organiser.get("/quan-tri/don-vi?q=tam+hiep"))
    assert "Huyện Thanh Trì" in page and "Phúc Thọ" not in page
    assert "Không tìm thấy" in text_of(organiser.get("/quan-tri/don-vi?q=phuc+tho"))


@pytest.mark.parametrize("what", ["", "/them", "/sua", "/chuyen", "/ket-thuc"])
def test_another_district_is_closed_even_to_who_guesses_the_address(organiser: Browser, units: Units, what: str) -> None:
    for key in ("pt", "pt_cell", "city"):
        assert organiser.get(page_of(units[key], what)).status_code == 403
    assert organiser.post(page_of(units["pt"], "/khoi-phuc")).status_code == 403
    assert organiser.get("/quan-tri/don-vi/khongco").status_code == 404


def test_a_unit_is_added_below_and_shown(organiser: Browser, units: Units) -> None:
    answer = organiser.post(
        page_of(units["tt_commune"], "/them"), data={"level": "cell", "name": " chi bộ  Hoà Bình", "eligible": "1.035"}
    )
    assert answer.status_code == 303
    made = db.session.query(Unit).filter_by(name="chi bộ Hòa Bình").one()
    assert (made.parent_id, made.eligible) == (units["tt_commune"].id, 1035)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"level": "cell", "name": ""}, "Xin ghi tên đơn vị."),
        ({"level": "cell", "name": "CHI BỘ THÔN 1"}, "đã có đơn vị tên"),
        ({"level": "city", "name": "Thành ủy"}, "Cấp"),
        ({"level": "cell", "name": "Chi bộ 2", "eligible": "ba mươi"}, "ví dụ 35"),
        ({"level": "cell", "name": "Chi bộ 2", "eligible": "9" * 40}, "ví dụ 35"),
        ({"level": "cell", "name": "Chi bộ 2", "eligible": "999999999"}, "từ 0 đến 100.000"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    organiser: Browser, units: Units, sent: dict[str, str], message: str
) -> None:
    answer = organiser.post(page_of(units["tt_commune"], "/them"), data=sent)
    assert answer.status_code == 422 and message in text_of(answer)
    assert not sent["name"] or sent["name"] in answer.get_data(as_text=True)


def test_renaming_reaches_the_page_of_what_is_below(organiser: Browser, units: Units) -> None:
    organiser.post(page_of(units["tt_commune"], "/sua"), data={"name": "Xã Đại Thanh", "eligible": "12"})
    page = text_of(organiser.get(page_of(units["tt_cell"])))
    assert "Xã Đại Thanh" in page and "Xã Tam Hiệp" not in page


def test_moving_goes_only_to_places_one_may_change(organiser: Browser, units: Units) -> None:
    refused = organiser.post(page_of(units["tt_cell"], "/chuyen"), data={"parent": "Phúc Thọ"})
    assert refused.status_code == 422 and "Không tìm thấy trong phạm vi" in text_of(refused)
    assert organiser.post(page_of(units["tt_cell"], "/chuyen"), data={"parent": "huyen thanh tri"}).status_code == 303
    db.session.refresh(units["tt_cell"])
    assert units["tt_cell"].parent_id == units["tt"].id


def test_one_s_own_top_is_not_moved_by_oneself(organiser: Browser, units: Units) -> None:
    assert organiser.get(page_of(units["tt"], "/chuyen")).status_code == 403


def test_a_unit_meant_by_two_is_asked_for(browser: Browser, staff: Staff, units: Units) -> None:
    staff("binh", unit="city")
    browser.sign_in("binh")
    asked = browser.post(page_of(units["tt_cell"], "/chuyen"), data={"parent": "xa tam hiep"})
    assert asked.status_code == 422 and "Huyện Phúc Thọ / Xã Tam Hiệp" in text_of(asked)
    chosen = {"parent": ["xa tam hiep", f"id:{units['pt_commune'].public_id}"]}
    refused = browser.post(page_of(units["tt_cell"], "/chuyen"), data=chosen)
    assert "Ở đây đã có đơn vị tên" in text_of(refused)
    outside = {"parent": ["xa tam hiep", f"id:{units['city'].public_id}"]}
    assert browser.post(page_of(units["tt_cell"], "/chuyen"), data=outside).status_code == 422


def test_ending_and_taking_it_back(organiser: Browser, units: Units) -> None:
    unsure = organiser.post(page_of(units["tt_commune"], "/ket-thuc"), data={"day": "01/07/2025"})
    assert unsure.status_code == 422 and "Xin xác nhận" in text_of(unsure)
    nonsense = organiser.post(page_of(units["tt_commune"], "/ket-thuc"), data={"day": "31/02/2025", "sure": "y"})
    assert "24/11/2026" in text_of(nonsense) and 'value="31/02/2025"' in nonsense.get_data(as_text=True)
    organiser.post(page_of(units["tt_commune"], "/ket-thuc"), data={"day": "01/07/2025", "sure": "y"})
    assert "Đã kết thúc từ 01/07/2025" in text_of(organiser.get(page_of(units["tt_cell"])))
    assert "Xã Tam Hiệp" not in text_of(organiser.get(page_of(units["tt"])))
    organiser.post(page_of(units["tt_commune"], "/khoi-phuc"))
    assert "Xã Tam Hiệp" in text_of(organiser.get(page_of(units["tt"])))


def test_a_clerk_looks_but_does_not_change(browser: Browser, staff: Staff, units: Units) -> None:
    staff("thu.ky", Role.CLERK)
    browser.sign_in("thu.ky")
    page = browser.get(page_of(units["tt"]))
    assert page.status_code == 200 and "Thêm đơn vị" not in text_of(page)
    assert browser.get(page_of(units["tt"], "/sua")).status_code == 403


def test_a_question_setter_sees_no_units(browser: Browser, staff: Staff, units: Units) -> None:
    staff("ra.de", Role.QUESTION_SETTER)
    browser.sign_in("ra.de")
    assert browser.get("/quan-tri/don-vi").status_code == 403
    assert browser.get(page_of(units["tt"])).status_code == 403


def test_whoever_looks_after_two_places_sees_both(browser: Browser, staff: Staff, units: Units) -> None:
    from core.accounts.grants import grant_role
    from core.database import unit_of_work

    account = staff("hai.noi", unit="tt_commune")
    with unit_of_work():
        grant_role(account, Role.ORGANISER, units["pt"])
    browser.sign_in("hai.noi")
    page = text_of(browser.get("/quan-tri/don-vi"))
    assert "Huyện Phúc Thọ" in page and "Xã Tam Hiệp" in page


def test_the_excel_has_the_person_s_units_and_no_other(organiser: Browser) -> None:
    answer = organiser.get("/quan-tri/don-vi/tai-excel")
    sheet: Any = openpyxl.load_workbook(BytesIO(answer.data)).active
    rows = [row[:2] for row in sheet.iter_rows(values_only=True)]
    assert ("Thành ủy Hà Nội / Huyện Thanh Trì", "Xã Tam Hiệp") in rows
    assert not any("Phúc Thọ" in str(row) for row in rows)


def test_without_signing_in_one_is_sent_to_the_sign_in_page(browser: Browser, units: Units) -> None:
    assert browser.get(page_of(units["tt"])).location.startswith("/dang-nhap")
