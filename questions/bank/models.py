"""Tables of the question bank."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Account
from core.database import JsonText, Model, UtcDateTime, public_id, sort_key_column
from core.organisation.models import Unit


class Topic(Model):
    """What a question is about; topics form a tree."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(120), unique=True)
    sort_key: Mapped[str] = mapped_column(sort_key_column(500))


class Source(Model):
    """A document on which answers rest. Numbers repeat, so number and date together name one.

    Documents come in chains: ``replaced_by_id`` is the next, ``in_force_until`` the first day without force.
    """

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(60), default="")
    issued_on: Mapped[date | None] = mapped_column()
    issuer: Mapped[str] = mapped_column(String(200), default="")
    in_force_from: Mapped[date | None] = mapped_column()
    in_force_until: Mapped[date | None] = mapped_column()
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    folded: Mapped[str] = mapped_column(String(400), index=True)


class Question(Model):
    """A question through its life; its wording and key are in its versions.

    ``unit_id`` is the unit whose bank holds it. ``state``: draft, in_review, approved, retired. Only
    ``approved_version_id`` reaches papers; an edit makes a newer ``current_version_id`` that must be approved anew.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_version.id", use_alter=True, name="fk_question_current_version_id_question_version")
    )
    approved_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_version.id", use_alter=True, name="fk_question_approved_version_id_question_version")
    )
    import_batch_id: Mapped[int | None] = mapped_column(index=True)

    unit: Mapped[Unit] = relationship()
    author: Mapped[Account | None] = relationship()
    current_version: Mapped[QuestionVersion | None] = relationship(foreign_keys=[current_version_id], post_update=True)
    approved_version: Mapped[QuestionVersion | None] = relationship(foreign_keys=[approved_version_id], post_update=True)


class QuestionVersion(Model):
    """One wording of a question with its key, never changed once written.

    ``data`` is what its type keeps ({"options": […], "correct": [2]} for the option types); ``level`` the difficulty
    ("nhận biết", "thông hiểu", "vận dụng"); ``folded`` serves search; ``digest`` is SHA-256 of the canonical content.
    """

    __tablename__ = "question_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    number: Mapped[int] = mapped_column()
    type: Mapped[str] = mapped_column(String(32))
    stem: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JsonText)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    level: Mapped[str] = mapped_column(String(40), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    article: Mapped[str] = mapped_column(String(120), default="")
    clause: Mapped[str] = mapped_column(String(120), default="")
    source_text: Mapped[str] = mapped_column(Text, default="", comment="as a list stated it, before it is matched")
    explanation: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    folded: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), index=True)

    topic: Mapped[Topic | None] = relationship(lazy="joined")
    source: Mapped[Source | None] = relationship(lazy="joined")
    author: Mapped[Account | None] = relationship()

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index("ix_question_version_topic_level", "topic_id", "level"),
    )


class ReviewNote(Model):
    """A step or a remark in a question's review: who, when, about which version, what."""

    __tablename__ = "review_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(16), comment="submitted, comment, returned, approved, retired, restored")
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()
