"""Statistics that are kept: what a question version has shown so far, for pages and for the assembly of papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from core.database import db, table_of, unit_of_work
from core.database.among import among, listed
from questions.bank.models import QuestionVersion
from questions.statistics.flags import FEW, MEANINGS
from questions.statistics.incomplete import HeldItem
from questions.statistics.models import Analysis, ItemStatistic

#: Rows deleted in one unit of work.
CHUNK = 300

_CODES = list(MEANINGS)
_ITEM = table_of(ItemStatistic).c
_ANALYSIS = table_of(Analysis).c


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Share of right answers (0 to 1) among the ``n`` people who reached the question when it was last used."""

    value: float
    n: int


def latest_difficulty(version_ids: Iterable[int], least: int = FEW) -> dict[int, Difficulty]:
    """For each of ``version_ids`` that at least ``least`` people have reached on one occasion: what the latest said.

    Versions without such figures are left out: the author's level counts for them.
    """
    rows = db.session.execute(
        select(_ITEM.version_id, _ITEM.difficulty, _ITEM.n)
        .join(table_of(Analysis), _ANALYSIS.id == _ITEM.analysis_id)
        .where(_ANALYSIS.state == "current", _ITEM.difficulty.is_not(None), _ITEM.n >= least)
        .where(among(_ITEM.version_id, "versions"))
        .order_by(_ANALYSIS.held_at, _ANALYSIS.id),
        {"versions": listed(version_ids)},
    )
    return {version: Difficulty(difficulty, n) for version, difficulty, n in rows}


def current_analysis(occasion: str) -> Analysis | None:
    """The statistics of an occasion, or None."""
    statement = select(Analysis).where(Analysis.occasion == occasion, Analysis.state == "current")
    return db.session.scalars(statement.order_by(Analysis.id.desc())).first()


def history_of(question_id: int) -> list[ItemStatistic]:
    """What every occasion said of a question's versions, the latest occasion first."""
    return list(
        db.session.scalars(
            select(ItemStatistic)
            .join(Analysis, Analysis.id == ItemStatistic.analysis_id)
            .join(QuestionVersion, QuestionVersion.id == ItemStatistic.version_id)
            .where(QuestionVersion.question_id == question_id, Analysis.state == "current")
            .order_by(Analysis.held_at.desc(), Analysis.id.desc(), QuestionVersion.number.desc())
            .options(joinedload(ItemStatistic.analysis), joinedload(ItemStatistic.version))
        )
    )


def row_of(found: HeldItem, version_id: int, position: int, seconds: float | None, timed: int) -> dict[str, Any]:
    """The stored form of one item's figures, but for the analysis that it belongs to."""
    figures = found.figures
    options = [
        {
            "name": name, "chosen": one.chosen, "share": one.share, "mean_rest": one.mean_rest,
            "key": name in figures.key, "stronger": name in figures.stronger,
        }
        for name, one in figures.options.items()
    ]  # fmt: skip
    return {
        "version_id": version_id, "position": position, "held": found.held, "n": figures.n, "omitted": found.omitted,
        "difficulty": figures.difficulty, "discrimination": figures.discrimination, "upper_lower": figures.upper_lower,
        "a": figures.estimate.a if figures.estimate else None, "b": figures.estimate.b if figures.estimate else None,
        "seconds": seconds, "timed": timed, "flags": f" {' '.join(figures.flags)} " if figures.flags else "",
        "urgency": urgency_of(figures.flags), "options": options,
    }  # fmt: skip


def urgency_of(flags: Iterable[str]) -> int:
    """A larger number for a worse flag; 0 for none."""
    return max((len(_CODES) - _CODES.index(code) for code in flags), default=0)


def flags_in(row: ItemStatistic | Mapping[str, Any]) -> list[str]:
    """The codes of a stored row, worst first."""
    flags = row.flags if isinstance(row, ItemStatistic) else row["flags"]
    return str(flags).split()


def replace_current(analysis: Analysis) -> None:
    """``analysis`` is complete: it becomes its occasion's current one, inside a unit of work."""
    earlier = select(Analysis).where(Analysis.occasion == analysis.occasion, Analysis.state == "current")
    for other in db.session.scalars(earlier):
        other.state = "replaced"
    analysis.state = "current"


def sweep() -> int:
    """Delete replaced and discarded analyses, a chunk a unit of work; returns how many went. The worker calls it."""
    gone = 0
    for number in db.session.scalars(select(Analysis.id).where(Analysis.state.in_(("replaced", "discarded")))).all():
        while _sweep_chunk(number):
            pass
        gone += 1
    return gone


def _sweep_chunk(number: int) -> bool:
    with unit_of_work() as session:
        last = session.scalar(select(func.max(_ITEM.position)).where(_ITEM.analysis_id == number))
        if last is None:
            session.execute(delete(table_of(Analysis)).where(_ANALYSIS.id == number))
            return False
        session.execute(
            delete(table_of(ItemStatistic)).where(_ITEM.analysis_id == number, _ITEM.position > last - CHUNK)
        )
        return True
