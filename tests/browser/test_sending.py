"""What the sitting's scripts do when something goes wrong between the page and the server."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from contest.sittings.deadlines import finalise_due
from contest.sittings.models import ApartRow, Sitting
from core.database import db, unit_of_work
from tests.browser.conftest import PHONE, Live, new_page
from tests.browser.test_sitting import begin, choose, come_in
from tests.world import open_district_round

pytestmark = pytest.mark.browser

#: Runs a Sender against a server written in the test: ``answers`` gives (status, body) for each request in turn.
HARNESS = """async ({rows, answers, patience, between}) => {
  const [{ Sender }, { Keeper }, { begun }] = await Promise.all(
    ["sender", "keeper", "steps"].map((name) => import(`/static/js/sitting/${name}.js`)));
  const sent = [], stops = [], refused = [];
  window.fetch = async (url, options) => {
    sent.push({ url, rows: JSON.parse(options.body).rows ?? null, token: options.headers.Authorization });
    const [status, body] = answers.length > 1 ? answers.shift() : answers[0];
    if (status === 0) throw new TypeError("no network");
    return new Response(JSON.stringify(body), { status });
  };
  const keeper = await Keeper.open("x");
  await keeper.change(begun(1, "one", 1));
  const sender = new Sender({ save: "/luu", renew: "/ky" }, keeper, {
    state: () => {}, reply: () => {}, stop: (cause) => stops.push(cause), refused: (row) => refused.push(row.i),
  });
  for (const row of rows) sender.put(row);
  await sender.flush();
  for (const row of between ?? []) sender.put(row);
  await new Promise((resolve) => setTimeout(resolve, patience ?? 0));
  await sender.flush();
  return { sent, stops, refused, unsent: sender.unsent, stopped: sender.stopped, token: keeper.token() };
}"""


@pytest.fixture
def page(live: Live, browser: Browser) -> Page:
    made = new_page(browser, PHONE)
    made.goto(f"{live.url}/thi")
    return made


def run(page: Page, **scene: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(HARNESS, scene)
    return found


def put(item: int, *positions: int) -> dict[str, Any]:
    return {"k": "answer", "i": item, "p": list(positions)}


def ok(epoch: int = 1) -> list[Any]:
    return [200, {"cause": None, "epoch": epoch, "next": 99}]


def test_an_older_answer_whose_number_was_taken_never_outranks_a_newer_one(page: Page) -> None:
    collision = [409, {"cause": "payload", "conflicts": [1], "next": 9}]
    seen = run(page, rows=[put(0, 1), put(1, 2), put(0, 3)], answers=[collision, ok()])
    assert seen["unsent"] == 0
    assert [r["rows"] for r in seen["sent"][1:]] == [], "row 1 was replaced by row 3, which was taken"
    page.reload()
    seen = run(page, rows=[put(0, 1), put(1, 2)], answers=[collision, ok()], between=[put(0, 3)])
    again = [(row["n"], row["i"], row["p"]) for r in seen["sent"][1:] for row in r["rows"]]
    assert again == sorted(again), "what waits behind keeps its place"
    assert [(i, p) for _n, i, p in again] == [(0, [1]), (0, [3])]


def test_a_new_epoch_that_cannot_begin_yet_is_tried_again(page: Page) -> None:
    begun = [200, {"epoch": 5, "token": "five", "next": 1}]
    seen = run(page, rows=[put(0, 1)], answers=[ok(4), [0, {}], begun, ok(5)], between=[put(1, 1)], patience=50)
    assert [r["url"] for r in seen["sent"]] == ["/luu", "/ky", "/ky", "/luu"]
    assert (seen["unsent"], seen["token"], seen["stops"]) == (0, "five", [])
    assert seen["sent"][-1]["token"] == "Bearer five"


@pytest.mark.parametrize("status", [400, 413])
def test_one_row_that_is_refused_holds_up_no_other(page: Page, status: int) -> None:
    refused = [status, {"cause": "request"}]
    seen = run(page, rows=[put(n, 1) for n in range(4)], answers=[refused, ok(), refused, ok(), refused, refused])
    sizes = [[row["i"] for row in r["rows"]] for r in seen["sent"]]
    assert sizes == [[0, 1, 2, 3], [0, 1], [2, 3], [2], [3]]
    assert (seen["refused"], seen["stopped"], seen["unsent"]) == ([3], False, 0)


def test_a_slow_answer_does_not_put_the_clock_back(page: Page) -> None:
    drift = page.evaluate("""async () => {
      const { now, setServerTime } = await import("/static/js/sitting/clock.js");
      setServerTime(1_000_000_000_000);
      const before = now();
      setServerTime(before - 8000);
      const slow = now() - before;
      setServerTime(before + 8000);
      const fresh = now() - before;
      setServerTime(before - 3_600_000);
      return [slow, fresh, now() - before];
    }""")
    assert -1 < drift[0] < 2000
    assert 8000 <= drift[1] < 10_000
    assert drift[2] < -3_500_000, "the server's clock was set anew"


def test_a_page_without_network_at_the_deadline_stays_until_its_answers_are_sent(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, opened)
    choose(page, "Đúng")
    live.clock.skip(25 * 60 - 20)
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    page.context.set_offline(True)
    page.get_by_role("button", name="Câu sau").click()
    page.locator(".option label").filter(has_text="Đúng").click()
    expect(page.get_by_text("xin để nguyên trang này đến khi có mạng")).to_be_visible(timeout=40_000)
    live.clock.skip(30)
    finalise_due(db.engine)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    db.session.rollback()
    apart = db.session.scalars(select(ApartRow).where(ApartRow.kind == "answer")).all()
    assert [(row.reason, row.counted_at) for row in apart] == [("late", None)]


def hold(page: Page, url: str) -> list[Route]:
    """What the page asks for at ``url`` is answered by nobody; a test goes on with it when it likes."""
    held: list[Route] = []
    page.route(url, lambda route: held.append(route))
    return held


def next_of(page: Page, held: list[Route]) -> Route:
    for _moment in range(500):
        if held:
            return held.pop(0)
        page.wait_for_timeout(20)
    raise AssertionError("the page asked for nothing")


def test_what_is_chosen_before_the_script_has_begun_is_saved(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE, workers=False)
    held = hold(page, "**/js/sitting/main.js")
    come_in(page, live, opened)
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.locator(".option label").filter(has_text="Đúng").click()
    page.get_by_label("Đánh dấu để xem lại").check()
    expect(page.locator("[data-saved]")).to_be_hidden()
    next_of(page, held).continue_()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    page.unroute("**/js/sitting/main.js")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    expect(page.locator("[data-map] .is-flagged")).to_have_count(1)


def test_the_paper_comes_with_the_page_and_its_time_is_right_however_late_the_script_begins(
    live: Live, browser: Browser
) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE, workers=False)
    held, papers = hold(page, "**/js/sitting/main.js"), hold(page, "**/s/de")
    come_in(page, live, opened)
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    script = next_of(page, held)
    page.wait_for_timeout(2500)  # a poor network: the time that passes is what this is about
    script.continue_()
    choose(page, "Đúng")
    assert papers == []
    on_page = page.evaluate("async () => (await import('/static/js/sitting/clock.js')).now()")
    assert abs(on_page - live.clock.now().timestamp() * 1000) < 1000


def test_a_page_without_its_paper_asks_for_it_until_it_comes(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE, workers=False)
    page.add_init_script(
        "new MutationObserver(() => document.getElementById('sheet')?.remove())"
        ".observe(document, { childList: true, subtree: true })"
    )
    held = hold(page, "**/s/de")
    come_in(page, live, opened)
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    next_of(page, held).abort()
    page.locator(".option label").filter(has_text="Đúng").click()
    expect(page.locator("[data-saved]")).to_be_hidden()
    next_of(page, held).continue_()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")


def test_a_window_moved_in_the_last_seconds_lets_the_page_go_on(live: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, live, opened)
    choose(page, "Đúng")
    live.clock.skip(25 * 60 - 15)
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    with unit_of_work() as session:
        sitting = session.scalars(select(Sitting)).one()
        sitting.deadline += timedelta(minutes=5)
    expect(page.locator("[data-left]")).to_have_text(re.compile("0[45]:"), timeout=40_000)
    expect(page.locator("[data-main]")).not_to_have_attribute("inert", "")


def test_the_waiting_page_asks_the_time_again_after_the_phone_has_slept(live: Live, browser: Browser) -> None:
    opened = open_district_round(opens=live.clock.now() + timedelta(minutes=10))
    page = new_page(browser, PHONE)
    come_in(page, live, opened)
    expect(page.get_by_text("nữa là bắt đầu")).to_be_visible()
    page.wait_for_load_state("load")  # its script has begun
    live.clock.skip(601)
    page.evaluate("""() => {
      const honest = Date.now;
      Date.now = () => honest() + 601_000;
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_be_visible()


def test_when_the_network_went_and_came_back_is_told(page: Page) -> None:
    seen = run(page, rows=[put(0, 1)], answers=[[0, {}], [0, {}], ok()], patience=6000)
    told = [(row["k"], row["p"]) for r in seen["sent"][2:] for row in r["rows"]]
    assert told == [("answer", [1]), ("focus", "offline"), ("focus", "online")]
    assert seen["unsent"] == 0
