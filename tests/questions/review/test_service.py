"""A second person approves; what was said and done stays; many at once leave one entry in the chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import db, unit_of_work
from questions.bank.content import Content
from questions.bank.models import Question
from questions.bank.service import StaleVersion, create_question, new_version
from questions.review import service as review
from questions.review.service import ReviewError

Make = Callable[..., Content]


@pytest.fixture
def question(place: Any, content: Make) -> Question:
    with unit_of_work():
        made = create_question(place.district, content(), place.setter)
        review.submit(made, place.setter)
    return made


def test_comments_go_back_and_forth_until_it_is_approved(place: Any, content: Make, question: Question) -> None:
    with unit_of_work():
        review.comment(question, place.reviewer, "Nên ghi rõ điều khoản.")
        review.comment(question, place.setter, "Đã có ở phần căn cứ.")
        review.send_back(question, place.reviewer, "Xin sửa phương án C.")
    assert question.state == "draft"
    with unit_of_work():
        new_version(question, content(stem="Sửa"), place.setter)
        review.submit(question, place.setter, "Đã sửa")
        review.approve(question, place.reviewer)
    assert question.state == "approved"
    assert question.approved_version_id == question.current_version_id
    kinds = [note.kind for note in review.notes_of(question)]
    assert kinds == ["submitted", "comment", "comment", "returned", "submitted", "approved"]
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-1] == "question.approve"


def test_nobody_approves_what_they_wrote(place: Any, content: Make, question: Question) -> None:
    with pytest.raises(ReviewError), unit_of_work():
        review.approve(question, place.setter)
    with unit_of_work():
        new_version(question, content(stem="Bản hai"), place.second_setter)
        new_version(question, content(stem="Bản ba"), place.setter)
    with pytest.raises(ReviewError), unit_of_work():
        review.approve(question, place.second_setter)
    assert question.state == "in_review"


def test_who_wrote_only_an_older_approved_version_may_approve_the_next(place: Any, content: Make, question: Question) -> None:
    with unit_of_work():
        review.approve(question, place.reviewer)
        new_version(question, content(stem="Bản hai"), place.second_setter)
        review.submit(question, place.second_setter)
    assert not review.is_author_of_pending(question, place.setter)
    assert review.is_author_of_pending(question, place.second_setter)


def test_a_version_changed_meanwhile_is_not_approved_unseen(place: Any, content: Make, question: Question) -> None:
    seen = question.current_version_id
    with unit_of_work():
        new_version(question, content(stem="Đổi sau khi xem"), place.setter)
    with pytest.raises(StaleVersion), unit_of_work():
        review.approve(question, place.reviewer, version_id=seen)
    with pytest.raises(StaleVersion), unit_of_work():
        review.send_back(question, place.reviewer, "Sửa", version_id=seen)


def test_returning_needs_a_remark_and_steps_come_in_order(place: Any, question: Question) -> None:
    with unit_of_work():
        for step in (
            lambda: review.send_back(question, place.reviewer, " "),
            lambda: review.submit(question, place.setter),
            lambda: review.restore(question, place.reviewer),
            lambda: review.retire(question, place.reviewer, ""),
            lambda: review.comment(question, place.reviewer, "\n"),
            lambda: review.comment(question, place.reviewer, "x" * 4001),
        ):
            with pytest.raises(ReviewError):
                step()
    assert question.state == "in_review"


def test_a_retired_question_comes_back_as_it_was(place: Any, content: Make, question: Question) -> None:
    with unit_of_work():
        review.approve(question, place.reviewer)
        review.retire(question, place.reviewer, "Văn bản đã thay thế")
    assert question.state == "retired"
    with unit_of_work():
        review.restore(question, place.reviewer)
    assert question.state == "approved"
    with unit_of_work():
        new_version(question, content(stem="Bản hai"), place.setter)
        review.retire(question, place.setter, "Trùng")
        review.restore(question, place.setter)
    assert question.state == "draft"


def test_many_at_once_leave_one_entry_and_name_those_left(place: Any, content: Make) -> None:
    with unit_of_work():
        drafts = [create_question(place.district, content(stem=f"Câu {i}"), place.setter) for i in range(3)]
        own = create_question(place.district, content(stem="Của người thẩm định"), place.reviewer)
        result = review.submit_many([*drafts, own], place.setter)
        assert len(result.done) == 4
        assert review.submit_many(drafts[:1], place.setter).done == []
        before = len(db.session.scalars(select(AuditEntry)).all())
        outcome = review.approve_many([(q, q.current_version_id or 0) for q in [*drafts, own]], place.reviewer)
    assert [q.state for q in drafts] == ["approved"] * 3
    assert [q for q, _why in outcome.left] == [own]
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert len(entries) == before + 1
    assert entries[-1].action == "question.approve_many"
    assert entries[-1].details["count"] == 3
