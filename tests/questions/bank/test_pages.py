"""The pages of the bank: writing, finding, previewing, comparing, topics and documents; without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

from core.database import db, unit_of_work
from questions.bank.content import Content
from questions.bank.models import Question, Source, Topic
from questions.bank.service import create_question, new_version
from questions.bank.topics import create_topic
from questions.review import service as review

HOME = "/quan-tri/cau-hoi"
FILLED = {
    "type": "single",
    "stem": "Chi bộ họp thường lệ mấy tháng một lần?",
    "options-0": "Một tháng",
    "options-1": "",
    "options-2": "Hai tháng",
    "correct": "2",
    "level": "nhận biết",
}


def only_question() -> Question:
    return db.session.query(Question).one()


def test_an_empty_bank_says_how_to_begin(here: Any, browser_of: Any) -> None:
    page = browser_of(here.setter).read(HOME)
    assert "Chưa có câu hỏi nào" in page
    assert "Viết câu hỏi" in page


def test_a_setter_writes_a_question_and_hands_it_in(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    assert 'name="options-0"' in browser.read(f"{HOME}/moi")
    answer = browser.post(f"{HOME}/moi", data={**FILLED, "gui": "1"})
    question = only_question()
    assert answer.location == f"{HOME}/{question.public_id}"
    assert question.state == "in_review"
    assert question.current_version is not None
    assert question.current_version.data == {"options": ["Một tháng", "Hai tháng"], "correct": [1]}
    page = browser.read(answer.location)
    assert "Chờ thẩm định" in page
    assert "Chưa có căn cứ" in page


def test_what_was_typed_stays_when_something_is_missing(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    answer = browser.post(f"{HOME}/moi", data={**FILLED, "correct": "1", "explanation": "Điều 22"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Chưa chọn phương án đúng." in page
    assert all(words in page for words in ("Chi bộ họp thường lệ", "Hai tháng", "Điều 22"))
    answer = browser.post(f"{HOME}/moi", data={**FILLED, "options-2": "một THÁNG", "stem": " "})
    page = unescape(answer.text)
    assert "trùng với một phương án ở trên" in page
    assert "Chưa có nội dung câu hỏi." in page
    assert db.session.query(Question).count() == 0


def test_an_option_row_is_added_and_the_type_changed_without_losing_words(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    page = browser.post(f"{HOME}/moi", data={**FILLED, "options-3": "Ba tháng", "them_phuong_an": "1"})
    assert page.status_code == 200
    assert 'name="options-4"' in page.text
    assert "Ba tháng" in unescape(page.text)
    page = browser.post(f"{HOME}/moi", data={**FILLED, "doi_loai": "multiple"})
    assert 'type="checkbox" name="correct" value="2" id="correct-2" checked' in page.text
    assert "Hai tháng" in unescape(page.text)


def test_a_second_person_cannot_overwrite_an_edit_unseen(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        question = create_question(here.district, content(), here.setter)
    address = f"{HOME}/{question.public_id}/sua"
    browser = browser_of(here.setter)
    assert 'name="based_on" type="hidden" value="1"' in browser.read(address)
    assert browser.post(address, data={**FILLED, "based_on": "1"}).status_code == 302
    answer = browser_of(here.second_setter).post(address, data={**FILLED, "stem": "Khác", "based_on": "1"})
    assert answer.status_code == 422
    assert "vừa được người khác sửa" in unescape(answer.text)
    assert "Khác" in unescape(answer.text)


def test_the_list_finds_without_accents_and_filters(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        topic = create_topic("Điều lệ Đảng")
        create_question(here.district, content(topic_id=topic.id), here.setter)
        create_question(here.district, content(stem="Chi bộ họp khi nào?"), here.second_setter)
        create_question(here.other_district, content(stem="Của Phúc Thọ"), here.other_setter)
    browser = browser_of(here.setter)
    everything = browser.read(HOME)
    assert "Chi bộ họp khi nào?" in everything
    assert "Của Phúc Thọ" not in everything
    assert "Chi bộ họp khi nào?" not in browser.read(f"{HOME}?q=du+bi")
    found = browser.read(f"{HOME}?chu_de={topic.public_id}&muc_do=nhận biết&loai=single&nguoi_soan=xx&trang_thai=draft")
    assert "Thời gian dự bị" in found
    assert "Chi bộ họp khi nào?" not in found
    assert "Không tìm thấy" in browser.read(f"{HOME}?q=khongco&trang=99&sap_xep=la&loai=zzz")


def test_pages_of_another_branch_are_closed(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        question = create_question(here.district, content(), here.setter)
    stranger = browser_of(here.other_setter)
    for page in ("", "/sua", "/xem-thu", "/so-sanh"):
        assert stranger.get(f"{HOME}/{question.public_id}{page}").status_code == 403
    assert stranger.post(f"{HOME}/{question.public_id}/gui").status_code == 403
    assert stranger.post(f"{HOME}/gui-nhieu", data={"cau": question.public_id}).status_code == 403
    assert stranger.get(f"{HOME}/khongcogi").status_code == 404


def test_the_preview_shows_no_key_and_keeps_references_true(
    here: Any, browser_of: Any, content: Callable[..., Content]
) -> None:
    data = {"options": ["Giải thích", "Vận động", "Nêu gương", "Cả a và c đều đúng"], "correct": [3]}
    with unit_of_work():
        question = create_question(here.district, content(data=data), here.setter)
    browser = browser_of(here.setter)
    pages = [browser.read(f"{HOME}/{question.public_id}/xem-thu?lan={turn}") for turn in range(1, 9)]
    for page in pages:
        assert "đáp án" not in page
        options = [line.split("</span>")[1] for line in page.split('class="words"')[1:]]
        letters = {text.strip(): "abc"[i] for i, text in enumerate(options[:3])}
        named = sorted([letters["Giải thích"], letters["Nêu gương"]])
        assert options[3] == f"Cả {named[0]} và {named[1]} đều đúng"
    assert len(set(pages)) > 1


def test_two_versions_stand_side_by_side(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        question = create_question(here.district, content(), here.setter)
        new_version(question, content(stem="Thời gian dự bị của đảng viên mới là bao lâu?"), here.setter)
    page = browser_of(here.setter).read(f"{HOME}/{question.public_id}/so-sanh")
    assert "<ins>" in page
    assert "mới" in page.split("<ins>")[1].split("</ins>")[0]
    assert browser_of(here.setter).get(f"{HOME}/{question.public_id}/so-sanh?tu=7").status_code == 404


def test_topics_are_added_renamed_and_taken_away(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    assert browser.post(f"{HOME}/chu-de", data={"name": "Điều lệ Đảng"}).status_code == 302
    again = browser.post(f"{HOME}/chu-de", data={"name": "dieu le dang"})
    assert again.status_code == 422
    assert "Đã có chủ đề" in unescape(again.text)
    topic = db.session.query(Topic).one()
    assert browser.post(f"{HOME}/chu-de/{topic.public_id}", data={"name": "Điều lệ"}).status_code == 302
    assert "Điều lệ" in browser.read(f"{HOME}/chu-de")
    assert browser.post(f"{HOME}/chu-de/{topic.public_id}/bo").status_code == 302
    assert db.session.query(Topic).count() == 0


def test_documents_are_added_and_say_what_replaced_them(here: Any, browser_of: Any) -> None:
    browser = browser_of(here.setter)
    facts = {"title": "Quy định thi hành Điều lệ", "number": "24-QĐ/TW", "issued_on": "2021-07-30"}
    assert browser.post(f"{HOME}/van-ban/moi", data=facts).status_code == 302
    assert browser.post(f"{HOME}/van-ban/moi", data=facts).status_code == 422
    newer = {**facts, "number": "232-QĐ/TW", "issued_on": "2025-01-20"}
    browser.post(f"{HOME}/van-ban/moi", data=newer)
    old, new = db.session.query(Source).order_by(Source.id).all()
    changed = {**facts, "in_force_until": "2025-01-20", "replaced_by": new.public_id}
    assert browser.post(f"{HOME}/van-ban/{old.public_id}", data=changed).status_code == 302
    db.session.refresh(old)
    assert old.replaced_by_id == new.id
    browser.read(f"{HOME}/van-ban")  # what was just saved is said once
    page = browser.read(f"{HOME}/van-ban?q=24-qd")
    assert "Không còn hiệu lực" in page
    assert "232-QĐ/TW" not in page
    assert "Thêm văn bản" not in browser_of(here.reviewer).read(f"{HOME}/van-ban")
    wrong = browser.post(f"{HOME}/van-ban/moi", data={"title": "X", "issued_on": "30 tháng 7"})
    assert "Ngày chưa đúng" in unescape(wrong.text)


def test_the_menu_leads_setters_and_reviewers_to_the_bank_but_not_strangers(here: Any, browser_of: Any) -> None:
    assert HOME in browser_of(here.reviewer).read(HOME)
    assert browser_of(here.reviewer).get(f"{HOME}/moi").status_code == 403
    assert browser_of(here.reviewer).get(f"{HOME}/nhap").status_code == 403


def test_an_approved_question_shows_that_its_older_version_is_in_use(
    here: Any, browser_of: Any, content: Callable[..., Content]
) -> None:
    with unit_of_work():
        question = create_question(here.district, content(), here.setter)
        review.submit(question, here.setter)
        review.approve(question, here.reviewer)
        new_version(question, content(stem="Bản sau"), here.setter)
    page = browser_of(here.setter).read(f"{HOME}/{question.public_id}")
    assert "Đề thi vẫn dùng bản 1 đã duyệt" in page
    assert "Bản cũ đang dùng" in browser_of(here.setter).read(HOME)
