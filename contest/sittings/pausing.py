"""Pausing windows and going on: while a window is paused nobody in it can save, and nobody's time runs.

A pause holds whoever was under way when it began, and when it ends they all have as much time as they had then. Whoever had
ended before stays ended; whoever has not come yet has the window's end moved too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, exists, select, type_coerce, update

from contest.rounds.clock import pause_seconds
from contest.rounds.models import Window
from contest.rounds.service import lock_windows
from contest.sittings.messages import notify
from contest.sittings.models import Sitting, WindowPause
from core.audit import record
from core.database import db, table_of, to_microseconds
from core.database.server_time import now

_SECOND = 1_000_000


def not_over(moment: datetime) -> ColumnElement[bool]:
    """The condition "what the server gets at ``moment`` still counts for the sitting", as ``clock.may_be_folded`` says it."""
    c = table_of(Sitting).c
    return type_coerce(c.deadline, BigInteger) + c.grace_seconds * _SECOND >= to_microseconds(moment)


def may_be_paused(window: Window, moment: datetime) -> bool:
    """True while there is something to pause: the window is open, or somebody in it still sits."""
    if window.paused_at is not None or window.round.state != "open" or moment < window.opens_at:
        return False
    return moment < window.closes_at or bool(
        db.session.scalar(
            select(exists().where(Sitting.window_id == window.id, Sitting.state == "open", not_over(moment)))
        )
    )


def pause_windows(windows: Sequence[Window], reason: str) -> list[Window]:
    """Pause those of ``windows`` that can be paused (``may_be_paused``), from one moment on; returns them.

    Inside a unit of work. A Start that is being written is waited for, so that the pause begins after it.
    """
    locked = lock_windows([window.id for window in windows])
    moment = now()
    paused = [window for window in locked if may_be_paused(window, moment)]
    for window in paused:
        window.paused_at = moment
        db.session.add(WindowPause(window_id=window.id, began_at=moment, reason=reason))
    db.session.flush()
    for window in paused:
        notify(window.round, "pause", {"window": window.public_id, "text": reason})
        record("window.paused", f"window:{window.public_id}", {"reason": reason})
    return paused


def resume_windows(windows: Sequence[Window]) -> dict[int, int]:
    """Let those of ``windows`` that are paused go on; how many seconds each of them was given back, by its id.

    Inside a unit of work: the deadlines of a city's 17,000 sittings are moved by one statement, so that nobody is ever seen
    between the two. Meanwhile nobody in these windows can save anyway.
    """
    locked = [window for window in lock_windows([w.id for w in windows]) if window.paused_at is not None]
    moment = now()
    given: dict[int, int] = {}
    moved: dict[int, int] = {}
    for window in locked:
        began = window.paused_at or moment
        given[window.id] = seconds = pause_seconds(began, moment)
        moved[window.id] = _move(window, began, seconds)
        window.closes_at += timedelta(seconds=seconds)
        window.paused_at = None
        db.session.execute(
            update(WindowPause)
            .where(WindowPause.window_id == window.id, WindowPause.ended_at.is_(None))
            .values(ended_at=moment)
        )
    db.session.flush()
    for window in locked:
        seconds = given[window.id]
        notify(window.round, "resume", {"window": window.public_id, "seconds": seconds})
        details = {"seconds": seconds, "sittings": moved[window.id]}
        record("window.resumed", f"window:{window.public_id}", details)
    forget_deadlines()
    return given


def _move(window: Window, began: datetime, seconds: int) -> int:
    """Give every sitting that the pause held its time back; how many there are.

    An annulled one may be reinstated: then it must have lost nothing either.
    """
    c = table_of(Sitting).c
    held = (
        c.window_id == window.id,
        (c.state == "open") | ((c.state == "annulled") & c.submitted_at.is_(None)),
        not_over(began),
    )
    connection = db.session.connection()
    # In the order of ids, as everybody locks them (PostgreSQL; SQLite's transaction is alone).
    ids = connection.execute(select(c.id).where(*held).order_by(c.id).with_for_update()).scalars().all()
    later: dict[str, Any] = {
        "deadline": type_coerce(c.deadline, BigInteger) + seconds * _SECOND,
        "paused_seconds": c.paused_seconds + seconds,
    }
    connection.execute(update(table_of(Sitting)).where(*held).values(later))
    return len(ids)


def forget_deadlines() -> None:
    """What this session has read of sittings is out of date."""
    for known in [one for one in db.session if isinstance(one, Sitting)]:
        db.session.expire(known, ["deadline", "paused_seconds", "extra_seconds"])
