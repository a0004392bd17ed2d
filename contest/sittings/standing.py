"""How sittings stand: what the writer re-checks of them in its transaction, and what a process remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from contest.rounds.models import Round, Window
from contest.sittings.models import Sitting
from core.database import table_of


@dataclass(frozen=True, slots=True)
class SittingState:
    """A sitting as it stands. ``paused_at``: since when its window is paused (None: it is not). ``moved``: seconds that its
    deadline was moved by extra time and pauses. ``notice``: the newest notice of its round."""

    id: int
    state: str
    epoch: int
    device_epoch: int
    device_hash: str
    deadline: datetime
    grace: int
    late_bound: int
    moved: int
    window: int
    round: int
    paused_at: datetime | None
    notice: int

    def is_paused(self, at: datetime) -> bool:
        """True when what the server gets at ``at`` comes into a pause."""
        return self.paused_at is not None and at > self.paused_at


_SITTING = table_of(Sitting)


def _sittings() -> Select[Any]:
    c = _SITTING.c
    return (
        select(
            c.id, c.state, c.epoch, c.device_epoch, c.device_hash, c.deadline, c.grace_seconds, c.late_bound_seconds,
            c.extra_seconds + c.paused_seconds, c.window_id, c.round_id,
        )
        .where(c.id.in_(bindparam("ids", expanding=True)))
        .order_by(c.id)
    )


# Made once: building a statement costs more than running it.
_SHARED = _sittings().with_for_update(read=True)
_EXCLUSIVE = _sittings().with_for_update()

_WINDOWS = (
    select(table_of(Window).c.id, table_of(Window).c.paused_at, table_of(Round).c.notice_number)
    .join(table_of(Round), table_of(Round).c.id == table_of(Window).c.round_id)
    .where(table_of(Window).c.id.in_(bindparam("ids", expanding=True)))
)
_READ = (
    _sittings()
    .add_columns(table_of(Window).c.paused_at, table_of(Round).c.notice_number)
    .join(table_of(Window), table_of(Window).c.id == _SITTING.c.window_id)
    .join(table_of(Round), table_of(Round).c.id == _SITTING.c.round_id)
)


def sitting_states(connection: Connection, ids: Sequence[int], *, exclusive: bool = False) -> dict[int, SittingState]:
    """The sittings of ``ids`` as they stand in this transaction, locked against the fold (``exclusive``: for it).

    Windows are read after the sittings are locked: who ends a pause moves the sittings first, so that nobody sees a pause
    ended and a deadline not yet moved.
    """
    return _states(connection, _EXCLUSIVE if exclusive else _SHARED, ids)


def read_states(connection: Connection, ids: Sequence[int]) -> dict[int, SittingState]:
    """The sittings of ``ids`` as they stand now, without a lock, in one statement: all of one moment."""
    return {row[0]: SittingState(*row) for row in connection.execute(_READ, {"ids": list(ids)})}


def _states(
    connection: Connection, statement: Select[Any], ids: Sequence[int]
) -> dict[int, SittingState]:
    rows = connection.execute(statement, {"ids": sorted(set(ids))}).all()
    windows = {row[-2] for row in rows}
    standing = {
        window: (paused_at, notice)
        for window, paused_at, notice in connection.execute(_WINDOWS, {"ids": sorted(windows)})
    } if windows else {}
    return {row[0]: SittingState(*(*row, *standing[row[-2]])) for row in rows}
