"""A browser whose network is cut (through a relay, so that service workers feel it too): nothing that was chosen is lost."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from contest.sittings.deadlines import finalise_due
from contest.sittings.models import ApartRow, JournalRow, Sitting
from core.database import db
from tests.browser.conftest import PHONE, Live, new_page
from tests.browser.relay import Relay
from tests.browser.test_sitting import begin, choose, come_in
from tests.world import Opened, open_district_round

pytestmark = pytest.mark.browser


@pytest.fixture
def relay(live: Live) -> Iterator[Relay]:
    """The network between browsers and the server."""
    with Relay(int(live.url.rsplit(":", 1)[1])) as made:
        yield made


@pytest.fixture
def far(live: Live, relay: Relay) -> Live:
    """The server as browsers see it through the relay."""
    return replace(live, url=relay.url)


def begin_ready(page: Page, live: Live, opened: Opened) -> None:
    """From the slip into the sitting, on a device that has been tried on the waiting page."""
    come_in(page, live, opened)
    expect(page.get_by_role("heading", name="Máy đã sẵn sàng")).to_be_visible()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.locator("[data-saved]")).to_be_visible()


def wait_for_worker(page: Page) -> None:
    """Until the service worker could show this page without network."""
    kept = "async () => (await navigator.serviceWorker.ready, Boolean(await caches.match(location.pathname)))"
    until(page, lambda: bool(page.evaluate(kept)))


def answers() -> list[tuple[int, str]]:
    """The journal's answers: (item, payload), in order."""
    db.session.rollback()
    rows = db.session.scalars(select(JournalRow).where(JournalRow.kind == "answer").order_by(JournalRow.id))
    return [(row.item or 0, row.payload) for row in rows]


def until(page: Page, true: Callable[[], bool]) -> None:
    """Let the page go on until ``true``, or fail after 15 seconds."""
    deadline = time.monotonic() + 15
    while not true():
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
        db.session.rollback()


#: The payloads of the rows that wait in the browser.
WAITING = """async () => {
  const { keptSittings } = await import("/static/js/sitting/keeper.js");
  return (await keptSittings()).flatMap(([, rows]) => rows.map((row) => row.p));
}"""


def choose_unsent(page: Page, text: str) -> None:
    page.locator(".option label").filter(has_text=text).click()
    expect(page.get_by_text("Đang chờ mạng.")).to_be_visible()


