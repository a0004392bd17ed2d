"""The waiting page: it tries the device before the bell, and Start asks until it is let in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select

from contest.sittings.models import JournalRow, Sitting
from core.database import db
from tests.browser.conftest import DESKTOP, PHONE, Live, new_page
from tests.browser.relay import Relay
from tests.browser.test_offline import begin_ready, far, relay, wait_for_worker  # noqa: F401 (two of them are fixtures)
from tests.browser.test_sitting import choose, come_in
from tests.world import open_district_round

pytestmark = pytest.mark.browser

ZALO = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 Zalo android/12100"


def test_a_device_that_is_ready_asks_for_nothing_but_start_at_the_bell(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    come_in(page, live, opened)
    expect(page.get_by_role("heading", name="Máy đã sẵn sàng")).to_be_visible()
    expect(page.get_by_text("Lưu được bài trên máy khi mất mạng")).to_be_visible()
    asked: list[str] = []
    page.on("response", lambda r: asked.append(r.url) if not r.from_service_worker else None)
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    choose(page, "Đúng")
    assert [url for url in asked if "/static/" in url] == []
    assert [url.removeprefix(live.url) for url in asked][0] == "/s/bat-dau"


def test_trying_ones_hand_counts_for_nothing(live: Live, browser: Browser, size: dict[str, int]) -> None:
    opened = open_district_round(opens=live.clock.now() + timedelta(minutes=5))
    page = new_page(browser, size)
    come_in(page, live, opened)
    page.get_by_role("button", name="Làm thử 3 câu").click()
    expect(page.get_by_text("Không tính điểm")).to_be_visible()
    for number, answer in enumerate(("Hà Nội", "Đúng", "Hải Phòng"), 1):
        expect(page.get_by_role("heading", name=f"Làm thử: câu {number} / 3")).to_be_visible()
        page.locator(".option label").filter(has_text=answer).click()
        expect(page.locator(".option input:checked")).to_have_count(1)
        page.get_by_role("button", name="Câu sau").click()
    expect(page.get_by_role("heading", name="Làm thử xong")).to_be_visible()
    page.get_by_role("button", name="Thôi làm thử").click()
    expect(page.get_by_role("button", name="Làm thử 3 câu")).to_be_visible()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 0
    assert db.session.scalar(select(func.count()).select_from(JournalRow)) == 0


def test_inside_another_app_it_says_how_to_open_a_browser(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = browser.new_context(viewport=PHONE, locale="vi-VN", user_agent=ZALO).new_page()  # type: ignore[arg-type]
    come_in(page, live, opened)
    expect(page.get_by_text("Đang mở trong Zalo. Vẫn thi được; mở bằng Chrome thì chắc hơn.")).to_be_visible()
    expect(page.get_by_role("heading", name="Máy thi được, xin lưu ý")).to_be_visible()
    page.get_by_role("button", name="Chép đường dẫn").click()
    expect(page.get_by_text("Đã chép")).to_be_visible()
    assert page.locator("[data-copy]").get_attribute("data-copy") == f"{live.url}/thi"


def test_start_asks_again_while_the_server_is_busy(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    answers = [503, 503]

    def busy(route: Route) -> None:
        if answers:
            route.fulfill(status=answers.pop(), headers={"Retry-After": "1"}, json={"cause": "busy"})
        else:
            route.continue_()

    page.route("**/s/bat-dau", busy)
    come_in(page, live, opened)
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_text("đồng hồ chỉ chạy khi đã vào được")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Câu 1\s*/ 4"))).to_be_visible()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 1


def test_start_without_network_gets_in_when_it_returns(far: Live, relay: Relay, browser: Browser) -> None:  # noqa: F811
    opened = open_district_round()
    page = new_page(browser, DESKTOP)
    come_in(page, far, opened)
    page.wait_for_load_state("load")
    relay.cut()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_text("máy tự thử lại")).to_be_visible()
    relay.mend()
    expect(page.get_by_text(re.compile(r"Câu 1\s*/ 4"))).to_be_visible()


def test_start_that_is_refused_leads_where_the_reason_is(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    come_in(page, live, opened)
    page.wait_for_load_state("load")
    live.clock.skip(2 * 3600)
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_role("heading", name="Ca thi đã kết thúc")).to_be_visible()


def cached(page: Page) -> dict[str, list[str]]:
    """The addresses in each of the browser's caches."""
    found: dict[str, list[str]] = page.evaluate("""async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
      async (name) => [name, (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)])))""")
    return found


def test_the_worker_keeps_one_page_and_all_its_files_and_nothing_else(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin_ready(page, live, opened)
    wait_for_worker(page)
    (kept,) = cached(page).values()
    path = page.evaluate("location.pathname")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)")
    assert {name for name in loaded if name.startswith("/static/")} <= set(kept)
    assert [name for name in kept if not name.startswith("/static/")] == [path]
    scopes = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))")
    assert scopes == [f"{live.url}/thi/bai/"]


def test_another_version_of_the_worker_takes_over_in_the_middle_of_a_sitting(
    far: Live, relay: Relay, browser: Browser  # noqa: F811
) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin_ready(page, far, opened)
    choose(page, "Đúng")
    wait_for_worker(page)
    (old,) = cached(page)
    script = far.app.extensions["sitting_worker"]
    far.app.extensions["sitting_worker"] = script.replace(old.removeprefix("thi-"), "0123456789ab")
    page.reload()
    expect(page.locator("[data-saved]")).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).join() === 'thi-0123456789ab'")
    relay.cut()
    page.reload()
    expect(page.locator("[data-saved]")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    page.get_by_role("button", name="Câu sau").click()
    expect(page.get_by_text(re.compile(r"Câu 2\s*/ 4"))).to_be_visible()


#: What a screen reader could not name, and what has the focus.
UNNAMED = """() => {
  const shown = (one) => one.checkVisibility();
  const named = (one) => one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim() || one.title;
  return [...document.querySelectorAll("button, a, input:not([type=hidden]), progress, select")]
    .filter((one) => shown(one) && !named(one)).map((one) => one.outerHTML);
}"""


def test_everything_has_a_name_and_the_focus_goes_along(live: Live, browser: Browser) -> None:
    opened = open_district_round(opens=live.clock.now() + timedelta(minutes=5))
    page = new_page(browser, PHONE)
    come_in(page, live, opened)
    page.get_by_role("button", name="Làm thử 3 câu").click()
    expect(page.locator("legend")).to_be_focused()
    assert page.evaluate(UNNAMED) == []
    page.get_by_role("button", name="Thôi làm thử").click()
    expect(page.get_by_role("button", name="Làm thử 3 câu")).to_be_focused()
    live.clock.skip(301)
    page.reload()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.locator("[data-saved]")).to_be_visible()
    page.get_by_role("button", name="Câu sau").click()
    expect(page.locator("legend")).to_be_focused()
    assert page.evaluate(UNNAMED) == []
    page.locator("[data-open-review]:visible").first.click()
    expect(page.locator("[data-review-title]")).to_be_focused()
    assert page.evaluate(UNNAMED) == []
