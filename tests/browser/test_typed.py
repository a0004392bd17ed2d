"""Numbers, short texts and blanks as contestants type them on a phone: with scripts and without, and looked back on."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from contest.papers.opening import open_round
from contest.rounds.entries import enter_people
from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rules.parts.quiz import BlueprintCell
from contest.sittings.models import JournalRow, Result, Sitting
from core.database import db, unit_of_work
from core.database.server_time import now
from questions.types.cloze.markup import read
from tests.browser.conftest import PHONE, Live, new_page
from tests.browser.test_rows import come_in
from tests.world import Opened, add_person, add_question, add_topic, make_world, slip_code

pytestmark = pytest.mark.browser

TEXT = "Chi bộ họp [[một tháng|1 tháng]] một lần,\nchi ủy có nhiệm kỳ [[#=5]] năm, đảng phí [[*tăng|giảm]] theo thu nhập."
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "Thành phố có bao nhiêu chi bộ?": ("numeric", {"value": "17000", "tolerance": "1", "percent": True, "unit": "chi bộ"}),
    "Cơ quan lãnh đạo cao nhất của chi bộ?": ("short_text", {"accepted": ["Đại hội chi bộ", "Đại hội"], "fold_case": True}),
    "Điền vào chỗ trống:": ("cloze", {"pieces": read(TEXT), "credit": "blanks"}),
}


def open_round_of_typed() -> Opened:
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


def compose(page: Page, *stages: str) -> None:
    """What a Vietnamese keyboard does: a word that is put together in the field, then takes its place."""
    session = page.context.new_cdp_session(page)
    for stage in stages:
        session.send("Input.imeSetComposition", {"text": stage, "selectionStart": len(stage), "selectionEnd": len(stage)})
    session.send("Input.insertText", {"text": stages[-1]})


def saved(page: Page) -> None:
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")


def leave_and_return(page: Page, url: str) -> Page:
    """The page dies at once, as where a phone shuts the browser; another one opens the sitting again."""
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(url)
    expect(again.locator("[data-saved]")).to_be_visible()
    return again


def type_all(page: Page, kind: str) -> None:
    if kind == "numeric":
        page.get_by_label("Câu trả lời của đồng chí").press_sequentially("17.000")
    elif kind == "short_text":
        page.get_by_label("Câu trả lời của đồng chí").focus()
        compose(page, "d", "dd", "đ", "đa", "đai", "đại")
        compose(page, " h", " hô", " hội")
    else:
        page.get_by_label("Chỗ trống (1)").press_sequentially("Một  tháng")
        page.get_by_label("Chỗ trống (2)").press_sequentially("5")
        page.get_by_label("Chỗ trống (3)").select_option("tăng")


def kind_shown(page: Page, number: int) -> str:
    expect(page.get_by_text(re.compile(rf"Câu {number}\s*/ 3"))).to_be_visible()
    return next(kind for stem, (kind, _data) in QUESTIONS.items() if stem in page.locator("legend").inner_text())


def values(page: Page) -> Any:
    return page.evaluate("[...document.querySelectorAll('#question-form [name^=chu-]')].map((field) => field.value)")


def test_each_type_is_typed_with_and_without_scripts_and_marked(live: Live, browser: Browser) -> None:
    opened = open_round_of_typed()
    page = new_page(browser, PHONE)
    come_in(page, live, slip_code(opened.people[0]))
    expect(page.locator("[data-saved]")).to_be_visible()
    for number in range(1, 4):
        kind = kind_shown(page, number)
        type_all(page, kind)
        typed = values(page)
        if kind == "short_text":
            assert typed == ["đại hội"]  # the keyboard was not disturbed
        page = leave_and_return(page, page.url)
        assert values(page) == typed  # though nothing was sent, maybe
        saved(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.get_by_role("button", name="Xem lại" if number == 3 else "Câu sau", exact=True).click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    db.session.rollback()
    # Twenty-six keys were pressed; what was typed was kept here and became an answer only now and then.
    rows = db.session.scalar(select(func.count()).where(JournalRow.kind == "answer"))
    assert rows is not None and rows < 13

    without = new_page(browser, PHONE, scripts=False)
    come_in(without, live, slip_code(opened.people[1]), scripts=False)
    for number in range(1, 4):
        kind = kind_shown(without, number)
        if kind == "cloze":  # two of three blanks
            without.get_by_label("Chỗ trống (1)").fill("1 tháng")
            without.get_by_label("Chỗ trống (2)").fill("4")
            without.get_by_label("Chỗ trống (3)").select_option("tăng")
        else:
            without.get_by_label("Câu trả lời của đồng chí").fill("16.900 chi bộ" if kind == "numeric" else "Đại hội chi bộ.")
        without.get_by_role("button", name="Xem lại" if number == 3 else "Câu sau", exact=True).click()
    without.get_by_role("button", name="Nộp bài").click()
    expect(without.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()

    db.session.rollback()
    results = db.session.execute(
        select(Result.correct, Result.score).join(Sitting, Sitting.id == Result.sitting_id).order_by(Sitting.id)
    ).all()
    assert [tuple(r) for r in results] == [(3, Decimal(3)), (2, Decimal("2.6667"))]
    live.clock.skip(3 * 3600)
    sittings = db.session.scalars(select(Sitting.public_id).order_by(Sitting.id)).all()
    without.goto(f"{live.url}/thi/ket-qua/{sittings[1]}")
    expect(without.get_by_text("Đồng chí trả lời: 4")).to_be_visible()
    expect(without.get_by_text("Đáp án đúng: 5")).to_be_visible()
    expect(without.get_by_text("Giải thích: Điền vào chỗ trống:")).to_be_visible()


def test_what_stands_in_one_tab_is_not_overwritten_while_somebody_types(live: Live, browser: Browser) -> None:
    opened = open_round_of_typed()
    page = new_page(browser, PHONE)
    come_in(page, live, slip_code(opened.people[0]))
    expect(page.locator("[data-saved]")).to_be_visible()
    for number in (1, 2, 3):
        if kind_shown(page, number) == "short_text":
            break
        page.get_by_role("button", name="Câu sau").click()
    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.locator("[data-saved]")).to_be_visible()
    field = page.get_by_label("Câu trả lời của đồng chí")
    field.press_sequentially("chi")
    tab.get_by_label("Câu trả lời của đồng chí").fill("đảng ủy")
    tab.get_by_label("Câu trả lời của đồng chí").blur()
    saved(tab)
    page.bring_to_front()
    expect(field).to_have_value("chi")
    field.press_sequentially(" bộ")
    field.blur()
    expect(tab.get_by_label("Câu trả lời của đồng chí")).to_have_value("chi bộ")
