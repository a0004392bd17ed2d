"""Extra time: for one sitting, or for all that are under way in a window, a batch a transaction.

A grant is one however often its form is sent: each sitting is given it once. A sitting whose time is over is not called back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, exists, insert, select, type_coerce, update

from contest.rounds.clock import may_be_folded, standing
from contest.rounds.models import Window
from contest.rounds.service import lock_windows
from contest.sittings.control import announce
from contest.sittings.messages import notify
from contest.sittings.models import ExtraTime, Sitting
from contest.sittings.pausing import forget_deadlines, not_over
from core.audit import record
from core.audit.canonical import merkle_root
from core.database import db, public_id, table_of

#: Minutes of one grant at most, and seconds that one sitting may be given in all.
MAX_MINUTES, MOST_SECONDS = 60, 3 * 3600

#: Sittings given time in one transaction: some 20 ms of SQLite's write lock. And the seconds that savers have between two.
BATCH, GAP = 200, 0.01

_KEY = re.compile(r"[A-Za-z0-9_-]{6,16}", re.ASCII)


@dataclass(frozen=True)
class Grant:
    """``seconds`` more, for ``reason``, given at ``at``; ``key`` is of the form."""

    key: str
    seconds: int
    reason: str
    at: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes, as organisers give them."""
        return self.seconds // 60


@dataclass(frozen=True)
class Waiting:
    """A sitting that a grant is for."""

    id: int
    public_id: str


def new_key() -> str:
    """The key of a form that is being made."""
    return public_id()


def is_key(text: str | None) -> bool:
    """True for what can be a form's key."""
    return _KEY.fullmatch(text or "") is not None


def was_given(grant: Grant) -> bool:
    """True when some sitting has been given this very grant."""
    return bool(db.session.scalar(select(exists().where(ExtraTime.grant_key == grant.key))))


def waiting_for(window: Window, grant: Grant, only: Sitting | None = None) -> list[Waiting]:
    """The sittings of ``window`` (``only``: this one) that can have ``grant`` and have not had it, the most urgent first."""
    c = table_of(Sitting).c
    had = select(ExtraTime.sitting_id).where(ExtraTime.grant_key == grant.key)
    wanted = select(c.id, c.public_id).where(
        c.window_id == window.id,
        c.state == "open",
        not_over(standing(grant.at, window.paused_at)),
        c.extra_seconds + grant.seconds <= MOST_SECONDS,
        c.id.not_in(had),
    )
    if only is not None:
        wanted = wanted.where(c.id == only.id)
    return [Waiting(row.id, row.public_id) for row in db.session.execute(wanted.order_by(c.deadline, c.id))]


def _given_to(grant: Grant, sittings: Sequence[Waiting]) -> set[int]:
    """Those of ``sittings`` that have been given this very grant."""
    wanted = select(ExtraTime.sitting_id).where(
        ExtraTime.grant_key == grant.key, ExtraTime.sitting_id.in_([sitting.id for sitting in sittings])
    )
    return set(db.session.scalars(wanted))


def give(window: Window, grant: Grant, sittings: Sequence[Waiting]) -> int:
    """Give ``grant`` to those of ``sittings``, all of ``window``, that can still have it; how many. Inside a unit of work.

    What is added to a sitting's extra time moves its deadline by as much, whatever its window's end is
    (``clock.deadline``): two statements for all of them.
    """
    c = table_of(Sitting).c
    connection = db.session.connection()
    rows = connection.execute(
        select(c.id, c.state, c.deadline, c.grace_seconds, c.extra_seconds)
        .where(c.id.in_([sitting.id for sitting in sittings]))
        .order_by(c.id)
        .with_for_update()
    ).all()
    shown = standing(grant.at, window.paused_at)
    ids = {
        row.id
        for row in rows
        if row.state == "open"
        and not may_be_folded(shown, row.deadline, row.grace_seconds)
        and row.extra_seconds + grant.seconds <= MOST_SECONDS
    }
    ids -= _given_to(grant, sittings)
    later: dict[str, Any] = {
        "extra_seconds": c.extra_seconds + grant.seconds,
        "deadline": type_coerce(c.deadline, BigInteger) + grant.seconds * 1_000_000,
    }
    connection.execute(update(table_of(Sitting)).where(c.id.in_(ids)).values(later))
    values = {"grant_key": grant.key, "seconds": grant.seconds, "reason": grant.reason, "given_at": grant.at}
    if ids:
        connection.execute(insert(table_of(ExtraTime)), [{"sitting_id": number, **values} for number in sorted(ids)])
    forget_deadlines()
    return len(ids)


def give_one(sitting: Sitting, grant: Grant) -> bool:
    """Give ``grant`` to one sitting; False when its time is over, it has had as much as anybody may, or this very grant.

    Inside a unit of work.
    """
    waiting = waiting_for(sitting.window, grant, sitting)
    if not waiting or not give(sitting.window, grant, waiting):
        return False
    announce(db.session.connection(), at=grant.at, sittings=[sitting.id])
    record("sitting.extra_time", f"sitting:{sitting.public_id}", {"minutes": grant.minutes, "reason": grant.reason})
    return True


def begin_for_window(window: Window, grant: Grant, sittings: Sequence[Waiting]) -> None:
    """Write down that all of ``sittings`` are given ``grant``, once, and tell them why. In the first batch's unit of work."""
    lock_windows([window.id])
    c = table_of(Sitting).c
    begun = select(exists().where(ExtraTime.grant_key == grant.key, ExtraTime.sitting_id == c.id, c.window_id == window.id))
    if db.session.scalar(begun):
        return
    notify(window.round, "extra", {"window": window.public_id, "minutes": grant.minutes, "text": grant.reason})
    record(
        "window.extra_time",
        f"window:{window.public_id}",
        {
            "minutes": grant.minutes,
            "reason": grant.reason,
            "sittings": len(sittings),
            "root": merkle_root(sorted(sitting.public_id for sitting in sittings)),
        },
    )


def end_for_window(window: Window, grant: Grant) -> None:
    """The last batch is committed: let every process forget the deadlines that it remembers. Inside a unit of work."""
    announce(db.session.connection(), at=grant.at, window=window.id)
