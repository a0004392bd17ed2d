"""Versions never change, the approved one stays in force, and people find questions without accents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account
from core.audit import AuditEntry, first_break
from core.database import db, unit_of_work
from questions.bank.content import BankError, Content, ContentError
from questions.bank.search import Filters, counts_by_state, counts_by_topic_and_level, find_questions
from questions.bank.service import StaleVersion, create_question, new_version, versions_of
from questions.bank.supply import approved_versions, content_of, units_above
from questions.bank.topics import change_topic, create_topic, delete_topic, ensure_topic, subtree_ids, topic_tree
from questions.review import service as review

Make = Callable[..., Content]
Become = Callable[[Account], Actor]


def test_a_new_question_is_a_draft_in_the_chain(place: Any, acting: Become, content: Make) -> None:
    acting(place.setter)
    with unit_of_work():
        question = create_question(place.district, content(), place.setter)
    assert question.state == "draft"
    assert question.current_version is not None
    assert question.current_version.number == 1
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor) == ("question.create", "ra.de")
    assert entry.details["digest"] == question.current_version.digest
    assert first_break() is None


def test_an_edit_makes_a_version_and_leaves_the_old_one(place: Any, content: Make) -> None:
    with unit_of_work():
        question = create_question(place.district, content(), place.setter)
    with unit_of_work():
        new_version(question, content(stem="Đảng viên dự bị bao lâu?"), place.second_setter, based_on=1)
    first, second = versions_of(question)
    assert (first.stem, second.stem) == ("Thời gian dự bị của đảng viên là bao lâu?", "Đảng viên dự bị bao lâu?")
    assert first.digest != second.digest
    assert question.current_version_id == second.id
    assert second.author_id == place.second_setter.id


def test_saving_without_a_change_makes_no_version(place: Any, content: Make) -> None:
    with unit_of_work():
        question = create_question(place.district, content(), place.setter)
        new_version(question, content(), place.setter)
    assert len(versions_of(question)) == 1


def test_two_people_editing_at_once_do_not_overwrite_each_other(place: Any, content: Make) -> None:
    with unit_of_work():
        question = create_question(place.district, content(), place.setter)
        new_version(question, content(stem="Một"), place.setter, based_on=1)
    with pytest.raises(StaleVersion), unit_of_work():
        new_version(question, content(stem="Hai"), place.second_setter, based_on=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stem": "  "}, "stem"),
        ({"type": "riddle"}, "type"),
        ({"data": {"options": ["một", "hai"], "correct": []}}, "correct"),
        ({"data": {"options": ["một"], "correct": [0]}}, "options"),
        ({"topic_id": 999}, "topic"),
        ({"stem": "x" * 10_001}, "stem"),
    ],
)
def test_content_that_cannot_be_kept_is_refused(place: Any, content: Make, changes: dict, field: str) -> None:
    with pytest.raises(BankError) as refused, unit_of_work():
        create_question(place.district, content(**changes), place.setter)
    assert refused.value.field == field
    assert isinstance(refused.value, ContentError) == (field in {"options", "correct"})


def test_an_approved_version_stays_in_force_until_the_next_is_approved(place: Any, content: Make) -> None:
    units = units_above(place.district.path)
    with unit_of_work():
        question = create_question(place.district, content(), place.setter)
        assert approved_versions(units) == []
        review.submit(question, place.setter)
        review.approve(question, place.reviewer)
    first = question.current_version_id
    assert [row.version_id for row in approved_versions(units)] == [first]
    with unit_of_work():
        new_version(question, content(stem="Đảng viên dự bị bao lâu?"), place.setter)
    assert question.state == "draft"
    assert [row.version_id for row in approved_versions(units)] == [first]
    with unit_of_work():
        review.submit(question, place.setter)
        review.approve(question, place.reviewer)
    (row,) = approved_versions(units)
    assert row.version_id == question.current_version_id != first
    assert content_of([row.version_id, first or 0, 10**6])[first or 0].stem == content().stem


def test_papers_draw_from_the_units_own_bank_and_those_above(place: Any, content: Make) -> None:
    with unit_of_work():
        for unit in (place.city, place.district, place.other_district, place.commune):
            question = create_question(unit, content(stem=f"Câu của {unit.name}"), place.setter)
            review.submit(question, place.setter)
            review.approve(question, place.reviewer)
    stems = {c.stem for c in content_of([r.version_id for r in approved_versions(units_above(place.district.path))]).values()}
    assert stems == {"Câu của Thành ủy Hà Nội", "Câu của Huyện ủy Thanh Trì"}


def test_words_are_found_without_accents_in_stem_and_options(place: Any, acting: Become, content: Make) -> None:
    actor = acting(place.setter)
    with unit_of_work():
        question = create_question(place.district, content(), place.setter)

    def found(words: str) -> bool:
        return question in db.session.scalars(find_questions(actor, Filters(words=words))).all()

    assert found("dang vien")
    assert found("DỰ BỊ 18 tháng")
    assert not found("chi bộ")
    assert not found("%")


def test_filters_narrow_and_counts_agree(place: Any, acting: Become, content: Make) -> None:
    actor = acting(place.setter)
    with unit_of_work():
        parent = create_topic("Điều lệ Đảng")
        child = create_topic("Đảng viên", parent)
        one = create_question(place.district, content(topic_id=child.id), place.setter)
        create_question(place.district, content(stem="Khác", level="vận dụng"), place.second_setter)
        review.submit(one, place.setter)

    def stems(**filters: object) -> set[str]:
        found = db.session.scalars(find_questions(actor, Filters(**filters))).all()  # type: ignore[arg-type]
        return {q.current_version.stem for q in found if q.current_version}

    assert stems() == {content().stem, "Khác"}
    assert stems(state="in_review") == {content().stem}
    assert stems(topics=tuple(subtree_ids(parent))) == {content().stem}
    assert stems(level="vận dụng") == {"Khác"}
    assert stems(author_id=place.second_setter.id) == {"Khác"}
    assert stems(type="multiple") == set()
    assert counts_by_state(actor, Filters(state="draft")) == {"draft": 1, "in_review": 1}
    assert counts_by_topic_and_level(actor, Filters()) == {("Đảng viên", "nhận biết"): 1, ("", "vận dụng"): 1}


def test_nobody_sees_the_bank_of_another_branch(place: Any, acting: Become, content: Make) -> None:
    with unit_of_work():
        create_question(place.district, content(), place.setter)
        create_question(place.city, content(stem="Của thành phố"), place.setter)
    assert db.session.scalars(find_questions(acting(place.other_setter), Filters())).all() == []
    mine = db.session.scalars(find_questions(acting(place.setter), Filters())).all()
    assert [q.unit_id for q in mine] == [place.district.id]


def test_topics_form_a_tree_without_doubles_or_rings(app: Any) -> None:
    with unit_of_work():
        party = create_topic("Điều lệ  Đảng")
        child = create_topic("Đảng viên", party)
        assert ensure_topic("ĐIỀU LỆ ĐẢNG") is party
        with pytest.raises(BankError):
            create_topic("dieu le dang")
        with pytest.raises(BankError):
            change_topic(party, "Điều lệ Đảng", child)
        with pytest.raises(BankError):
            delete_topic(party)
        create_topic("An ninh")
    assert [(n.topic.name, n.depth) for n in topic_tree()] == [("An ninh", 0), ("Điều lệ Đảng", 0), ("Đảng viên", 1)]
    with unit_of_work():
        delete_topic(child)
    assert [n.topic.name for n in topic_tree()] == ["An ninh", "Điều lệ Đảng"]
