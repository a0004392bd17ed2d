"""Tables of standings: numbered versions of a round's ranking, prepared, confirmed by a second person, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.rounds.models import Round
from core.accounts.models import Account
from core.database import ExactDecimal, JsonText, Model, UtcDateTime, public_id, sort_key_column


class Standing(Model):
    """One version of a round's standing, numbered from 1.

    ``state``: preparing (seen by nobody; its number is negative until it is complete), draft, confirmed, published,
    replaced (by a later version), withdrawn; discarded (its preparation did not end: the worker clears it away).
    ``publication`` is what the public sees, copied from the rules (leading places, units' totals, full list);
    ``summary`` holds the counts that pages show first; ``digest`` is the Merkle root of the rows; ``source`` tells
    whether results have changed since (see ``counting.source_of``).
    """

    __tablename__ = "standing"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(16), default="draft")
    reason: Mapped[str] = mapped_column(Text, default="")
    publication: Mapped[dict[str, Any]] = mapped_column(JsonText)
    summary: Mapped[dict[str, Any]] = mapped_column(JsonText)
    criteria: Mapped[list[Any]] = mapped_column(JsonText, comment="what the ranking went by, for showing")
    digest: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str] = mapped_column(String(120), default="")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[Round] = relationship()
    prepared_by: Mapped[Account | None] = relationship(foreign_keys=[prepared_by_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])
    published_by: Mapped[Account | None] = relationship(foreign_keys=[published_by_id])
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=[withdrawn_by_id])

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class StandingRow(Model):
    """A person's place in a standing. ``position`` orders the list within equal ranks (by name).

    ``unit_path`` is the person's unit at the time, ``unit_name`` its names below the contest's unit, nearest first,
    joined by " · "; ``unit_ranks`` gives the rank within each unit above the cell, {unit id as text: rank}.
    """

    __tablename__ = "standing_row"

    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[int] = mapped_column()
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(400), comment="name and unit names, for search")
    sort_key: Mapped[str] = mapped_column(sort_key_column(500))
    unit_path: Mapped[str] = mapped_column(String(255))
    unit_name: Mapped[str] = mapped_column(String(600))
    unit_ranks: Mapped[dict[str, int]] = mapped_column(JsonText)
    score: Mapped[Any] = mapped_column(ExactDecimal)
    max_score: Mapped[Any] = mapped_column(ExactDecimal)
    correct: Mapped[int] = mapped_column()
    seconds: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_standing_row_entry", "standing_id", "entry_id"),
        Index("ix_standing_row_rank", "standing_id", "rank"),
    )


class StandingUnit(Model):
    """Totals of a unit above the cells in a standing: how many could sit and sat, and their marks."""

    __tablename__ = "standing_unit"

    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column()
    depth: Mapped[int] = mapped_column()
    level: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    full_name: Mapped[str] = mapped_column(String(600))
    sort_key: Mapped[str] = mapped_column(sort_key_column(800))
    path: Mapped[str] = mapped_column(String(255))
    entries: Mapped[int] = mapped_column()
    sat: Mapped[int] = mapped_column()
    total: Mapped[Any] = mapped_column(ExactDecimal)
    mean: Mapped[Any] = mapped_column(ExactDecimal, comment="total / sat, rounded half up to two places; 0 for none")
    best: Mapped[Any] = mapped_column(ExactDecimal)
