"""Noticing that somebody, or NTP, moved the wall clock of this machine: recorded once, however many processes notice.

A step changes nobody's time (``core.database.server_time``); it is recorded because people will ask. What counts is how far
the wall clock stands from the server's time, against what was recorded last: so a step is found also where it happened while
no process ran.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import CursorResult, update

from core.audit import record
from core.database import db, table_of, unit_of_work
from core.database.anchoring import clock_of, look, own_anchor
from core.database.server_time import ClockAnchor, ClockStep

log = logging.getLogger(__name__)

#: Seconds between two looks.
EVERY = 5.0

#: What is smaller is no step to speak of, in microseconds; several small ones are one when they add up.
SMALLEST_STEP = 1_000_000

#: A boot makes itself heard at least this often, and at once when the database's clock has moved (microseconds).
HEARD = timedelta(seconds=20)
DATABASE_MOVED = 200_000


def watch() -> int:
    """Look at the clocks of this machine; returns the microseconds of the step that was recorded (0: none).

    Needs an app context. Does nothing in a database that no process of this boot is anchored in.
    """
    anchor = own_anchor(db.engine)
    seen = look(db.engine, clock_of(anchor)) if anchor is not None else None
    if anchor is None or seen is None:
        return 0
    step: int = seen.wall_ahead - anchor.wall_ahead
    if abs(step) < SMALLEST_STEP:
        step = 0
    drifted = abs((seen.ahead_of_database or 0) - (anchor.ahead_of_database or 0)) >= DATABASE_MOVED
    if not step and not drifted and timedelta(0) <= seen.moment - anchor.seen_at < HEARD:
        return 0
    c = table_of(ClockAnchor).c
    with unit_of_work() as session:
        result = session.execute(
            update(table_of(ClockAnchor))
            .where(c.boot_id == anchor.boot_id, c.wall_ahead == anchor.wall_ahead)
            .values(
                seen_at=seen.moment,
                ahead_of_database=seen.ahead_of_database,
                wall_ahead=seen.wall_ahead if step else anchor.wall_ahead,
            )
        )
        assert isinstance(result, CursorResult)
        if not step or not result.rowcount:  # or another process has recorded it
            return 0
        session.add(ClockStep(boot_id=anchor.boot_id, noticed_at=seen.moment, by_microseconds=step))
        record("clock.stepped", f"clock:{anchor.boot_id[:8]}", {"seconds": f"{step / 1e6:+.3f}"}, actor="hệ thống")
    log.warning("the wall clock was moved by %+.3f s; the server's time goes on as before", step / 1e6)
    return step
