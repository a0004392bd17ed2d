"""Writing questions. An edit makes a new version; versions never change; the approved one stays in force meanwhile.

Callers authorise (``Action.QUESTION_WRITE`` on the unit's path), and open the unit of work.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

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

LONGEST_TEXT = 10_000


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
    return Content(
        type=version.type,
        stem=version.stem,
        data=version.data,
        topic_id=version.topic_id,
        level=version.level,
        source_id=version.source_id,
        article=version.article,
        clause=version.clause,
        source_text=version.source_text,
        explanation=version.explanation,
    )


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
        type=content.type,
        stem=content.stem,
        data=dict(content.data),
        topic_id=content.topic_id,
        level=content.level,
        source_id=content.source_id,
        article=content.article,
        clause=content.clause,
        source_text=content.source_text,
        explanation=content.explanation,
        author_id=author.id if author else None,
        created_at=now(),
        folded=content.folded,
        digest=content.digest,
    )
    db.session.add(version)
    db.session.flush()
    return version
