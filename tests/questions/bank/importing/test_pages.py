"""The pages of an import in a browser without JavaScript: upload, look, decide, import, take back."""

from __future__ import annotations

import io
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from core.database import db, unit_of_work
from core.jobs import run_now
from core.jobs.service import find
from questions.bank.content import Content
from questions.bank.importing.models import QuestionImport, QuestionImportItem
from questions.bank.models import Question
from questions.bank.service import create_question

HOME = "/quan-tri/cau-hoi"


def upload(browser: Any, text: str, name: str = "Cau hoi cong tac Dang.txt", **more: Any) -> Any:
    data = {"file": (io.BytesIO(text.encode()), name), **more}
    return browser.post(f"{HOME}/nhap/moi", data=data, content_type="multipart/form-data")


def worked(answer: Any) -> None:
    """The page of the job that ``answer`` leads to belongs to a job that is done here and now."""
    job = find(answer.location.rsplit("/", 1)[-1].partition("?")[0])
    assert job is not None
    assert run_now(job.id).state == "done"


@pytest.fixture
def batch(here: Any, browser_of: Any, list_text: str) -> QuestionImport:
    """A list that has been read."""
    worked(upload(browser_of(here.setter), list_text))
    return db.session.scalars(select(QuestionImport)).one()


def item_at(batch: QuestionImport, position: int) -> QuestionImportItem:
    statement = select(QuestionImportItem).where(QuestionImportItem.batch_id == batch.id)
    return db.session.scalars(statement.where(QuestionImportItem.position == position)).one()


def test_the_file_stands_beside_what_was_understood(here: Any, browser_of: Any, batch: QuestionImport) -> None:
    page = browser_of(here.setter).read(f"{HOME}/nhap/{batch.public_id}")
    for words in ("4 câu đọc được", "3 chắc chắn", "1 chưa có đáp án", "Nhập 3 câu chắc chắn"):
        assert words in page
    assert page.index("NGÂN HÀNG CÂU HỎI") < page.index("Câu 14. Thời gian")
    assert page.index("Câu 16. Cấp ủy") < page.index("Chưa có đáp án") < page.index("Câu 17. Đảng viên")
    assert 'name="dap_an"' in page


def test_choosing_a_key_then_importing(here: Any, browser_of: Any, batch: QuestionImport) -> None:
    browser = browser_of(here.setter)
    address = f"{HOME}/nhap/{batch.public_id}"
    item = item_at(batch, 3)
    answer = browser.post(f"{address}/cau/{item.public_id}/dap-an", data={"dap_an": "0", "xem": "thieu", "trang": "1"})
    assert answer.location.endswith("xem=thieu#cau-3")
    assert "Nhập 4 câu: 3 chắc chắn, 1 đã xem" in browser.read(address)
    worked(browser.post(f"{address}/nhap", data={"target_state": "in_review", "level": "thông hiểu"}))
    made = db.session.scalars(select(Question)).all()
    assert {q.state for q in made} == {"in_review"}
    assert len(made) == 4
    page = browser.read(address)
    assert "4 đã nhập" in page
    assert "Rút lại 4 câu" in page
    assert "Thời gian dự bị" in browser.read(f"{HOME}?lan_nhap={batch.id}")


def test_each_decision_is_one_press(here: Any, browser_of: Any, batch: QuestionImport) -> None:
    browser = browser_of(here.setter)
    address = f"{HOME}/nhap/{batch.public_id}"
    first = item_at(batch, 1)
    browser.post(f"{address}/cau/{first.public_id}/quyet-dinh", data={"viec": "bo-qua"})
    assert "Nhập 2 câu chắc chắn" in browser.read(address)
    browser.post(f"{address}/cau/{first.public_id}/quyet-dinh", data={"viec": "lay-lai"})
    assert "Nhập 3 câu chắc chắn" in browser.read(address)
    assert browser.post(f"{address}/cau/{first.public_id}/quyet-dinh", data={"viec": "xóa"}).status_code == 400
    keyless = item_at(batch, 3)
    answer = browser.post(f"{address}/cau/{keyless.public_id}/quyet-dinh", data={"viec": "dung"}, follow_redirects=True)
    assert "chưa nhập được như vậy" in unescape(answer.text)


