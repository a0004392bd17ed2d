"""Pages of people: one's own subtree and no other; a lost slip is replaced in two clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert

from core.access import Role
from core.accounts.models import Account, Person
from core.accounts.people import add_person, code_of
from core.database import db, fold, name_sort_key, public_id, unit_of_work
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


@pytest.fixture
def tho(units: Units) -> Person:
    """A contestant of Phúc Thọ."""
    with unit_of_work():
        return add_person(units["pt_cell"], "Đỗ Văn Thọ", birth_date=date(1966, 2, 3), phone="0987654321")


def page_of(person: Person, what: str = "") -> str:
    return f"/quan-tri/thi-sinh/{person.public_id}{what}"


VALUES = {"full_name": "Trần Văn Bình", "unit": "chi bo thon 1", "birth_date": "3/2/1968", "position": "", "phone": ""}


def test_one_sees_the_people_of_one_s_own_subtree(organiser: Browser, lan: Person, tho: Person) -> None:
    page = text_of(organiser.get("/quan-tri/thi-sinh"))
    assert "Nguyễn Thị Lan" in page and "Thọ" not in page


@pytest.mark.parametrize("query", ["q=tho", "q=0987", "q=%25", "don_vi="])
def test_no_search_finds_people_elsewhere(organiser: Browser, lan: Person, tho: Person, query: str) -> None:
    assert "Đỗ Văn Thọ" not in text_of(organiser.get(f"/quan-tri/thi-sinh?{query}"))


@pytest.mark.parametrize("what", ["", "/sua", "/ma-moi"])
def test_a_guessed_address_is_closed(organiser: Browser, tho: Person, what: str) -> None:
    assert organiser.get(page_of(tho, what)).status_code == 403
    assert organiser.get("/quan-tri/thi-sinh/khongco").status_code == 404


@pytest.mark.parametrize("what", ["/sua", "/rut-ten", "/khoi-phuc", "/ma-moi"])
def test_nobody_elsewhere_is_changed(organiser: Browser, tho: Person, what: str) -> None:
    code = code_of(tho)
    assert organiser.post(page_of(tho, what), data=VALUES).status_code == 403
    db.session.refresh(tho)
    assert tho.active and tho.full_name == "Đỗ Văn Thọ" and code_of(tho) == code


def test_the_list_of_another_unit_is_closed(organiser: Browser, units: Units, tho: Person) -> None:
    assert organiser.get(f"/quan-tri/thi-sinh?don_vi={units['pt'].public_id}").status_code == 403
    assert organiser.get(f"/quan-tri/thi-sinh/tai-excel?don_vi={units['pt'].public_id}").status_code == 403
    assert organiser.get("/quan-tri/thi-sinh?don_vi=khongco").status_code == 404


def test_somebody_is_added_to_a_unit_that_is_typed(organiser: Browser, units: Units) -> None:
    answer = organiser.post("/quan-tri/thi-sinh/them", data=VALUES)
    assert answer.status_code == 303
    made = db.session.query(Person).filter_by(full_name="Trần Văn Bình").one()
    assert (made.unit_id, made.birth_date) == (units["tt_cell"].id, date(1968, 2, 3))


def test_the_form_of_a_unit_s_page_knows_the_unit(organiser: Browser, units: Units) -> None:
    page = organiser.get(f"/quan-tri/thi-sinh/them?don_vi={units['tt_cell'].public_id}").get_data(as_text=True)
    assert "Huyện Thanh Trì / Xã Tam Hiệp / Chi bộ thôn 1" in page
    other = organiser.get(f"/quan-tri/thi-sinh/them?don_vi={units['pt_cell'].public_id}").get_data(as_text=True)
    assert "Phúc Thọ" not in other


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"full_name": ""}, "Xin ghi họ và tên."),
        ({"full_name": "12 5"}, "phải có chữ"),
        ({"unit": ""}, "Xin ghi đơn vị."),
        ({"unit": "Phúc Thọ"}, "Không tìm thấy trong phạm vi"),
        ({"birth_date": "30/02/1968"}, "theo mẫu 24/11/2026"),
        ({"birth_date": "03/02/2020"}, "xem lại năm sinh"),
        ({"phone": "9.12E+08"}, "10 chữ số"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_stays(
    organiser: Browser, units: Units, changed: dict[str, str], message: str
) -> None:
    sent = VALUES | changed
    answer = organiser.post("/quan-tri/thi-sinh/them", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and message in text_of(answer)
    for value in sent.values():
        assert f'value="{value}"' in page


def test_the_same_phone_twice_is_a_warning(organiser: Browser, units: Units) -> None:
    organiser.post("/quan-tri/thi-sinh/them", data=VALUES | {"phone": "0912345678"})
    answer = organiser.post(
        "/quan-tri/thi-sinh/them", data=VALUES | {"phone": "0912 345 678", "full_name": "Lê Thị Hoa"}, follow_redirects=True
    )
    assert "trùng với đồng chí Trần Văn Bình" in text_of(answer)


def test_a_correction_is_saved(organiser: Browser, lan: Person) -> None:
    form = organiser.get(page_of(lan, "/sua")).get_data(as_text=True)
    assert 'value="12/05/1970"' in form and "Xã Tam Hiệp / Chi bộ thôn 1" in form
    unit = re.search(r'name="unit" value="([^"]+)"', form)
    assert unit is not None
    sent = {"full_name": "Nguyễn Thị Lan", "unit": unit.group(1), "birth_date": "12/05/1970", "phone": "0912345678"}
    assert organiser.post(page_of(lan, "/sua"), data=sent).status_code == 303
    db.session.refresh(lan)
    assert lan.phone == "0912345678"


def test_nobody_is_moved_out_of_one_s_own_reach(organiser: Browser, lan: Person, units: Units) -> None:
    sent = VALUES | {"unit": [units["pt_cell"].full_name, f"id:{units['pt_cell'].public_id}"]}
    assert organiser.post(page_of(lan, "/sua"), data=sent).status_code == 422
    db.session.refresh(lan)
    assert lan.unit_id == units["tt_cell"].id


def test_a_lost_slip_is_replaced_and_the_new_code_shown_once(organiser: Browser, lan: Person, lan_code: str) -> None:
    assert f'action="{page_of(lan, "/ma-moi")}"' in organiser.get("/quan-tri/thi-sinh?q=lan").get_data(as_text=True)
    shown = organiser.post(page_of(lan, "/ma-moi"), follow_redirects=True)
    match = re.search(r"\d{4} \d{4} \d{4} \d{4}", text_of(shown))
    assert match is not None
    db.session.refresh(lan)
    assert match.group().replace(" ", "") == code_of(lan) != lan_code
    assert not re.search(r"\d{4} \d{4} \d{4} \d{4}", text_of(organiser.get(page_of(lan, "/ma-moi"))))


def test_off_the_list_and_back(organiser: Browser, lan: Person) -> None:
    organiser.post(page_of(lan, "/rut-ten"))
    assert page_of(lan) not in organiser.get("/quan-tri/thi-sinh?q=lan").get_data(as_text=True)
    assert "Nguyễn Thị Lan" in text_of(organiser.get("/quan-tri/thi-sinh?rut_ten=1"))
    organiser.post(page_of(lan, "/khoi-phuc"))
    assert "Nguyễn Thị Lan" in text_of(organiser.get("/quan-tri/thi-sinh?q=lan"))


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 200), (Role.REVIEWER, 403), (Role.CHECKER, 403)])
def test_who_may_look(browser: Browser, staff: Staff, lan: Person, role: Role, status: int) -> None:
    staff("ai.do", role)
    browser.sign_in("ai.do")
    assert browser.get("/quan-tri/thi-sinh").status_code == status
    assert browser.get(page_of(lan)).status_code == status


def test_the_excel_holds_no_code_and_nobody_from_elsewhere(organiser: Browser, lan: Person, tho: Person) -> None:
    sheet: Any = openpyxl.load_workbook(BytesIO(organiser.get("/quan-tri/thi-sinh/tai-excel").data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert any("Nguyễn Thị Lan" in row for row in rows)
    assert "Đỗ Văn Thọ" not in str(rows) and code_of(lan) not in str(rows)


def test_seventeen_thousand_people_are_listed_in_a_moment(organiser: Browser, units: Units) -> None:
    names = [f"{family} Văn {given}" for family in ("Nguyễn", "Trần", "Lê", "Phạm") for given in ("An", "Bình", "Đức", "Ý")]
    rows = [
        {
            "public_id": public_id(),
            "unit_id": units["tt_cell"].id,
            "full_name": names[n % 16],
            "folded": fold(names[n % 16]),
            "sort_key": name_sort_key(names[n % 16]),
            "birth_date": date.fromordinal(date(1930, 1, 1).toordinal() + n),
            "phone": "",
            "position": "",
        }
        for n in range(17_000)
    ]
    with unit_of_work() as session:
        session.execute(insert(Person), rows)
    for address in ("?trang=170&so_dong=100", "?q=duc", "?sap_xep=-don_vi"):
        began = perf_counter()
        page = organiser.get(f"/quan-tri/thi-sinh{address}")
        assert page.status_code == 200 and perf_counter() - began < 3
    assert "17.000" in text_of(organiser.get("/quan-tri/thi-sinh"))
    began = perf_counter()
    assert "17.000" in text_of(organiser.get("/quan-tri/don-vi")) and perf_counter() - began < 3
