"""A phone without network for ten minutes in the middle of a sitting, closed and opened again meanwhile: all answers arrive.

The short forms, with a clock that is moved on, are in ``tests/browser/test_offline.py``; here the time passes, before the
program's own web server.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from contest.sittings.models import ApartRow, JournalRow, Sitting
from core.database import db
from tests.browser.relay import Relay
from tests.browser.test_offline import choose_unsent, kept_browser, wait_for_worker
from tests.browser.test_sitting import choose
from tests.faults.programs import Site
from tests.faults.truth import open_for
from tests.world import slip_code

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize("seconds", [6, 600])
def test_a_browser_without_network(sqlite_site: Site, browser: Browser, tmp_path: Path, seconds: int) -> None:
    with sqlite_site.opened():
        code = slip_code(open_for(1).people[0])
    sqlite_site.start_web()
    with Relay(sqlite_site.settings.port) as relay:
        with kept_browser(browser, tmp_path / "profile") as context:
            page = context.new_page()
            page.goto(f"{relay.url}/thi#{code}")
            page.get_by_role("button", name="Tiếp tục").click()
            page.get_by_role("button", name="Đúng là tôi").click()
            expect(page.get_by_role("heading", name="Máy đã sẵn sàng")).to_be_visible()
            page.get_by_role("button", name="Bắt đầu làm bài").click()
            choose(page, "Đúng")
            wait_for_worker(page)
            relay.cut()
            gone = time.monotonic()
            page.get_by_role("button", name="Câu sau").click()
            choose_unsent(page, "Đúng")
            page.wait_for_timeout(seconds * 1000 / 3)  # the page tries again and again
            address = page.url
        threading.Event().wait(seconds / 3)  # closed
        with kept_browser(browser, tmp_path / "profile") as context:
            page = context.new_page()
            page.goto(address)
            expect(page.locator("[data-count]")).to_have_text("2/4")
            page.get_by_role("button", name="Câu sau").click()
            choose_unsent(page, "Sai 2")
            page.wait_for_timeout(seconds * 1000 / 3)
            relay.mend()
            away = time.monotonic() - gone
            expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu", timeout=60_000)
            expect(page.locator("[data-count]")).to_have_text("3/4")
            page.locator("[data-open-review]:visible").first.click()
            page.get_by_role("button", name="Nộp bài").click()
            expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    with sqlite_site.opened():
        rows = db.session.scalars(select(JournalRow).where(JournalRow.kind == "answer").order_by(JournalRow.id)).all()
        assert [row.item for row in rows] == [0, 1, 2]
        assert {row.epoch for row in rows} == {1}
        assert db.session.scalars(select(ApartRow)).all() == []
        assert db.session.scalars(select(Sitting.state)).all() == ["submitted"]
        behind = [(row.received_at - row.client_at).total_seconds() for row in rows if row.client_at is not None]
    print(f"without network for {away:.0f} s: 3 answers, received {', '.join(f'{delay:.1f}' for delay in behind)} s after they "
          "were given")
