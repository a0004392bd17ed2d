"""Statements, matching and ordering as contestants answer them on a phone: with scripts and without, and looked back on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contest.papers.opening import open_round
from contest.rounds.entries import enter_people
from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rules.parts.quiz import BlueprintCell
from contest.sittings.models import Result, Sitting
from core.database import db, unit_of_work
from core.database.server_time import now
from tests.browser.conftest import PHONE, Live, new_page
from tests.world import Opened, add_person, add_question, add_topic, make_world, slip_code

pytestmark = pytest.mark.browser

STEPS = ["Tuyên bố lý do", "Giới thiệu đại biểu", "Báo cáo kết quả", "Biểu quyết nghị quyết"]
STATEMENTS = {"Chi bộ họp mỗi tháng một lần.": "Đúng", "Chi bộ không có chi ủy.": "Sai", "Đảng phí do chi bộ tự định.": "Sai"}
PAIRS = {"Khai trừ": "Đảng viên chính thức", "Giải tán": "Tổ chức đảng"}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "Nhận định nào đúng?": ("statements", {"statements": list(STATEMENTS), "key": [0, 1, 1], "credit": "rows"}),
    "Ghép hình thức kỷ luật với đối tượng.": (
        "matching",
        {"items": list(PAIRS), "choices": [*PAIRS.values(), "Đoàn viên"], "key": [0, 1]},
    ),
    "Xếp các bước của buổi họp.": ("ordering", {"steps": STEPS, "credit": "pairs"}),
}


def open_round_of_rows() -> Opened:
    """A round whose papers hold one question of each of the three types."""
    world = make_world()
    with unit_of_work():
        topic = add_topic("Sinh hoạt chi bộ")
        for stem, (type_, data) in QUESTIONS.items():
            add_question(world.city, topic, stem, type_=type_, data=data)
        contest = create_contest(world.city, "Hội thi", hotline="024 1234 5678")
        round_ = add_round(contest, "Vòng 1", cells=[BlueprintCell(topic=topic.name, count=3)])
        set_windows(round_, [WindowPlan(world.districts["Huyện Thanh Trì"], now(), now() + timedelta(hours=1))])
        cell = world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"]
        people = [add_person(cell, name) for name in ("Nguyễn Văn An", "Trần Thị Bình")]
        entries = enter_people(contest, people)
    with unit_of_work():
        open_round(round_)
    return Opened(world, contest, round_, people, entries)


def row(page: Page, text: str) -> Any:
    return page.locator(".answer-row").filter(has=page.locator(".words", has_text=re.compile(rf"^\s*{re.escape(text)}\s*$")))


def match(page: Page) -> None:
    for item, choice in PAIRS.items():
        option = row(page, item).locator("option").filter(has_text=choice)
        page.get_by_label(item, exact=True).select_option(value=option.get_attribute("value"))


def judge(page: Page, wrong: int = 0) -> None:
    """The right verdicts, but for the first ``wrong``."""
    for number, (text, verdict) in enumerate(STATEMENTS.items()):
        said = verdict if number >= wrong else {"Đúng": "Sai", "Sai": "Đúng"}[verdict]
        page.get_by_role("radiogroup", name=text).get_by_text(said, exact=True).click()


def sort_by_buttons(page: Page) -> None:
    """The steps by their arrows alone, from the keyboard; where nothing had to move, the order is said to be right."""
    for place, step in enumerate(STEPS):
        button = page.get_by_role("button", name=f"Đưa lên {step}")
        while page.locator(".step .words").all_inner_texts().index(step) > place:
            button.focus()
            button.press("Enter")
    keep = page.get_by_role("button", name="Thứ tự này đúng rồi")
    if keep.is_visible():
        keep.click()
    assert page.locator(".step .words").all_inner_texts() == STEPS


def sort_by_numbers(page: Page) -> None:
    for place, step in enumerate(STEPS):
        page.get_by_role("combobox", name=f"Thứ tự của bước: {step}").select_option(label=str(place + 1))


def answer_all(page: Page, sort: Callable[[Page], None], after: Callable[[], None], wrong: int = 0) -> None:
    for number in range(1, 4):
        expect(page.get_by_text(re.compile(rf"Câu {number}\s*/ 3"))).to_be_visible()
        stem = next(stem for stem in QUESTIONS if stem in page.locator("legend").inner_text())
        kind = QUESTIONS[stem][0]
        match(page) if kind == "matching" else judge(page, wrong) if kind == "statements" else sort(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        after()
        page.get_by_role("button", name="Xem lại" if number == 3 else "Câu sau", exact=True).click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()


def come_in(page: Page, live: Live, code: str, scripts: bool = True) -> None:
    page.goto(f"{live.url}/thi#{code}" if scripts else f"{live.url}/thi")
    if not scripts:
        page.locator("input[name=ma]").first.fill(code)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đúng là tôi").click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()


def test_each_type_is_sat_with_and_without_scripts_and_marked(live: Live, browser: Browser) -> None:
    opened = open_round_of_rows()
    with_scripts = new_page(browser, PHONE)
    come_in(with_scripts, live, slip_code(opened.people[0]))
    expect(with_scripts.locator("[data-saved]")).to_be_visible()

    def kept() -> None:
        expect(with_scripts.locator("[data-saved-text]")).to_have_text("Đã lưu")
        answered = with_scripts.locator("[data-count]").inner_text()
        shown = fields_of(with_scripts)
        with_scripts.reload()
        expect(with_scripts.locator("[data-count]")).to_have_text(answered)
        expect(with_scripts.locator("[data-saved]")).to_be_visible()
        assert fields_of(with_scripts) == shown

    answer_all(with_scripts, sort_by_buttons, kept)
    without = new_page(browser, PHONE, scripts=False)
    come_in(without, live, slip_code(opened.people[1]), scripts=False)
    # Two of three statements are right and count two thirds: 0.6667 of a point, in four places.
    answer_all(without, sort_by_numbers, lambda: None, wrong=1)
    db.session.rollback()
    results = db.session.execute(
        select(Result.correct, Result.score).join(Sitting, Sitting.id == Result.sitting_id).order_by(Sitting.id)
    ).all()
    assert [tuple(r) for r in results] == [(3, Decimal(3)), (2, Decimal("2.6667"))]

    live.clock.skip(3 * 3600)
    sittings = db.session.scalars(select(Sitting.public_id).order_by(Sitting.id)).all()
    without.goto(f"{live.url}/thi/ket-qua/{sittings[1]}")
    expect(without.get_by_text("Đúng một phần: được 0,6667 trên 1 điểm.")).to_be_visible()
    expect(without.get_by_text("Đáp án đúng: Đúng")).to_be_visible()
    expect(without.get_by_text("Đồng chí trả lời đúng: Sai")).to_have_count(2)
    expect(without.get_by_text("Giải thích: Nhận định nào đúng?")).to_be_visible()


def fields_of(page: Page) -> Any:
    """What the question's fields say."""
    return page.evaluate(
        "[...document.querySelectorAll('#question-form [name^=chon-]')].map((f) => f.type === 'radio' ? f.checked : f.value)"
    )
