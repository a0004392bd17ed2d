"""Tables of sittings. The journal is append-only; everything else can be made again from it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.rounds.models import Entry, Round, Window
from core.database import ExactDecimal, JsonText, Model, UtcDateTime, public_id

#: SQLite gives its own row numbers only to INTEGER keys; PostgreSQL needs room for a city's journal.
BigKey = BigInteger().with_variant(Integer, "sqlite")


class Sitting(Model):
    """One attempt of one entry at a round.

    ``state``: open, submitted (folded and marked), annulled (keeps its number). ``paper`` is what was drawn: a list of
    items {"item": pool item id, "version": question version id, "order": permutation of the options}, in the order
    shown. ``epoch`` grows with start, take-over and lost storage; ``device_hash`` is the device of the newest epoch.
    Times: ``extra_seconds`` granted, ``paused_seconds`` given back. ``folded_row`` is the last journal row that the
    fold has seen. ``seconds_used`` as the rules define time used, whole seconds rounded down.
    """

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    window_id: Mapped[int] = mapped_column(ForeignKey("window.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16), default="open")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime] = mapped_column(UtcDateTime, comment="by the clock, for finding those that are due")
    paper: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    pool_revision: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int] = mapped_column(default=1)
    device_epoch: Mapped[int] = mapped_column(default=1, comment="first epoch of the present device")
    device_hash: Mapped[str] = mapped_column(String(64))
    grace_seconds: Mapped[int] = mapped_column(default=5, comment="of the rules it was started under")
    late_bound_seconds: Mapped[int] = mapped_column(default=600)
    extra_seconds: Mapped[int] = mapped_column(default=0)
    paused_seconds: Mapped[int] = mapped_column(default=0)
    first_display_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by: Mapped[str] = mapped_column(String(16), default="", comment="contestant, deadline, organiser")
    folded_row: Mapped[int] = mapped_column(BigInteger, default=0)
    seconds_used: Mapped[int | None] = mapped_column()
    receipt: Mapped[str | None] = mapped_column(String(24))

    entry: Mapped[Entry] = relationship()
    round: Mapped[Round] = relationship()
    window: Mapped[Window] = relationship()
    presence: Mapped[SittingPresence | None] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("entry_id", "round_id", "attempt"),
        Index("ix_sitting_state_deadline", "state", "deadline"),
        Index("ix_sitting_round_state", "round_id", "state"),
    )


class SittingPresence(Model):
    """When a device of a sitting was last heard of. Apart from the sitting, whose row holds its paper: heartbeats come by the
    thousand and are written in batches."""

    __tablename__ = "sitting_presence"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SittingEpoch(Model):
    """How each epoch of a sitting began. ``cause``: start, take_over (another device), reopened (the same device without its
    storage, or a second tab). ``agent`` is what the browser calls itself, shortened."""

    __tablename__ = "sitting_epoch"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    device_hash: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(String(16))
    agent: Mapped[str] = mapped_column(String(200), default="")


class ExtraTime(Model):
    """Time that the organiser gave one sitting, beyond what its rules give; their sum is the sitting's ``extra_seconds``.
    ``grant_key`` is of the form that was filled in: sent twice, it gives once."""

    __tablename__ = "extra_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    grant_key: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(300))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("grant_key", "sitting_id"),)


class WindowPause(Model):
    """A pause of a window: nobody in it can save, nobody's time runs. ``ended_at`` is None while it lasts; when it ends its
    whole seconds, rounded up, are added to ``paused_seconds`` of the sittings that were open in it."""

    __tablename__ = "window_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("window.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300))


class ControlRow(Model):
    """Something that every process must know within two seconds: what it remembers of a sitting (``sitting_id``) or of all
    sittings of a window (``window_id``) or round (``round_id``) is out of date. Read by ``contest.sittings.control``; rows of
    earlier days are swept away."""

    __tablename__ = "sitting_control"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    window_id: Mapped[int | None] = mapped_column(ForeignKey("window.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))


class JournalRow(Model):
    """What happened in a sitting, in the order received. Never changed, never deleted.

    ``kind``: display, answer, flag, step, focus, report, submit. ``item`` is the position in the paper, from 0.
    ``payload`` is the canonical text of what was sent (at most 64 KiB). ``client_at`` is what the device claims.
    """

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    epoch: Mapped[int] = mapped_column()
    sequence: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(12))
    step: Mapped[int] = mapped_column(default=1)
    item: Mapped[int | None] = mapped_column()
    version_id: Mapped[int | None] = mapped_column(comment="the wording that was on the screen")
    payload: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    client_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("sitting_id", "epoch", "sequence"),)


class ApartRow(Model):
    """What arrived too late or from a device that had been taken over: kept with its evidence, not counted.

    ``reason``: late, too_late (after the rules' bound), old_epoch. ``counted_at`` is when the organiser let it count.
    """

    __tablename__ = "journal_apart"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    epoch: Mapped[int] = mapped_column()
    sequence: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(12))
    step: Mapped[int] = mapped_column(default=1)
    item: Mapped[int | None] = mapped_column()
    version_id: Mapped[int | None] = mapped_column()
    payload: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    client_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(16))
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("sitting_id", "epoch", "sequence"),)


class Response(Model):
    """The final answer to one item, folded out of the journal."""

    __tablename__ = "response"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    answer: Mapped[Any] = mapped_column(JsonText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemMark(Model):
    """The mark of one item in one version of a result. ``state``: marked, waiting (for a judge), void."""

    __tablename__ = "item_mark"

    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    points: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    max_points: Mapped[Decimal] = mapped_column(ExactDecimal)
    correct: Mapped[bool | None] = mapped_column()


class Result(Model):
    """A sitting's result; a later one (late answers counted, a key corrected) never overwrites an earlier.

    ``score`` is None while an item waits for its mark. ``receipt`` stands where the version marks other answers than those
    that were handed in (late ones were counted): their receipt, whose time is ``created_at``. Otherwise the sitting's own
    receipt is the one of these answers.
    """

    __tablename__ = "result"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    score: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    max_score: Mapped[Decimal] = mapped_column(ExactDecimal)
    correct: Mapped[int] = mapped_column()
    seconds_used: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(200), default="")
    receipt: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("sitting_id", "number"),)
