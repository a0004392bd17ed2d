"""What screens call the states of contests and rounds, and finding contests by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists

from contest.rounds.models import Contest, Round
from core.web.filters import show_moment


@dataclass(frozen=True)
class State:
    """How a state looks: a tone of the design, and its words."""

    tone: str
    label: str | LazyString


CONTEST_STATES = {
    "preparing": State("neutral", _l("Đang chuẩn bị")),
    "open": State("info", _l("Đang mở")),
    "closed": State("warn", _l("Đã thi xong, chưa công bố")),
    "published": State("ok", _l("Đã công bố")),
}


def state_of_contest(contest: Contest) -> str:
    """A key of CONTEST_STATES."""
    rounds = contest.rounds
    if any(r.state == "open" for r in rounds):
        return "open"
    if not rounds or any(r.state == "draft" for r in rounds):
        return "preparing"
    return "published" if all(r.published_at for r in rounds) else "closed"


def in_state(state: str) -> ColumnElement[bool]:
    """The condition "the contest is in ``state``", as ``state_of_contest`` says it."""

    def some(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(Round.contest_id == Contest.id, *conditions)

    is_open, draft = some(Round.state == "open"), some(Round.state == "draft")
    unpublished = some(Round.published_at.is_(None))
    over = some() & ~is_open & ~draft
    conditions = {
        "open": is_open,
        "preparing": ~is_open & (draft | ~some()),
        "closed": over & unpublished,
        "published": over & ~unpublished,
    }
    return conditions[state]


def state_of_round(round_: Round, moment: datetime) -> State:
    """What a chip says of ``round_`` at ``moment``: how long it goes on, or when it begins."""
    if round_.state == "draft":
        return State("neutral", _("Đang chuẩn bị"))
    if round_.published_at is not None:
        return State("ok", _("Đã công bố kết quả"))
    if round_.state == "closed":
        return State("ok", _("Đã thi xong"))
    running = [w.closes_at for w in round_.windows if w.opens_at <= moment < w.closes_at and w.paused_at is None]
    if not running and any(w.paused_at is not None for w in round_.windows):
        return State("warn", _("Đang tạm dừng"))
    if running:
        return State("info", _("Đang thi · còn %(time)s", time=time_left(max(running), moment)))
    coming = [w.opens_at for w in round_.windows if w.opens_at > moment]
    if coming:
        return State("info", _("Đã mở vòng · ca gần nhất lúc %(moment)s", moment=show_moment(min(coming))))
    return State("warn", _("Đã hết giờ các ca"))


def time_left(until: datetime, moment: datetime) -> str:
    """ "21 phút", "2 giờ 5 phút", "3 ngày": rounded up to whole minutes."""
    minutes = max(0, -int((moment - until).total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return str(_("%(days)s ngày", days=hours // 24))
    if hours and rest:
        return str(_("%(hours)s giờ %(minutes)s phút", hours=hours, minutes=rest))
    return str(_("%(hours)s giờ", hours=hours) if hours else _("%(minutes)s phút", minutes=minutes))
