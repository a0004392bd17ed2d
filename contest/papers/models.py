"""Tables of a round's frozen pool of question versions, and its numbered revisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, UtcDateTime
from questions.bank.models import QuestionVersion


class PoolItem(Model):
    """A question version that papers of a round may hold; ``part`` keeps windows with other hours apart.

    Topic, level and type are copied, so that a paper can be drawn without the bank. ``cell`` is the number of the
    blueprint cell that it fills.
    """

    __tablename__ = "pool_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    part: Mapped[int] = mapped_column()
    cell: Mapped[int] = mapped_column()
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    topic: Mapped[str] = mapped_column(String(120), default="")
    level: Mapped[str] = mapped_column(String(40), default="")
    type: Mapped[str] = mapped_column(String(32))

    version: Mapped[QuestionVersion] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "question_id"),
        Index("ix_pool_item_round_part", "round_id", "part"),
    )


class PoolRevision(Model):
    """A void or a correction of one pool item, numbered within the round; it counts once a second person confirms.

    ``kind``: void, correction. ``version_id`` is the version that counts from then on (a correction).
    """

    __tablename__ = "pool_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int | None] = mapped_column(comment="given when confirmed")
    item_id: Mapped[int] = mapped_column(ForeignKey("pool_item.id"))
    kind: Mapped[str] = mapped_column(String(16))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("round_id", "number"),)
