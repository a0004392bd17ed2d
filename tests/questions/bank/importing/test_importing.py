"""A list comes in line by line, nothing is lost, nothing comes in twice, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts.models import Account
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.documents import uploads
from questions.bank.content import BankError, Content
from questions.bank.importing import pages, service
from questions.bank.importing.findings import words_for
from questions.bank.importing.models import QuestionImport, QuestionImportItem, QuestionImportLine
from questions.bank.models import Question, ReviewNote, Topic
from questions.bank.service import create_question
from questions.bank.sources import SourceFacts, create_source
from questions.review import service as review

Bring = Callable[..., QuestionImport]
Finish = Callable[[QuestionImport], None]


def items(batch: QuestionImport) -> Sequence[QuestionImportItem]:
    statement = select(QuestionImportItem).where(QuestionImportItem.batch_id == batch.id)
    return db.session.scalars(statement.order_by(QuestionImportItem.position)).all()


def importer(batch: QuestionImport) -> Account:
    return db.session.get_one(Account, batch.account_id)


def take_in(batch: QuestionImport, finish: Finish) -> None:
    with unit_of_work():
        service.begin_import(batch, importer(batch))
    finish(batch)


def last_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first() or AuditEntry()


def test_a_file_is_read_line_by_line_and_its_questions_judged(bring: Bring, list_text: str) -> None:
    batch = bring(list_text)
    assert batch.state == "ready"
    assert [item.standing for item in items(batch)] == ["certain", "certain", "keyless", "certain"]
    lines = db.session.scalars(select(QuestionImportLine.text).order_by(QuestionImportLine.number)).all()
    assert [line for line in lines if line] == list_text.splitlines()
    counts = service.counts(batch)
    assert (counts.total, counts.certain, counts.keyless, counts.importable) == (4, 3, 1, 3)
    assert list(uploads.folder().iterdir()) == []


def test_a_file_that_is_no_list_is_refused_with_a_sentence(bring: Bring) -> None:
    batch = bring("\x00\x01\x02\xff\xfe rác")
    assert batch.state == "refused"
    assert batch.message.endswith(".")


def test_the_key_may_be_in_a_second_file(bring: Bring, list_text: str) -> None:
    batch = bring(list_text, key="14B 15A 16A 17A")
    assert items(batch)[2].data["correct"] == [0]


def test_certain_ones_come_in_as_drafts_of_the_importer_with_one_entry(
    place: Any, bring: Bring, finish: Finish, list_text: str
) -> None:
    batch = bring(list_text)
    before = db.session.query(AuditEntry).count()
    take_in(batch, finish)
    made = db.session.scalars(select(Question).order_by(Question.id)).all()
    assert [q.state for q in made] == ["draft"] * 3
    assert {q.author_id for q in made} == {place.setter.id}
    first = made[0].current_version
    assert first is not None
    assert first.stem == "Thời gian dự bị của đảng viên mới kết nạp là bao lâu?"
    assert first.data == {"options": ["6 tháng", "12 tháng", "18 tháng"], "correct": [1]}
    assert db.session.query(AuditEntry).count() == before + 1
    assert last_entry().action == "questions.import"
    assert last_entry().details["count"] == 3
    assert (batch.imported, service.counts(batch).imported, service.counts(batch).importable) == (3, 3, 0)


def test_they_may_be_handed_in_for_review_at_once(bring: Bring, finish: Finish, list_text: str) -> None:
    batch = bring(list_text)
    with unit_of_work():
        service.set_defaults(batch, topic=None, level="thông hiểu", source=None, use_sections=False, target_state="in_review")
    take_in(batch, finish)
    made = db.session.scalars(select(Question)).all()
    assert {q.state for q in made} == {"in_review"}
    assert {q.current_version.level for q in made if q.current_version} == {"thông hiểu"}
    assert {n.kind for n in db.session.scalars(select(ReviewNote))} == {"submitted"}


def test_the_same_file_again_adds_nothing(place: Any, bring: Bring, finish: Finish, list_text: str) -> None:
    take_in(bring(list_text), finish)
    again = bring(list_text)
    assert [item.standing for item in items(again)] == ["existing", "existing", "keyless", "existing"]
    assert service.counts(again).importable == 0
    assert len(service.earlier_imports(again)) == 1
    with pytest.raises(BankError), unit_of_work():
        service.begin_import(again, importer(again))
    assert db.session.query(Question).count() == 3


def test_two_uploads_read_before_either_came_in_do_not_double(bring: Bring, finish: Finish, list_text: str) -> None:
    one, other = bring(list_text), bring(list_text + "\n")
    take_in(one, finish)
    take_in(other, finish)
    assert db.session.query(Question).count() == 3
    assert service.counts(other).existing == 3


def test_like_questions_of_the_bank_are_shown_not_swallowed(
    place: Any, bring: Bring, list_text: str, content: Callable[..., Content]
) -> None:
    data = {"options": ["18 tháng", "12 tháng", "6 tháng"], "correct": [1]}
    with unit_of_work():
        twin = create_question(
            place.district, content(stem="Thời gian dự bị của đảng viên mới kết nạp là bao lâu", data=data), None
        )
        create_question(
            place.city,
            content(
                stem="Chi bộ sinh hoạt thường lệ mấy tháng một lần?",
                data={"options": ["Một tháng", "Hai tháng", "Ba tháng"], "correct": [1]},
            ),
            None,
        )
        create_question(place.other_district, content(stem="Đảng viên đóng đảng phí theo kỳ hạn nào?"), None)
    first, second, _third, fourth = items(bring(list_text))
    assert (first.standing, first.similar_id) == ("doubtful", twin.id)
    assert (first.similar_percent or 0) >= 90
    assert [d["code"] for d in second.own_doubts] == ["other_key"]
    assert fourth.standing == "certain"


def test_the_same_question_twice_in_a_file_is_a_doubt(bring: Bring, list_text: str) -> None:
    batch = bring(list_text + list_text.split("\n", 1)[1].split("Câu 15")[0].replace("Câu 14", "Câu 18"))
    last = items(batch)[-1]
    assert last.standing == "doubtful"
    assert {"code": "repeated", "position": 1} in last.own_doubts


def test_near_duplicates_in_one_file_are_told_and_hold_nothing_up(bring: Bring, list_text: str) -> None:
    changed = list_text.split("\n", 1)[1].split("Câu 15")[0].replace("Câu 14", "Câu 18").replace("đảng viên mới", "đảng viên")
    last = items(bring(list_text + changed))[-1]
    assert last.standing == "certain"
    # 13 words against 12: common 24 of 25 = 0.96; stems have 25 of 37 words: 0.6757. 0.6757 x 0.96 + 0.3243 = 0.973.
    assert last.own_doubts == [
        {"code": "alike_here", "position": 1, "percent": 97, "why": "câu hỏi khác 1 từ: chỉ một câu có “mới”; cùng phương án"}
    ]
    words = words_for(last.own_doubts[0], "single")
    assert words == "Giống 97 % câu thứ 1 trong tệp này: câu hỏi khác 1 từ: chỉ một câu có “mới”; cùng phương án."


def test_choosing_the_key_makes_a_question_ready(bring: Bring, finish: Finish, list_text: str) -> None:
    batch = bring(list_text)
    item = items(batch)[2]
    with pytest.raises(BankError), unit_of_work():
        service.choose_key(item, [])
    with pytest.raises(BankError), unit_of_work():
        service.choose_key(item, [0, 1])
    with pytest.raises(BankError), unit_of_work():
        service.accept(item)
    with unit_of_work():
        service.choose_key(item, [0])
    assert service.counts(batch).importable == 4
    take_in(batch, finish)
    assert db.session.query(Question).count() == 4


def test_what_is_skipped_stays_out_and_can_be_taken_back(bring: Bring, finish: Finish, list_text: str) -> None:
    batch = bring(list_text)
    with unit_of_work():
        service.skip(items(batch)[0])
        service.skip(items(batch)[1])
        service.take_back(items(batch)[1])
    assert service.counts(batch).skipped == 1
    take_in(batch, finish)
    assert db.session.query(Question).count() == 2
    with pytest.raises(BankError), unit_of_work():
        service.skip(items(batch)[1])


def test_topics_levels_and_documents_named_by_the_list_are_found(bring: Bring, finish: Finish, place: Any) -> None:
    with unit_of_work():
        decree = create_source(SourceFacts("Quy định thi hành Điều lệ Đảng", "24-QĐ/TW"))
    batch = bring("Câu 1. Hỏi gì?\nA. Một\nB. Hai\nC. Ba\nĐáp án: A\nCăn cứ: Điều 3 Quy định số 24-QĐ/TW\n")
    item = items(batch)[0]
    with unit_of_work():
        item.topic, item.level = "Điều lệ Đảng", "Dễ"
        item.source_text = item.source_text or "Quy định số 24-QĐ/TW"
        item.decision = "" if item.standing == "certain" else "accepted"
    assert service.missing_topics(batch, set()) == ["Điều lệ Đảng"]
    take_in(batch, finish)
    version = db.session.scalars(select(Question)).one().current_version
    assert version is not None
    assert version.topic is not None
    assert (version.topic.name, version.level, version.source_id) == ("Điều lệ Đảng", "nhận biết", decree.id)
    assert db.session.query(Topic).count() == 1


def test_an_import_is_taken_back_as_a_whole(place: Any, bring: Bring, finish: Finish, list_text: str) -> None:
    with unit_of_work():
        create_question(place.district, Content("single", "Câu khác", {"options": ["a1", "b1"], "correct": [0]}), None)
    batch = bring(list_text)
    take_in(batch, finish)
    with unit_of_work():
        made = db.session.scalars(select(Question).where(Question.import_batch_id == batch.id)).all()
        review.submit(made[0], place.setter)
        service.begin_undo(batch, importer(batch))
    finish(batch)
    assert batch.state == "undone"
    assert db.session.query(Question).count() == 1
    assert last_entry().action == "questions.import_undo"
    again = bring(list_text)
    assert service.counts(again).certain == 3


def test_it_is_not_taken_back_once_one_is_approved(place: Any, bring: Bring, finish: Finish, list_text: str) -> None:
    batch = bring(list_text)
    take_in(batch, finish)
    with unit_of_work():
        question = db.session.scalars(select(Question)).first()
        assert question is not None
        review.submit(question, place.setter)
        review.approve(question, place.reviewer)
    with pytest.raises(BankError, match="được duyệt"), unit_of_work():
        service.begin_undo(batch, importer(batch))
    assert "được duyệt" in service.why_not_undo(batch)


def test_every_line_and_every_question_is_on_some_page(bring: Bring, list_text: str) -> None:
    questions = "".join(
        f"Phần {i}\nCâu {i}. Nội dung riêng số {i * 7919} là gì?\nA. {i}1\nB. {i}2\nC. {i}3\nĐáp án: A\n" for i in range(1, 13)
    )
    batch = bring(questions)
    shown_lines: list[int] = []
    shown_items: list[int] = []
    number = 1
    while True:
        page = pages.page_of(batch, pages.VIEWS[pages.WHOLE], number, 5)
        for block in page.items:
            shown_lines += [line.number for line in block.lines]
            shown_items += [block.item.position] if block.item else []
        if number == page.pages:
            break
        number += 1
    statement = select(QuestionImportLine.number).where(QuestionImportLine.batch_id == batch.id)
    assert shown_lines == list(db.session.scalars(statement.order_by(QuestionImportLine.number)))
    assert shown_items == list(range(1, 13))
    assert number == 3
