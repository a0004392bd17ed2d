"""What changed between two versions of a round's standing, person by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from contest.standings.models import Standing, StandingRow
from core.database import db


@dataclass(frozen=True, slots=True)
class Change:
    """A person whose place or result differs; None where a version does not have them."""

    name: str
    unit: str
    unit_path: str
    rank: int | None
    rank_before: int | None
    score: Decimal | None
    score_before: Decimal | None
    seconds: int | None
    seconds_before: int | None

    @property
    def own_result(self) -> bool:
        """True when the person's own result differs, not only the place that others gave them."""
        return (self.score, self.seconds) != (self.score_before, self.seconds_before)


def differences(standing: Standing, before: Standing, paths: Sequence[str] | None = None) -> list[Change]:
    """Everybody whose rank or result differs between ``before`` and ``standing``, or who is in one only: those whose own
    result changed first, then by place."""
    now, then = aliased(StandingRow), aliased(StandingRow)
    columns = (now.name, now.unit_name, now.unit_path, now.rank, now.score, now.seconds)
    both = db.session.execute(
        select(*columns, then.rank, then.score, then.seconds)
        .join(then, (then.entry_id == now.entry_id) & (then.standing_id == before.id))
        .where(
            now.standing_id == standing.id,
            or_(now.rank != then.rank, now.score != then.score, now.seconds != then.seconds),
        )
    )
    changes = [Change(n, u, p, r, rb, s, sb, t, tb) for n, u, p, r, s, t, rb, sb, tb in both]
    changes += [Change(n, u, p, r, None, s, None, t, None) for n, u, p, r, s, t in _only_in(standing, before)]
    changes += [Change(n, u, p, None, r, None, s, None, t) for n, u, p, r, s, t in _only_in(before, standing)]
    if paths is not None:
        changes = [one for one in changes if any(one.unit_path.startswith(path) for path in paths)]
    return sorted(changes, key=lambda one: (not one.own_result, one.rank or 0, one.rank_before or 0, one.name))


def _only_in(one: Standing, other: Standing) -> list[tuple[str, str, str, int, Decimal, int]]:
    elsewhere = select(StandingRow.entry_id).where(StandingRow.standing_id == other.id)
    rows = db.session.execute(
        select(
            StandingRow.name, StandingRow.unit_name, StandingRow.unit_path, StandingRow.rank, StandingRow.score,
            StandingRow.seconds,
        ).where(StandingRow.standing_id == one.id, StandingRow.entry_id.not_in(elsewhere))
    )  # fmt: skip
    return [tuple(row) for row in rows]
