"""A district round from nothing to the public leaderboard, as the README tells it: each role in a browser of its own, an Excel
of units and people, a Word list of questions; on a phone and at a desk."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest
import xlsxwriter
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contest.sittings.deadlines import close_settled_rounds, finalise_due
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.jobs import run_now
from core.jobs.models import Job
from core.organisation.service import create_unit
from tests.browser.conftest import Live, new_page
from tests.world import PASSWORD, add_account, slip_code

pytestmark = pytest.mark.browser

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def worker(live: Live) -> Iterator[None]:
    """Does waiting jobs and what happens by the clock, as the worker process does."""
    ending = threading.Event()

    def turn(app: Flask) -> None:
        with app.app_context():
            for number in db.session.scalars(select(Job.id).where(Job.state == "waiting")).all():
                run_now(number)
            finalise_due(db.engine)
            close_settled_rounds()

    def work() -> None:
        while not ending.wait(0.2):
            turn(live.app)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    ending.set()
    thread.join()


def people_workbook() -> bytes:
    """Two new cells of each district and four people; one date with month and day exchanged, one unit misspelt."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    units = book.add_worksheet("Đơn vị")
    for row, values in enumerate(
        [
            ["Cấp", "Tên đơn vị", "Đơn vị cấp trên", "Số người thuộc diện dự thi"],
            ["Chi bộ", "Chi bộ thôn 1", "Thành ủy Hà Nội / Huyện Thanh Trì / Xã Tam Hiệp", 25],
            ["Chi bộ", "Chi bộ thôn 1", "Thành ủy Hà Nội / Huyện Phúc Thọ / Xã Tam Hiệp", 30],
        ]
    ):
        units.write_row(row, 0, values)
    people = book.add_worksheet("Thí sinh")
    for row, values in enumerate(
        [
            ["STT", "Họ và tên", "Đơn vị", "Ngày sinh", "Điện thoại", "Chức vụ"],
            ["1", "Nguyễn Văn Bách", "Chi bộ thôn 1, Xã Tam Hiệp, Huyện Thanh Trì", "12/04/1962", "0912000018", "Bí thư"],
            ["2", "Trần Thị Ngọc Ánh", "Chi bộ thôn 1, Xã Tam Hiệp, Huyện Phúc Thọ", "03/15/1970", "0912000019", "Bí thư"],
            ["3", "Lê Văn Đức", "Chi bộ thôn 1, Xã Tam Hiệpp, Huyện Thanh Trì", "20/09/1958", "0912000020", "Phó Bí thư"],
            ["4", "", "Chi bộ thôn 1, Xã Tam Hiệp, Huyện Thanh Trì", "01/01/1975", "0912000021", ""],
        ]
    ):
        people.write_row(row, 0, values)
    book.close()
    return buffer.getvalue()


def questions_document() -> bytes:
    """Format 2: "Câu 1." with lettered options, the right one bold, the source after them."""
    document = docx.Document()
    document.add_paragraph("Phần I. Điều lệ Đảng")
    for number in range(1, 13):
        document.add_paragraph(f"Câu {number}. Nội dung số {number} của Điều lệ Đảng quy định việc gì?")
        for letter in "ABCD":
            paragraph = document.add_paragraph()
            run = paragraph.add_run(f"{letter}. Việc {'đúng' if letter == 'B' else 'khác ' + letter} của câu {number}")
            run.bold = letter == "B"
        document.add_paragraph(f"Căn cứ: khoản 1 Điều {number} Điều lệ Đảng")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_staff() -> None:
    """The first accounts and the top of the tree, as the command line would make them."""
    with unit_of_work():
        city = create_unit(None, "city", "Thành ủy Hà Nội")
        for district in ("Huyện Thanh Trì", "Huyện Phúc Thọ"):
            create_unit(create_unit(city, "district", district), "commune", "Xã Tam Hiệp")
        add_account("bantochuc", ("organiser", city), name="Đỗ Thu Hà")
        add_account("kiemtra", ("checker", city), name="Phạm Văn Kiểm")
        add_account("rade", ("question_setter", city), name="Vũ Thị Đề")
        add_account("thamdinh", ("reviewer", city), name="Ngô Văn Định")


class Staff:
    """A member of staff in a browser of their own."""

    def __init__(self, browser: Browser, live: Live, size: dict[str, int], username: str) -> None:
        self.url = live.url
        self.page = new_page(browser, size)
        self.page.goto(f"{live.url}/dang-nhap")
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(re.compile("/quan-tri"))

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page


