"""Contestants come in with the code of their slip, confirm who they are, and make room for the next person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounts.contestants import EntryNotice, add_entry_notice, contestant_only, hash_of_device
from core.accounts.models import Person, SignIn
from core.accounts.people import new_slip, take_off
from core.accounts.slips import groups
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests.core.accounts.conftest import Browser, text_of


@pytest.fixture
def site(site: Flask) -> Flask:
    """With a page behind the entrance (the lobby's room comes later)."""

    def inside() -> str:
        from core.accounts.contestants import current_person

        person = current_person()
        assert person is not None
        return person.full_name

    site._got_first_request = False
    site.add_url_rule("/ben-trong", "inside", contestant_only(inside))
    return site


def test_code_then_confirmation_then_in(browser: Browser, lan: Person, lan_code: str) -> None:
    checked = browser.post("/thi", data={"ma": groups(lan_code)})
    assert (checked.status_code, checked.location) == (303, "/thi/xac-nhan")
    assert browser.get("/ben-trong").status_code == 303
    page = text_of(browser.get("/thi/xac-nhan"))
    assert "Nguyễn Thị Lan" in page and "Chi bộ thôn 1" in page and "Huyện Thanh Trì / Xã Tam Hiệp" in page
    entered = browser.post("/thi/xac-nhan")
    assert (entered.status_code, entered.location) == (303, "/thi/phong")
    assert text_of(browser.get("/ben-trong")) == "Nguyễn Thị Lan"


def test_coming_in_is_noted_with_the_device(browser: Browser, lan: Person, lan_code: str) -> None:
    browser.come_in(lan_code)
    cookie = browser.get_cookie("thiet_bi")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax" and not cookie.secure
    assert cookie.max_age == 365 * 24 * 3600
    noted = db.session.scalars(select(SignIn)).one()
    assert (noted.person_id, noted.at, noted.device_hash) == (lan.id, now(), hash_of_device(cookie.value))


def test_the_device_keeps_its_name_for_the_next_person(browser: Browser, lan_code: str) -> None:
    browser.come_in(lan_code)
    first = browser.get_cookie("thiet_bi")
    browser.post("/thi/roi-may")
    browser.come_in(lan_code)
    second = browser.get_cookie("thiet_bi")
    assert first is not None and second is not None and first.value == second.value


def test_a_device_name_of_somebody_s_own_making_is_replaced(browser: Browser, lan_code: str) -> None:
    browser.set_cookie("thiet_bi", "toi")
    browser.come_in(lan_code)
    cookie = browser.get_cookie("thiet_bi")
    assert cookie is not None and len(cookie.value) == 43


def test_over_https_the_device_cookie_is_secure(site: Flask, browser: Browser, lan_code: str) -> None:
    site.config["SESSION_COOKIE_SECURE"] = True
    browser.post("/thi", data={"ma": lan_code}, base_url="https://localhost")
    entered = browser.post("/thi/xac-nhan", base_url="https://localhost")
    cookie = next(line for line in entered.headers.getlist("Set-Cookie") if line.startswith("thiet_bi="))
    assert "Secure" in cookie


def test_looking_never_signs_anybody_in(browser: Browser, lan_code: str) -> None:
    assert browser.get(f"/thi?ma={lan_code}").status_code == 200
    browser.post("/thi", data={"ma": lan_code})
    browser.get("/thi/xac-nhan")
    assert browser.get("/ben-trong").status_code == 303
    assert db.session.scalars(select(SignIn)).all() == []


def test_not_me(browser: Browser, lan_code: str) -> None:
    browser.post("/thi", data={"ma": lan_code})
    assert browser.post("/thi/xac-nhan", data={"khong_phai": "1"}).location == "/thi"
    assert browser.post("/thi/xac-nhan").location == "/thi"
    assert browser.get("/ben-trong").status_code == 303


def test_a_confirmation_left_open_is_asked_again(browser: Browser, lan_code: str, clock: ManualClock) -> None:
    browser.post("/thi", data={"ma": lan_code})
    clock.advance(601)
    assert browser.post("/thi/xac-nhan").location == "/thi"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Xin nhập 16 số"),
        ("4821 0937", "đúng 16 chữ số"),
        ("4821 0937 5512 345x", "đúng 16 chữ số"),
        ("wrong digit", "Có số gõ nhầm"),
        ("unknown", "phiếu đã được thay"),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(browser: Browser, lan_code: str, typed: str, message: str) -> None:
    if typed == "wrong digit":
        typed = str((int(lan_code[0]) + 1) % 10) + lan_code[1:]
    if typed == "unknown":
        typed = "0000000000005724"
    answer = browser.post("/thi", data={"ma": typed})
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert f'value="{typed}"' in answer.get_data(as_text=True)


def test_what_is_typed_cannot_break_the_page(browser: Browser, lan: Person) -> None:
    answer = browser.post("/thi", data={"ma": '"><b>' + "9" * 5000})
    assert answer.status_code == 422 and "<b>999" not in answer.get_data(as_text=True)


def test_a_new_slip_kills_the_old_code_and_the_session_that_came_with_it(browser: Browser, lan: Person, lan_code: str) -> None:
    browser.come_in(lan_code)
    assert browser.get("/ben-trong").status_code == 200
    with unit_of_work():
        new_code = new_slip(lan)
    sent_away = browser.get("/ben-trong")
    assert sent_away.location == "/thi"
    assert "Phiếu đã được thay" in text_of(browser.get("/thi"))
    assert browser.post("/thi", data={"ma": lan_code}).status_code == 422
    assert browser.come_in(new_code).location == "/thi/phong"
    assert browser.get("/ben-trong").status_code == 200


def test_a_slip_replaced_while_one_confirms_lets_nobody_in(browser: Browser, lan: Person, lan_code: str) -> None:
    browser.post("/thi", data={"ma": lan_code})
    with unit_of_work():
        new_slip(lan)
    assert browser.post("/thi/xac-nhan").location == "/thi"


def test_who_was_taken_off_the_list_is_out(browser: Browser, lan: Person, lan_code: str) -> None:
    browser.come_in(lan_code)
    with unit_of_work():
        take_off(lan)
    assert browser.get("/ben-trong").status_code == 303
    assert browser.post("/thi", data={"ma": lan_code}).status_code == 422


def test_the_next_person_finds_nothing_of_the_one_before(browser: Browser, lan_code: str) -> None:
    browser.come_in(lan_code)
    assert "đang mở cho đồng chí Nguyễn Thị Lan" in text_of(browser.get("/thi"))
    answer = browser.post("/thi/roi-may")
    assert answer.location == "/thi"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Lan" not in text_of(browser.get("/thi"))
    with browser.session_transaction() as session:
        assert "person" not in session


def test_a_contestant_is_no_staff(browser: Browser, lan_code: str) -> None:
    browser.come_in(lan_code)
    assert browser.get("/quan-tri").status_code == 302


def test_coming_in_ends_a_staff_session_in_the_same_browser(browser: Browser, staff: object, lan_code: str) -> None:
    staff("an.thanhtri")  # type: ignore[operator]
    browser.sign_in("an.thanhtri")
    browser.come_in(lan_code)
    assert browser.get("/quan-tri/mat-khau").status_code == 302


def test_failures_make_one_wait_but_a_right_code_always_gets_in(
    site: Flask, browser: Browser, lan_code: str, clock: ManualClock
) -> None:
    site.config["SETTINGS"] = replace(site.config["SETTINGS"], rate_limits=True)
    wrong = {"ma": "0000000000005724"}
    assert {browser.post("/thi", data=wrong).status_code for _ in range(19)} == {422}
    stopped = browser.post("/thi", data=wrong)
    assert stopped.status_code == 429 and "đợi 5 phút" in text_of(stopped)
    assert browser.post("/thi", data={"ma": lan_code}).status_code == 303
    clock.advance(301)
    assert browser.post("/thi", data=wrong).status_code == 422


def test_what_comes_next_is_shown_where_one_comes_in(site: Flask, browser: Browser) -> None:
    add_entry_notice(site, lambda: EntryNotice("Vòng thi sắp tới", "Vòng 1 · Huyện Thanh Trì", "30 câu · 25 phút"))
    add_entry_notice(site, lambda: None)
    assert "Vòng 1 · Huyện Thanh Trì" in text_of(browser.get("/thi"))


def test_the_session_ends_by_itself(site: Flask, browser: Browser, lan_code: str) -> None:
    browser.come_in(lan_code)
    cookie = browser.get_cookie("phien")
    assert cookie is not None and cookie.expires is not None and cookie.http_only
