"""Tables of contests and rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Person
from core.database import JsonText, Model, UtcDateTime, public_id
from core.organisation.models import Unit


class Contest(Model):
    """A contest (hội thi) held by a unit for the units below it."""

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[str] = mapped_column(Text, default="")
    hotline: Mapped[str] = mapped_column(String(60), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    bank_unit_id: Mapped[int] = mapped_column(
        ForeignKey("unit.id"), comment="papers draw from the banks of this unit and those above it"
    )

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    bank_unit: Mapped[Unit] = relationship(foreign_keys=[bank_unit_id])
    rounds: Mapped[list[Round]] = relationship(back_populates="contest", order_by="Round.position")


class RulesVersion(Model):
    """One version of a contest's rules document (``contest.rules.document``), as canonical plain data.

    A frozen one never changes; editing an unfrozen one replaces its body.
    """

    __tablename__ = "rules_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    number: Mapped[int] = mapped_column()
    body: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("contest_id", "number"),)


class Round(Model):
    """A round (vòng thi). ``key`` names it in the rules document.

    ``state``: draft (being prepared), open (its pool of questions is frozen; windows open by the clock), closed (every
    window has settled and every sitting is finalised). ``notice_number`` grows with every message, pause or pool
    revision: the answer to each save carries it.
    """

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rules_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("rules_version.id"), comment="the frozen rules under which the round was opened"
    )
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when results were first published")
    notice_number: Mapped[int] = mapped_column(default=0)
    pool_revision: Mapped[int] = mapped_column(default=0)

    contest: Mapped[Contest] = relationship(back_populates="rounds")
    rules_version: Mapped[RulesVersion | None] = relationship()
    windows: Mapped[list[Window]] = relationship(back_populates="round", order_by="Window.opens_at")

    __table_args__ = (UniqueConstraint("contest_id", "key"),)


class Window(Model):
    """When the contestants of a unit's subtree may sit a round; the window of the nearest unit above a person counts.

    ``pool_part`` is the part of the frozen pool it draws from (None until the round is opened).
    """

    __tablename__ = "window"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pool_part: Mapped[int | None] = mapped_column()
    paused_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="since when the organiser has paused it; None while it runs"
    )

    round: Mapped[Round] = relationship(back_populates="windows")
    unit: Mapped[Unit] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)


class Entry(Model):
    """A person takes part in a contest. ``ranked`` is false for those who sit out of competition."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ranked: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(200), default="", comment="why not ranked")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contest: Mapped[Contest] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "person_id"),)


class RoundNotice(Model):
    """What open sittings of a round must learn, numbered: a message, a pause, a revision of the pool."""

    __tablename__ = "round_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JsonText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_round_notice_round_number", "round_id", "number", unique=True),)
