"""A published board in a real browser: who is signed in sees the own place and the own row; without scripts by a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from contest.rules.document import Publication
from core.database.server_time import ManualClock, clock_set_to
from tests.browser.conftest import Live, new_page
from tests.contest.standings.rounds_for_tests import Finished, Sat, finish_round, published_standing
from tests.world import slip_code

pytestmark = pytest.mark.browser

PEOPLE = [Sat(f"Nguyễn Văn {name}", right=3, seconds=60 + n) for n, name in enumerate(("An", "Bạch", "Cúc", "Dũng", "Hà"))]


def published(live: Live) -> Finished:
    """A board from yesterday."""
    clock = ManualClock(live.clock.now())
    with clock_set_to(clock):
        finished = finish_round(clock, PEOPLE, Publication(leading_places=4))
        published_standing(finished)
    return finished


def come_in(page: Page, live: Live, code: str) -> None:
    """From the slip's link (the script takes the code from it; without scripts it is typed) to the waiting room."""
    page.goto(f"{live.url}/thi#{code}")
    typed = page.locator("input[name=ma]")
    if typed.is_visible():
        typed.fill(code)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đúng là tôi").click()
    page.wait_for_url("**/thi/phong*")


def test_nobody_signed_in_sees_the_named_places_only(live: Live, browser: Browser, size: dict[str, int]) -> None:
    finished = published(live)
    page = new_page(browser, size)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"{live.url}/ket-qua/{finished.round.public_id}")
    expect(page.locator(".winner")).to_have_count(3)
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("bach")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_contain_text("Nguyễn Văn Bạch")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert problems == []


def test_ones_own_row_is_marked(live: Live, browser: Browser, size: dict[str, int]) -> None:
    finished = published(live)
    page = new_page(browser, size)
    come_in(page, live, slip_code(finished.people["Nguyễn Văn Dũng"]))
    page.goto(f"{live.url}/ket-qua/{finished.round.public_id}")
    expect(page.locator(".own-place")).to_contain_text("Hạng 4 trong 5 người dự thi")
    expect(page.locator("tr.mine")).to_contain_text("Nguyễn Văn Dũng")


def test_ones_own_place_without_scripts(live: Live, browser: Browser) -> None:
    finished = published(live)
    page = new_page(browser, {"width": 360, "height": 740}, scripts=False)
    come_in(page, live, slip_code(finished.people["Nguyễn Văn Hà"]))
    page.goto(f"{live.url}/ket-qua/{finished.round.public_id}")
    expect(page.locator("main")).not_to_contain_text("Nguyễn Văn Hà")
    page.get_by_role("link", name="Xem hạng của tôi").click()
    expect(page.locator("h1")).to_contain_text("Hạng 5 trong 5 người dự thi")
