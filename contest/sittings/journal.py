"""The journal's writer: one transaction for all waiting saves, each re-checked in it, acknowledged after the commit.

``save`` is a handler of the group-commit writer. It is written in SQLAlchemy Core, the same statements on both engines. On
PostgreSQL the sittings are read FOR SHARE, against the fold's FOR UPDATE; on SQLite the writing transaction is alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, tuple_

from contest.rounds.clock import accepts, settled_at
from contest.rounds.models import Round
from contest.sittings.models import ApartRow, JournalRow, Sitting
from core.database import EngineCache, table_of

#: A sitting whose deadline is past its grace still takes late rows, apart, for as long as the rules say; this bounds how
#: many of them one sitting may send, so that nobody fills the disk.
MAX_APART_ROWS = 2_000


class Cause(StrEnum):
    """Why a save was not acknowledged as counting; the page explains each."""

    OTHER_DEVICE = "other_device"
    ENDED = "ended"
    PAYLOAD = "payload"
    STEP = "step"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to append. ``sequence`` is None where the server numbers (no JavaScript)."""

    sequence: int | None
    kind: str
    item: int | None
    version: str | None
    payload: str
    client_at: datetime | None = None
    step: int = 1


@dataclass(frozen=True, slots=True)
class Save:
    """What one request asks to append."""

    sitting: int
    epoch: int
    device: str
    rows: tuple[NewRow, ...]
    received_at: datetime


@dataclass(slots=True)
class Saved:
    """The answer to a save: ``cause`` is None when every row is in the journal.

    ``next`` is the first unused sequence of the epoch, ``epoch`` the newest of the sitting, ``deadline`` and ``notice`` as
    they stand; ``conflicts`` the sequences that were used before with another payload.
    """

    cause: Cause | None
    state: str = ""
    epoch: int = 0
    deadline: datetime | None = None
    notice: int = 0
    next: int = 1
    conflicts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SittingState:
    """What the writer re-checks of a sitting."""

    id: int
    state: str
    epoch: int
    device_epoch: int
    device_hash: str
    deadline: datetime
    grace: int
    late_bound: int
    notice: int


def sitting_states(connection: Connection, ids: Sequence[int], *, exclusive: bool = False) -> dict[int, SittingState]:
    """The sittings of ``ids`` as they stand in this transaction, locked against the fold (``exclusive``: for it)."""
    sitting, round_ = table_of(Sitting).c, table_of(Round).c
    statement = (
        select(
            sitting.id, sitting.state, sitting.epoch, sitting.device_epoch, sitting.device_hash, sitting.deadline,
            sitting.grace_seconds.label("grace"), sitting.late_bound_seconds.label("late_bound"),
            round_.notice_number.label("notice"),
        )
        .join(table_of(Round), round_.id == sitting.round_id)
        .where(sitting.id.in_(sorted(set(ids))))
        .order_by(sitting.id)
        .with_for_update(read=not exclusive, of=table_of(Sitting))
    )
    return {row.id: SittingState(**row._mapping) for row in connection.execute(statement)}


_papers: EngineCache[int, tuple[int, ...]] = EngineCache(50_000)


