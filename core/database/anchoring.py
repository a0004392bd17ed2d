"""Taking a boot's anchor, and looking at how the clocks stand to each other.

Which moment a new boot begins with:

- SQLite: what the wall clock says.
- PostgreSQL, where several machines serve: what the clock of the database's machine says (asked a few times, half the round
  trip added), so that machines agree whatever their own wall clocks say. Live machines keep in their anchors by how much the
  server's time is ahead of that clock; a machine that joins them adds it, and so has their time also where the database's
  clock was stepped meanwhile. From then on each goes on by its own boot clock.

Never a moment before the newest that any boot has known, lest what happened comes to lie in the future: where the clock says
less (a dead battery), the time goes on from the newest known one, a warning is logged, and the difference is recorded as a
step. A clock that stood too far ahead when the anchor was taken is put right by a person: ``python run.py clock reset``.
Where nothing is known and the clock is set to years ago, no anchor is taken at all.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.database import server_time
from core.database.engine import table_of
from core.database.server_time import AnchoredClock, ClockAnchor

log = logging.getLogger(__name__)

#: A wall clock before this has never been set: the program is younger.
PROGRAM_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)

#: A boot that was heard of so long ago still serves: others take its time.
LIVE = timedelta(seconds=60)

#: How often a clock is asked when asking takes a while; the quickest answer counts.
TRIES = 5

#: Two clocks that could not be read within this of each other, in nanoseconds, cannot be compared.
TOGETHER = 100_000_000


class ClockNeverSet(Exception):
    """The wall clock is set to years ago, and nothing is known that could correct it. ``args[0]``: what it says."""


def anchored_clock(engine: Engine) -> AnchoredClock:
    """The clock of this boot: its anchor is read from the database, or taken now and kept there. Raises ClockNeverSet.

    Where boots cannot be told apart nothing is kept: after a reboot an old anchor would put the time back by days.
    """
    if not server_time.boot_id():
        return AnchoredClock(server_time.wall_time(), server_time.boot_nanoseconds())
    anchor = own_anchor(engine)
    if anchor is None:
        # Where another process of this boot takes it first, its row counts.
        with suppress(IntegrityError), engine.connect().execution_options(writes=True) as connection, connection.begin():
            _take_anchor(connection)
        anchor = own_anchor(engine)
        assert anchor is not None
    return clock_of(anchor)


def own_anchor(engine: Engine) -> Row[Any] | None:
    """The row of this boot's anchor, if there is one."""
    table = table_of(ClockAnchor)
    with engine.connect() as connection:
        return connection.execute(select(table).where(table.c.boot_id == server_time.boot_id())).first()


def clock_of(anchor: Row[Any]) -> AnchoredClock:
    """The clock that goes on from ``anchor``."""
    return AnchoredClock(anchor.wall, anchor.boot_nanoseconds)


def forget_anchors(connection: Connection) -> None:
    """Every process that starts from now on takes its anchor anew, from the clock as it stands then."""
    connection.execute(delete(table_of(ClockAnchor)))


def _take_anchor(connection: Connection) -> None:
    table = table_of(ClockAnchor)
    known = connection.execute(select(table.c.seen_at, table.c.ahead_of_database).order_by(table.c.seen_at.desc())).all()
    ahead: int | None = None
    if connection.dialect.name == "postgresql":
        told, nanoseconds = _database_time(connection)
        ahead = next((row.ahead_of_database for row in known if _lives(row.seen_at, row.ahead_of_database, told)), 0)
        moment = told + timedelta(microseconds=ahead)
    else:
        moment, nanoseconds = server_time.wall_time(), server_time.boot_nanoseconds()
    if known and moment < known[0].seen_at:
        newest = known[0].seen_at
        log.warning("the clock says %s, but it was %s before: going on from there", moment.isoformat(), newest.isoformat())
        if ahead is not None:
            ahead += (newest - moment) // timedelta(microseconds=1)
        moment = newest
    if moment < PROGRAM_WRITTEN:
        raise ClockNeverSet(moment)
    values = {"boot_id": server_time.boot_id(), "boot_nanoseconds": nanoseconds, "wall": moment, "wall_ahead": 0}
    connection.execute(insert(table).values(**values, seen_at=moment, ahead_of_database=ahead))


def _lives(seen_at: datetime, ahead: int | None, database_time: datetime) -> bool:
    """True for a boot that was heard of a moment ago, by its own account of how far ahead of the database it is."""
    return ahead is not None and -LIVE < database_time + timedelta(microseconds=ahead) - seen_at < LIVE


def database_clock(connection: Connection) -> datetime:
    """What the clock of the database's machine says (PostgreSQL)."""
    told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return told.astimezone(UTC)


def _database_time(connection: Connection) -> tuple[datetime, int]:
    """What the database's clock said, and where the boot clock stood then: half-way between asking and hearing."""
    trips = []
    for _ in range(TRIES):
        asked = server_time.boot_nanoseconds()
        told = database_clock(connection)
        heard = server_time.boot_nanoseconds()
        trips.append((heard - asked, told, (asked + heard) // 2))
    return min(trips)[1:]


@dataclass(frozen=True, slots=True)
class Look:
    """How the clocks stand: the server's time, and by how many microseconds the wall clock is ahead of it, and it ahead of
    the database's clock (None on SQLite)."""

    moment: datetime
    wall_ahead: int
    ahead_of_database: int | None


def look(engine: Engine, clock: AnchoredClock) -> Look | None:
    """Compare the clocks; None where this machine is too busy to read two of them together."""
    readings = []
    for _ in range(TRIES):
        before = server_time.boot_nanoseconds()
        wall = server_time.wall_time()
        readings.append((server_time.boot_nanoseconds() - before, wall, before))
    apart, wall, at = min(readings)
    if apart > TOGETHER:
        return None
    ahead = None
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            told, nanoseconds = _database_time(connection)
        ahead = (clock.at(nanoseconds) - told) // timedelta(microseconds=1)
    return Look(clock.at(at), (wall - clock.at(at)) // timedelta(microseconds=1), ahead)
