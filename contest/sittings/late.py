"""Answers that came after the end of a sitting, within the rules' bound: what they would change, letting them count, and
taking that back. They are kept apart with their evidence and count only when the organiser says so.

It is decided once the round has settled and every sitting is folded: by then nothing more can come for anybody, and marks
may be seen. Counting writes a new version of the result and keeps the earlier ones; the time used is then the full time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from contest.papers.sheets import wordings
from contest.rounds.models import Round
from contest.sittings.deadlines import has_settled, settles_at
from contest.sittings.finishing import NewResult, journals_of, receipt_content, response_values, store_results
from contest.sittings.folding import Folded, Row, fold
from contest.sittings.frozen_rules import marking_of
from contest.sittings.marks import MarkedItem, mark_paper
from contest.sittings.models import ApartRow, Response, Result, Sitting
from contest.sittings.requests import payload_of
from contest.sittings.review import forget_distribution
from contest.sittings.standing import sitting_states
from core.audit.canonical import short_code
from core.database import db, table_of
from core.web.filters import show_moment, show_number

#: Why the counting since a moment cannot be taken back any more (a sentence for people), or None.
TakeBackCheck = Callable[[Round, datetime], str | None]

_APART = table_of(ApartRow).c
_SITTING = table_of(Sitting).c


class LateRefused(Exception):
    """What was asked cannot be done now; ``str()`` says why to people."""


def is_late_answer() -> ColumnElement[bool]:
    """SQL: the row kept apart is an answer that may be let count. Never one that came after the bound, or from a device that
    had been taken over."""
    return and_(_APART.kind == "answer", _APART.reason == "late")


def add_take_back_check(app: Flask, check: TakeBackCheck) -> None:
    """A higher room has a say in whether counting may still be taken back."""
    app.extensions.setdefault("late_take_back_checks", []).append(check)


def why_undecided(round_: Round) -> str | None:
    """Why nothing can be decided about late answers of ``round_`` yet, or None."""
    if not has_settled(round_):
        due = settles_at(round_)
        when = show_moment(due) if due is not None else ""
        text: str = _("Vòng thi còn nhận câu trả lời đến %(moment)s. Sau lúc đó mới quyết định được.", moment=when)
        return text
    still_open = db.session.scalar(
        select(func.count()).select_from(Sitting).where(Sitting.round_id == round_.id, Sitting.state == "open")
    )
    if still_open:
        text = _("Còn %(count)s bài chưa thu xong. Xin chờ ít giây.", count=show_number(still_open))
        return text
    return None


def why_kept(round_: Round, since: datetime) -> str | None:
    """Why counting done since ``since`` cannot be taken back any more, or None."""
    checks: Sequence[TakeBackCheck] = current_app.extensions.get("late_take_back_checks", [])
    return next((reason for check in checks if (reason := check(round_, since))), None)


@dataclass(frozen=True, slots=True)
class Marks:
    """The total of a sitting: points (None while a judge must mark), and how many are right."""

    points: Decimal | None
    correct: int


@dataclass(frozen=True, slots=True)
class Change:
    """What late answers do to a sitting: ``before`` without them, ``after`` with them; ``new`` are the numbers of questions
    (from 1) answered only by them, ``other`` of those answered otherwise or cleared."""

    before: Marks
    after: Marks
    max_points: Decimal
    new: list[int]
    other: list[int]

    @property
    def questions(self) -> list[int]:
        """The numbers of all questions whose answer they change."""
        return sorted(self.new + self.other)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A sitting folded and marked, with some of its late answers or none."""

    row: Any
    folded: Folded
    marked: list[MarkedItem]
    late: bool


def changes_of(connection: Connection, sittings: Sequence[int]) -> dict[int, Change]:
    """What all late answers of each sitting do, by sitting; reads only."""
    without = _marked(connection, sittings, {})
    late = _late_rows(connection, sittings)
    with_them = _marked(connection, sittings, late)
    return {number: _change(without[number].marked, one.marked) for number, one in with_them.items()}


def _change(before: Sequence[MarkedItem], after: Sequence[MarkedItem]) -> Change:
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old.answer != new.answer]
    return Change(
        _total(before),
        _total(after),
        sum((m.max_points for m in after), Decimal(0)),
        [new.item + 1 for old, new in pairs if old.answer is None],
        [new.item + 1 for old, new in pairs if old.answer is not None],
    )


def _total(marked: Sequence[MarkedItem]) -> Marks:
    points = [m.points for m in marked if m.points is not None]
    return Marks(sum(points, Decimal(0)) if len(points) == len(marked) else None, sum(1 for m in marked if m.correct))


def _late_rows(
    connection: Connection, sittings: Sequence[int], *more: ColumnElement[bool]
) -> dict[int, list[Row]]:
    """The late answers of sittings as the fold sees them. Their ``id`` is 0: they are in another table than the journal, whose
    last row the sitting remembers."""
    found: dict[int, list[Row]] = {}
    statement = select(
        _APART.sitting_id, _APART.epoch, _APART.sequence, _APART.kind, _APART.item, _APART.version_id, _APART.payload,
        _APART.received_at,
    ).where(_APART.sitting_id.in_(list(sittings)), is_late_answer(), *more)  # fmt: skip
    for row in connection.execute(statement):
        found.setdefault(row.sitting_id, []).append(
            Row(0, row.epoch, row.sequence, row.kind, row.item, row.version_id, payload_of(row.payload), row.received_at)
        )
    return found


