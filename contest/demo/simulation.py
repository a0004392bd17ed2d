"""A round's sittings as invented people sit it: through start, save, take-over, submit and the deadline's own fold.

Nothing is inserted as a result. The clock is injected and moves through the window minute by minute; what would arrive in
a minute goes to the writer's handlers together, as the group-commit writer would hand it over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Connection, Engine, select

from contest.demo.answering import SEED, Act, Asked, Temper, perform, temper
from contest.papers.sheets import Wording, wordings
from contest.rounds.clock import Phase
from contest.rounds.models import Entry, Round, Window
from contest.sittings.deadlines import close_settled_rounds, finalise_due, settles_at
from contest.sittings.journal import NewRow, Save, Saved, save
from contest.sittings.lifecycle import NewEpoch, Submit, Submitted, new_epoch, submit
from contest.sittings.models import Sitting
from contest.sittings.preparing import prepare
from contest.sittings.requests import payload_text
from contest.sittings.service import seat_in, ticket_for
from contest.sittings.starting import Start, Started, start
from core.accounts.contestants import hash_of_device
from core.accounts.models import Person
from core.database import db, table_of
from core.database.keys import key
from core.database.server_time import ManualClock, now
from core.database.writer import Handler, Item, Outcome
from core.organisation.models import Unit
from questions.types.registry import type_of

#: Seconds of the window that are played at once.
SLICE = timedelta(seconds=60)

#: Items in one transaction, as in the writer.
BATCH = 200


class SimulationError(RuntimeError):
    """The platform answered a simulated contestant as it should not have."""


@dataclass
class Player:
    """A simulated contestant: what they are like, and, once started, what is left for them to do."""

    entry: Entry
    person: Person
    window: Window
    temper: Temper
    sitting: int = 0
    started: datetime | None = None
    epoch: int = 1
    sequence: int = 0
    phone: int = 1
    requests: deque[tuple[Act, ...]] = field(default_factory=deque)
    pressed: float | None = None
    changes_phone: float | None = None
    versions: list[str] = field(default_factory=list)

    @property
    def device(self) -> str:
        """The hash of the phone in use."""
        return hash_of_device(f"{self.temper.key}|{self.phone}")

    def moment(self, seconds: float) -> datetime:
        """The moment ``seconds`` after Start."""
        if self.started is None:
            raise SimulationError("not started")
        return self.started + timedelta(seconds=seconds)


def sit(round_: Round, people: int, clock: ManualClock) -> int:
    """Let ``people`` of those entered sit ``round_`` and move ``clock`` to when it has closed; how many sat.

    May be called again after an interruption: who has sat already is left alone.
    """
    players = players_of(round_, people)
    try:
        for window in sorted(round_.windows, key=lambda w: w.opens_at):
            _play(db.engine, round_, window, [p for p in players if p.window.id == window.id], clock)
    finally:
        # What other connections have written is not in this one's snapshot.
        db.session.rollback()
    due = settles_at(round_)
    if due is None:
        raise SimulationError("a round without windows")
    clock.moment = max(clock.moment, due + timedelta(seconds=5))
    finalise_due(db.engine)
    close_settled_rounds()
    return len(players)


def players_of(round_: Round, count: int) -> list[Player]:
    """``count`` of the people entered, always the same ones; the others never come."""
    rows = db.session.execute(
        select(Entry, Person, Unit)
        .join(Person, Person.id == Entry.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Entry.contest_id == round_.contest_id)
        .order_by(Entry.id)
    ).all()
    found = []
    for entry, person, unit in rows:
        window = next((w for w in round_.windows if unit.path.startswith(w.unit.path)), None)
        if window is not None:
            above, _slash, _cell = unit.full_name.rpartition(" / ")
            key = f"{unit.full_name}|{person.full_name}|{person.birth_date}"
            found.append(Player(entry, person, window, temper(key, above)))
    chosen = set(Random(f"{SEED}|đến thi").sample(range(len(found)), min(count, len(found))))
    return [player for index, player in enumerate(found) if index in chosen]


def _play(engine: Engine, round_: Round, window: Window, players: Sequence[Player], clock: ManualClock) -> None:
    waiting = sorted(players, key=lambda p: p.temper.arrival)
    sitting: list[Player] = []
    opens, end = window.opens_at, window.closes_at + SLICE
    moment = opens
    while moment < end:
        moment += SLICE
        arriving = [p for p in waiting if opens + timedelta(seconds=p.temper.arrival) <= moment]
        waiting = waiting[len(arriving) :]
        sitting.extend(_arrive(engine, round_, window, arriving, clock))
        _take_over(engine, [p for p in sitting if _due(p, p.changes_phone, moment)], clock)
        _send(engine, sitting, moment, clock)
        _press(engine, [p for p in sitting if _due(p, p.pressed, moment)], clock)
        clock.moment = moment
        finalise_due(engine)
        sitting = [p for p in sitting if p.requests or p.pressed is not None]


def _due(player: Player, seconds: float | None, moment: datetime) -> bool:
    return seconds is not None and player.moment(seconds) <= moment


def _arrive(
    engine: Engine, round_: Round, window: Window, players: Sequence[Player], clock: ManualClock
) -> list[Player]:
    """Start for each of ``players`` at their own moment; those who had started before an interruption are left out."""
    starts = []
    for player in players:
        clock.moment = window.opens_at + timedelta(seconds=player.temper.arrival)
        seat = seat_in(player.person, round_, window)
        if seat.phase is Phase.MAY_START:
            starts.append((player, prepare(engine, ticket_for(seat, player.device), seat.at, key("paper"))))
    outcomes: list[Started] = _commit(engine, start, [request for _player, request in starts])
    begun = []
    with engine.connect() as connection:
        for (player, request), outcome in zip(starts, outcomes, strict=True):
            if outcome.created:
                _prepare(connection, player, request, outcome.sitting_id)
                begun.append(player)
    return begun


def _prepare(connection: Connection, player: Player, request: Start, sitting: int) -> None:
    """Look at the paper and decide what to do with it."""
    texts = wordings.get(connection, [drawn["version"] for drawn in request.paper])
    paper = [_asked(texts[drawn["version"]], drawn["order"]) for drawn in request.paper]
    seconds = (request.deadline - request.started_at).total_seconds()
    performance = perform(player.temper, paper, seconds)
    player.sitting, player.started = sitting, request.started_at
    player.requests = deque(performance.requests)
    player.pressed, player.changes_phone = performance.pressed, performance.changes_phone
    player.versions = [texts[drawn["version"]].public_id for drawn in request.paper]


def _asked(wording: Wording, order: list[int]) -> Asked:
    """A question as this contestant sees it. The sample bank holds only types with options."""
    right = tuple(order.index(option) for option in wording.data["correct"])
    options = len(type_of(wording.type).options(wording.data))
    return Asked(wording.stem, wording.topic, wording.level, options, right, wording.type == "multiple")


def _take_over(engine: Engine, players: Sequence[Player], clock: ManualClock) -> None:
    """Another phone goes on with the sitting, in a new epoch."""
    requests = []
    for player in players:
        player.phone += 1
        requests.append(NewEpoch(player.sitting, player.device, take_over=True, at=clock.now()))
    epochs: list[int | None] = _commit(engine, new_epoch, requests)
    for player, epoch in zip(players, epochs, strict=True):
        if epoch is None:
            raise SimulationError("a take-over was refused")
        player.epoch, player.sequence, player.changes_phone = epoch, 0, None


def _send(engine: Engine, players: Sequence[Player], moment: datetime, clock: ManualClock) -> None:
    """Save what each of ``players`` answers until ``moment``."""
    saves = []
    for player in players:
        while player.requests and player.moment(player.requests[0][-1].at) <= moment:
            acts = player.requests.popleft()
            clock.moment = player.moment(acts[-1].at + 0.2)
            rows = tuple(_row(player, act) for act in acts)
            saves.append(Save(player.sitting, player.epoch, player.device, rows, now()))
    outcomes: list[Saved] = _commit(engine, save, sorted(saves, key=lambda s: s.received_at))
    refused = [outcome.cause for outcome in outcomes if outcome.cause is not None]
    if refused:
        raise SimulationError(f"{len(refused)} saves were refused: {refused[0]}")


def _row(player: Player, act: Act) -> NewRow:
    player.sequence += 1
    claimed = player.moment(act.at)
    version = player.versions[act.item]
    return NewRow(player.sequence, act.kind, act.item, version, payload_text(act.payload), claimed)


def _press(engine: Engine, players: Sequence[Player], clock: ManualClock) -> None:
    """"Nộp bài", each at their own moment."""
    requests = []
    for player in players:
        clock.moment = player.moment(player.pressed or 0)
        player.pressed = None
        requests.append(Submit(player.sitting, player.epoch, player.device, now()))
    outcomes: list[Submitted] = _commit(engine, submit, requests)
    if any(outcome.cause is not None for outcome in outcomes):
        raise SimulationError("a submit was refused")


def _commit(engine: Engine, handler: Handler[Item, Outcome], items: Sequence[Item]) -> list[Outcome]:
    """What the group-commit writer does with items that wait together: one transaction, acknowledged afterwards."""
    outcomes: list[Any] = []
    for first in range(0, len(items), BATCH):
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            outcomes.extend(handler(connection, items[first : first + BATCH]))
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return cast(list[Outcome], outcomes)


def count_submitted(round_: Round) -> int:
    """How many sittings of ``round_`` are finished."""
    c = table_of(Sitting).c
    with db.engine.connect() as connection:
        return len(connection.execute(select(c.id).where(c.round_id == round_.id, c.state == "submitted")).all())
