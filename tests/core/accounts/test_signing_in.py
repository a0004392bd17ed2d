"""Staff sign in with a password, each in a session of their own that ends when it should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from core.access import Role
from core.accounts import service
from core.accounts.grants import revoke_role
from core.accounts.models import Account
from core.accounts.staff import local_target
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from tests.core.accounts.conftest import PASSWORD, Browser, text_of

Staff = Callable[..., Account]


def limit_failures(site: Flask) -> None:
    site.config["SETTINGS"] = replace(site.config["SETTINGS"], rate_limits=True)


def test_the_right_password_leads_on(browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    answer = browser.sign_in("an.thanhtri")
    assert (answer.status_code, answer.location) == (303, "/quan-tri")
    assert db.session.query(AuditEntry).filter_by(action="account.sign_in").count() == 1


def test_a_phone_that_begins_with_a_capital_is_understood(browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    assert browser.sign_in(" An.ThanhTri ").status_code == 303


def test_wrong_name_and_wrong_password_are_answered_alike(browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    wrong_password = browser.sign_in("an.thanhtri", "sai")
    wrong_name = browser.sign_in("binh", "sai")
    assert wrong_password.status_code == wrong_name.status_code == 401
    assert text_of(wrong_password) == text_of(wrong_name)
    assert "không đúng" in text_of(wrong_name)
    assert 'value="binh"' in wrong_name.get_data(as_text=True)


def test_a_page_asked_for_before_signing_in_follows(browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    asked = browser.get("/quan-tri/mat-khau")
    assert asked.location == "/dang-nhap?tiep=/quan-tri/mat-khau"
    answer = browser.post(asked.location, data={"username": "an.thanhtri", "password": PASSWORD})
    assert answer.location == "/quan-tri/mat-khau"


@pytest.mark.parametrize(
    "target", ["https://xau.example", "//xau.example", "/\\xau.example", "\\\\xau", "/a\nb", "javascript:x", "", None]
)
def test_nobody_is_led_to_another_site(target: str | None) -> None:
    assert local_target(target) is None


def test_a_local_target_keeps_its_query() -> None:
    assert local_target("/quan-tri/thi-sinh?q=lan&trang=2") == "/quan-tri/thi-sinh?q=lan&trang=2"


def test_signing_out_ends_the_session(browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    browser.sign_in("an.thanhtri")
    assert browser.get("/quan-tri/mat-khau").status_code == 200
    browser.post("/dang-xuat")
    assert browser.get("/quan-tri/mat-khau").status_code == 302


def test_a_session_planted_before_signing_in_is_worth_nothing(browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    with browser.session_transaction() as session:
        session["planted"] = "x"
    browser.sign_in("an.thanhtri")
    with browser.session_transaction() as session:
        assert "planted" not in session and session.permanent


def test_a_new_password_signs_the_account_out_everywhere_else(site: Flask, browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    other = site.test_client()
    for each in (browser, other):
        each.sign_in("an.thanhtri")  # type: ignore[attr-defined]
    new = "hoa sữa đầu phố Quang Trung"
    answer = browser.post("/quan-tri/mat-khau", data={"present": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert browser.get("/quan-tri/mat-khau").status_code == 200
    assert other.get("/quan-tri/mat-khau").status_code == 302
    assert site.test_client().post("/dang-nhap", data={"username": "an.thanhtri", "password": new}).status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "again", "message"),
    [
        ("sai", "hoa sữa đầu phố", "hoa sữa đầu phố", "Mật khẩu hiện nay không đúng."),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "an.thanhtri1", "an.thanhtri1", "tên đăng nhập"),
        (PASSWORD, "hoa sữa đầu phố", "hoa sữa cuối phố", "không giống nhau"),
        (PASSWORD, PASSWORD, PASSWORD, "phải khác"),
    ],
)
def test_a_new_password_is_refused_with_its_reason(
    browser: Browser, staff: Staff, present: str, new: str, again: str, message: str
) -> None:
    staff("an.thanhtri")
    browser.sign_in("an.thanhtri")
    answer = browser.post("/quan-tri/mat-khau", data={"present": present, "new": new, "again": again})
    assert answer.status_code == 200 and message in text_of(answer)


def test_a_password_that_was_given_has_to_be_changed_first(browser: Browser, staff: Staff) -> None:
    account = staff("an.thanhtri")
    with unit_of_work():
        given = service.reset_password(account)
    browser.sign_in("an.thanhtri", given)
    assert browser.get("/quan-tri").location == "/quan-tri/mat-khau"
    new = "hoa sữa đầu phố Quang Trung"
    browser.post("/quan-tri/mat-khau", data={"present": given, "new": new, "again": new})
    assert browser.get("/quan-tri").location != "/quan-tri/mat-khau"


def test_a_closed_account_is_out_at_once(browser: Browser, staff: Staff) -> None:
    account = staff("an.thanhtri")
    browser.sign_in("an.thanhtri")
    with unit_of_work():
        service.deactivate(account)
    assert browser.get("/quan-tri/mat-khau").status_code == 302
    assert browser.sign_in("an.thanhtri").status_code == 401


def test_a_revoked_role_is_gone_with_the_next_page(browser: Browser, staff: Staff) -> None:
    account = staff("an.thanhtri")
    browser.sign_in("an.thanhtri")
    with unit_of_work():
        revoke_role(account.grants[0])
    assert browser.get("/quan-tri/mat-khau").status_code == 403
    again = browser.sign_in("an.thanhtri")
    assert again.status_code == 403 and "chưa được giao việc" in text_of(again)


def test_demo_accounts_are_refused_where_others_can_reach_the_server(site: Flask, browser: Browser, staff: Staff) -> None:
    staff("mau", is_demo=True)
    browser.sign_in("mau")
    assert browser.get("/quan-tri/mat-khau").status_code == 200
    site.config["SETTINGS"] = replace(site.config["SETTINGS"], host="0.0.0.0")
    assert browser.get("/quan-tri/mat-khau").status_code == 302
    assert browser.sign_in("mau").status_code == 401


def test_five_wrong_passwords_make_one_wait_but_nobody_else(site: Flask, staff: Staff, clock: ManualClock) -> None:
    limit_failures(site)
    staff("an.thanhtri"), staff("binh.phuctho")
    school = site.test_client()
    for _ in range(5):
        assert school.sign_in("an.thanhtri", "sai").status_code == 401  # type: ignore[attr-defined]
    refused = school.sign_in("an.thanhtri")  # type: ignore[attr-defined]
    assert refused.status_code == 429 and "đợi 5 phút" in text_of(refused)
    assert school.sign_in("binh.phuctho").status_code == 303  # type: ignore[attr-defined]
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert site.test_client().sign_in("an.thanhtri", environ_base=elsewhere).status_code == 303  # type: ignore[attr-defined]
    clock.advance(301)
    assert site.test_client().sign_in("an.thanhtri").status_code == 303  # type: ignore[attr-defined]


def test_any_number_of_successes_from_one_address_is_fine(site: Flask, staff: Staff) -> None:
    limit_failures(site)
    staff("an.thanhtri")
    assert {site.test_client().sign_in("an.thanhtri").status_code for _ in range(60)} == {303}  # type: ignore[attr-defined]


def test_forms_need_their_token(site: Flask, browser: Browser, staff: Staff) -> None:
    staff("an.thanhtri")
    site.config["WTF_CSRF_ENABLED"] = True
    assert browser.sign_in("an.thanhtri").status_code == 400
    assert browser.post("/dang-xuat").status_code == 400
    assert browser.post("/thi", data={"ma": "1"}).status_code == 400


def test_staff_without_a_page_of_their_own_see_a_calm_one(
    site: Flask, browser: Browser, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site.extensions, "nav", [])
    staff("kiem", Role.CHECKER)
    browser.sign_in("kiem")
    page = browser.get("/quan-tri")
    assert page.status_code == 200 and "chưa có việc" in text_of(page)
