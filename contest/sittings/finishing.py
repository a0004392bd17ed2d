"""Finishing a sitting: fold its journal, mark what a machine can mark, write the receipt, close it. Once, whoever comes
first: the sitting is locked, its state re-checked, and the last journal row remembered, all in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from contest.papers.sheets import Wording, wordings
from contest.rounds.clock import Pause, seconds_used
from contest.sittings.folding import Folded, Row, fold
from contest.sittings.frozen_rules import marking_of
from contest.sittings.marks import MarkedItem, mark_paper
from contest.sittings.models import ItemMark, JournalRow, Response, Result, Sitting, WindowPause
from contest.sittings.requests import payload_of
from core.audit.canonical import short_code
from core.database import table_of, to_microseconds
from core.database.among import among, listed
from core.database.bulk import insert_plain
from core.database.types import decimal_text, json_text

_J = table_of(JournalRow).c
_READ = select(_J.sitting_id, _J.id, _J.epoch, _J.sequence, _J.kind, _J.item, _J.version_id, _J.payload, _J.received_at)

# Made once: building a statement costs more than running it.
_JOURNAL = _READ.where(_J.sitting_id == bindparam("sitting"))
_JOURNALS = _READ.where(among(_J.sitting_id, "sittings"))

_MARK = ("result_id", "item", "version_id", "state", "points", "max_points", "correct")


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result to be written: the marks of a sitting's items, and why (empty: the first). ``receipt`` as in ``Result``."""

    sitting: int
    number: int
    marked: Sequence[MarkedItem]
    used: int
    at: datetime
    reason: str = ""
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How a sitting ends: at the server's time of the submit or of the deadline's fold; by contestant, deadline, organiser."""

    at: datetime
    by: str


def finish(connection: Connection, ends: Mapping[int, End]) -> dict[int, str]:
    """Close the open sittings among ``ends``, whose rows the caller has locked; their receipts by id.

    Each kind of row is read and written for all of them together: a statement costs more than its work.
    """
    c = table_of(Sitting).c
    rows = connection.execute(
        select(c.id, c.public_id, c.round_id, c.window_id, c.started_at, c.deadline, c.paused_seconds, c.paper)
        .where(c.id.in_(list(ends)), c.state == "open")
        .order_by(c.id)
    ).all()
    if not rows:
        return {}
    journals = journals_of(connection, [row.id for row in rows])
    markings = {round_id: marking_of(connection, round_id) for round_id in {row.round_id for row in rows}}
    pauses = _pauses_of(connection, {row.window_id for row in rows if row.paused_seconds})
    closed, responses, results = [], [], []
    for row in rows:
        folded, marking = fold(journals.get(row.id, [])), markings[row.round_id]
        texts = wordings.get(connection, marking.versions(row.paper))
        marked = mark_paper(row.paper, folded.answers, texts, marking)
        end = ends[row.id]
        changes = _closing(row, folded, end, pauses.get(row.window_id, ()))
        changes["receipt"] = short_code(receipt_content(row.public_id, marked, texts, changes["submitted_at"]))
        closed.append({"of": row.id, **changes})
        responses += response_values(row.id, folded, marked)
        results.append(NewResult(row.id, 1, marked, changes["seconds_used"], end.at))
    connection.execute(delete(table_of(Response)).where(table_of(Response).c.sitting_id.in_([row.id for row in rows])))
    store_responses(connection, responses)
    store_results(connection, results)
    columns: dict[str, Any] = {name: bindparam(name) for name in closed[0] if name != "of"}
    connection.execute(update(table_of(Sitting)).where(c.id == bindparam("of")).values(columns), closed)
    return {row["of"]: row["receipt"] for row in closed}


def _pauses_of(connection: Connection, windows: Set[int]) -> dict[int, list[Pause]]:
    """The pauses that are over of each window."""
    found: dict[int, list[Pause]] = {}
    if windows:
        c = table_of(WindowPause).c
        statement = select(c.window_id, c.began_at, c.ended_at).where(c.window_id.in_(windows), c.ended_at.is_not(None))
        for window, began, ended in connection.execute(statement):
            found.setdefault(window, []).append((began, ended))
    return found


def _closing(sitting: Any, folded: Folded, end: End, pauses: Sequence[Pause]) -> dict[str, Any]:
    """What becomes of the sitting's own row, but for the receipt."""
    pressed = end.by == "contestant"
    used = seconds_used(
        sitting.started_at,
        folded.first_display_at,
        folded.submitted_at if pressed else folded.last_change_at,
        pauses,
    )
    return {
        "state": "submitted",
        "submitted_at": end.at if pressed else min(end.at, sitting.deadline),
        "submitted_by": end.by,
        "first_display_at": folded.first_display_at,
        "folded_row": folded.last_row,
        "seconds_used": used,
    }


def journals_of(connection: Connection, sittings: Sequence[int]) -> dict[int, list[Row]]:
    """The journals of sittings, as the fold sees them, by sitting."""
    found: dict[int, list[Row]] = {}
    for sitting, *row in connection.execute(_JOURNALS, {"sittings": listed(sittings)}):
        found.setdefault(sitting, []).append(_row(*row))
    return found


def journal_rows(connection: Connection, sitting: int) -> list[Row]:
    """The journal of a sitting, as the fold sees it."""
    return [_row(*row) for _sitting, *row in connection.execute(_JOURNAL, {"sitting": sitting})]


def _row(
    number: int, epoch: int, sequence: int, kind: str, item: int | None, version: int | None, text: str, at: datetime
) -> Row:
    payload = payload_of(text) if kind in ("answer", "flag") else None
    return Row(number, epoch, sequence, kind, item, version, payload, at)


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


def response_values(sitting: int, folded: Folded, marked: Sequence[MarkedItem]) -> list[dict[str, Any]]:
    """The final answers of a sitting as they are kept."""
    return [
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


def store_responses(connection: Connection, responses: Sequence[dict[str, Any]]) -> None:
    """Write final answers, as ``response_values`` gives them."""
    rows = [
        (r["sitting_id"], r["item"], r["version_id"], json_text(r["answer"]), to_microseconds(r["received_at"]))
        for r in responses
    ]
    insert_plain(connection, table_of(Response), ("sitting_id", "item", "version_id", "answer", "received_at"), rows)


def store_results(connection: Connection, results: Sequence[NewResult]) -> None:
    """Write results with their item marks. One has no total while an item waits for its mark."""
    table = table_of(Result)
    ids = connection.execute(
        insert(table).returning(table.c.id, sort_by_parameter_order=True), [_result_values(r) for r in results]
    ).scalars()
    marks = [
        (result_id, m.item, m.version_id, m.state, _text(m.points), _text(m.max_points), m.correct)
        for result_id, result in zip(ids, results, strict=True)
        for m in result.marked
    ]
    insert_plain(connection, table_of(ItemMark), _MARK, marks)


def _text(points: Decimal | None) -> str | None:
    return None if points is None else decimal_text(points)


def _result_values(result: NewResult) -> dict[str, Any]:
    waiting = any(m.points is None for m in result.marked)
    return {
        "sitting_id": result.sitting,
        "number": result.number,
        "score": None if waiting else sum((m.points for m in result.marked if m.points is not None), Decimal(0)),
        "max_score": sum((m.max_points for m in result.marked), Decimal(0)),
        "correct": sum(1 for m in result.marked if m.correct),
        "seconds_used": result.used,
        "reason": result.reason,
        "receipt": result.receipt,
        "created_at": result.at,
    }
