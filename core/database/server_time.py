"""The server's own time: an anchor of wall-clock time plus the monotonic clock since boot.

The anchor is a row of the database, one for each boot of a machine, so that a step of the wall clock, while running or
across a restart of the process, moves nobody's deadline. After a reboot (another boot id) a new anchor is taken
(``core.database.anchoring``). The kernel slews the boot clock together with the wall clock, so small corrections by NTP are
followed; only steps part the two. Where no NTP runs, the boot clock's own drift (seconds a day at most) is the server's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database.engine import Model
from core.database.types import UtcDateTime

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class ClockAnchor(Model):
    """What the wall clock said when the boot clock stood at ``boot_nanoseconds``."""

    __tablename__ = "clock_anchor"

    boot_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    boot_nanoseconds: Mapped[int] = mapped_column(BigInteger)
    wall: Mapped[datetime] = mapped_column(UtcDateTime)
    wall_ahead: Mapped[int] = mapped_column(
        BigInteger, default=0, comment="microseconds: the wall clock less the server's time, as last recorded"
    )
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="the server's time when this boot was last heard of")
    ahead_of_database: Mapped[int | None] = mapped_column(
        BigInteger, comment="microseconds: the server's time less the clock of the database's machine (PostgreSQL)"
    )

    __table_args__ = {"comment": "one row a boot of a machine"}


class ClockStep(Model):
    """The wall clock was moved, while a process ran or between two: by ``by_microseconds`` (negative: back). That moved
    nobody's deadline."""

    __tablename__ = "clock_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    boot_id: Mapped[str] = mapped_column(String(64))
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="by the server's own time")
    by_microseconds: Mapped[int] = mapped_column(BigInteger)


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""


class WallClock:
    """The machine's wall clock: what a process uses until it is anchored."""

    def now(self) -> datetime:
        return wall_time()


class AnchoredClock:
    """Wall time of the anchor plus what the boot clock has run since."""

    def __init__(self, wall: datetime, boot_nanoseconds: int) -> None:
        self._wall = wall
        self._boot = boot_nanoseconds

    def now(self) -> datetime:
        return self.at(boot_nanoseconds())

    def at(self, nanoseconds: int) -> datetime:
        """The server's time when the boot clock stood at ``nanoseconds``."""
        return self._wall + timedelta(microseconds=(nanoseconds - self._boot) // 1000)


class ManualClock:
    """A clock that stands still until it is told otherwise: for tests and for simulated sittings."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        """Move on by ``seconds``."""
        self.moment += timedelta(seconds=seconds)


_clock: Clock = WallClock()


def now() -> datetime:
    """The server's time, aware UTC."""
    return _clock.now()


def use_clock(clock: Clock) -> Clock:
    """Make ``clock`` the process's clock; returns the one it replaces."""
    global _clock
    previous, _clock = _clock, clock
    return previous


@contextmanager
def clock_set_to(clock: Clock) -> Iterator[Clock]:
    """``clock`` is the process's clock inside the block."""
    previous = use_clock(clock)
    try:
        yield clock
    finally:
        use_clock(previous)


def wall_time() -> datetime:
    """What the machine's wall clock says, aware UTC: for anchoring and for noticing steps, never for decisions."""
    return datetime.now(UTC)


def boot_nanoseconds() -> int:
    """Nanoseconds since boot, sleep included; no step of the wall clock touches it."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def boot_id() -> str:
    """An id that changes with every boot; empty where the system tells none."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
