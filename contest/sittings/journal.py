"""The journal's writer: one transaction for all waiting saves, each re-checked in it, acknowledged after the commit.

``save`` is a handler of the group-commit writer. It is written in SQLAlchemy Core, the same statements on both engines. On
PostgreSQL the sittings are read FOR SHARE, against the fold's FOR UPDATE; on SQLite the writing transaction is alone.

Nearly every row is new, so rows are inserted where their key is free, and only if fewer were inserted than were given does
anybody look what stood there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Table, and_, func, or_, select

from contest.rounds.clock import accepts, settled_at
from contest.sittings.models import ApartRow, JournalRow, Sitting
from contest.sittings.standing import SittingState, sitting_states
from core.database import EngineCache, table_of, to_microseconds
from core.database.among import among, listed
from core.database.bulk import insert_plain

#: Rows of one epoch. Sixty questions changed twenty times each, with every look away, are not a third of it.
MAX_SEQUENCE = 5_000

#: A sitting whose deadline is past its grace still takes late rows, apart, for as long as the rules say; this bounds how
#: many of them one sitting may send, so that nobody fills the disk.
MAX_APART_ROWS = 2_000


class Cause(StrEnum):
    """Why a save was not acknowledged as counting; the page explains each.

    ``PAUSED``: nothing was stored, the page sends it again. ``FULL``: the epoch has no numbers left (see MAX_SEQUENCE).
    """

    OTHER_DEVICE = "other_device"
    ENDED = "ended"
    PAYLOAD = "payload"
    STEP = "step"
    UNKNOWN = "unknown"
    PAUSED = "paused"
    FULL = "full"


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

    ``standing`` is the sitting as it stood in the transaction (None: there is none); ``next`` the first unused sequence of the
    epoch, as far as is known; ``conflicts`` the sequences that were used before with another payload.
    """

    cause: Cause | None
    standing: SittingState | None = None
    next: int = 1
    conflicts: list[int] = field(default_factory=list)


class _Row(NamedTuple):
    """A row of the journal as it is stored."""

    sitting_id: int
    epoch: int
    sequence: int
    kind: str
    step: int
    item: int | None
    version_id: int | None
    payload: str
    received_at: int
    client_at: int | None

    @property
    def content(self) -> tuple[str, int | None, str]:
        """What must be the same under the same key."""
        return self.kind, self.item, self.payload


_Key = tuple[int, int, int]
_COLUMNS = _Row._fields

_papers: EngineCache[int, tuple[int, ...]] = EngineCache(50_000)

#: The last sequence of (sitting, epoch) that this process has seen: a hint, the unique key decides.
_last: EngineCache[tuple[int, int], int] = EngineCache(100_000)


