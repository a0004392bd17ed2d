"""What a process remembers of sittings, and how it learns within two seconds that this is out of date.

Heartbeats come by the thousand, so they are answered from memory: from what the writer last told this process of a sitting.
Whoever changes a sitting, a window or a round leaves a row in ``sitting_control`` in the same transaction (``announce``); the
requests themselves read new rows, one of them a second, and forget what they name. The writer's own check in its transaction
remains the last word: memory decides nothing that is written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select

from contest.rounds.clock import may_be_folded
from contest.sittings.models import ControlRow
from contest.sittings.standing import SittingState, read_states
from core.database import table_of
from core.database.reading import GroupReader
from core.database.server_time import now

#: Seconds between two readings of the table, and after how many a request rather waits for a reading than trusts its memory.
EVERY = 1.0
TOO_OLD = 1.5

#: Numbers are given out before their transactions commit, so on PostgreSQL a lower one may appear after a higher one. Rows are
#: read again for as long as a transaction that announces something can last, in seconds.
OVERLAP = 60.0

#: Sittings remembered at most; when there are more, memory begins anew.
CAPACITY = 60_000

#: How long rows are kept: far longer than any process goes without reading.
KEPT = timedelta(days=1)

_ROW = table_of(ControlRow)
_NEW_ROWS = select(_ROW.c.id, _ROW.c.sitting_id, _ROW.c.window_id, _ROW.c.round_id).where(_ROW.c.id > bindparam("after"))


def announce(
    connection: Connection,
    *,
    at: datetime,
    sittings: Iterable[int] = (),
    window: int | None = None,
    round_: int | None = None,
) -> None:
    """Make every process forget what it remembers of these sittings, or of all those of a window or round, within two seconds
    of the commit of this transaction, in which whatever changed them is written too."""
    rows = [{"at": at, "sitting_id": number, "window_id": None, "round_id": None} for number in sittings]
    if window is not None:
        rows.append({"at": at, "sitting_id": None, "window_id": window, "round_id": None})
    if round_ is not None:
        rows.append({"at": at, "sitting_id": None, "window_id": None, "round_id": round_})
    if rows:
        connection.execute(insert(_ROW), rows)


def sweep(engine: Engine, moment: datetime | None = None) -> int:
    """Delete the rows that every process has long read; returns how many."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        return connection.execute(delete(_ROW).where(_ROW.c.at < (moment or now()) - KEPT)).rowcount


class Remembered:
    """The sittings as this process was last told they stand; any thread may ask.

    ``every`` is the time between two readings of ``sitting_control`` in seconds (0: each request reads).
    """

    def __init__(self, engine: Engine, every: float = EVERY) -> None:
        self._engine = engine
        self._reader = GroupReader(engine, read_states)
        self._every = every
        self._states: dict[int, SittingState] = {}
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._read_at = -TOO_OLD
        self._after: int | None = None
        self._seen: dict[int, float] = {}
        self._forgettings = 0

    def ticket(self) -> int:
        """Take this before asking the writer or the table how a sitting stands, and give it to ``remember`` with the answer:
        if anything was announced in between, the answer may be older than that and is not kept."""
        return self._forgettings

    def remember(self, state: SittingState, ticket: int) -> None:
        """``state`` is how a sitting stands, by an answer asked for when ``ticket`` was taken."""
        with self._lock:
            if ticket != self._forgettings:
                return
            if len(self._states) >= CAPACITY:
                self._states = {}
            self._states[state.id] = state

    def state_of(self, sitting: int, moment: datetime) -> SittingState | None:
        """How ``sitting`` stands at ``moment``, from memory where that is fresh; None where there is no such sitting.

        After its deadline the table is asked: what the worker folds is not announced.
        """
        self.refresh()
        state = self._states.get(sitting)
        if state is not None and not may_be_folded(moment, state.deadline, state.grace):
            return state
        return self.look_up(sitting)

    def look_up(self, sitting: int) -> SittingState | None:
        """How ``sitting`` stands by the table; it is remembered."""
        ticket = self.ticket()
        state = self._reader.get(sitting)
        if state is not None:
            self.remember(state, ticket)
        return state

    def close(self) -> None:
        """Close the connection that is kept open for looking up."""
        self._reader.close()

    def refresh(self) -> None:
        """Read what was announced, if nobody has for a second. One request reads while the others go on with what is known;
        where nobody has read for too long they wait for it."""
        age = time.monotonic() - self._read_at
        if age < self._every:
            return
        if not self._reading.acquire(blocking=age >= TOO_OLD or self._every == 0):
            return
        try:
            if time.monotonic() - self._read_at >= self._every:
                started = time.monotonic()
                self._read(started)
                self._read_at = started
        finally:
            self._reading.release()

    def _read(self, moment: float) -> None:
        with self._engine.connect() as connection:
            if self._after is None:
                # Nothing is remembered yet, so nothing can be out of date but what is committing at this moment.
                newest = connection.execute(select(func.max(_ROW.c.id))).scalar() or 0
                self._after = max(0, newest - 1000)
            rows = connection.execute(_NEW_ROWS, {"after": self._after}).all()
        fresh = [row for row in rows if row.id not in self._seen]
        if fresh:
            self._forget(
                {row.sitting_id for row in fresh}, {row.window_id for row in fresh}, {row.round_id for row in fresh}
            )
        self._seen.update((row.id, moment) for row in fresh)
        settled = [number for number, seen in self._seen.items() if seen < moment - OVERLAP]
        for number in settled:
            del self._seen[number]
        self._after = max([self._after, *settled])

    def _forget(self, sittings: set[int | None], windows: set[int | None], rounds: set[int | None]) -> None:
        with self._lock:
            self._forgettings += 1
            windows, rounds = windows - {None}, rounds - {None}
            if windows or rounds:
                self._states = {
                    number: state
                    for number, state in self._states.items()
                    if state.window not in windows and state.round not in rounds
                }
            for number in sittings:
                if number is not None:
                    self._states.pop(number, None)
