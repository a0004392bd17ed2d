"""The preview of an import in a real browser: a file chosen, a click in the cell, no reload, and nothing wider than the
window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.access import Role
from core.accounts.grants import grant_role
from core.accounts.models import Person
from core.accounts.service import create_account
from core.database import db, unit_of_work
from core.jobs import Job, run_now
from core.organisation.service import create_unit
from tests.browser.conftest import Live, new_page
from tests.core.accounts.importing.conftest import people

PASSWORD = "cây đa bến nước sân đình"
UNIT = "Chi bộ thôn 1, xã Đông Mỹ"


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
def organiser(live: Live, worker: None) -> None:
    """Somebody who may import into Thanh Trì."""
    with unit_of_work():
        city = create_unit(None, "city", "Hà Nội")
        district = create_unit(city, "district", "Huyện Thanh Trì")
        create_unit(create_unit(district, "commune", "Xã Đông Mỹ"), "cell", "Chi bộ thôn 1")
        account, _password = create_account("thanhtri", "Nguyễn Thu Hà", password=PASSWORD, must_change=False)
        grant_role(account, Role.ORGANISER, district)


def sign_in(live: Live, page: Page) -> None:
    page.goto(f"{live.url}/dang-nhap")
    page.fill("[name=username]", "thanhtri")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def fits(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_file_is_read_repaired_and_imported(
    live: Live, organiser: None, browser: Browser, size: dict[str, int], scripts: bool, tmp_path: Path
) -> None:
    file = tmp_path / "danh_sach.xlsx"
    file.write_bytes(
        people(
            (1, "Nguyễn Văn Bình", UNIT, "12/04/1962", "0912000018", ""),
            (2, "Trần Thị Lan", UNIT, "03/15/1970", 912000097.0, ""),
        )
    )
    page = new_page(browser, size, scripts)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    sign_in(live, page)
    page.goto(f"{live.url}/quan-tri/thi-sinh/nhap")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_role("heading", name="danh_sach.xlsx", exact=True)).to_be_visible(timeout=30_000)
    assert fits(page, size["width"])
    for repair in ("“15/03/1970”", "“0912 000 097”"):
        page.get_by_role("button", name=repair).click()
        expect(page.get_by_text("Đã sửa dòng 3.")).to_be_visible()
        expect(page.get_by_role("button", name=repair)).to_have_count(0)
    page.get_by_role("button", name="Nhập cả 2 dòng").click()
    expect(page.get_by_text("người mới")).to_be_visible(timeout=30_000)
    db.session.rollback()
    assert db.session.scalars(select(Person.phone).order_by(Person.phone)).all() == ["0912000018", "0912000097"]
    assert not wrong
    page.context.close()
