"""How sittings stand: what the writer re-checks of them in its transaction, and what a process remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from contest.rounds.models import Round, Window
from contest.sittings.models import Sitting
from core.database import table_of
from core.database.among import among, listed


class SittingState(NamedTuple):
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


_WINDOW, _ROUND = table_of(Window), table_of(Round)


def _standings() -> Select[Any]:
    c = _SITTING.c
    return (
        select(
            c.id, c.state, c.epoch, c.device_epoch, c.device_hash, c.deadline, c.grace_seconds, c.late_bound_seconds,
            c.extra_seconds + c.paused_seconds, c.window_id, c.round_id, _WINDOW.c.paused_at, _ROUND.c.notice_number,
        )
        .join(_WINDOW, _WINDOW.c.id == c.window_id)
        .join(_ROUND, _ROUND.c.id == c.round_id)
        .where(among(c.id, "ids"))
        .order_by(c.id)
    )


# Made once: building a statement costs more than running it.
_READ = _standings()
_SHARED = _standings().with_for_update(read=True, of=_SITTING)
_EXCLUSIVE = _standings().with_for_update(of=_SITTING)


def sitting_states(connection: Connection, ids: Sequence[int], *, exclusive: bool = False) -> dict[int, SittingState]:
    """The sittings of ``ids`` as they stand in this transaction, locked against the fold (``exclusive``: for it).

    Who ends a pause moves deadlines and goes on in one transaction. On PostgreSQL this may have to wait for it; it finds the
    deadlines moved then, and the window still paused as the statement first saw it: too much is refused for once, nothing
    too much accepted.
    """
    return _states(connection, _EXCLUSIVE if exclusive else _SHARED, ids)


def read_states(connection: Connection, ids: Sequence[int]) -> dict[int, SittingState]:
    """The sittings of ``ids`` as they stand now, without a lock; all of one moment."""
    return _states(connection, _READ, ids)


def _states(connection: Connection, statement: Select[Any], ids: Sequence[int]) -> dict[int, SittingState]:
    rows = connection.execute(statement, {"ids": listed(set(ids))})
    return {row[0]: SittingState(*row) for row in rows}
