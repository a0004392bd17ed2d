"""The pages of review: the thread, the decisions, the queue, many at once."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from core.database import db, unit_of_work
from questions.bank.content import Content
from questions.bank.models import Question
from questions.bank.service import create_question, new_version
from questions.review import service as review

HOME = "/quan-tri/cau-hoi"


@pytest.fixture
def waiting(here: Any, content: Callable[..., Content]) -> Question:
    """A question in review."""
    with unit_of_work():
        question = create_question(here.district, content(), here.setter)
        review.submit(question, here.setter)
    return question


def version_of(question: Question) -> str:
    assert question.current_version is not None
    return question.current_version.public_id


def test_the_thread_goes_back_and_forth_and_ends_in_approval(here: Any, browser_of: Any, waiting: Question) -> None:
    address = f"{HOME}/{waiting.public_id}"
    reviewer, setter = browser_of(here.reviewer), browser_of(here.setter)
    reviewer.post(f"{address}/nhan-xet", data={"noi_dung": "Nên ghi điều khoản."})
    setter.post(f"{address}/nhan-xet", data={"noi_dung": "Đã ghi ở căn cứ."})
    page = reviewer.read(address)
    assert page.index("Nên ghi điều khoản.") < page.index("Đã ghi ở căn cứ.")
    answer = reviewer.post(f"{address}/duyet", data={"phien_ban": version_of(waiting), "noi_dung": ""})
    assert answer.status_code == 302
    db.session.refresh(waiting)
    assert waiting.state == "approved"


def test_a_setter_sees_no_button_to_approve_and_cannot_press_it(here: Any, browser_of: Any, waiting: Question) -> None:
    address = f"{HOME}/{waiting.public_id}"
    setter = browser_of(here.setter)
    assert "/duyet" not in setter.read(address)
    assert setter.post(f"{address}/duyet", data={"phien_ban": version_of(waiting)}).status_code == 403


def test_an_author_who_also_reviews_is_told_why_not(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        question = create_question(here.district, content(), here.reviewer)
        review.submit(question, here.reviewer)
    browser = browser_of(here.reviewer)
    assert "Đồng chí là người soạn" in browser.read(f"{HOME}/{question.public_id}")
    answer = browser.post(f"{HOME}/{question.public_id}/duyet", data={"phien_ban": version_of(question)})
    assert answer.status_code == 422
    assert "Người soạn không tự duyệt" in unescape(answer.text)


def test_returning_without_a_reason_keeps_the_page_and_says_so(here: Any, browser_of: Any, waiting: Question) -> None:
    address, seen = f"{HOME}/{waiting.public_id}", version_of(waiting)
    browser = browser_of(here.reviewer)
    answer = browser.post(f"{address}/tra-lai", data={"phien_ban": seen, "noi_dung": " "})
    assert answer.status_code == 422
    assert "Xin ghi rõ cần sửa gì." in unescape(answer.text)
    long = "dài " * 1100
    answer = browser.post(f"{address}/tra-lai", data={"phien_ban": seen, "noi_dung": long})
    assert long.strip() in answer.text
    assert browser.post(f"{address}/tra-lai", data={"phien_ban": seen, "noi_dung": "Sửa C"}).status_code == 302
    assert "Sửa C" in browser_of(here.setter).read(address)


def test_a_version_changed_meanwhile_is_not_approved(
    here: Any, browser_of: Any, waiting: Question, content: Callable[..., Content]
) -> None:
    seen = version_of(waiting)
    with unit_of_work():
        new_version(waiting, content(stem="Đã đổi"), here.setter)
    answer = browser_of(here.reviewer).post(f"{HOME}/{waiting.public_id}/duyet", data={"phien_ban": seen})
    assert answer.status_code == 422
    assert "vừa được sửa" in unescape(answer.text)
    assert "Đã đổi" in unescape(answer.text)


def test_the_queue_approves_many_after_asking(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        questions = [create_question(here.district, content(stem=f"Câu {i}"), here.setter) for i in range(3)]
        review.submit_many(questions, here.setter)
    browser = browser_of(here.reviewer)
    queue = browser.read(f"{HOME}/tham-dinh")
    assert all(f"Câu {i}" in queue for i in range(3))
    ticked = [f"{q.public_id}:{version_of(q)}" for q in questions[:2]]
    asked = browser.post(f"{HOME}/duyet-nhieu", data={"cau": ticked})
    assert "Duyệt 2 câu?" in unescape(asked.text)
    assert {q.state for q in questions} == {"in_review"}
    browser.post(f"{HOME}/duyet-nhieu", data={"cau": ticked, "xac_nhan": "1"})
    for question in questions:
        db.session.refresh(question)
    assert [q.state for q in questions] == ["approved", "approved", "in_review"]
    assert browser.post(f"{HOME}/duyet-nhieu", data={}).location.endswith("/tham-dinh")


def test_setters_hand_in_many_after_confirming(here: Any, browser_of: Any, content: Callable[..., Content]) -> None:
    with unit_of_work():
        questions = [create_question(here.district, content(stem=f"Câu {i}"), here.setter) for i in range(2)]
    browser = browser_of(here.setter)
    ticked = [q.public_id for q in questions]
    assert "Gửi thẩm định 2 câu?" in unescape(browser.post(f"{HOME}/gui-nhieu", data={"cau": ticked}).text)
    browser.post(f"{HOME}/gui-nhieu", data={"cau": ticked, "xac_nhan": "1"})
    assert browser_of(here.reviewer).read(f"{HOME}/tham-dinh").count("Câu ") >= 2


def test_only_reviewers_retire_what_was_approved(here: Any, browser_of: Any, waiting: Question) -> None:
    address = f"{HOME}/{waiting.public_id}"
    with unit_of_work():
        review.approve(waiting, here.reviewer)
    assert browser_of(here.setter).post(f"{address}/thoi-dung", data={"noi_dung": "x"}).status_code == 403
    reviewer = browser_of(here.reviewer)
    assert reviewer.post(f"{address}/thoi-dung", data={"noi_dung": "Văn bản đã thay"}).status_code == 302
    assert "Thôi dùng" in reviewer.read(address)
    assert reviewer.post(f"{address}/khoi-phuc").status_code == 302
    assert browser_of(here.setter).get(f"{address}/sua").status_code == 200
