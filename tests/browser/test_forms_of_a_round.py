"""Two parallel forms on a phone: asked for, judged side by side, confirmed; nothing wider than the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contest.rounds.models import Round
from contest.rounds.service import add_round, create_contest
from contest.rules.parts.quiz import BlueprintCell
from core.database import db, unit_of_work
from core.jobs import Job, run_now
from tests import world as w
from tests.browser.conftest import PHONE, Live, new_page


@pytest.fixture
def worker(live: Live) -> Iterator[None]:
    """Does what waits for the worker, in a thread of this process."""
    ending = threading.Event()

    def work() -> None:
        with live.app.app_context():
            while not ending.wait(0.1):
                for job_id in db.session.scalars(select(Job.id).where(Job.state == "waiting")).all():
                    run_now(job_id)
                db.session.rollback()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    ending.set()
    thread.join()


@pytest.fixture
def round_(live: Live, worker: None) -> Round:
    """A round of Thanh Trì whose blueprint the bank can fill three times; a setter with a password."""
    world = w.make_world()
    with unit_of_work():
        topic = w.add_topic("Điều lệ Đảng")
        for number in range(15):
            level = "nhận biết" if number < 9 else "vận dụng"
            w.add_question(world.city, topic, f"Nội dung câu hỏi thứ {number} của Điều lệ Đảng là gì?", level=level)
        w.add_account("rade", ("question_setter", world.city), name="Nguyễn Thu Hà")
        contest = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi Bí thư chi bộ giỏi", hotline="1")
        cells = [BlueprintCell("Điều lệ Đảng", "nhận biết", 3), BlueprintCell("Điều lệ Đảng", "vận dụng", 2)]
        return add_round(contest, "Vòng 1", cells=cells)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


@pytest.mark.browser
def test_two_forms_are_asked_for_judged_and_confirmed(live: Live, round_: Round, browser: Browser) -> None:
    page = new_page(browser, PHONE)
    page.goto(f"{live.url}/dang-nhap")
    page.fill("[name=username]", "rade")
    page.fill("[name=password]", w.PASSWORD)
    page.click("main button[type=submit]")
    expect(page.get_by_role("button", name="Thoát")).to_be_visible()  # going on at once would break the signing in off
    page.goto(f"{live.url}/quan-tri/de-thi")
    page.get_by_role("link", name="Vòng 1").click()
    assert fits(page)
    page.get_by_role("link", name="Ghép nhiều mã đề").click()
    assert fits(page)
    page.uncheck("[name=alike]")
    page.get_by_role("button", name="Ghép đề").last.click()
    expect(page.get_by_role("heading", name="Các mã đề đặt cạnh nhau")).to_be_visible()
    assert fits(page)
    expect(page.locator("svg.chart-lines polyline")).to_have_count(2)
    page.get_by_role("link", name="Mã đề 101").click()
    expect(page.locator(".paper-questions > li")).to_have_count(5)
    assert fits(page)
    page.get_by_role("link", name="Đổi câu 1", exact=True).click()
    assert fits(page)
    page.get_by_role("button", name="Thay bằng câu này").first.click()
    expect(page.get_by_text("Đã thay câu.")).to_be_visible()
    page.get_by_role("link", name="Bộ đề số 1").click()
    page.get_by_text("Chốt bộ đề", exact=True).first.click()
    page.locator("dialog[open]").get_by_role("button", name="Chốt bộ đề").click()
    expect(page.get_by_text("Đã chốt", exact=True)).to_be_visible()
    page.close()
