"""Writing questions that are answered by typing, and reading them back; without JavaScript."""

from __future__ import annotations

from html import unescape
from typing import Any

from core.database import db
from questions.bank.models import Question, QuestionVersion

HOME = "/quan-tri/cau-hoi"
CLOZE = {
    "type": "cloze",
    "stem": "Điền vào chỗ trống:",
    "text": "Họp [[một tháng|1 tháng]] một lần, có [[#=1.200±5%]] người, [[*tăng|giảm]].",
    "credit": "blanks",
    "fold_case": "y",
}


def newest() -> QuestionVersion:
    version = db.session.query(Question).order_by(Question.id.desc()).first().current_version  # type: ignore[union-attr]
    assert version is not None
    return version


def test_a_number_is_written_read_back_and_corrected(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    page = browser.read(f"{HOME}/moi?loai=numeric")
    assert 'inputmode="decimal"' in page
    filled = {"type": "numeric", "stem": "Bao nhiêu chi bộ?", "value": "nhiều", "tolerance": "x", "measure": "chi bộ"}
    answer = browser.post(f"{HOME}/moi", data=filled)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "đáp số không phải là một số" in page
    assert "Chỗ này cần một số" in page
    filled |= {"value": "17.000", "tolerance": "0,5", "tolerance_kind": "percent"}
    answer = browser.post(f"{HOME}/moi", data=filled)
    assert newest().data == {"value": "17000", "tolerance": "0.5", "percent": True, "unit": "chi bộ"}
    shown = browser.read(answer.location)
    assert "17.000 chi bộ" in shown
    assert "Được lệch tối đa 0,5 %" in shown
    assert 'value="17.000"' in browser.read(f"{answer.location}/sua")
    assert 'name="chu-0"' in browser.read(f"{answer.location}/xem-thu")


def test_accepted_answers_a_line_each(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    filled = {"type": "short_text", "stem": "Ai bầu chi ủy?", "fold_case": "y"}
    filled["accepted"] = "Đại hội chi bộ\n\n ĐẠI HỘI chi bộ "
    assert "Dòng 2 giống một dòng ở trên." in unescape(browser.post(f"{HOME}/moi", data=filled).text)
    answer = browser.post(f"{HOME}/moi", data={**filled, "accepted": "Đại hội chi bộ\n\n Đại hội ", "fold_accents": "y"})
    expected = {"accepted": ["Đại hội chi bộ", "Đại hội"], "fold_case": True, "fold_accents": True}
    assert newest().data == expected
    page = browser.read(answer.location)
    assert "Đại hội chi bộ; Đại hội" in page
    assert "không dấu cũng được" in page
    assert answer.location in browser.read(f"{HOME}?q=dai+hoi")


def test_a_text_with_blanks_says_how_it_is_read_before_it_is_kept(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    assert "Cách viết chỗ trống" in browser.read(f"{HOME}/moi?loai=cloze")
    draft = browser.post(f"{HOME}/moi", data={**CLOZE, "xem_doan": "1", "text": "Có [[#=mười]] <b> người, [[tăng"})
    page = draft.text
    assert draft.status_code == 200
    assert "Chỗ trống 1: không đọc được số." in unescape(page)
    assert "Chỗ trống 2: thiếu hai ngoặc vuông đóng" in unescape(page)
    assert "<b> người" not in page
    assert browser.post(f"{HOME}/moi", data={**CLOZE, "text": "Không có gì"}).status_code == 422
    assert db.session.query(Question).count() == 0
    answer = browser.post(f"{HOME}/moi", data=CLOZE)
    assert newest().data["pieces"][3] == {"kind": "number", "value": "1200", "tolerance": "5", "percent": True}
    page = browser.read(answer.location)
    assert "(2) 1.200±5%" in page
    assert "Điểm theo số chỗ trống đúng" in page
    assert CLOZE["text"] in browser.read(f"{answer.location}/sua")
    sat = browser.read(f"{answer.location}/xem-thu")
    assert 'name="chu-2"' in sat
    assert "một tháng" not in sat
