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
        """A device of ``sitting`` was heard of at ``at``. When it is time, hands what was heard to the writer, and waits for
        nothing."""
        with self._lock:
            self._seen[sitting] = at
            if self._flushed is not None and at - self._flushed < timedelta(seconds=FLUSH_EVERY):
                return
            self._flushed = at
            heard, self._seen = list(self._seen.items()), {}
        for start in range(0, len(heard), BATCH):
            try:
                self._writer.post(_write, tuple(heard[start : start + BATCH]))
            except WriterBusy:
                return  # the next heartbeat tells it again


def _write(connection: Connection, batches: Sequence[tuple[tuple[int, datetime], ...]]) -> list[None]:
    newest = {sitting: at for batch in batches for sitting, at in sorted(batch, key=lambda pair: pair[1])}
    # In the order in which every process locks sittings.
    rows = [{"sitting_id": sitting, "last_seen_at": newest[sitting]} for sitting in sorted(newest)]
    upsert(connection, table_of(SittingPresence), rows)
    return [None] * len(batches)
