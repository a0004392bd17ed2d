"""Pages of staff accounts: an organiser gives roles within their own subtree, and takes over nobody above."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from core.access import Role
from core.accounts.grants import grant_role
from core.accounts.models import Account, Person
from core.accounts.staff import active_grants, by_username
from core.database import db, unit_of_work
from core.organisation.models import Unit
from tests.core.accounts.conftest import PASSWORD, Browser, text_of

Staff = Callable[..., Account]
Units = dict[str, Unit]

NEW = {"display_name": "Lê Thị Hoa", "username": "hoa.thanhtri", "role": "clerk", "unit": "huyen thanh tri"}


@pytest.fixture
def organiser(browser: Browser, staff: Staff) -> Browser:
    """An organiser of Thanh Trì, signed in."""
    staff("an.thanhtri")
    browser.sign_in("an.thanhtri")
    return browser


def page_of(account: Account, what: str = "") -> str:
    return f"/quan-tri/tai-khoan/{account.public_id}{what}"


def first_password(answer: Any) -> str:
    match = re.search(r'id="mat-khau">([^<]+)<', answer.get_data(as_text=True))
    assert match is not None
    return match.group(1)


def test_a_new_account_s_password_is_shown_once_and_works(site: Flask, organiser: Browser) -> None:
    answer = organiser.post("/quan-tri/tai-khoan/them", data=NEW)
    password = first_password(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    account = by_username("hoa.thanhtri")
    assert account is not None
    assert password not in organiser.get(page_of(account)).get_data(as_text=True)
    other = site.test_client()
    assert other.post("/dang-nhap", data={"username": "hoa.thanhtri", "password": password}).status_code == 303


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"display_name": " "}, "Xin ghi họ và tên."),
        ({"username": "a/b"}, "chỉ gồm chữ không dấu"),
        ({"username": "An.ThanhTri"}, "đã có người dùng"),
        ({"role": "chairman"}, "Vai trò"),
        ({"unit": "Phúc Thọ"}, "Không tìm thấy trong phạm vi"),
        ({"unit": "Thành ủy Hà Nội"}, "Không tìm thấy trong phạm vi"),
    ],
)
def test_what_cannot_be_is_told_and_no_account_is_made(organiser: Browser, changed: dict[str, str], message: str) -> None:
    answer = organiser.post("/quan-tri/tai-khoan/them", data=NEW | changed)
    assert answer.status_code == 422 and message in text_of(answer)
    assert db.session.query(Account).count() == 1


def test_the_list_shows_one_s_own_people_and_only_their_roles_here(organiser: Browser, staff: Staff, units: Units) -> None:
    shared = staff("chung", Role.CLERK)
    staff("binh.phuctho", unit="pt")
    with unit_of_work():
        grant_role(shared, Role.ORGANISER, units["pt"])
    page = text_of(organiser.get("/quan-tri/tai-khoan"))
    assert "chung" in page and "Tổ thư ký" in page
    assert "binh.phuctho" not in page and "Phúc Thọ" not in page
    assert "Phúc Thọ" not in text_of(organiser.get(page_of(shared)))
    assert "chung" in text_of(organiser.get("/quan-tri/tai-khoan?q=CHUNG"))
    assert "Không tìm thấy" in text_of(organiser.get("/quan-tri/tai-khoan?q=binh"))


@pytest.mark.parametrize("what", ["", "/ten", "/vai-tro", "/mat-khau", "/khoa", "/mo", "/nguoi-du-thi"])
def test_an_account_elsewhere_is_closed(organiser: Browser, staff: Staff, what: str) -> None:
    for account in (staff("binh.phuctho", unit="pt"), staff("tren", unit="city")):
        method = organiser.post if what else organiser.get
        assert method(page_of(account, what), data=NEW).status_code == 403
        assert len(active_grants(account)) == 1
    assert organiser.get("/quan-tri/tai-khoan/khongco").status_code == 404


@pytest.mark.parametrize("what", ["/ten", "/mat-khau", "/khoa"])
def test_nobody_takes_over_an_account_that_also_works_above(organiser: Browser, staff: Staff, units: Units, what: str) -> None:
    account = staff("tren", Role.REVIEWER, unit="city")
    with unit_of_work():
        grant_role(account, Role.CLERK, units["tt"])
    assert organiser.get(page_of(account)).status_code == 200
    assert organiser.post(page_of(account, what), data=NEW).status_code == 403


def test_a_role_is_added_and_revoked_within_one_s_reach(organiser: Browser, staff: Staff, units: Units) -> None:
    account = staff("hoa", Role.CLERK)
    given = {"role": "question_setter", "unit": "tam hiep"}
    assert organiser.post(page_of(account, "/vai-tro"), data=given).status_code == 303
    db.session.refresh(account)
    clerk, setter = active_grants(account)
    assert (setter.role, setter.unit_id) == ("question_setter", units["tt_commune"].id)
    assert organiser.post(page_of(account, f"/vai-tro/{clerk.public_id}/thu-hoi")).status_code == 303
    db.session.refresh(account)
    assert active_grants(account) == [setter]


def test_a_role_elsewhere_is_neither_given_nor_revoked(organiser: Browser, staff: Staff, units: Units) -> None:
    account = staff("hoa", Role.CLERK)
    with unit_of_work():
        above = grant_role(account, Role.REVIEWER, units["city"])
    sent = {"role": "clerk", "unit": [units["pt"].full_name, f"id:{units['pt'].public_id}"]}
    assert organiser.post(page_of(account, "/vai-tro"), data=sent).status_code == 422
    assert organiser.post(page_of(account, f"/vai-tro/{above.public_id}/thu-hoi")).status_code == 403
    other = staff("khac", Role.CLERK)
    wrong = page_of(account, f"/vai-tro/{other.grants[0].public_id}/thu-hoi")
    assert organiser.post(wrong).status_code == 404


def test_nobody_locks_themselves_out(organiser: Browser) -> None:
    own = by_username("an.thanhtri")
    assert own is not None
    for what in ("/khoa", f"/vai-tro/{own.grants[0].public_id}/thu-hoi", "/mat-khau"):
        organiser.post(page_of(own, what))
    db.session.refresh(own)
    assert own.active and len(active_grants(own)) == 1
    assert organiser.get("/quan-tri/tai-khoan").status_code == 200


def test_a_reset_password_ends_the_old_one(site: Flask, organiser: Browser, staff: Staff) -> None:
    account = staff("hoa", Role.CLERK)
    password = first_password(organiser.post(page_of(account, "/mat-khau")))
    other = site.test_client()
    assert other.post("/dang-nhap", data={"username": "hoa", "password": PASSWORD}).status_code == 401
    assert other.post("/dang-nhap", data={"username": "hoa", "password": password}).status_code == 303


def test_a_closed_account_is_opened_again(organiser: Browser, staff: Staff) -> None:
    account = staff("hoa", Role.CLERK)
    organiser.post(page_of(account, "/khoa"))
    assert "Đã khóa" in text_of(organiser.get("/quan-tri/tai-khoan"))
    organiser.post(page_of(account, "/mo"))
    db.session.refresh(account)
    assert account.active


def test_the_holder_may_be_on_the_lists_too(organiser: Browser, staff: Staff, lan: Person) -> None:
    account = staff("hoa", Role.CLERK)
    assert organiser.post(page_of(account, "/nguoi-du-thi"), data={"person": "nguyen lan"}).status_code == 303
    db.session.refresh(account)
    assert account.person_id == lan.id
    assert "Nguyễn Thị Lan, 12/05/1970" in organiser.get(page_of(account)).get_data(as_text=True)
    organiser.post(page_of(account, "/nguoi-du-thi"), data={"person": ""})
    db.session.refresh(account)
    assert account.person_id is None


def test_a_clerk_manages_no_accounts(browser: Browser, staff: Staff) -> None:
    account = staff("thu.ky", Role.CLERK)
    browser.sign_in("thu.ky")
    assert browser.get("/quan-tri/tai-khoan").status_code == 403
    assert browser.get(page_of(account)).status_code == 403
    assert browser.post("/quan-tri/tai-khoan/them", data=NEW).status_code == 403


def test_nobody_gives_themselves_a_role(organiser: Browser) -> None:
    own = by_username("an.thanhtri")
    assert own is not None
    answer = organiser.post(page_of(own, "/vai-tro"), data={"role": "reviewer", "unit": "tam hiep"})
    assert "Không tự giao vai trò cho mình" in text_of(answer)
    db.session.refresh(own)
    assert [grant.role for grant in active_grants(own)] == ["organiser"]
