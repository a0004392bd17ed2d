"""How many answered each question version in rounds that are over, and how many of them rightly."""

from __future__ import annotations

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import aliased

from contest.papers.making.measured import Measured
from contest.rounds.models import Round
from contest.sittings.models import ItemMark, Result, Sitting
from core.database import db


def measured_answers() -> Measured:
    """For each version: (answered, right), by the newest result of each sitting of a closed round that still counts."""
    later = aliased(Result)
    statement = (
        select(ItemMark.version_id, func.count(), func.sum(cast(ItemMark.correct, Integer)))
        .join(Result, Result.id == ItemMark.result_id)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(Round, Round.id == Sitting.round_id)
        .where(
            Round.state == "closed",
            Sitting.state != "annulled",
            ItemMark.state == "marked",
            ItemMark.correct.is_not(None),
            ~select(later.id).where(later.sitting_id == Result.sitting_id, later.number > Result.number).exists(),
        )
        .group_by(ItemMark.version_id)
    )
    return {version: (count, int(right or 0)) for version, count, right in db.session.execute(statement)}