def test_a_question_is_put_right_beside_its_lines(here: Any, browser_of: Any, batch: QuestionImport) -> None:
    browser = browser_of(here.setter)
    item = item_at(batch, 3)
    address = f"{HOME}/nhap/{batch.public_id}/cau/{item.public_id}/sua"
    assert "Câu 16. Cấp ủy viên" in browser.read(address)
    form = {"type": "single", "stem": "Cấp ủy chi bộ do ai bầu?", "options-0": "Đại hội chi bộ", "options-1": "Đảng ủy"}
    answer = browser.post(address, data=form)
    assert answer.status_code == 422
    assert "Chưa chọn phương án đúng." in unescape(answer.text)
    assert "Cấp ủy chi bộ do ai bầu?" in unescape(answer.text)
    assert browser.post(address, data={**form, "correct": "0"}).status_code == 302
    db.session.refresh(item)
    assert (item.stem, item.decision, item.data["correct"]) == ("Cấp ủy chi bộ do ai bầu?", "accepted", [0])


def test_it_is_taken_back_after_asking(here: Any, browser_of: Any, batch: QuestionImport) -> None:
    browser = browser_of(here.setter)
    address = f"{HOME}/nhap/{batch.public_id}"
    worked(browser.post(f"{address}/nhap", data={}))
    worked(browser.post(f"{address}/rut-lai"))
    assert db.session.query(Question).count() == 0
    assert "đã được rút lại" in browser.read(address)
    assert browser.post(f"{address}/nhap", data={}).status_code == 422


def test_uploads_that_cannot_be_say_why_at_the_field(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    nothing = browser.post(f"{HOME}/nhap/moi", data={})
    assert nothing.status_code == 422
    assert "Xin chọn tệp câu hỏi." in unescape(nothing.text)
    empty = upload(browser, "")
    assert empty.status_code == 422
    assert "Tệp trống" in unescape(empty.text)
    worked(upload(browser, "PK\x03\x04 hỏng", name="hong.docx"))
    refused = db.session.scalars(select(QuestionImport)).one()
    page = browser.read(f"{HOME}/nhap/{refused.public_id}")
    assert "Không đọc được tệp này" in page


def test_the_same_file_is_recognised(here: Any, browser_of: Any, batch: QuestionImport, list_text: str) -> None:
    browser = browser_of(here.setter)
    worked(browser.post(f"{HOME}/nhap/{batch.public_id}/nhap", data={}))
    worked(upload(browser, list_text, name="Doi ten.txt"))
    again = db.session.scalars(select(QuestionImport).order_by(QuestionImport.id.desc())).first()
    assert again is not None
    page = browser.read(f"{HOME}/nhap/{again.public_id}")
    assert "Tệp này đã nhập ngày 24/11/2026: 3 câu" in page
    assert "3 đã có" in page
    assert "câu chắc chắn</button>" not in page


def test_an_import_of_another_branch_is_closed(here: Any, browser_of: Any, batch: QuestionImport) -> None:
    stranger = browser_of(here.other_setter)
    address = f"{HOME}/nhap/{batch.public_id}"
    item = item_at(batch, 1)
    for path in ("", f"/cau/{item.public_id}/sua"):
        assert stranger.get(address + path).status_code == 403
    for path in ("/nhap", "/rut-lai", "/mac-dinh", f"/cau/{item.public_id}/quyet-dinh", f"/cau/{item.public_id}/dap-an"):
        assert stranger.post(address + path, data={"viec": "dung"}).status_code == 403
    assert batch.file_name not in stranger.read(f"{HOME}/nhap")
    assert batch.file_name in browser_of(here.setter).read(f"{HOME}/nhap")


def test_text_that_was_not_understood_is_listed_until_somebody_has_seen_it(here: Any, browser_of: Any, list_text: str) -> None:
    browser = browser_of(here.setter)
    worked(upload(browser, list_text + "Câu 18.\n\nA. \nĐáp án: C\n"))
    batch = db.session.scalars(select(QuestionImport)).one()
    page = browser.read(f"{HOME}/nhap/{batch.public_id}")
    assert "Câu 18." in page
    for tab in ("can-xem", "thieu", "giong", "da-co", "chua-hieu", "bo-qua", "da-nhap", "la"):
        browser.read(f"{HOME}/nhap/{batch.public_id}?xem={tab}&trang=7&so_dong=25")


def test_beside_a_like_question_of_the_bank_stands_what_differs(here: Any, browser_of: Any, list_text: str) -> None:
    data = {"options": ["6 tháng", "12 tháng", "18 tháng"], "correct": [1]}
    twin = Content(type="single", stem="Thời gian dự bị của đảng viên mới được kết nạp là bao lâu?", data=data)
    with unit_of_work():
        create_question(here.district, twin, here.setter)
    browser = browser_of(here.setter)
    worked(upload(browser, list_text))
    batch = db.session.scalars(select(QuestionImport)).one()
    page = browser.read(f"{HOME}/nhap/{batch.public_id}")
    assert "câu hỏi khác 1 từ: chỉ một câu có “được”; cùng phương án" in page
