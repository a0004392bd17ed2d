"""What anybody may know of contests: which rounds are open now, what comes next, what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from contest.rounds.models import Contest, Round, Window
from contest.rounds.service import round_rules, same_hours
from core.database import db

#: So many published rounds are listed, the newest first.
MOST_PUBLISHED = 20

#: So many units of one hour are named; the others are counted.
MOST_NAMED = 3


@dataclass(frozen=True)
class Slot:
    """Windows of one round with the same hours: for whom, from when to when."""

    opens: datetime
    closes: datetime
    units: tuple[str, ...]

    @property
    def named(self) -> str:
        """The first units."""
        return ", ".join(self.units[:MOST_NAMED])

    @property
    def others(self) -> int:
        """How many more there are."""
        return max(0, len(self.units) - MOST_NAMED)


@dataclass(frozen=True)
class Announced:
    """An opened round with those of its hours that are meant."""

    round: Round
    slots: tuple[Slot, ...]
    questions: int
    minutes: int


def slots_of(windows: Sequence[Window]) -> list[Slot]:
    """The hours of ``windows``, the earliest first."""
    return [
        Slot(group[0].opens_at, group[0].closes_at, tuple(w.unit.name for w in sorted(group, key=lambda w: w.unit.sort_key)))
        for group in same_hours(windows)
    ]


def timetable(moment: datetime) -> tuple[list[Announced], list[Announced]]:
    """The opened rounds with hours that run at ``moment``, and those with hours still to come."""
    rounds = db.session.scalars(
        select(Round)
        .join(Window, Window.round_id == Round.id)
        .where(Round.state == "open", Window.closes_at > moment)
        .options(selectinload(Round.windows), joinedload(Round.contest).joinedload(Contest.unit))
        .distinct()
        .order_by(Round.id)
    ).unique()
    running, coming = [], []
    for round_ in rounds:
        rules = round_rules(round_)
        slots = slots_of(round_.windows)
        now_on = tuple(s for s in slots if s.opens <= moment < s.closes)
        later = tuple(s for s in slots if s.opens > moment)
        if now_on:
            running.append(Announced(round_, now_on, rules.questions, rules.minutes))
        if later:
            coming.append(Announced(round_, later, rules.questions, rules.minutes))
    coming.sort(key=lambda one: one.slots[0].opens)
    running.sort(key=lambda one: one.slots[0].closes)
    return running, coming


def published_rounds() -> list[Round]:
    """The rounds whose results have been published, the newest first."""
    return list(
        db.session.scalars(
            select(Round)
            .where(Round.published_at.is_not(None))
            .options(joinedload(Round.contest).joinedload(Contest.unit))
            .order_by(Round.published_at.desc(), Round.id.desc())
            .limit(MOST_PUBLISHED)
        ).unique()
    )
