"""Moving a window's end later: the deadlines of the sittings under way move with it."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from contest.rounds.clock import Progress, deadline, may_be_folded, standing
from contest.rounds.models import Window
from contest.rounds.service import lock_windows, move_window_end, round_rules, timing_of
from contest.sittings.control import announce
from contest.sittings.models import Sitting
from core.database import db, table_of
from core.database.server_time import now


class WindowOver(Exception):
    """The window has closed, or its round has: it can no longer be moved."""


def extend_window(window: Window, minutes: int, reason: str) -> int:
    """Let ``window`` close ``minutes`` later; returns how many sittings got a later deadline.

    Inside a unit of work. A sitting whose time is over stays so: nobody who has been sent out is called back. Raises
    WindowOver once the window has closed.
    """
    (window,) = lock_windows([window.id])  # a Start that is being written waits here, or is seen below (PostgreSQL)
    moment = standing(now(), window.paused_at)
    round_ = window.round
    if round_.state != "open" or window.closes_at <= moment:
        raise WindowOver(window.public_id)
    move_window_end(window, minutes, reason)
    announce(db.session.connection(), at=now(), round_=round_.id)
    timing = timing_of(window, round_rules(round_))
    c = table_of(Sitting).c
    # Without the papers, and in the order in which the writer locks: a city's sittings must not keep it waiting.
    sittings = db.session.execute(
        select(c.id, c.started_at, c.deadline, c.grace_seconds, c.extra_seconds, c.paused_seconds)
        .where(c.window_id == window.id, c.state == "open")
        .order_by(c.id)
        .with_for_update()
    ).all()
    moved = []
    for row in sittings:
        if may_be_folded(moment, row.deadline, row.grace_seconds):
            continue
        due = deadline(timing, Progress(row.started_at, row.extra_seconds, row.paused_seconds))
        if due != row.deadline:
            moved.append({"of": row.id, "due": due})
    if moved:
        change = update(table_of(Sitting)).where(c.id == bindparam("of")).values(deadline=bindparam("due"))
        db.session.connection().execute(change, moved)
        for known in [one for one in db.session if isinstance(one, Sitting)]:
            db.session.expire(known, ["deadline"])
    return len(moved)
