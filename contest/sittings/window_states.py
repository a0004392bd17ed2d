"""How each window of a round stands, for the page that shows the round while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from contest.rounds.clock import last_settled
from contest.rounds.models import Round, Window
from contest.rounds.service import round_rules, timing_of
from contest.rounds.states import State
from contest.sittings.models import Sitting
from core.database import db

COMING, OPEN, PAUSED, ENDED, SETTLED = "coming", "open", "paused", "ended", "settled"

WINDOW_STATES = {
    COMING: State("neutral", _l("Chưa đến giờ")),
    OPEN: State("info", _l("Đang thi")),
    PAUSED: State("warn", _l("Đang tạm dừng")),
    ENDED: State("neutral", _l("Đã hết giờ")),
    SETTLED: State("ok", _l("Đã chốt")),
}


@dataclass(frozen=True)
class WindowLine:
    """A window as it stands; plain, so that it keeps. ``sitting``: how many sittings in it are open."""

    public_id: str
    unit: str
    path: str
    opens_at: datetime
    closes_at: datetime
    paused_at: datetime | None
    state: str
    sitting: int

    @property
    def running(self) -> bool:
        """True while somebody in it has time: the window is open, or somebody still sits."""
        return self.state == OPEN or (self.state == ENDED and self.sitting > 0)


def window_lines(round_: Round, moment: datetime) -> list[WindowLine]:
    """The windows of ``round_`` at ``moment``, those that go on first, then by their hours."""
    rules = round_rules(round_)
    sitting, extra = _counts(round_)
    lines = []
    for window in round_.windows:
        settles = last_settled([timing_of(window, rules)], extra.get(window.id, 0))
        settled = round_.state == "closed" or (settles is not None and moment > settles)
        count = sitting.get(window.id, 0)
        state = _state(window, moment, settled and not count)
        lines.append(
            WindowLine(
                window.public_id, window.unit.name, window.unit.path, window.opens_at, window.closes_at, window.paused_at,
                state, count,
            )
        )  # fmt: skip
    order = (PAUSED, OPEN, ENDED, COMING, SETTLED)
    return sorted(lines, key=lambda line: (order.index(line.state), line.opens_at, line.closes_at, line.unit))


def _counts(round_: Round) -> tuple[dict[int, int], dict[int, int]]:
    """Open sittings, and the most extra time that a sitting has, in seconds, by window."""
    is_open = func.sum((Sitting.state == "open").cast(db.Integer))
    rows = db.session.execute(
        select(Sitting.window_id, is_open, func.max(Sitting.extra_seconds))
        .where(Sitting.round_id == round_.id)
        .group_by(Sitting.window_id)
    ).all()
    return {row[0]: row[1] or 0 for row in rows}, {row[0]: row[2] or 0 for row in rows}


def _state(window: Window, moment: datetime, settled: bool) -> str:
    if window.paused_at is not None:
        return PAUSED
    if moment < window.opens_at:
        return COMING
    if moment < window.closes_at:
        return OPEN
    return SETTLED if settled else ENDED


def paused_of(lines: Sequence[WindowLine]) -> list[WindowLine]:
    """Those that are paused, the longest first."""
    return sorted((line for line in lines if line.state == PAUSED), key=lambda line: (line.paused_at, line.unit))
