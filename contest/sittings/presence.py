"""Who was heard of when: heartbeats are kept in memory and written in batches, never one by one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, update

from contest.sittings.models import Sitting
from core.database import table_of
from core.database.writer import GroupCommitWriter, WriterBusy

#: Seconds between two flushes.
FLUSH_EVERY = 10

#: Sittings in one update.
BATCH = 300


class Presence:
    """The last sign of life of each sitting since the last flush."""

    def __init__(self, writer: GroupCommitWriter) -> None:
        self._writer = writer
        self._lock = threading.Lock()
        self._seen: dict[int, datetime] = {}
        self._flushed: datetime | None = None

    def heard(self, sitting: int, at: datetime) -> None:
        """A device of ``sitting`` was heard of at ``at``; flushes when it is time."""
        with self._lock:
            self._seen[sitting] = at
            due = self._flushed is None or at - self._flushed >= timedelta(seconds=FLUSH_EVERY)
            batch = self._take() if due else []
            if due:
                self._flushed = at
        for start in range(0, len(batch), BATCH):
            try:
                self._writer.call(_write, tuple(batch[start : start + BATCH]))
            except WriterBusy:
                return  # the next heartbeat tells it again

    def _take(self) -> list[tuple[int, datetime]]:
        taken, self._seen = list(self._seen.items()), {}
        return taken


def _write(connection: Connection, batches: Sequence[tuple[tuple[int, datetime], ...]]) -> list[None]:
    table = table_of(Sitting)
    newest = {sitting: at for batch in batches for sitting, at in sorted(batch, key=lambda pair: pair[1])}
    # In the order in which every process locks sittings.
    rows = [{"of": sitting, "at": newest[sitting]} for sitting in sorted(newest)]
    if rows:
        connection.execute(
            update(table).where(table.c.id == bindparam("of")).values(last_seen_at=bindparam("at")), rows
        )
    return [None] * len(batches)
