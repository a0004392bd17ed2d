"""Who was heard of when: heartbeats are kept in memory and written in batches, never one by one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from contest.sittings.models import SittingPresence
from core.database import table_of
from core.database.upsert import upsert
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
    newest = {sitting: at for batch in batches for sitting, at in sorted(batch, key=lambda pair: pair[1])}
    # In the order in which every process locks sittings.
    rows = [{"sitting_id": sitting, "last_seen_at": newest[sitting]} for sitting in sorted(newest)]
    upsert(connection, table_of(SittingPresence), rows)
    return [None] * len(batches)
