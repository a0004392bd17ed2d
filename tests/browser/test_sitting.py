"""A contestant's way through a sitting, by what they see: with scripts, without, on another phone, at the deadline."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contest.sittings.deadlines import finalise_due
from contest.sittings.models import JournalRow, Result, Sitting
from core.database import db
from tests.browser.conftest import PHONE, Live, new_page
from tests.world import Opened, open_district_round, slip_code

pytestmark = pytest.mark.browser


def come_in(page: Page, live: Live, opened: Opened, person: int = 0) -> None:
    """From the slip to the waiting room."""
    code = slip_code(opened.people[person])
    page.goto(f"{live.url}/thi#{code}")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text(opened.people[person].full_name)).to_be_visible()
    page.get_by_role("button", name="Đúng là tôi").click()


def begin(page: Page, live: Live, opened: Opened, person: int = 0) -> None:
    """From the slip into the sitting."""
    come_in(page, live, opened, person)
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_text(re.compile(r"Câu 1\s*/ 4"))).to_be_visible()
    expect(page.locator("[data-saved]")).to_be_visible()  # the script has begun


def choose(page: Page, text: str) -> None:
    page.locator(".option label").filter(has_text=text).click()
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")


def test_a_sitting_from_slip_to_receipt(live: Live, browser: Browser, size: dict[str, int]) -> None:
    opened = open_district_round()
    page = new_page(browser, size)
    begin(page, live, opened)
    choose(page, "Đúng")
    page.get_by_role("button", name="Đánh dấu để xem lại").click()
    page.get_by_role("button", name="Câu sau").click()
    expect(page.get_by_text(re.compile(r"Câu 2\s*/ 4"))).to_be_visible()
    choose(page, "Đúng")
    page.locator("[data-open-review]:visible").first.click()
    expect(page.get_by_role("heading", name="Còn 2 câu chưa trả lời")).to_be_visible()
    expect(page.get_by_text("Nộp rồi thì không sửa được nữa.")).to_be_visible()
    page.locator("[data-unanswered] button").first.click()
    expect(page.get_by_text(re.compile(r"Câu 3\s*/ 4"))).to_be_visible()
    choose(page, "Sai 1")
    page.locator("[data-open-review]:visible").first.click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    expect(page.get_by_text("3 trên 4 câu")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(select(Result)).one().correct == 2
    page.get_by_role("button", name="Người tiếp theo").click()
    expect(page.get_by_role("heading", name="Vào phòng thi")).to_be_visible()


def test_reload_and_a_second_tab_go_on_where_it_was(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, opened)
    choose(page, "Đúng")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.locator("[data-count]")).to_have_text("1/4")
    tab.get_by_role("button", name="Câu sau").click()
    choose(tab, "Sai 1")
    page.get_by_role("button", name="Câu sau").click()
    choose(page, "Đúng")
    tab.reload()
    expect(tab.locator("[data-count]")).to_have_text(re.compile("[23]/4"))
    db.session.rollback()
    rows = db.session.scalars(select(JournalRow).where(JournalRow.kind == "answer")).all()
    assert len(rows) == 3


def test_another_phone_takes_over_and_the_old_page_says_so(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    old, new = new_page(browser, PHONE), new_page(browser, PHONE)
    begin(old, live, opened)
    choose(old, "Đúng")
    come_in(new, live, opened)
    new.get_by_role("link", name="Vào làm tiếp").click()
    expect(new.get_by_role("heading", name="Bài thi đang làm trên máy khác")).to_be_visible()
    new.get_by_role("button", name="Làm tiếp trên máy này").click()
    expect(new.locator("[data-count]")).to_have_text("1/4")
    old.locator(".option label").last.click()
    expect(old.get_by_text("Bài thi đang làm trên máy khác.")).to_be_visible()
    expect(old.get_by_role("link", name="Làm tiếp trên máy này")).to_be_visible()


def test_at_the_deadline_it_is_submitted_by_itself(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, opened)
    choose(page, "Đúng")
    live.clock.skip(25 * 60 - 2)
    page.reload()
    expect(page.get_by_role("heading", name="Đã hết giờ làm bài")).to_be_visible()
    live.clock.skip(10)
    finalise_due(db.engine)
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    expect(page.get_by_text("Bài được tự nộp khi hết giờ")).to_be_visible()


def test_the_waiting_page_opens_by_itself(live: Live, browser: Browser) -> None:
    opened = open_district_round(opens=live.clock.now() + timedelta(minutes=2))
    page = new_page(browser, PHONE)
    page.clock.install()
    come_in(page, live, opened)
    expect(page.get_by_text("nữa là bắt đầu")).to_be_visible()
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_be_hidden()
    page.wait_for_load_state()  # its scripts count from here on
    live.clock.skip(121)
    page.clock.fast_forward(121_000)
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_be_visible()
    page.clock.resume()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_text(re.compile(r"Câu 1\s*/ 4"))).to_be_visible()


def test_a_whole_sitting_without_scripts(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE, scripts=False)
    page.goto(f"{live.url}/thi")
    page.locator("input[name=ma]").first.fill(slip_code(opened.people[0]))
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đúng là tôi").click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    for number in range(1, 5):
        expect(page.get_by_text(re.compile(rf"Câu {number}\s*/ 4"))).to_be_visible()
        page.locator(".option label").filter(has_text="Đúng").click()
        if number == 2:
            page.get_by_label("Đánh dấu để xem lại").check()
        page.get_by_role("button", name="Xem lại", exact=True).click() if number == 4 else page.get_by_role(
            "button", name="Câu sau"
        ).click()
    expect(page.get_by_role("heading", name="Đã trả lời đủ 4 câu")).to_be_visible()
    expect(page.get_by_role("heading", name="Đã đánh dấu để xem lại")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(select(Result)).one().correct == 4
    assert db.session.scalars(select(Sitting)).one().submitted_by == "contestant"


def test_storage_that_is_denied_does_not_stop_a_sitting(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }});"
    )
    begin(page, live, opened)
    choose(page, "Đúng")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    page.get_by_role("button", name="Câu sau").click()
    choose(page, "Đúng")
    page.locator("[data-open-review]:visible").first.click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(select(Result)).one().correct == 2


def test_answers_given_without_network_arrive_when_it_returns(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, opened)
    page.context.set_offline(True)
    page.locator(".option label").filter(has_text="Đúng").click()
    expect(page.get_by_text("Đang chờ mạng.")).to_be_visible()
    page.get_by_role("button", name="Câu sau").click()
    page.locator(".option label").filter(has_text="Đúng").click()
    page.context.set_offline(False)
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("2/4")


def test_the_page_never_holds_the_key(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    bodies: list[str] = []
    page.on("response", lambda r: bodies.append(r.text()) if "/s/" in r.url or "/thi/" in r.url else None)
    begin(page, live, opened)
    choose(page, "Sai 1")
    everything = "\n".join([*bodies, page.content()])
    for word in ("correct", "Giải thích:", "explanation", '"order"', "Điều 1 Điều lệ Đảng"):
        assert word not in everything
