"""The pages of an import, without JavaScript: a file in, every row seen, one click a repair, bad rows back as Excel."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.accounts.importing.models import ImportBatch
from core.accounts.models import Account, Person
from core.database import db
from core.documents.excel_reading import read_workbook
from core.jobs import run_now
from core.jobs.service import find

from .conftest import HEADING, people, workbook

BASE = "/quan-tri/thi-sinh/nhap"
UNIT = "Chi bộ thôn 1, Xã Tam Hiệp"

Staff = Callable[..., Account]


def row(name: str = "Nguyễn Văn Bình", unit: str = UNIT, birth: object = "12/04/1962", phone: object = None) -> tuple[Any, ...]:
    return (1, name, unit, birth, phone, "Bí thư")


@pytest.fixture
def organiser(browser: Any, staff: Staff) -> Any:
    """A browser in which an organiser of Thanh Trì is signed in."""
    staff("binh", Role.ORGANISER, "tt")
    browser.sign_in("binh")
    return browser


def work() -> None:
    """What the worker would do now."""
    for batch in db.session.scalars(select(ImportBatch)).all():
        job = find(batch.job_public_id or "")
        if job is not None and job.state == "waiting":
            run_now(job.id)
    db.session.rollback()


def send(browser: Any, data: bytes, name: str = "danh_sach.xlsx") -> str:
    """Upload and read; the address of the preview."""
    page = browser.get(BASE).get_data(as_text=True)
    unit = re.search(r'name="unit" value="(\w+)"', page)
    assert unit is not None
    answer = browser.post(BASE, data={"unit": unit[1], "file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    work()
    batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None
    return f"{BASE}/{batch.public_id}"


def see(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_the_preview_shows_problems_first_and_every_row_in_pages(organiser: Any) -> None:
    rows = [row(f"Người Thứ {n}") for n in range(1, 120)]
    url = send(organiser, people(*rows, row("Trần Thị Lan", birth="03/15/1970"), row("", phone="0912000018")))
    first = see(organiser, url)
    assert "121 dòng" in first
    assert "Có vấn đề · 2" in first
    assert "Tất cả · 121" in first
    assert "Không có tháng 15. Có phải “15/03/1970”?" in first
    assert "Thiếu họ và tên." in first
    assert "Người Thứ 1 " not in first
    everything = [see(organiser, f"{url}?tab=tat-ca&trang={page}") for page in (1, 2, 3)]
    assert all(sum(f"Người Thứ {n} " in page for page in everything) == 1 for n in range(1, 120))


def test_a_click_repairs_and_comes_back_to_where_one_was(organiser: Any) -> None:
    url = send(organiser, people(row("Trần Thị Lan", birth="03/15/1970"), row("")))
    answer = organiser.post(f"{url}/dong/1/nhan", data={"ma": "date_turned", "ve_tab": "van-de"})
    assert answer.status_code == 303
    assert "tab=van-de" in answer.location
    assert "Có vấn đề · 1" in see(organiser, answer.location)


def test_good_rows_go_in_and_the_bad_come_home_with_a_reason(organiser: Any) -> None:
    url = send(
        organiser,
        people(row(), row("Trần Thị Lan", birth="31/02/1970"), row("Lê Văn Ba", unit="Chi bộ thôn 1, Xã Tam Hiep Xa")),
    )
    assert "Nhập 1 dòng tốt" in see(organiser, url)
    assert organiser.post(f"{url}/thuc-hien", data={}).status_code == 303
    work()
    ended = see(organiser, url)
    assert "2 dòng chưa nhập" in ended
    assert db.session.scalars(select(Person.full_name)).all() == ["Nguyễn Văn Bình"]
    (sheet,) = read_workbook(organiser.get(f"{url}/dong-loi.xlsx").data)
    headings = sheet.rows[0]
    assert "Lý do" in headings
    reasons = [line[headings.index("Lý do")] for line in sheet.rows[1:]]
    assert "Không có ngày 31/02/1970" in str(reasons[0])
    assert "Không có đơn vị này" in str(reasons[1])


def test_the_file_of_bad_rows_is_read_again_once_repaired(organiser: Any) -> None:
    url = send(organiser, people(row("=HYPERLINK(1)", birth="31/02/1970", phone="+84 912 000 018")))
    data = organiser.get(f"{url}/dong-loi.xlsx").data
    again = see(organiser, send(organiser, data))
    assert "1 dòng" in again
    assert "Không có ngày 31/02/1970" in again
    assert "0912 000 018" in again


def test_all_or_nothing_says_why_nothing_happened(organiser: Any) -> None:
    url = send(organiser, people(row(), row("")))
    answer = organiser.post(f"{url}/thuc-hien", data={"cach": "het"})
    assert "Còn 1 dòng chưa nhập được" in see(organiser, answer.location)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_row_is_edited_in_a_form_of_its_own_that_keeps_what_was_typed(organiser: Any) -> None:
    url = send(organiser, people(row("Trần Thị Lan", birth="31/02/1970")))
    wrong = organiser.post(f"{url}/dong/1", data={"name": "Trần Thị Lan", "birth": "32/02/1970"})
    assert 'value="32/02/1970"' in wrong.get_data(as_text=True)
    assert "Không có ngày 32/02/1970" in wrong.get_data(as_text=True)
    right = organiser.post(f"{url}/dong/1", data={"name": "Trần Thị Lan", "birth": "28/02/1970"})
    assert right.status_code == 303
    assert "Không còn vấn đề nào" in see(organiser, f"{url}?tab=van-de")


def test_the_template_can_be_filled_in_and_its_samples_are_left_out(organiser: Any) -> None:
    data = organiser.get(f"{BASE}/mau.xlsx").data
    names = [sheet.name for sheet in read_workbook(data)]
    assert names[:3] == ["Hướng dẫn", "Thí sinh", "Đơn vị"]
    assert "chưa có dòng nào" in see(organiser, send(organiser, data))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Tệp trống"),
        (b"%PDF-1.7 khong phai bang tinh", "không phải là tệp Excel"),
        (workbook({"Trang 1": [("a", "b"), ("c", "d")]}), "Không thấy danh sách nào"),
        (workbook({"Thí sinh": [HEADING]}), "chưa có dòng nào"),
    ],
)
def test_a_wrong_file_gets_one_clear_sentence(organiser: Any, data: bytes, words: str) -> None:
    if data:
        assert words in see(organiser, send(organiser, data))
    else:
        page = organiser.get(BASE).get_data(as_text=True)
        unit = re.search(r'name="unit" value="(\w+)"', page)
        assert unit is not None
        answer = organiser.post(
            BASE, data={"unit": unit[1], "file": (io.BytesIO(b""), "x.xlsx")}, content_type="multipart/form-data"
        )
        assert answer.status_code == 200
        assert words in answer.get_data(as_text=True)


def test_without_a_file_the_form_says_so(organiser: Any) -> None:
    answer = organiser.post(BASE, data={})
    assert answer.status_code == 200
    assert "Xin chọn một tệp Excel." in answer.get_data(as_text=True)


def test_staff_of_another_district_see_nothing_of_it(organiser: Any, staff: Staff, site: Any) -> None:
    url = send(organiser, people(row()))
    staff("cuong", Role.ORGANISER, "pt")
    other = site.test_client()
    other.sign_in("cuong")
    assert "danh_sach.xlsx" not in other.get(BASE).get_data(as_text=True)
    for method, path in (
        ("GET", ""),
        ("GET", "/dong/1"),
        ("POST", "/dong/1"),
        ("POST", "/dong/1/bo"),
        ("POST", "/nhan-het"),
        ("POST", "/giu-het"),
        ("POST", "/thuc-hien"),
        ("POST", "/huy"),
        ("GET", "/dong-loi.xlsx"),
    ):
        assert other.open(url + path, method=method).status_code == 403, path
    stranger = site.test_client()
    assert stranger.get(url).status_code == 302
    assert stranger.post(f"{url}/thuc-hien").status_code == 401


def test_a_unit_outside_ones_scope_is_not_offered_nor_taken(organiser: Any, units: Any) -> None:
    url = send(organiser, people(row(unit="Huyện Phúc Thọ / Xã Tam Hiệp / Chi bộ thôn 1")))
    assert "ngoài phạm vi" in see(organiser, url)
    answer = organiser.post(
        BASE,
        data={"unit": units["pt"].public_id, "file": (io.BytesIO(people(row())), "x.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200
    assert db.session.scalar(select(func.count()).select_from(ImportBatch)) == 1


def test_a_clerk_imports_people_but_no_units(browser: Any, staff: Staff) -> None:
    staff("thu", Role.CLERK, "tt")
    browser.sign_in("thu")
    data = workbook(
        {
            "Đơn vị": [("Cấp", "Tên đơn vị", "Cấp trên"), ("Chi bộ", "Chi bộ thôn 9", "Xã Tam Hiệp")],
            "Thí sinh": [HEADING, row()],
        }
    )
    url = send(browser, data)
    assert "Chỉ ban tổ chức được thêm, sửa đơn vị" in see(browser, url)
    assert browser.post(f"{url}/thuc-hien").status_code == 403
    assert browser.post(f"{send(browser, people(row()))}/thuc-hien").status_code == 303


def test_unknown_addresses_and_stale_clicks_are_no_errors_of_ours(organiser: Any) -> None:
    url = send(organiser, people(row("Trần Thị Lan", birth="03/15/1970")))
    assert organiser.get(f"{BASE}/khongco").status_code == 404
    assert organiser.get(f"{url}/dong/99").status_code == 404
    assert organiser.post(f"{url}/dong/1/xoa-het").status_code == 404
    assert organiser.post(f"{url}/nhan-het", data={"ma": "khong_co"}).status_code == 404
    organiser.post(f"{url}/dong/1/nhan", data={"ma": "date_turned"})
    stale = organiser.post(f"{url}/dong/1/nhan", data={"ma": "date_turned"})
    assert "không còn đề nghị đó nữa" in see(organiser, stale.location)
    assert organiser.post(f"{url}/dong/1/o", data={"o": "slip_hash", "gia_tri": "x"}).status_code == 303


def test_a_thrown_away_file_leaves_nothing(organiser: Any) -> None:
    url = send(organiser, people(row()))
    assert organiser.post(f"{url}/huy").status_code == 303
    work()
    assert "đã bỏ" in see(organiser, url)


def test_one_page_of_many_rows_offers_every_repair(organiser: Any) -> None:
    url = send(organiser, people(*(row(f"Người Thứ {n}", phone=912000100.0 + n) for n in range(1, 31))))
    page = see(organiser, url)
    assert "Nhận cả 30 đề nghị" in page
    assert page.count("Excel đã đổi thành số. Có phải “0912 000") == 30
    assert organiser.post(f"{url}/nhan-het", data={"ma": "phone_number"}).status_code == 303
    assert "30 nhập được" in see(organiser, url)