def import_people(organiser: Staff) -> None:
    page = organiser.go("/quan-tri/thi-sinh/nhap")
    page.locator("input[type=file]").set_input_files(
        {"name": "danh sách.xlsx", "mimeType": "application/octet-stream", "buffer": people_workbook()}
    )
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_role("heading", name="danh sách.xlsx")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("15/03/1970").first).to_be_visible()
    expect(page.get_by_text("Thiếu họ và tên").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Dòng 3: .*15.03.1970")).click()
    expect(page.get_by_role("button", name=re.compile("Dòng 3: .*15.03.1970"))).to_have_count(0)
    page.get_by_role("button", name=re.compile("Dòng 4: .*Xã Tam Hiệp")).click()
    expect(page.get_by_role("button", name=re.compile("Dòng 4: .*Xã Tam Hiệp"))).to_have_count(0)
    page.get_by_role("button", name=re.compile(r"Nhập \d+ dòng tốt")).click()
    expect(page.get_by_text(re.compile("Đã nhập|đã nhập")).first).to_be_visible(timeout=30_000)


def import_questions(setter: Staff) -> None:
    page = setter.go("/quan-tri/cau-hoi/nhap/moi")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "Câu hỏi.docx", "mimeType": "application/octet-stream", "buffer": questions_document()}
    )
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_text("12 câu đọc được")).to_be_visible(timeout=30_000)
    page.get_by_text("Áp dụng cho cả tệp").click()
    page.get_by_label("Lấy tiêu đề trong tệp làm chủ đề").check()
    page.get_by_label("Mức độ").first.select_option("nhận biết")
    page.get_by_label("Gửi thẩm định ngay").check()
    page.get_by_role("button", name="Nhập 12 câu chắc chắn").click()
    expect(page.get_by_text("12 đã nhập", exact=True)).to_be_visible(timeout=30_000)


def approve_all(reviewer: Staff) -> None:
    page = reviewer.go("/quan-tri/cau-hoi/tham-dinh")
    for _question in range(12):
        page.locator("main tbody a").first.click()
        page.get_by_role("button", name="Duyệt bản 1").click()
        page = reviewer.go("/quan-tri/cau-hoi/tham-dinh")
    expect(page.locator("main tbody a")).to_have_count(0)


def prepare_round(organiser: Staff, live: Live) -> None:
    page = organiser.go("/quan-tri/hoi-thi/moi")
    page.get_by_label("Tên hội thi").fill("Hội thi Bí thư chi bộ giỏi")
    page.get_by_label("Số điện thoại hỗ trợ").fill("024 3861 0000")
    page.get_by_role("button", name="Lập hội thi").last.click()
    page.get_by_role("link", name="Thêm vòng thi").first.click()
    page.get_by_label("Tên vòng thi").fill("Vòng 1")
    page.get_by_label("Thời gian làm bài").fill("25")
    page.get_by_role("button", name="Thêm vòng thi").last.click()
    page.wait_for_load_state()


def set_blueprint(organiser: Staff, questions: int) -> None:
    page = organiser.page
    page.get_by_role("link", name="Nội dung và thể lệ").first.click()
    page.get_by_label("Chủ đề").first.select_option("Điều lệ Đảng")
    page.get_by_label("Số câu").first.fill(str(questions))
    page.get_by_role("button", name="Lưu nội dung và thể lệ").click()
    page.wait_for_load_state()


def set_windows(organiser: Staff, live: Live) -> None:
    """Thanh Trì from two minutes ago for an hour, Phúc Thọ in the hour after that."""
    page = organiser.page
    page.get_by_role("link", name="Ca thi").first.click()
    begin = live.clock.now().astimezone(HANOI) - timedelta(minutes=2)
    for number, (unit, opens) in enumerate([("Thanh Trì", begin), ("Phúc Thọ", begin + timedelta(hours=1))]):
        choices = page.get_by_label("Đơn vị thêm ca")
        label = next(text for text in choices.locator("option").all_inner_texts() if unit in text and "Xã" not in text)
        choices.select_option(label=label)
        page.get_by_role("button", name="Thêm ca thi").click()
        row = page.locator(".window-rows > li").nth(number)
        closes = opens + timedelta(hours=1)
        row.get_by_label("Ngày", exact=True).fill(opens.strftime("%d/%m/%Y"))
        row.get_by_label("Mở lúc").fill(opens.strftime("%H:%M"))
        row.get_by_label("Đóng lúc").fill(closes.strftime("%H:%M"))
        if closes.date() != opens.date():
            row.get_by_label("Ngày đóng, nếu khác").fill(closes.strftime("%d/%m/%Y"))
    page.get_by_role("button", name="Lưu các ca thi").click()
    page.wait_for_load_state()


def sit(browser: Browser, live: Live, size: dict[str, int], name: str, right: int) -> Page:
    """``name`` sits, answering the first ``right`` questions rightly and the others wrongly."""
    db.session.rollback()
    person = db.session.scalars(select(Person).where(Person.full_name == name)).one()
    page = new_page(browser, size)
    page.goto(f"{live.url}/thi#{slip_code(person)}")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đúng là tôi").click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    for number in range(1, 5):
        expect(page.get_by_text(re.compile(rf"Câu {number}\s*/ 4"))).to_be_visible()
        wanted = "Việc đúng" if number <= right else "Việc khác"
        page.locator(".option label").filter(has_text=wanted).first.click()
        expect(page.locator("[data-saved-text]")).to_have_text("Đã lưu")
        page.locator("[data-next]:visible").click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Cảm ơn đồng chí")).to_be_visible()
    return page


