"""Start: the group-commit writer's handler that begins sittings, each once, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select

from contest.rounds.clock import Phase, Progress, Timing, deadline, phase
from contest.rounds.models import Entry, Round, Window
from contest.sittings.models import Sitting, SittingEpoch
from core.accounts.models import Person
from core.database import table_of
from core.database.among import among, listed
from core.database.bulk import insert_plain
from core.database.types import json_text, to_microseconds


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
    people = _by_id(connection, _PEOPLE, (r.entry_id for r in requests))
    windows = _by_id(connection, _WINDOWS, (r.window_id for r in requests))
    existing = _sittings(connection, people)
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


_ENTRY, _PERSON, _WINDOW, _ROUND = table_of(Entry), table_of(Person), table_of(Window), table_of(Round)
_SITTING, _EPOCH = table_of(Sitting), table_of(SittingEpoch)

# Made once: building a statement costs more than running it.
_PEOPLE = (
    select(_ENTRY.c.id, _PERSON.c.slip_generation, _PERSON.c.unit_id)
    .join(_PERSON, _PERSON.c.id == _ENTRY.c.person_id)
    .where(among(_ENTRY.c.id, "ids"), _PERSON.c.active, _PERSON.c.visible)
    .order_by(_ENTRY.c.id)
    .with_for_update(key_share=True, of=_ENTRY)
)
_WINDOWS = (
    select(_WINDOW.c.id, _WINDOW.c.opens_at, _WINDOW.c.closes_at, _WINDOW.c.paused_at,
           _ROUND.c.opened_at, _ROUND.c.pool_revision)
    .join(_ROUND, _ROUND.c.id == _WINDOW.c.round_id)
    .where(among(_WINDOW.c.id, "ids"))
    .order_by(_WINDOW.c.id)
    .with_for_update(read=True, of=_WINDOW)
)  # fmt: skip
_SITTINGS = (
    select(_SITTING.c.id, _SITTING.c.public_id, _SITTING.c.entry_id, _SITTING.c.round_id, _SITTING.c.attempt,
           _SITTING.c.state, _SITTING.c.device_hash)
    .where(among(_SITTING.c.entry_id, "ids"))
    .order_by(_SITTING.c.attempt)
)  # fmt: skip
_IDS = select(_SITTING.c.public_id, _SITTING.c.id).where(among(_SITTING.c.public_id, "public_ids"))

#: What a new sitting is written with, in the table's order; whatever else it has is empty.
_NEW_SITTING = (
    "public_id", "entry_id", "round_id", "window_id", "attempt", "state", "started_at", "deadline", "paper",
    "pool_revision", "epoch", "device_epoch", "device_hash", "grace_seconds", "late_bound_seconds", "extra_seconds",
    "paused_seconds", "submitted_by", "folded_row",
)  # fmt: skip
_NEW_EPOCH = ("sitting_id", "epoch", "device_hash", "began_at", "cause", "agent")


def _by_id(connection: Connection, statement: Select[Any], ids: Iterable[int]) -> dict[int, Any]:
    """The rows of ``statement``, locked in the order of their ids, by these."""
    return {row.id: row for row in connection.execute(statement, {"ids": listed(sorted(set(ids)))})}


def _sittings(connection: Connection, entries: Iterable[int]) -> dict[tuple[int, int], list[_Known]]:
    found: dict[tuple[int, int], list[_Known]] = {}
    for row in connection.execute(_SITTINGS, {"ids": listed(entries)}):
        known = _Known(row.public_id, row.attempt, row.state, row.device_hash, row.id)
        found.setdefault((row.entry_id, row.round_id), []).append(known)
    return found


def _insert(connection: Connection, new: Sequence[tuple[Start, _Known, Timing]]) -> None:
    """Write the new sittings and their first epochs; each learns its id."""
    insert_plain(connection, _SITTING, _NEW_SITTING, [_row(request, fresh.attempt, timing) for request, fresh, timing in new])
    found = connection.execute(_IDS, {"public_ids": listed([request.public_id for request, _fresh, _timing in new])})
    ids = {row.public_id: row.id for row in found}
    for _request, fresh, _timing in new:
        fresh.id = ids[fresh.public_id]
    insert_plain(
        connection,
        _EPOCH,
        _NEW_EPOCH,
        [(fresh.id, 1, r.device_hash, to_microseconds(r.started_at), "start", r.agent) for r, fresh, _timing in new],
    )


def _row(request: Start, attempt: int, timing: Timing) -> tuple[Any, ...]:
    """A new sitting as the table keeps it, in the order of ``_NEW_SITTING``."""
    return (
        request.public_id, request.entry_id, request.round_id, request.window_id, attempt, "open",
        to_microseconds(request.started_at), to_microseconds(deadline(timing, Progress(request.started_at))),
        json_text(request.paper), request.pool_revision, 1, 1, request.device_hash, timing.grace, timing.late_bound, 0, 0,
        "", 0,
    )  # fmt: skip
