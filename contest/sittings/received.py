"""What the platform has received of a finished sitting, as its contestant is told on the receipt's page: one statement, for
everybody who hands in asks for this page in the same few minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, distinct, func, select

from contest.sittings.late import is_late_answer
from contest.sittings.models import ApartRow, Response, Result, Sitting
from core.database import db, table_of


@dataclass(frozen=True, slots=True)
class Told:
    """What a contestant is told of the own late answers: numbers of questions. ``waiting`` can still be let count, ``counted``
    are; ``refused`` came after the bound or from a device that had been taken over."""

    waiting: int = 0
    counted: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """``answered``: how many questions have an answer, None until there is a result; ``receipt``: the newest result's own,
    where it marks other answers than those that were handed in; ``late``: answers that came after the end."""

    answered: int | None
    receipt: str | None
    late: Told


def _late(condition: ColumnElement[bool]) -> Any:
    c = table_of(ApartRow).c
    return (
        select(func.count(distinct(case((condition, c.item)))))
        .where(c.sitting_id == table_of(Sitting).c.id, c.kind == "answer")
        .scalar_subquery()
    )


def received_columns() -> tuple[Any, ...]:
    """What ``received_from`` reads, as columns of a statement over sittings."""
    sitting, apart = table_of(Sitting).c, table_of(ApartRow).c
    result, response = table_of(Result).c, table_of(Response).c
    return (
        select(func.count()).where(result.sitting_id == sitting.id).scalar_subquery().label("results"),
        select(func.count()).where(response.sitting_id == sitting.id).scalar_subquery().label("answered"),
        select(result.receipt)
        .where(result.sitting_id == sitting.id)
        .order_by(result.number.desc())
        .limit(1)
        .scalar_subquery()
        .label("newest_receipt"),
        _late(is_late_answer() & apart.counted_at.is_(None)).label("late_waiting"),
        _late(apart.counted_at.is_not(None)).label("late_counted"),
        _late(apart.reason == "too_late").label("late_refused"),
    )


def received_from(row: Any) -> Received:
    """What a row with ``received_columns`` says."""
    late = Told(row.late_waiting, row.late_counted, row.late_refused)
    return Received(row.answered if row.results else None, row.newest_receipt, late)


# Made once: building it costs more than running it.
_RECEIVED = select(*received_columns()).where(table_of(Sitting).c.id == bindparam("sitting"))


def received_of(sitting: Sitting) -> Received:
    """What has been received of ``sitting``."""
    return received_from(db.session.execute(_RECEIVED, {"sitting": sitting.id}).one())