def test_a_reload_without_network_shows_the_sitting_and_its_unsent_answers(far: Live, relay: Relay, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin_ready(page, far, opened)
    choose(page, "Đúng")
    wait_for_worker(page)
    # What the page tells of the time and of the answers was true then.
    assert "application/json" not in page.evaluate("async () => (await caches.match(location.pathname)).text()")
    relay.cut()
    page.get_by_role("button", name="Câu sau").click()
    choose_unsent(page, "Sai 1")
    expect(page.locator("[data-saved-text]")).to_have_text("Chờ gửi 1 câu")
    expect(page.get_by_text("1 câu vẫn an toàn trên máy này")).to_be_visible()
    until(page, lambda: "offline" in page.evaluate(WAITING))
    page.reload()
    expect(page.get_by_text(re.compile(r"Câu 2\s*/ 4"))).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("2/4")
    expect(page.locator(".option input:checked + label")).to_contain_text("Sai 1")
    page.get_by_role("button", name="Câu sau").click()
    choose_unsent(page, "Đúng")
    expect(page.locator("[data-saved-text]")).to_have_text("Chờ gửi 2 câu")
    assert [item for item, _payload in answers()] == [0]
    relay.mend()
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    expect(page.get_by_text("Đang chờ mạng.")).to_be_hidden()
    assert [item for item, _payload in answers()] == [0, 1, 2]
    choose(page, "Sai 2")  # what is no answer rides with the next one
    network = select(JournalRow.payload).where(JournalRow.kind == "focus", JournalRow.payload.like('"o%'))
    until(page, lambda: db.session.scalars(network.order_by(JournalRow.id)).all() == ['"offline"', '"online"'])


def test_a_network_that_swallows_everything_does_not_keep_the_page_waiting(far: Live, relay: Relay, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin_ready(page, far, opened)
    choose(page, "Đúng")
    wait_for_worker(page)
    relay.hang()
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("1/4")
    page.get_by_role("button", name="Câu sau").click()
    page.locator(".option label").filter(has_text="Đúng").click()
    relay.mend()
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    assert [item for item, _payload in answers()] == [0, 1]


@contextmanager
def kept_browser(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser with a profile on the disk, as a person's own is; leaving the block closes it."""
    context = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
        viewport=PHONE,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    try:
        yield context
    finally:
        context.close()


def test_a_browser_closed_without_network_and_opened_again_loses_nothing(
    far: Live, relay: Relay, browser: Browser, tmp_path: Path
) -> None:
    opened = open_district_round()
    with kept_browser(browser, tmp_path / "profile") as context:
        page = context.new_page()
        begin_ready(page, far, opened)
        choose(page, "Đúng")
        wait_for_worker(page)
        relay.cut()
        page.get_by_role("button", name="Câu sau").click()
        choose_unsent(page, "Đúng")
        address = page.url
    with kept_browser(browser, tmp_path / "profile") as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("[data-count]")).to_have_text("2/4")
        page.get_by_role("button", name="Câu sau").click()
        choose_unsent(page, "Sai 2")
    with kept_browser(browser, tmp_path / "profile") as context:
        relay.mend()
        page = context.new_page()
        page.goto(address)
        expect(page.locator("[data-count]")).to_have_text("3/4")
        expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    assert [item for item, _payload in answers()] == [0, 1, 2]
    assert {row.epoch for row in db.session.scalars(select(JournalRow))} == {1}


def test_what_a_closed_browser_kept_past_the_deadline_is_sent_from_the_page_of_the_receipt(
    far: Live, relay: Relay, browser: Browser, live: Live
) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, far, opened)
    choose(page, "Đúng")
    relay.cut()
    page.get_by_role("button", name="Câu sau").click()
    choose_unsent(page, "Đúng")
    public_id = db.session.scalars(select(Sitting.public_id)).one()
    page.goto("about:blank")
    live.clock.skip(25 * 60 + 30)
    finalise_due(db.engine)
    relay.mend()
    page.goto(f"{far.url}/thi/bai/{public_id}")
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    expect(page.get_by_text("Máy vừa gửi nốt 1 câu còn giữ.")).to_be_visible()
    db.session.rollback()
    assert [row.item for row in db.session.scalars(select(ApartRow).where(ApartRow.kind == "answer"))] == [1]
    page.reload()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    assert kept(page) == {"sittings": 0, "papers": 0, "rows": 0, "pages": 0}


#: What the browser keeps of any sitting.
KEPT = """async () => {
  const { openDatabase, work, ask } = await import("/static/js/sitting/database.js");
  const db = await openDatabase();
  const counts = await work(db, "readonly", async (stores) => {
    const found = {};
    for (const name of ["sittings", "papers", "rows"]) found[name] = await ask(stores[name].count());
    return found;
  });
  db.close();
  let pages = 0;
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) pages += request.url.includes("/thi/bai/") ? 1 : 0;
  }
  return { ...counts, pages };
}"""


def kept(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.evaluate(KEPT)
    return found


def test_a_sitting_that_is_handed_in_leaves_nothing_on_the_device(far: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin_ready(page, far, opened)
    choose(page, "Đúng")
    wait_for_worker(page)
    assert kept(page) == {"sittings": 1, "papers": 1, "rows": 0, "pages": 1}
    page.locator("[data-open-review]:visible").first.click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    assert kept(page) == {"sittings": 0, "papers": 0, "rows": 0, "pages": 0}


def test_the_next_person_is_not_let_in_over_unsent_answers(far: Live, relay: Relay, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, far, opened)
    choose(page, "Đúng")
    lobby = page.context.new_page()
    lobby.goto(f"{far.url}/thi/phong")
    expect(lobby.get_by_role("button", name="Người tiếp theo")).to_be_visible()
    lobby.wait_for_load_state("load")
    relay.cut()
    page.get_by_role("button", name="Câu sau").click()
    choose_unsent(page, "Đúng")
    lobby.get_by_role("button", name="Người tiếp theo").click()
    expect(lobby.get_by_role("heading", name="Máy này còn giữ 1 câu chưa gửi")).to_be_visible()
    lobby.get_by_role("button", name="Chờ gửi xong").click()
    relay.mend()
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    lobby.get_by_role("button", name="Người tiếp theo").click()
    expect(lobby.get_by_role("heading", name="Vào phòng thi")).to_be_visible()
    assert [item for item, _payload in answers()] == [0, 1]
    assert kept(lobby) == {"sittings": 0, "papers": 0, "rows": 0, "pages": 0}


def test_two_tabs_share_numbers_and_answers(far: Live, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, far, opened)
    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.locator("[data-saved]")).to_be_visible()
    choose(page, "Sai 1")
    expect(tab.locator("[data-count]")).to_have_text("1/4")
    expect(tab.locator(".option input:checked + label")).to_contain_text("Sai 1")
    choose(tab, "Sai 2")
    expect(page.locator(".option input:checked + label")).to_contain_text("Sai 2")
    db.session.rollback()
    rows = db.session.scalars(select(JournalRow).order_by(JournalRow.id)).all()
    assert {row.epoch for row in rows} == {1}
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    page.locator("[data-open-review]:visible").first.click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    expect(tab.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()


DENIED = """
for (const name of ["localStorage", "indexedDB", "caches"]) {
  Object.defineProperty(window, name, {get() { throw new DOMException("denied", "SecurityError"); }});
}
Object.defineProperty(navigator, "serviceWorker", {value: undefined});
"""


def test_where_storage_is_denied_the_sitting_works_and_says_what_it_cannot_promise(
    far: Live, relay: Relay, browser: Browser
) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    page.add_init_script(DENIED)
    come_in(page, far, opened)
    expect(page.get_by_text("Máy này không giữ được câu trả lời khi đóng trang")).to_be_visible()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(page.get_by_text("xin đừng đóng trang trước khi thấy “Đã lưu”")).to_be_visible()
    choose(page, "Đúng")
    relay.cut()
    page.get_by_role("button", name="Câu sau").click()
    choose_unsent(page, "Đúng")
    expect(page.get_by_text("Xin đừng đóng hay tải lại trang này")).to_be_visible()
    relay.mend()
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("2/4")
    choose(page, "Sai 1")
    assert len(answers()) == 3


def test_storage_that_gives_up_in_the_middle_is_said_and_loses_nothing(far: Live, relay: Relay, browser: Browser) -> None:
    opened = open_district_round()
    page = new_page(browser, PHONE)
    begin(page, far, opened)
    choose(page, "Đúng")
    expect(page.get_by_text("Máy này không giữ được câu trả lời khi đóng trang")).to_be_hidden()
    page.evaluate("""() => {
      const full = () => { throw new DOMException("full", "QuotaExceededError"); };
      IDBObjectStore.prototype.put = full;
      IDBFactory.prototype.open = full;
    }""")
    relay.cut()
    page.get_by_role("button", name="Câu sau").click()
    choose_unsent(page, "Đúng")
    expect(page.get_by_text("Máy này không giữ được câu trả lời khi đóng trang")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("2/4")
    relay.mend()
    expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
    assert [item for item, _payload in answers()] == [0, 1]


def test_what_a_device_kept_while_another_took_over_is_kept_apart_and_shadows_nothing(
    far: Live, relay: Relay, browser: Browser, live: Live
) -> None:
    opened = open_district_round()
    first, other = new_page(browser, PHONE), new_page(browser, PHONE)
    begin(first, far, opened)
    choose(first, "Đúng")
    relay.cut()
    choose_unsent(first, "Sai 1")
    public_id = db.session.scalars(select(Sitting.public_id)).one()
    first.goto("about:blank")
    come_in(other, live, opened)
    other.get_by_role("link", name="Vào làm tiếp").click()
    other.get_by_role("button", name="Làm tiếp trên máy này").click()
    expect(other.locator("[data-saved]")).to_be_visible()
    other.goto(f"{live.url}/thi/bai/{public_id}?cau=1")
    expect(other.locator("[data-saved]")).to_be_visible()
    choose(other, "Sai 2")
    relay.mend()
    first.goto(f"{far.url}/thi/bai/{public_id}")
    first.get_by_role("button", name="Làm tiếp trên máy này").click()
    expect(first.locator(".sit-message")).to_contain_text("giữ riêng, không tính vào bài")
    expect(first.locator("[data-count]")).to_have_text("1/4")
    first.goto(f"{far.url}/thi/bai/{public_id}?cau=1")
    expect(first.locator(".option input:checked + label")).to_contain_text("Sai 2")
    db.session.rollback()
    apart = db.session.scalars(select(ApartRow).where(ApartRow.kind == "answer")).all()
    assert [(row.epoch, row.reason) for row in apart] == [(1, "old_epoch")]