def versions_on_papers(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The question versions on the papers of the sittings of ``ids``, in order; a paper never changes, so they are kept."""
    wanted = set(ids)
    known = _papers.store(connection.engine, len(wanted))
    c = table_of(Sitting).c
    for chunk in _chunks(sorted(wanted - known.keys()), 500):
        for sitting, paper in connection.execute(select(c.id, c.paper).where(c.id.in_(chunk))):
            known[sitting] = tuple(drawn["version"] for drawn in paper)
    return {sitting: known[sitting] for sitting in wanted if sitting in known}


def save(connection: Connection, requests: Sequence[Save]) -> list[Saved]:
    """Append the rows of ``requests`` (see the module); one outcome each, in order."""
    states = sitting_states(connection, [r.sitting for r in requests])
    known = _Known(connection, requests, versions_on_papers(connection, list(states)))
    outcomes: list[Saved] = []
    for request in requests:
        state = states.get(request.sitting)
        if state is None:
            outcomes.append(Saved(Cause.UNKNOWN))
            continue
        outcomes.append(_save_one(request, state, known))
    known.flush()
    return outcomes


def _save_one(request: Save, state: SittingState, known: _Known) -> Saved:
    outcome = Saved(None, state.state, state.epoch, state.deadline, state.notice)
    apart = None
    if request.epoch < state.device_epoch or request.device != state.device_hash:
        outcome.cause, apart = Cause.OTHER_DEVICE, "old_epoch"
    elif state.state != "open" or not accepts(request.received_at, state.deadline, state.grace):
        within = request.received_at <= settled_at(state.deadline, state.late_bound)
        outcome.cause, apart = Cause.ENDED, "late" if within else "too_late"
    for row in request.rows:
        if row.item is not None and row.item >= len(known.papers[state.id]):
            outcome.cause = Cause.UNKNOWN
            continue
        if not known.add(request, row, apart):
            outcome.conflicts.append(row.sequence or 0)
    if outcome.conflicts and outcome.cause is None:
        outcome.cause = Cause.PAYLOAD
    outcome.next = known.next_sequence(request.sitting, request.epoch)
    return outcome


class _Known:
    """The rows that stand under the keys of this batch already, and those about to be written."""

    def __init__(
        self, connection: Connection, requests: Sequence[Save], papers: dict[int, tuple[int, ...]]
    ) -> None:
        self._connection = connection
        self.papers = papers
        self._rows: dict[tuple[int, int, int], tuple[str, int | None, str]] = {}
        self._last: dict[tuple[int, int], int] = {}
        self._new: list[dict[str, Any]] = []
        self._apart: list[dict[str, Any]] = []
        keys = {(r.sitting, r.epoch, row.sequence) for r in requests for row in r.rows if row.sequence is not None}
        for table in (table_of(JournalRow), table_of(ApartRow)):
            c = table.c
            for chunk in _chunks(sorted(keys), 300):
                rows = connection.execute(
                    select(c.sitting_id, c.epoch, c.sequence, c.kind, c.item, c.payload).where(
                        tuple_(c.sitting_id, c.epoch, c.sequence).in_(chunk)
                    )
                )
                for sitting, epoch, sequence, kind, item, payload in rows:
                    self._rows[(sitting, epoch, sequence)] = (kind, item, payload)
        pairs = sorted({(r.sitting, r.epoch) for r in requests})
        for table in (table_of(JournalRow), table_of(ApartRow)):
            c = table.c
            for chunk in _chunks(pairs, 300):
                highest = connection.execute(
                    select(c.sitting_id, c.epoch, func.max(c.sequence))
                    .where(tuple_(c.sitting_id, c.epoch).in_(chunk))
                    .group_by(c.sitting_id, c.epoch)
                )
                for sitting, epoch, sequence in highest:
                    pair = (sitting, epoch)
                    self._last[pair] = max(self._last.get(pair, 0), sequence)

    def next_sequence(self, sitting: int, epoch: int) -> int:
        """The first sequence of the epoch that nothing has used."""
        return self._last.get((sitting, epoch), 0) + 1

    def add(self, request: Save, row: NewRow, apart: str | None) -> bool:
        """Take ``row`` in; False when its key is used with another payload. The same row again is harmless."""
        sequence = row.sequence or self.next_sequence(request.sitting, request.epoch)
        key = (request.sitting, request.epoch, sequence)
        content = (row.kind, row.item, row.payload)
        if key in self._rows:
            return self._rows[key] == content
        self._rows[key] = content
        pair = (request.sitting, request.epoch)
        self._last[pair] = max(self._last.get(pair, 0), sequence)
        values: dict[str, Any] = {
            "sitting_id": request.sitting,
            "epoch": request.epoch,
            "sequence": sequence,
            "kind": row.kind,
            "step": row.step,
            "item": row.item,
            "version_id": None if row.item is None else self.papers[request.sitting][row.item],
            "payload": row.payload,
            "received_at": request.received_at,
            "client_at": row.client_at,
        }
        if apart is None:
            self._new.append(values)
        elif sequence <= MAX_APART_ROWS:
            self._apart.append({**values, "reason": apart, "counted_at": None})
        return True

    def flush(self) -> None:
        """Write what was taken in."""
        if self._new:
            self._connection.execute(insert(table_of(JournalRow)), self._new)
        if self._apart:
            self._connection.execute(insert(table_of(ApartRow)), self._apart)


def _chunks(values: list[Any], size: int) -> list[list[Any]]:
    return [values[i : i + size] for i in range(0, len(values), size)]
