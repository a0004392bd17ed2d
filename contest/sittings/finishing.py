"""Finishing a sitting: fold its journal, mark what a machine can mark, write the receipt, close it. Once, whoever comes
first: the sitting is locked, its state re-checked, and the last journal row remembered, all in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from contest.papers.sheets import Wording, wordings
from contest.rounds.clock import seconds_used
from contest.sittings.folding import Folded, Row, fold
from contest.sittings.frozen_rules import marking_of
from contest.sittings.marks import MarkedItem, mark_paper
from contest.sittings.models import ItemMark, JournalRow, Response, Result, Sitting
from contest.sittings.requests import payload_of
from core.audit.canonical import short_code
from core.database import table_of, to_microseconds


def finish(connection: Connection, sittings: Sequence[int], at: datetime, by: str) -> dict[int, str]:
    """Close the open sittings among ``sittings``, whose rows the caller has locked; their receipts by id.

    ``at`` is the server's time of the submit or of the deadline's fold; ``by``: contestant, deadline, organiser.
    """
    c = table_of(Sitting).c
    rows = connection.execute(
        select(c.id, c.public_id, c.round_id, c.started_at, c.deadline, c.paused_seconds, c.paper).where(
            c.id.in_(list(sittings)), c.state == "open"
        )
    ).all()
    return {row.id: _finish_one(connection, row, at, by) for row in rows}


def _finish_one(connection: Connection, sitting: Any, at: datetime, by: str) -> str:
    folded = fold(journal_rows(connection, sitting.id))
    marking = marking_of(connection, sitting.round_id)
    texts = wordings.get(connection, marking.versions(sitting.paper))
    marked = mark_paper(sitting.paper, folded.answers, texts, marking)
    pressed = by == "contestant"
    submitted_at = at if pressed else min(at, sitting.deadline)
    used = seconds_used(
        sitting.started_at,
        folded.first_display_at,
        folded.submitted_at if pressed else folded.last_change_at,
        sitting.paused_seconds,
    )
    receipt = short_code(receipt_content(sitting.public_id, marked, texts, submitted_at))
    _store_responses(connection, sitting.id, folded, marked)
    store_result(connection, sitting.id, 1, marked, used, at, "")
    connection.execute(
        update(table_of(Sitting))
        .where(table_of(Sitting).c.id == sitting.id)
        .values(
            state="submitted",
            submitted_at=submitted_at,
            submitted_by=by,
            first_display_at=folded.first_display_at,
            folded_row=folded.last_row,
            seconds_used=used,
            receipt=receipt,
        )
    )
    return receipt


def journal_rows(connection: Connection, sitting: int) -> list[Row]:
    """The journal of a sitting, as the fold sees it."""
    c = table_of(JournalRow).c
    return [
        Row(
            row.id, row.epoch, row.sequence, row.kind, row.item, row.version_id,
            payload_of(row.payload) if row.kind in ("answer", "flag") else None, row.received_at,
        )
        for row in connection.execute(
            select(c.id, c.epoch, c.sequence, c.kind, c.item, c.version_id, c.payload, c.received_at)
            .where(c.sitting_id == sitting)
            .order_by(c.id)
        )
    ]


def receipt_content(
    public_id: str, marked: Sequence[MarkedItem], texts: dict[int, Wording], at: datetime
) -> dict[str, Any]:
    """What a receipt is the hash of: the sitting, its question versions, the final answers, the server's time; no marks."""
    return {
        "sitting": public_id,
        "questions": [texts[m.version_id].public_id for m in marked],
        "answers": [m.answer for m in marked],
        "at": to_microseconds(at),
    }


def _store_responses(connection: Connection, sitting: int, folded: Folded, marked: Sequence[MarkedItem]) -> None:
    connection.execute(delete(table_of(Response)).where(table_of(Response).c.sitting_id == sitting))
    rows = [
        {
            "sitting_id": sitting,
            "item": m.item,
            "version_id": m.version_id,
            "answer": m.answer,
            "received_at": folded.answers[m.item].received_at,
        }
        for m in marked
        if m.answer is not None
    ]
    if rows:
        connection.execute(insert(table_of(Response)), rows)


def store_result(
    connection: Connection,
    sitting: int,
    number: int,
    marked: Sequence[MarkedItem],
    used: int,
    at: datetime,
    reason: str,
) -> int:
    """Write a result with its item marks; returns its id. It has no total while an item waits for its mark."""
    waiting = any(m.points is None for m in marked)
    result = table_of(Result)
    result_id: int = connection.execute(
        insert(result)
        .values(
            sitting_id=sitting,
            number=number,
            score=None if waiting else sum((m.points for m in marked if m.points is not None), Decimal(0)),
            max_score=sum((m.max_points for m in marked), Decimal(0)),
            correct=sum(1 for m in marked if m.correct),
            seconds_used=used,
            reason=reason,
            created_at=at,
        )
        .returning(result.c.id)
    ).scalar_one()
    if marked:
        connection.execute(
            insert(table_of(ItemMark)),
            [
                {
                    "result_id": result_id,
                    "item": m.item,
                    "version_id": m.version_id,
                    "state": m.state,
                    "points": m.points,
                    "max_points": m.max_points,
                    "correct": m.correct,
                }
                for m in marked
            ],
        )
    return result_id
