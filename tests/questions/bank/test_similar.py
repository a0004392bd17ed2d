"""Near-duplicates in the bank: said when a question is saved, shown beside it, in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

from core.access import Actor
from core.accounts.models import Account
from core.database import db, unit_of_work
from questions.bank.content import Content
from questions.bank.models import Question
from questions.bank.service import create_question, new_version
from questions.bank.similar import similar_questions
from questions.review import service as review

HOME = "/quan-tri/cau-hoi"
Acting = Callable[[Account], Actor]
Make = Callable[..., Content]
OPTIONS = ["6 tháng", "12 tháng", "18 tháng"]
FILLED = {
    "type": "single",
    "stem": "Thời gian dự bị của đảng viên là bao lâu?",
    "options-0": "18 tháng",
    "options-1": "12 tháng",
    "options-2": "6 tháng",
    "correct": "1",
    "level": "nhận biết",
}


def test_the_most_alike_come_first_with_what_differs(place: Any, acting: Acting, content: Make) -> None:
    with unit_of_work():
        question = create_question(place.district, content(), None)
        other_time = content(stem="Thời gian dự bị của đảng viên năm 2021 là bao lâu?")
        create_question(place.district, other_time, None)
        turned = create_question(place.district, content(data={"options": OPTIONS[::-1], "correct": [1]}), None)
        create_question(place.district, content(stem="Chi bộ họp thường lệ mấy tháng một lần?"), None)
    found = similar_questions(question, acting(place.setter))
    # 10 words against 12: common 20 of 22 = 0.909; stems have 22 of 34 words (each option has two): 0.647.
    # 0.647 x 0.909 + 0.353 = 0.941.
    assert [(each.percent, each.why) for each in found] == [
        (100, "cùng nội dung câu hỏi, phương án đảo thứ tự"),
        (94, "câu hỏi khác 2 từ: chỉ một câu có “năm 2021” (con số); cùng phương án"),
    ]
    assert found[0].question == turned


def test_retired_questions_those_of_other_banks_and_older_versions_are_left_out(
    place: Any, acting: Acting, content: Make
) -> None:
    with unit_of_work():
        question = create_question(place.district, content(), None)
        retired = create_question(place.district, content(), None)
        review.retire(retired, place.setter, "Cũ")
        create_question(place.other_district, content(), None)
        edited = create_question(place.district, content(), None)
        new_version(edited, replace(content(), stem="Chi bộ họp thường lệ mấy tháng một lần?"), place.setter, based_on=1)
    assert similar_questions(question, acting(place.setter)) == []


def test_saving_says_which_question_is_like_it_and_saves_all_the_same(here: Any, browser_of: Any, content: Make) -> None:
    with unit_of_work():
        twin = create_question(here.district, content(), here.second_setter)
    browser = browser_of(here.setter)
    answer = browser.post(f"{HOME}/moi", data=FILLED)
    assert db.session.query(Question).count() == 2
    page = browser.read(answer.location)
    assert "Ngân hàng có câu giống câu vừa lưu 100 %: cùng nội dung câu hỏi, phương án đảo thứ tự." in page
    assert "Giống 100 %" in page
    assert f"{HOME}/{twin.public_id}" in page


def test_the_next_question_can_be_written_at_once(here: Any, browser_of: Any, content: Make) -> None:
    with unit_of_work():
        create_question(here.district, content(), here.second_setter)
    browser = browser_of(here.setter)
    answer = browser.post(f"{HOME}/moi", data={**FILLED, "them_nua": "1"})
    assert "/moi" in answer.location
    assert "giống câu vừa lưu 100 %" in browser.read(answer.location)


def test_a_question_unlike_any_other_is_saved_without_a_word(here: Any, browser_of: Any, content: Make) -> None:
    with unit_of_work():
        create_question(here.district, content(stem="Chi bộ họp thường lệ mấy tháng một lần?"), here.second_setter)
    browser = browser_of(here.setter)
    page = browser.read(browser.post(f"{HOME}/moi", data=FILLED).location)
    assert "gần giống" in page  # the link that looks for them
    assert "Ngân hàng có câu giống" not in page


def test_similar_questions_are_looked_for_when_asked(here: Any, browser_of: Any, content: Make) -> None:
    with unit_of_work():
        question = create_question(here.district, content(), here.setter)
    browser = browser_of(here.setter)
    address = f"{HOME}/{question.public_id}"
    assert f"{address}?giong=1#giong" in browser.read(address)
    assert "Không thấy câu nào gần giống." in browser.read(f"{address}?giong=1")
    with unit_of_work():
        create_question(here.district, content(stem="Câu 5: THỜI GIAN DỰ BỊ của đảng viên là bao lâu?"), here.setter)
    page = unescape(browser.read(f"{address}?giong=1"))
    assert "chỉ khác số thứ tự ở đầu câu, chữ hoa chữ thường" in page
