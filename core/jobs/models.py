"""Table of jobs: what was asked for, how far it is. A row is also the outbox entry that the worker picks up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import JsonText, Model, UtcDateTime, public_id


class Job(Model):
    """Long work outside web requests.

    ``state``: waiting, running, done, failed, cancelled. ``steps_done`` is raised in the unit of work of each step, so
    that a step which was repeated after a crash finds that it has been done. ``unit_path`` scopes who may look.
    ``message`` is for people; ``result`` is what the kind leaves for its page (``url`` where to go on).
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    arguments: Mapped[dict[str, Any]] = mapped_column(JsonText)
    unit_path: Mapped[str] = mapped_column(String(255), default="/")
    account_id: Mapped[int | None] = mapped_column()
    actor_label: Mapped[str] = mapped_column(String(200), default="", comment="who asked, for the audit chain")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int | None] = mapped_column()
    message: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_job_state_dispatched", "state", "dispatched_at"),)