def versions_on_papers(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The question versions on the papers of the sittings of ``ids``, in order; a paper never changes, so they are kept."""
    wanted = set(ids)
    known = _papers.store(connection.engine, len(wanted))
    c = table_of(Sitting).c
    for chunk in _chunks(sorted(sitting for sitting in wanted if sitting not in known), 500):
        for sitting, paper in connection.execute(select(c.id, c.paper).where(c.id.in_(chunk))):
            known[sitting] = tuple(drawn["version"] for drawn in paper)
    return {sitting: known[sitting] for sitting in wanted if sitting in known}


def begun(engine: Engine, sitting: int, versions: Sequence[int]) -> None:
    """``sitting`` has just been committed with these question versions on its paper: its first save need not look for what
    cannot be there."""
    _papers.store(engine)[sitting] = tuple(versions)
    _last.store(engine).setdefault((sitting, 1), 0)


def save(connection: Connection, requests: Sequence[Save]) -> list[Saved]:
    """Append the rows of ``requests`` (see the module); one outcome each, in order."""
    states = sitting_states(connection, [r.sitting for r in requests])
    batch = _Batch(connection, states, {(r.sitting, r.epoch) for r in requests if r.sitting in states})
    outcomes = [_judge(request, states.get(request.sitting), batch) for request in requests]
    batch.write()
    for request, outcome in zip(requests, outcomes, strict=True):
        outcome.next = batch.next_sequence(request.sitting, request.epoch)
        if outcome.conflicts and outcome.cause is None:
            outcome.cause = Cause.PAYLOAD
    return outcomes


def _judge(request: Save, state: SittingState | None, batch: _Batch) -> Saved:
    """Whether ``request`` counts; its rows are given to ``batch`` accordingly."""
    if state is None:
        return Saved(Cause.UNKNOWN)
    outcome = Saved(None, state)
    table, reason = JOURNAL, ""
    if request.epoch < state.device_epoch or request.device != state.device_hash:
        outcome.cause, table, reason = Cause.OTHER_DEVICE, APART, "old_epoch"
    elif state.state == "open" and state.is_paused(request.received_at):
        outcome.cause = Cause.PAUSED
        return outcome
    elif state.state != "open" or not accepts(request.received_at, state.deadline, state.grace):
        within = request.received_at <= settled_at(state.deadline, state.late_bound)
        outcome.cause, table, reason = Cause.ENDED, APART, "late" if within else "too_late"
    batch.add(request, table, reason, outcome)
    return outcome


JOURNAL = table_of(JournalRow)
APART = table_of(ApartRow)

# Made once: building a statement costs more than running it.
_LAST = {
    table: select(table.c.sitting_id, table.c.epoch, func.max(table.c.sequence))
    .where(among(table.c.sitting_id, "ids"))
    .group_by(table.c.sitting_id, table.c.epoch)
    for table in (JOURNAL, APART)
}


@dataclass(slots=True, eq=False)
class _Given:
    """A row that was given to a batch, and whose outcome it belongs to."""

    row: _Row
    outcome: Saved
    numbered: bool
    reason: str


class _Batch:
    """The rows of one transaction: numbered where devices do not number, written, and compared where a key was used."""

    def __init__(
        self, connection: Connection, states: Mapping[int, SittingState], epochs: Iterable[tuple[int, int]]
    ) -> None:
        self._connection = connection
        self._states = states
        self._papers = versions_on_papers(connection, list(states))
        self._last = _last.store(connection.engine, len(states))
        self._given: dict[Table, list[_Given]] = {JOURNAL: [], APART: []}
        self._look_up({epoch for epoch in epochs if epoch not in self._last or states[epoch[0]].moved})

    def add(self, request: Save, table: Table, reason: str, outcome: Saved) -> None:
        """Take the rows of ``request`` in for ``table``; ``outcome`` learns what cannot be written, here or later."""
        versions = self._papers[request.sitting]
        received = to_microseconds(request.received_at)
        bound = MAX_SEQUENCE if table is JOURNAL else MAX_APART_ROWS
        for new in request.rows:
            if new.item is not None and new.item >= len(versions):
                outcome.cause = Cause.UNKNOWN
                continue
            number = new.sequence or self.next_sequence(request.sitting, request.epoch)
            if number > bound:
                outcome.cause = outcome.cause or Cause.FULL
                continue
            self._used(request.sitting, request.epoch, number)
            row = _Row(
                request.sitting, request.epoch, number, new.kind, new.step, new.item,
                None if new.item is None else versions[new.item], new.payload, received,
                None if new.client_at is None else to_microseconds(new.client_at),
            )
            self._given[table].append(_Given(row, outcome, new.sequence is not None, reason))

    def next_sequence(self, sitting: int, epoch: int) -> int:
        """The first sequence of the epoch that nothing has used, as far as is known."""
        return self._last.get((sitting, epoch), 0) + 1

    def _used(self, sitting: int, epoch: int, number: int) -> None:
        if number > self._last.get((sitting, epoch), 0):
            self._last[(sitting, epoch)] = number

    def write(self) -> None:
        """Write what was taken in."""
        # Where a deadline was moved after it had passed, rows may lie apart that count if they come now.
        moved = [one for one in self._given[JOURNAL] if self._states[one.row.sitting_id].moved]
        if moved:
            apart = self._standing(APART, moved)
            other = [one for one in moved if apart.get(_key(one), one.row.content) != one.row.content]
            _conflict(other)
            self._given[JOURNAL] = [one for one in self._given[JOURNAL] if one not in other]
        self._write_all(JOURNAL, self._given[JOURNAL])
        if self._given[APART]:
            self._write_all(APART, self._not_counted(self._given[APART]))

    def _write_all(self, table: Table, given: list[_Given]) -> None:
        while given:
            given = self._write(table, given)

    def _not_counted(self, apart: list[_Given]) -> list[_Given]:
        """Those of ``apart`` that are not in the journal: what counts already and comes again is not kept apart as well."""
        counted = self._standing(JOURNAL, apart)
        met = [one for one in apart if _key(one) in counted]
        _conflict(one for one in met if one.numbered and counted[_key(one)] != one.row.content)
        again = [one for one in met if not one.numbered]
        self._look_up({one.row[:2] for one in met})
        self._renumber(again)
        return [one for one in apart if one not in met] + again

    def _renumber(self, given: Sequence[_Given]) -> None:
        """Give ``given``, which came without numbers, such as nothing has used (so far as has been looked up)."""
        for one in given:
            sitting, epoch = one.row.sitting_id, one.row.epoch
            one.row = one.row._replace(sequence=self.next_sequence(sitting, epoch))
            self._used(sitting, epoch, one.row.sequence)

    def _write(self, table: Table, given: list[_Given]) -> list[_Given]:
        """Write ``given`` and compare; what came without a number and met one in use by then is returned with another."""
        given.sort(key=_key)
        if table is JOURNAL:
            inserted = insert_plain(self._connection, table, _COLUMNS, [one.row for one in given], new_only=True)
        else:
            rows = [(*one.row, one.reason) for one in given]
            inserted = insert_plain(self._connection, table, (*_COLUMNS, "reason"), rows, new_only=True)
        if inserted == len(given):
            return []
        standing = self._standing(table, given)
        other = [one for one in given if standing[_key(one)] != one.row.content]
        self._look_up({one.row[:2] for one in other})
        again = [one for one in other if not one.numbered]
        self._renumber(again)
        _conflict(one for one in other if one.numbered)
        return again

    def _standing(self, table: Table, given: Sequence[_Given]) -> dict[_Key, tuple[str, int | None, str]]:
        """What stands in ``table`` under the keys of ``given``."""
        c = table.c
        found = {}
        for chunk in _chunks(sorted({_key(one) for one in given}), 300):
            # Not one IN over whole keys: SQLite would look through the whole table for it.
            epochs: dict[tuple[int, int], list[int]] = {}
            for sitting, epoch, sequence in chunk:
                epochs.setdefault((sitting, epoch), []).append(sequence)
            wanted = [
                and_(c.sitting_id == sitting, c.epoch == epoch, c.sequence.in_(sequences))
                for (sitting, epoch), sequences in epochs.items()
            ]
            for sitting, epoch, sequence, kind, item, payload in self._connection.execute(
                select(c.sitting_id, c.epoch, c.sequence, c.kind, c.item, c.payload).where(or_(*wanted))
            ):
                found[(sitting, epoch, sequence)] = (kind, item, payload)
        return found

    def _look_up(self, epochs: set[tuple[int, int]]) -> None:
        """Learn the last sequences of ``epochs`` from the tables."""
        for chunk in _chunks(sorted({sitting for sitting, _epoch in epochs}), 300):
            for statement in _LAST.values():
                for sitting, epoch, number in self._connection.execute(statement, {"ids": listed(chunk)}):
                    self._used(sitting, epoch, number)


def _key(given: _Given) -> _Key:
    return given.row[:3]


def _conflict(given: Iterable[_Given]) -> None:
    """Tell the senders of ``given`` that their numbers stand for something else."""
    for one in given:
        one.outcome.conflicts.append(one.row.sequence)


def _chunks(values: list[Any], size: int) -> list[list[Any]]:
    return [values[i : i + size] for i in range(0, len(values), size)]
