"""Review: submit, talk, return, approve, retire, restore. A second person approves, never an author of the change.

Callers authorise the action on the question's unit and open the unit of work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from core.accounts.models import Account
from core.audit import record
from core.audit.canonical import merkle_root
from core.database import db
from core.database.server_time import now
from questions.bank.content import BankError
from questions.bank.models import Question, QuestionVersion, ReviewNote
from questions.bank.service import APPROVED, DRAFT, IN_REVIEW, RETIRED, StaleVersion, subject, versions_of

LONGEST_NOTE = 4000


class ReviewError(BankError):
    """A step of the review that cannot be taken now; the message says why."""


@dataclass
class BulkResult:
    """What a step over many questions came to: those done, and those left with the reason."""

    done: list[Question] = field(default_factory=list)
    left: list[tuple[Question, str]] = field(default_factory=list)


def notes_of(question: Question) -> list[ReviewNote]:
    """What was done and said about ``question``, in order."""
    return list(
        db.session.scalars(
            select(ReviewNote).where(ReviewNote.question_id == question.id).order_by(ReviewNote.at, ReviewNote.id)
        )
    )


def pending_versions(question: Question) -> list[QuestionVersion]:
    """The versions that an approval would approve: those after the approved one, up to the current."""
    approved = question.approved_version.number if question.approved_version else 0
    return [v for v in versions_of(question) if v.number > approved]


def is_author_of_pending(question: Question, account: Account) -> bool:
    """True when ``account`` wrote the question or any version that an approval would approve."""
    return _wrote(question, pending_versions(question), account)


def _wrote(question: Question, pending: Sequence[Any], account: Account) -> bool:
    if question.approved_version_id is None and question.author_id == account.id:
        return True
    return any(version.author_id == account.id for version in pending)


def submit(question: Question, account: Account, remark: str = "") -> None:
    """Hand a draft in for review. Raises ReviewError when it is no draft."""
    _submit(question, account, remark)
    _audit("question.submit", question)


def withdraw(question: Question, account: Account) -> None:
    """Take a question back from review. Raises ReviewError when it is not there."""
    _lock(question)
    _require(question, IN_REVIEW, _not_in_review())
    question.state = DRAFT
    _note(question, account, "withdrawn", "")
    _audit("question.withdraw", question)


def comment(question: Question, account: Account, body: str) -> ReviewNote:
    """A remark, from setter or reviewer. Raises ReviewError for an empty one."""
    body = _checked(body)
    if not body:
        raise ReviewError(_("Chưa có lời nhận xét."), "body")
    note = _note(question, account, "comment", body)
    record("question.comment", subject(question), {"version": _number(question), "length": len(body)})
    return note


def send_back(question: Question, reviewer: Account, remark: str, *, version_id: int | None = None) -> None:
    """Return a question to its setter, saying what to change.

    Raises ReviewError without a remark or when it is not in review, StaleVersion when ``version_id`` was replaced.
    """
    remark = _checked(remark)
    if not remark:
        raise ReviewError(_("Xin ghi rõ cần sửa gì."), "body")
    _lock(question)
    _require(question, IN_REVIEW, _not_in_review())
    _require_version(question, version_id)
    question.state = DRAFT
    _note(question, reviewer, "returned", remark)
    _audit("question.return", question)


def approve(question: Question, reviewer: Account, *, version_id: int | None = None, remark: str = "") -> None:
    """Let the current version into papers.

    Raises ReviewError when the question is not in review, or the reviewer wrote any of what would be approved, and
    StaleVersion when the version looked at (``version_id``) is not the current one any more.
    """
    _approve(question, reviewer, version_id, remark)
    _audit("question.approve", question)


def retire(question: Question, account: Account, reason: str) -> None:
    """Take a question out of use; rounds that froze it keep it. Raises ReviewError without a reason."""
    reason = _checked(reason)
    if not reason:
        raise ReviewError(_("Xin ghi rõ vì sao thôi dùng."), "body")
    _lock(question)
    if question.state == RETIRED:
        raise ReviewError(_("Câu hỏi này đã thôi dùng."))
    question.state = RETIRED
    _note(question, account, "retired", reason)
    _audit("question.retire", question)


def restore(question: Question, account: Account) -> None:
    """Bring a retired question back: approved when its current version was, else as a draft."""
    _lock(question)
    _require(question, RETIRED, _("Câu hỏi này đang được dùng."))
    current = question.current_version_id
    question.state = APPROVED if current is not None and current == question.approved_version_id else DRAFT
    _note(question, account, "restored", "")
    _audit("question.restore", question)


def submit_many(questions: Sequence[Question], account: Account) -> BulkResult:
    """Hand in every draft among ``questions``; one entry in the audit chain, few statements."""
    return _many(
        "question.submit_many",
        questions,
        account,
        lambda question, _pending: None if question.state == DRAFT else _not_a_draft(),
        "submitted",
        {"state": IN_REVIEW},
    )


def approve_many(seen: Sequence[tuple[Question, int]], reviewer: Account) -> BulkResult:
    """Approve each question whose version (by id) is still the one seen; one entry in the audit chain."""
    looked_at = {question.id: version_id for question, version_id in seen}

    def why_not(question: Question, pending: Sequence[Any]) -> str | None:
        if question.state != IN_REVIEW:
            return _not_in_review()
        if looked_at[question.id] != question.current_version_id:
            return _changed_since()
        return _own() if _wrote(question, pending, reviewer) else None

    return _many(
        "question.approve_many",
        [question for question, _version in seen],
        reviewer,
        why_not,
        "approved",
        {"state": APPROVED, "approved_version_id": Question.current_version_id},
    )


def _many(
    action: str,
    questions: Sequence[Question],
    account: Account,
    why_not: Callable[[Question, Sequence[Any]], str | None],
    kind: str,
    values: dict[str, Any],
) -> BulkResult:
    """One step over many questions in a handful of statements: the write lock is short however many they are."""
    ids = [question.id for question in questions]
    locked = db.session.scalars(
        select(Question).where(Question.id.in_(ids)).with_for_update().execution_options(populate_existing=True)
    )
    by_id = {question.id: question for question in locked}
    versions: dict[int, list[Any]] = {i: [] for i in ids}
    v = QuestionVersion
    for row in db.session.execute(select(v.id, v.question_id, v.number, v.author_id, v.digest).where(v.question_id.in_(ids))):
        versions[row.question_id].append(row)
    result = BulkResult()
    for question in (by_id[i] for i in dict.fromkeys(ids)):
        known = {each.id: each.number for each in versions[question.id]}
        approved = known.get(question.approved_version_id or 0, 0)
        reason = why_not(question, [each for each in versions[question.id] if each.number > approved])
        if reason is None:
            result.done.append(question)
        else:
            result.left.append((question, reason))
    if not result.done:
        return result
    digests = {each.id: each.digest for found in versions.values() for each in found}
    leaves = [[q.public_id, digests[q.current_version_id or 0]] for q in result.done]
    at = now()
    notes = [
        {
            "question_id": q.id,
            "version_id": q.current_version_id,
            "account_id": account.id,
            "kind": kind,
            "body": "",
            "at": at,
        }
        for q in result.done
    ]
    db.session.execute(insert(ReviewNote), notes)
    done_ids = [q.id for q in result.done]
    db.session.execute(
        update(Question).where(Question.id.in_(done_ids)).values(values).execution_options(synchronize_session=False)
    )
    for question in result.done:
        db.session.expire(question)
    record(action, "questions", {"count": len(leaves), "root": merkle_root(leaves)})
    return result


def _submit(question: Question, account: Account, remark: str) -> None:
    _lock(question)
    _require(question, DRAFT, _not_a_draft())
    question.state = IN_REVIEW
    _note(question, account, "submitted", _checked(remark))


def _approve(question: Question, reviewer: Account, version_id: int | None, remark: str) -> None:
    _lock(question)
    _require(question, IN_REVIEW, _not_in_review())
    _require_version(question, version_id)
    if is_author_of_pending(question, reviewer):
        raise ReviewError(_own())
    question.approved_version = question.current_version
    question.state = APPROVED
    _note(question, reviewer, "approved", _checked(remark))


def _not_a_draft() -> str:
    return str(_("Chỉ gửi thẩm định được câu hỏi đang soạn."))


def _not_in_review() -> str:
    return str(_("Câu hỏi này không ở trong thẩm định."))


def _changed_since() -> str:
    return str(_("Câu hỏi vừa được sửa sau khi đồng chí mở trang này. Xin xem bản mới rồi quyết định."))


def _own() -> str:
    return str(_("Người soạn không tự duyệt câu của mình. Xin để người khác trong tổ thẩm định duyệt."))


def _lock(question: Question) -> None:
    db.session.flush()
    db.session.refresh(question, with_for_update=True)


def _require(question: Question, state: str, message: str) -> None:
    if question.state != state:
        raise ReviewError(message)


def _require_version(question: Question, version_id: int | None) -> None:
    if version_id is not None and version_id != question.current_version_id:
        raise StaleVersion(_changed_since())


def _checked(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise ReviewError(_("Lời nhận xét dài quá 4.000 ký tự."), "body")
    return text


def _note(question: Question, account: Account, kind: str, body: str) -> ReviewNote:
    if question.current_version_id is None:
        raise ReviewError(_("Câu hỏi này chưa có nội dung."))
    note = ReviewNote(
        question_id=question.id,
        version_id=question.current_version_id,
        account_id=account.id,
        kind=kind,
        body=body,
        at=now(),
    )
    db.session.add(note)
    db.session.flush()
    return note


def _number(question: Question) -> int:
    return question.current_version.number if question.current_version else 0


def _audit(action: str, question: Question) -> None:
    version = question.current_version
    details = {"version": _number(question), "digest": version.digest if version else "", "state": question.state}
    record(action, subject(question), details)
