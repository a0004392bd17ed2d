"""What reaches an open sitting from the organiser: a pause, messages, other hours."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from contest.rounds.models import Round, Window
from contest.rounds.service import add_notice
from contest.sittings.control import announce
from contest.sittings.models import JournalRow, Sitting
from core.database import db, unit_of_work
from tests.browser.conftest import PHONE, Live, new_page
from tests.browser.test_offline import until
from tests.browser.test_sitting import begin, choose
from tests.world import open_district_round

pytestmark = pytest.mark.browser


def beat(page: Page) -> None:
    """Have the page ask how things stand, without waiting for its next heartbeat."""
    page.evaluate("dispatchEvent(new Event('online'))")


def said(page: Page, text: str) -> Locator:
    """The messages that say ``text``."""
    return page.locator(".sit-message").filter(has_text=text)


def pause(live: Live, on: bool, given_back: timedelta = timedelta()) -> None:
    """Pause the only window, or let it go on with every deadline moved by ``given_back``."""
    with unit_of_work() as session:
        window = session.scalars(select(Window)).one()
        window.paused_at = live.clock.now() if on else None
        for sitting in session.scalars(select(Sitting)):
            sitting.deadline += given_back
        announce(session.connection(), at=live.clock.now(), window=window.id)


def tell(live: Live, title: str, text: str) -> None:
    """A message to the only round."""
    with unit_of_work() as session:
        round_ = session.scalars(select(Round)).one()
        add_notice(round_, "message", {"title": title, "text": text})
        announce(session.connection(), at=live.clock.now(), round_=round_.id)


def test_a_pause_covers_the_questions_and_gives_the_time_back(live: Live, browser: Browser) -> None:
    open_round = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, open_round)
    choose(page, "Đúng")
    pause(live, True)
    beat(page)
    expect(page.get_by_role("heading", name="Ban tổ chức tạm dừng ca thi.")).to_be_visible()
    expect(page.locator("[data-paused]")).to_contain_text("Giờ làm bài đang dừng.")
    expect(page.get_by_text("đang dừng", exact=True)).to_be_visible()
    expect(page.locator(".option").first).to_be_hidden()
    stopped = page.locator("[data-left]").inner_text()
    live.clock.skip(3600)
    page.reload()
    expect(page.get_by_role("heading", name="Ban tổ chức tạm dừng ca thi.")).to_be_visible()
    expect(page.locator("[data-left]")).to_have_text(re.compile(f"^{stopped[:2]}:"))
    page.wait_for_timeout(600)  # two looks at the clock: time is not up
    expect(page.get_by_text("Đã hết giờ")).to_have_count(0)
    pause(live, False, timedelta(hours=1))
    beat(page)
    expect(said(page, "Ca thi tiếp tục.")).to_be_visible()
    expect(page.locator(".option").first).to_be_visible()
    expect(page.get_by_text("còn lại", exact=True)).to_be_visible()
    minutes = int(stopped.split(":")[0])
    expect(page.locator("[data-left]")).to_have_text(re.compile(rf"^({minutes:02}|{minutes - 1:02}):"))
    choose(page, "Sai 1")


def test_an_answer_given_as_the_pause_begins_is_kept_and_sent_when_it_ends(live: Live, browser: Browser) -> None:
    open_round = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, open_round)
    until(page, lambda: db.session.scalar(select(JournalRow.kind)) == "display")  # nothing else waits to be sent
    pause(live, True)
    page.locator(".option label").filter(has_text="Đúng").click()
    expect(page.get_by_role("heading", name="Ban tổ chức tạm dừng ca thi.")).to_be_visible()
    expect(page.locator("[data-saved-text]")).not_to_have_text("Đã lưu")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    pause(live, False)
    beat(page)
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    db.session.rollback()
    assert len(db.session.scalars(select(JournalRow).where(JournalRow.kind == "answer")).all()) == 1


def test_messages_stay_until_they_are_read(live: Live, browser: Browser) -> None:
    open_round = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, open_round)
    tell(live, "Xin giữ trật tự", "Đồng chí nào làm xong xin ngồi tại chỗ.")
    tell(live, "", "Loa hội trường đã sửa xong.")
    beat(page)
    expect(said(page, "Xin giữ trật tự")).to_be_visible()
    expect(said(page, "Ban tổ chức nhắn:")).to_be_visible()
    expect(page.locator("[data-spoken]")).to_have_text(re.compile("Loa hội trường"))
    first = said(page, "Xin giữ trật tự")
    first.get_by_role("button", name="Đã đọc").click()
    expect(first).to_have_count(0)
    page.reload()
    expect(said(page, "Loa hội trường đã sửa xong.")).to_be_visible()
    expect(said(page, "Xin giữ trật tự")).to_have_count(0)
    page.get_by_role("button", name="Đã đọc").click()
    page.reload()
    expect(page.locator("[data-saved]")).to_be_visible()
    beat(page)
    choose(page, "Đúng")
    expect(said(page, "Loa hội trường")).to_have_count(0)


def test_more_time_is_said(live: Live, browser: Browser) -> None:
    open_round = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, open_round)
    with unit_of_work() as session:
        sitting = session.scalars(select(Sitting)).one()
        sitting.deadline += timedelta(minutes=10)
        announce(session.connection(), at=live.clock.now(), sittings=[sitting.id])
    choose(page, "Đúng")
    expect(said(page, "Ban tổ chức đã cho thêm 10 phút.")).to_be_visible()
    expect(page.locator("[data-left]")).to_have_text(re.compile("^3[45]:"))
