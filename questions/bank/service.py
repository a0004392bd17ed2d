"""Writing questions. An edit makes a new version; versions never change; the approved one stays in force meanwhile.

Callers authorise (``Action.QUESTION_WRITE`` on the unit's path), and open the unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from core.accounts.models import Account
from core.audit import record
from core.database import db, public_id
from core.database.server_time import now
from core.organisation.models import Unit
from questions.bank.content import BankError, Content, ContentError, problems_of
from questions.bank.models import Question, QuestionVersion, Source, Topic
from questions.types.registry import all_types

#: States in words of the code; screens name them in ``states``.
DRAFT, IN_REVIEW, APPROVED, RETIRED = "draft", "in_review", "approved", "retired"

#: Being brought in by an import that is not complete: nobody sees it yet.
STAGED = "staged"

LONGEST_TEXT = 10_000

_FIELDS = tuple(field.name for field in fields(Content))


class StaleVersion(BankError):
    """Somebody else has changed the question since it was read."""


def subject(question: Question) -> str:
    """How the audit chain names ``question``."""
    return f"question:{question.public_id}"


def find_question(question_public_id: str) -> Question | None:
    """The question with this public id."""
    return db.session.scalar(select(Question).where(Question.public_id == question_public_id))


def versions_of(question: Question) -> list[QuestionVersion]:
    """Every version of ``question``, oldest first."""
    return list(
        db.session.scalars(
            select(QuestionVersion).where(QuestionVersion.question_id == question.id).order_by(QuestionVersion.number)
        )
    )


def content_of_version(version: QuestionVersion) -> Content:
    """What ``version`` says, to begin an edit with."""
    return Content(**{name: getattr(version, name) for name in _FIELDS})


def check_content(content: Content) -> None:
    """Raises ContentError for what its type refuses, BankError for an empty or endless stem or an unknown type."""
    if content.type not in all_types():
        raise BankError(_("Chưa có loại câu hỏi này."), "type")
    if not content.stem.strip():
        raise BankError(_("Chưa có nội dung câu hỏi."), "stem")
    for name in ("stem", "explanation", "source_text"):
        if len(getattr(content, name)) > LONGEST_TEXT:
            raise BankError(_("Dài quá 10.000 ký tự."), name)
    problems = problems_of(content.type, content.stem, content.data)
    if problems:
        raise ContentError(problems, content.type)
    if content.topic_id is not None and db.session.get(Topic, content.topic_id) is None:
        raise BankError(_("Không có chủ đề này."), "topic")
    if content.source_id is not None and db.session.get(Source, content.source_id) is None:
        raise BankError(_("Không có văn bản này."), "source")


def add_question(
    unit: Unit,
    content: Content,
    author: Account | None,
    *,
    state: str = DRAFT,
    import_batch_id: int | None = None,
) -> Question:
    """A new question without an entry in the audit chain, for bulk changes that make one. Raises BankError."""
    check_content(content)
    question = Question(
        public_id=public_id(),
        unit_id=unit.id,
        state=state,
        author_id=author.id if author else None,
        created_at=now(),
        import_batch_id=import_batch_id,
    )
    db.session.add(question)
    db.session.flush()
    question.current_version = _add_version(question, content, author, 1)
    db.session.flush()
    return question


def add_many(
    unit_id: int, contents: Sequence[Content], author_id: int | None, *, state: str, import_batch_id: int | None
) -> list[tuple[int, str, str]]:
    """Many new questions in a handful of statements, without an entry in the audit chain.

    Returns (id, public id, digest) of each. The contents have been checked; some 300 at a time keep the lock short.
    """
    if not contents:
        return []
    at = now()
    rows = [
        {
            "public_id": public_id(),
            "unit_id": unit_id,
            "state": state,
            "author_id": author_id,
            "created_at": at,
            "import_batch_id": import_batch_id,
        }
        for _content in contents
    ]
    statement = insert(Question).returning(Question.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(statement, rows))
    digests = [content.digest for content in contents]
    versions = [
        {
            "public_id": public_id(),
            "question_id": question_id,
            "number": 1,
            "author_id": author_id,
            "created_at": at,
            "folded": content.folded,
            "digest": digest,
            **{name: getattr(content, name) for name in _FIELDS},
            "data": dict(content.data),
        }
        for question_id, content, digest in zip(ids, contents, digests, strict=True)
    ]
    statement = insert(QuestionVersion).returning(QuestionVersion.id, sort_by_parameter_order=True)
    version_ids = list(db.session.scalars(statement, versions))
    db.session.execute(
        update(Question),
        [{"id": q, "current_version_id": v} for q, v in zip(ids, version_ids, strict=True)],
    )
    return [(i, str(row["public_id"]), digest) for i, row, digest in zip(ids, rows, digests, strict=True)]


def create_question(unit: Unit, content: Content, author: Account | None) -> Question:
    """Write a question into the bank of ``unit``, as a draft. Raises BankError where the content cannot be kept."""
    question = add_question(unit, content, author)
    record(
        "question.create",
        subject(question),
        {"unit": unit.public_id, "type": content.type, "digest": content.digest},
    )
    return question


def new_version(
    question: Question, content: Content, author: Account | None, *, based_on: int | None = None
) -> QuestionVersion:
    """Change a question: its next version, or its current one when nothing differs.

    ``based_on`` is the number of the version that the change began from; raises StaleVersion when there is a newer one.
    An approved question becomes a draft again while its approved version stays in force; one in review stays there.
    Raises BankError where the content cannot be kept or the question is retired.
    """
    db.session.refresh(question, with_for_update=True)
    current = question.current_version
    number = current.number if current else 0
    if question.state == RETIRED:
        raise BankError(_("Câu hỏi đã thôi dùng. Xin khôi phục trước khi sửa."))
    if based_on is not None and based_on != number:
        raise StaleVersion(_("Câu hỏi này vừa được người khác sửa. Xin xem bản mới trước khi lưu."))
    check_content(content)
    if current is not None and content_of_version(current) == content:
        return current
    version = _add_version(question, content, author, number + 1)
    question.current_version = version
    if question.state == APPROVED:
        question.state = DRAFT
    db.session.flush()
    record(
        "question.version",
        subject(question),
        {"number": version.number, "digest": version.digest, "state": question.state},
    )
    return version


def _add_version(question: Question, content: Content, author: Account | None, number: int) -> QuestionVersion:
    version = QuestionVersion(
        public_id=public_id(),
        question_id=question.id,
        number=number,
        **{name: getattr(content, name) for name in _FIELDS if name != "data"},
        data=dict(content.data),
        author_id=author.id if author else None,
        created_at=now(),
        folded=content.folded,
        digest=content.digest,
    )
    db.session.add(version)
    db.session.flush()
    return version