def _marked(connection: Connection, sittings: Sequence[int], late: dict[int, list[Row]]) -> dict[int, _Marked]:
    """The submitted ones among ``sittings``, each folded from its journal and ``late``, and marked as marking is now."""
    rows = connection.execute(
        select(
            _SITTING.id, _SITTING.public_id, _SITTING.round_id, _SITTING.started_at, _SITTING.deadline,
            _SITTING.paused_seconds, _SITTING.paper,
        )
        .where(_SITTING.id.in_(list(sittings)), _SITTING.state == "submitted")
        .order_by(_SITTING.id)
    ).all()  # fmt: skip
    journals = journals_of(connection, [row.id for row in rows])
    markings = {number: marking_of(connection, number) for number in {row.round_id for row in rows}}
    found = {}
    for row in rows:
        folded, marking = fold(journals.get(row.id, []) + late.get(row.id, [])), markings[row.round_id]
        texts = wordings.get(connection, marking.versions(row.paper))
        found[row.id] = _Marked(row, folded, mark_paper(row.paper, folded.answers, texts, marking), row.id in late)
    return found


@dataclass(frozen=True, slots=True)
class Decided:
    """A sitting whose late answers were let count, or not any more, as the audit chain keeps it."""

    sitting: str
    number: int
    answers: int
    points: str | None
    seconds: int
    receipt: str | None

    def leaf(self) -> dict[str, Any]:
        """What a bulk decision's Merkle root covers of it."""
        return {
            "sitting": self.sitting,
            "number": self.number,
            "answers": self.answers,
            "points": self.points,
            "seconds": self.seconds,
            "receipt": self.receipt,
        }


def decide(
    connection: Connection, sittings: Sequence[int], *, counting: bool, reason: str, at: datetime
) -> list[Decided]:
    """Let every late answer of ``sittings`` count (or none, without ``counting``), in the caller's transaction.

    A sitting that is not submitted, or where nothing is to be done, is left as it is. Responses are written anew, and a new
    version of the result with ``reason``; the earlier versions stay.
    """
    states = sitting_states(connection, sittings, exclusive=True)
    closed = [number for number, state in states.items() if state.state == "submitted"]
    undecided = _APART.counted_at.is_(None) if counting else _APART.counted_at.is_not(None)
    todo = sorted(_late_rows(connection, closed, undecided))
    if not todo:
        return []
    connection.execute(
        update(table_of(ApartRow))
        .where(_APART.sitting_id.in_(todo), is_late_answer(), undecided)
        .values(counted_at=at if counting else None)
    )
    late = _late_rows(connection, todo, _APART.counted_at.is_not(None))
    return _rewrite(connection, _marked(connection, todo, late), late, reason, at)


def _rewrite(
    connection: Connection, marked: dict[int, _Marked], late: dict[int, list[Row]], reason: str, at: datetime
) -> list[Decided]:
    """New versions of results, final answers, and the time used."""
    versions = _versions(connection, list(marked))
    results, responses = [], []
    for number, one in marked.items():
        newest, first_used = versions[number]
        used = max(first_used, full_time(one.row)) if one.late else first_used
        results.append(NewResult(number, newest + 1, one.marked, used, at, reason, _receipt(connection, one, at)))
        responses += response_values(number, one.folded, one.marked)
    c = table_of(Response).c
    connection.execute(delete(table_of(Response)).where(c.sitting_id.in_(list(marked))))
    if responses:
        connection.execute(insert(table_of(Response)), responses)
    store_results(connection, results)
    connection.execute(
        update(table_of(Sitting)).where(_SITTING.id == bindparam("of")).values(seconds_used=bindparam("used")),
        [{"of": result.sitting, "used": result.used} for result in results],
    )
    for round_id in {one.row.round_id for one in marked.values()}:
        forget_distribution(connection.engine, round_id)
    return [_decided(marked[result.sitting], result, len(late.get(result.sitting, ()))) for result in results]


def _decided(one: _Marked, result: NewResult, answers: int) -> Decided:
    points = _total(one.marked).points
    return Decided(
        one.row.public_id, result.number, answers, None if points is None else format(points, "f"), result.used, result.receipt
    )


def full_time(sitting: Any) -> int:
    """The whole time that a sitting had, in seconds: from Start to its deadline, pauses taken out."""
    return int((sitting.deadline - sitting.started_at) / timedelta(seconds=1)) - int(sitting.paused_seconds)


def _receipt(connection: Connection, one: _Marked, at: datetime) -> str | None:
    """The receipt of answers that are others than those handed in: a second one, the first stays as it was given."""
    if not one.late:
        return None
    texts = wordings.get(connection, [m.version_id for m in one.marked])
    return short_code(receipt_content(one.row.public_id, one.marked, texts, at))


def _versions(connection: Connection, sittings: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The number of each sitting's newest result, and the time used by the first (as it was handed in)."""
    c = table_of(Result).c
    rows = connection.execute(
        select(c.sitting_id, c.number, c.seconds_used).where(c.sitting_id.in_(list(sittings))).order_by(c.number)
    )
    found: dict[int, tuple[int, int]] = {}
    for sitting, number, used in rows:
        found[sitting] = (number, found[sitting][1] if sitting in found else used)
    return found