def enter_people(organiser: Staff) -> None:
    page = organiser.page
    page.get_by_role("link", name="Hội thi Bí thư chi bộ giỏi").first.click()
    page.get_by_role("link", name="Danh sách thí sinh").click()
    page.get_by_role("button", name=re.compile("Đưa .*vào hội thi")).first.click()
    expect(page.get_by_text("Lê Văn Đức")).to_be_visible(timeout=30_000)


def open_the_round(organiser: Staff) -> None:
    page = organiser.page
    page.get_by_role("link", name="Hội thi Bí thư chi bộ giỏi").first.click()
    page.get_by_role("link", name="Vòng 1").last.click()
    page.get_by_role("link", name="Mở vòng thi").click()
    page.get_by_role("button", name="Mở vòng thi").click()
    expect(page.get_by_text("Đang thi").first).to_be_visible()


def publish(organiser: Staff, checker: Staff) -> None:
    page = organiser.go("/quan-tri/ket-qua")
    page.get_by_role("link", name=re.compile("Vòng 1")).first.click()
    button = page.get_by_role("button", name="Lập bảng kết quả")
    while not button.count():  # the worker is still closing the round
        page.wait_for_timeout(300)
        page.reload()
    button.click()
    page.get_by_role("link", name="Xem bảng kết quả").click(timeout=30_000)
    second = checker.go("/quan-tri/ket-qua")
    second.get_by_role("link", name=re.compile("Vòng 1")).first.click()
    second.get_by_role("link", name="Kiểm tra bản 1").click()
    second.get_by_role("checkbox").check()
    second.get_by_role("button", name="Xác nhận bản 1").click()
    page = organiser.go("/quan-tri/ket-qua")
    page.get_by_role("link", name=re.compile("Vòng 1")).first.click()
    page.get_by_role("link", name="Xem và công bố bản 1").click()
    page.get_by_role("button", name="Công bố bản 1").click()
    expect(page.get_by_text("Đã công bố").first).to_be_visible()


def read_the_board(browser: Browser, live: Live, size: dict[str, int]) -> None:
    """Without sign-in: from the first page to the board; a name typed without accents."""
    page = new_page(browser, size)
    page.goto(live.url)
    page.get_by_role("link", name=re.compile("Vòng 1")).first.click()
    expect(page.get_by_role("heading", name=re.compile("Vòng 1")).first).to_be_visible()
    expect(page.get_by_text("Nguyễn Văn Bách").first).to_be_visible()
    page.get_by_role("searchbox").first.fill("bach")
    page.get_by_role("searchbox").first.press("Enter")
    expect(page.get_by_text("Nguyễn Văn Bách").first).to_be_visible()
    expect(page.locator("tbody").get_by_text("Trần Thị Ngọc Ánh")).to_have_count(0)
    assert "0912000018" not in page.content()
    assert "12/04/1962" not in page.content()


def see_the_own_result(browser: Browser, live: Live, size: dict[str, int], name: str) -> None:
    db.session.rollback()
    person = db.session.scalars(select(Person).where(Person.full_name == name)).one()
    page = new_page(browser, size)
    page.goto(f"{live.url}/thi#{slip_code(person)}")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đúng là tôi").click()
    page.get_by_role("link", name="Xem kết quả").click()
    expect(page.get_by_text("/4 câu đúng")).to_be_visible()
    expect(page.get_by_text("Kết quả chính thức")).to_be_visible()
    expect(page.get_by_text("Căn cứ: khoản 1 Điều", exact=False).first).to_be_visible()


# At a desk it is the same way once more.
@pytest.mark.parametrize("size", ["phone", pytest.param("desktop", marks=pytest.mark.long)], indirect=True)
def test_a_round_from_nothing_to_the_leaderboard(
    live: Live, browser: Browser, worker: None, size: dict[str, int], tmp_path: Path
) -> None:
    make_staff()
    organiser = Staff(browser, live, size, "bantochuc")
    import_people(organiser)
    setter, reviewer = Staff(browser, live, size, "rade"), Staff(browser, live, size, "thamdinh")
    import_questions(setter)
    approve_all(reviewer)
    prepare_round(organiser, live)
    set_blueprint(organiser, 4)
    set_windows(organiser, live)
    enter_people(organiser)
    open_the_round(organiser)
    an, last = "Nguyễn Văn Bách", "Lê Văn Đức"
    sit(browser, live, size, an, 4)
    sit(browser, live, size, last, 2)
    live.clock.skip(3600)
    phone = sit(browser, live, size, "Trần Thị Ngọc Ánh", 4)
    live.clock.skip(3600 + 700)
    publish(organiser, Staff(browser, live, size, "kiemtra"))
    read_the_board(browser, live, size)
    phone.get_by_role("button", name="Người tiếp theo").click()
    expect(phone.get_by_role("heading", name="Vào phòng thi")).to_be_visible()
    see_the_own_result(browser, live, size, last)
