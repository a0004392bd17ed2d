"""Moving a window's end later: the deadlines of the sittings under way move with it."""

from __future__ import annotations

from sqlalchemy import select

from contest.rounds.clock import Progress, deadline, may_be_folded
from contest.rounds.models import Window
from contest.rounds.service import move_window_end, round_rules, timing_of
from contest.sittings.models import Sitting
from core.database import db
from core.database.server_time import now


class WindowOver(Exception):
    """The window has closed, or its round has: it can no longer be moved."""


def extend_window(window: Window, minutes: int, reason: str) -> int:
    """Let ``window`` close ``minutes`` later; returns how many sittings got a later deadline.

    Inside a unit of work. A sitting whose time is over stays so: nobody who has been sent out is called back. Raises
    WindowOver once the window has closed.
    """
    moment = now()
    round_ = window.round
    if round_.state != "open" or window.closes_at <= moment:
        raise WindowOver(window.public_id)
    move_window_end(window, minutes, reason)
    timing = timing_of(window, round_rules(round_))
    sittings = db.session.scalars(
        select(Sitting).where(Sitting.window_id == window.id, Sitting.state == "open").with_for_update()
    )
    moved = 0
    for sitting in sittings:
        if may_be_folded(moment, sitting.deadline, sitting.grace_seconds):
            continue
        due = deadline(timing, Progress(sitting.started_at, sitting.extra_seconds, sitting.paused_seconds))
        if due != sitting.deadline:
            sitting.deadline = due
            moved += 1
    db.session.flush()
    return moved
