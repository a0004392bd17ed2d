"""Tables of an import: one batch a file, one row a line of its tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import JsonText, Model, UtcDateTime, public_id


class ImportBatch(Model):
    """One uploaded file on its way in.

    ``state``: reading (rows are being staged), ready (people look at it), refused (no list; ``message`` says why),
    working (repairs are being made), importing, discarding (a cancelled import is being taken back), done, cancelled.
    ``unit_path`` is the scope: only units in this subtree may be touched, and only its staff may look.
    ``layout`` says what was understood of the file: its tables, their columns, columns and sheets left aside.
    ``revealed`` turns true in the step that makes the new people and units visible.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    unit_id: Mapped[int] = mapped_column(index=True)
    unit_path: Mapped[str] = mapped_column(String(255), index=True)
    account_id: Mapped[int | None] = mapped_column()
    account_label: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    file_token: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default="reading")
    message: Mapped[str] = mapped_column(Text, default="")
    layout: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    all_or_nothing: Mapped[bool] = mapped_column(default=False)
    revealed: Mapped[bool] = mapped_column(default=False)
    result: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    job_public_id: Mapped[str | None] = mapped_column(String(16), comment="the latest job about this batch")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRow(Model):
    """One line: what stood in its cells, what people changed, what was understood, and what will be done.

    ``kind``: unit or person. ``cells`` is what the file held, ``edits`` what was typed or accepted instead,
    ``kept`` the doubts that somebody waved through, ``answer`` "drop", or who the person is where that was asked
    ("other" or the public id of one who is there). ``unit_ref`` is a unit's id, or minus the ``position`` of the row of
    this batch that brings the unit. ``state``: new (not checked), good, review (a decision is due), error, dropped
    (left out by hand). ``attention`` marks rows for "Có vấn đề", ``codes`` their doubts as "|code|code+|" ("+": with a
    proposal). ``action``: new, change, same, skip (a repeated row).
    ``outcome``, after the import: new, change, same, skip, left_out.
    """

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(comment="place in the batch, from 1; units first")
    kind: Mapped[str] = mapped_column(String(8))
    sheet: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(comment="Excel's row number, from 1")
    cells: Mapped[dict[str, Any]] = mapped_column(JsonText)
    edits: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict)
    kept: Mapped[list[str]] = mapped_column(JsonText, default=list)
    answer: Mapped[str] = mapped_column(String(16), default="")

    full_name: Mapped[str] = mapped_column(String(200), default="")
    folded: Mapped[str] = mapped_column(String(200), default="")
    birth_date: Mapped[date | None] = mapped_column()
    birth_year: Mapped[int | None] = mapped_column(comment="told alone, without day and month")
    phone: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(120), default="", comment="position in the Party or at work")
    unit_ref: Mapped[int | None] = mapped_column(comment="of a unit row: the unit it is, or minus its own position")
    parent_ref: Mapped[int | None] = mapped_column(comment="unit rows only; 0: at the top")
    level: Mapped[str] = mapped_column(String(32), default="")
    eligible: Mapped[int | None] = mapped_column()

    own_doubts: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list, comment="from the row alone")
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list, comment="all, as shown")
    codes: Mapped[str] = mapped_column(String(400), default="")
    tidied: Mapped[int] = mapped_column(default=0, comment="cells whose spelling was put right silently")
    state: Mapped[str] = mapped_column(String(8), default="new")
    attention: Mapped[bool] = mapped_column(default=False)
    action: Mapped[str] = mapped_column(String(8), default="")
    changes: Mapped[list[dict[str, str]]] = mapped_column(JsonText, default=list)
    target_id: Mapped[int | None] = mapped_column(comment="the person or unit that the row is about")
    outcome: Mapped[str] = mapped_column(String(8), default="")
    outcome_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        Index("ix_import_row_batch_state", "batch_id", "state", "attention"),
        Index("ix_import_row_batch_action", "batch_id", "kind", "action"),
        Index("ix_import_row_batch_folded", "batch_id", "folded"),
        Index("ix_import_row_batch_phone", "batch_id", "phone"),
    )
