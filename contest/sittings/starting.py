"""Start: the group-commit writer's handler that begins sittings, each once, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from contest.rounds.clock import Phase, Progress, Timing, deadline, phase
from contest.rounds.models import Entry, Round, Window
from contest.sittings.models import Sitting, SittingEpoch
from core.accounts.models import Person
from core.database import table_of


@dataclass(frozen=True, slots=True)
class Start:
    """Start a sitting: everything has been drawn before, the writer only decides whether it is the first.

    ``attempts`` is the most sittings of the round that the rules allow this entry, ``attempt`` the one that was asked for
    (from 1, annulled ones left out): pressed again, it never begins the next one. ``generation`` and ``unit_id`` are what
    the person's slip and unit were; ``timing``, ``opened_at`` (of the round: its pool was frozen then) and ``pool_revision``
    what window and pool were when it was prepared: the writer looks whether they still are. ``agent`` is what the browser
    calls itself.
    """

    entry_id: int
    round_id: int
    window_id: int
    generation: int
    unit_id: int
    public_id: str
    device_hash: str
    started_at: datetime
    timing: Timing
    opened_at: datetime
    pool_revision: int
    paper: list[dict[str, Any]]
    attempts: int = 1
    attempt: int = 1
    agent: str = ""

    @property
    def person(self) -> tuple[int, int]:
        """Generation of the slip and unit."""
        return self.generation, self.unit_id

    @property
    def deadline(self) -> datetime:
        """When the sitting ends, as far as was known when it was prepared."""
        return deadline(self.timing, Progress(self.started_at))


class Refusal(StrEnum):
    """Why nobody may start: too early, too late, the window is paused, the person's slip or unit is another one now, or the
    pool has a new revision (``stale``: prepare it again)."""

    BEFORE = "before"
    MISSED = "missed"
    PAUSED = "paused"
    CHANGED = "changed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Started:
    """The sitting that counts: the first committed one, whoever asked. ``own`` is True when this device may go on,
    ``open`` when the sitting still is. Where there is none ``refusal`` says why."""

    sitting_id: int = 0
    public_id: str = ""
    own: bool = False
    created: bool = False
    open: bool = False
    refusal: Refusal | None = None


@dataclass(slots=True)
class _Known:
    """A sitting of an entry: one that stands in the table, or one about to be written (its id is not known yet)."""

    public_id: str
    attempt: int
    state: str
    device_hash: str
    id: int = 0


def start(connection: Connection, requests: Sequence[Start]) -> list[Started]:
    """One open sitting for each entry and round, however many ask at once; a further attempt only where rules allow.

    On PostgreSQL the entries are locked against another process's Start, and the windows against being moved.
    """
    people = _people(connection, sorted({r.entry_id for r in requests}))
    windows = _windows(connection, sorted({r.window_id for r in requests}))
    existing = _sittings(connection, sorted(people))
    new: list[tuple[Start, _Known, Timing]] = []
    decided: list[tuple[_Known, bool] | Refusal] = []
    for request in requests:
        person, window = people.get(request.entry_id), windows.get(request.window_id)
        if person is None or window is None or (person.slip_generation, person.unit_id) != request.person:
            decided.append(Refusal.CHANGED)
            continue
        known = existing.setdefault((request.entry_id, request.round_id), [])
        counted = [sitting for sitting in known if sitting.state != "annulled"]
        if counted and (counted[-1].state == "open" or len(counted) >= min(request.attempts, request.attempt)):
            decided.append((counted[-1], False))
            continue
        timing = _timing(request.timing, window)
        refusal = _refusal(request, window, timing)
        if refusal is not None:
            decided.append(refusal)
            continue
        attempt = max((sitting.attempt for sitting in known), default=0) + 1
        fresh = _Known(request.public_id, attempt, "open", request.device_hash)
        known.append(fresh)
        new.append((request, fresh, timing))
        decided.append((fresh, True))
    if new:
        _insert(connection, new)
    return [_started(request, outcome) for request, outcome in zip(requests, decided, strict=True)]


def _started(request: Start, outcome: tuple[_Known, bool] | Refusal) -> Started:
    if isinstance(outcome, Refusal):
        return Started(refusal=outcome)
    sitting, created = outcome
    own = sitting.device_hash == request.device_hash
    return Started(sitting.id, sitting.public_id, own, created, sitting.state == "open")


def _timing(known: Timing, window: Any) -> Timing:
    """The timing that was prepared, with the window as it is now."""
    if (known.opens, known.closes) == (window.opens_at, window.closes_at):
        return known
    return replace(known, opens=window.opens_at, closes=window.closes_at)


def _refusal(request: Start, window: Any, timing: Timing) -> Refusal | None:
    where = phase(timing, request.started_at)
    if where is not Phase.MAY_START:
        return Refusal.BEFORE if where is Phase.BEFORE else Refusal.MISSED
    if window.paused_at is not None and window.paused_at <= request.started_at:
        return Refusal.PAUSED
    drawn_from = (request.opened_at, request.pool_revision)
    return Refusal.STALE if drawn_from != (window.opened_at, window.pool_revision) else None


def _people(connection: Connection, entries: Sequence[int]) -> dict[int, Any]:
    """Who holds these entries, as far as they may still sit; the entries are locked in the order of their ids."""
    entry, person = table_of(Entry), table_of(Person)
    rows = connection.execute(
        select(entry.c.id, person.c.slip_generation, person.c.unit_id)
        .join(person, person.c.id == entry.c.person_id)
        .where(entry.c.id.in_(entries), person.c.active, person.c.visible)
        .order_by(entry.c.id)
        .with_for_update(key_share=True, of=entry)
    )
    return {row.id: row for row in rows}


def _windows(connection: Connection, windows: Sequence[int]) -> dict[int, Any]:
    window, round_ = table_of(Window), table_of(Round)
    rows = connection.execute(
        select(
            window.c.id, window.c.opens_at, window.c.closes_at, window.c.paused_at,
            round_.c.opened_at, round_.c.pool_revision,
        )
        .join(round_, round_.c.id == window.c.round_id)
        .where(window.c.id.in_(windows))
        .order_by(window.c.id)
        .with_for_update(read=True, of=window)
    )
    return {row.id: row for row in rows}


def _sittings(connection: Connection, entries: Sequence[int]) -> dict[tuple[int, int], list[_Known]]:
    c = table_of(Sitting).c
    found: dict[tuple[int, int], list[_Known]] = {}
    for row in connection.execute(
        select(c.id, c.public_id, c.entry_id, c.round_id, c.attempt, c.state, c.device_hash)
        .where(c.entry_id.in_(entries))
        .order_by(c.attempt)
    ):
        known = _Known(row.public_id, row.attempt, row.state, row.device_hash, row.id)
        found.setdefault((row.entry_id, row.round_id), []).append(known)
    return found


def _insert(connection: Connection, new: Sequence[tuple[Start, _Known, Timing]]) -> None:
    """Write the new sittings and their first epochs; each learns its id."""
    table = table_of(Sitting)
    rows = [_values(request, fresh.attempt, timing) for request, fresh, timing in new]
    inserted = connection.execute(insert(table).returning(table.c.id, table.c.public_id), rows)
    ids = {row.public_id: row.id for row in inserted}
    for _request, fresh, _timing in new:
        fresh.id = ids[fresh.public_id]
    connection.execute(
        insert(table_of(SittingEpoch)),
        [
            {
                "sitting_id": fresh.id,
                "epoch": 1,
                "device_hash": request.device_hash,
                "began_at": request.started_at,
                "cause": "start",
                "agent": request.agent,
            }
            for request, fresh, _timing in new
        ],
    )


def _values(request: Start, attempt: int, timing: Timing) -> dict[str, Any]:
    return {
        "public_id": request.public_id,
        "entry_id": request.entry_id,
        "round_id": request.round_id,
        "window_id": request.window_id,
        "attempt": attempt,
        "state": "open",
        "started_at": request.started_at,
        "deadline": deadline(timing, Progress(request.started_at)),
        "paper": request.paper,
        "pool_revision": request.pool_revision,
        "epoch": 1,
        "device_epoch": 1,
        "device_hash": request.device_hash,
        "grace_seconds": timing.grace,
        "late_bound_seconds": timing.late_bound,
        "extra_seconds": 0,
        "paused_seconds": 0,
        "submitted_by": "",
        "folded_row": 0,
    }
