"""Tables of an import of questions: one batch a file, its lines as they were, what was understood, what was not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import JsonText, Model, UtcDateTime, public_id


class QuestionImport(Model):
    """One uploaded list on its way into the bank of a unit.

    ``state``: reading, ready (people look at it, and have perhaps imported some), refused (``message`` says why),
    importing, undoing, undone. ``staged_token`` names the file of what was read, until it is in the tables.
    ``file_digest`` is SHA-256 of the file and its key file: the same list is recognised. Topic, level and source stand
    in for what the list leaves open. ``target_state``: draft or in_review.
    """

    __tablename__ = "question_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    unit_id: Mapped[int] = mapped_column(index=True)
    unit_path: Mapped[str] = mapped_column(String(255), index=True)
    account_id: Mapped[int | None] = mapped_column()
    account_label: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    file_token: Mapped[str | None] = mapped_column(String(80))
    key_name: Mapped[str] = mapped_column(String(200), default="")
    key_token: Mapped[str | None] = mapped_column(String(80))
    staged_token: Mapped[str | None] = mapped_column(String(80))
    file_digest: Mapped[str] = mapped_column(String(64), index=True)
    format: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(16), default="reading")
    message: Mapped[str] = mapped_column(Text, default="")
    topic_id: Mapped[int | None] = mapped_column()
    level: Mapped[str] = mapped_column(String(40), default="")
    source_id: Mapped[int | None] = mapped_column()
    use_sections: Mapped[bool] = mapped_column(default=False, comment="headings of the list name the topics")
    target_state: Mapped[str] = mapped_column(String(16), default="draft")
    job_public_id: Mapped[str | None] = mapped_column(String(16), comment="the latest job about this batch")
    imported: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuestionImportLine(Model):
    """One line of the file as it was. ``kind``: question, section, problem, blank; ``item`` the position it is of."""

    __tablename__ = "question_import_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column(comment="place in the file, from 1")
    place: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    item: Mapped[int | None] = mapped_column(comment="position of the question it belongs to")

    __table_args__ = (UniqueConstraint("batch_id", "number"),)


class QuestionImportProblem(Model):
    """Text that was not understood, with why. ``seen`` once somebody has said that it may be left out."""

    __tablename__ = "question_import_problem"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    batch_id: Mapped[int] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(120), default="")
    line: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    seen: Mapped[bool] = mapped_column(default=False)


class QuestionImportItem(Model):
    """One question as understood.

    ``standing``: certain, doubtful, keyless (no right option known), unusable (cannot be kept as it is), existing (the
    same question is in the bank). ``decision``: empty, accepted ("đúng như vậy"), skipped. Only certain and accepted
    ones are imported. ``doubts`` are the reader's words; ``own_doubts`` are codes of this room's checks with their
    parameters, worked out anew at every change.
    """

    __tablename__ = "question_import_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    batch_id: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(comment="place in the batch, from 1")
    first_line: Mapped[int] = mapped_column(default=0)
    last_line: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = mapped_column(String(40), default="")
    type: Mapped[str] = mapped_column(String(32))
    stem: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JsonText)
    source_text: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    section: Mapped[str] = mapped_column(Text, default="")
    topic: Mapped[str] = mapped_column(String(120), default="")
    level: Mapped[str] = mapped_column(String(40), default="")
    doubts: Mapped[list[str]] = mapped_column(JsonText, default=list)
    own_doubts: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    standing: Mapped[str] = mapped_column(String(16), default="certain")
    decision: Mapped[str] = mapped_column(String(16), default="")
    edited: Mapped[bool] = mapped_column(default=False)
    similar_id: Mapped[int | None] = mapped_column(comment="the question of the bank most like it")
    similar_percent: Mapped[int | None] = mapped_column()
    question_id: Mapped[int | None] = mapped_column(index=True, comment="what it became")

    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        Index("ix_question_import_item_batch_standing", "batch_id", "standing", "decision"),
    )
