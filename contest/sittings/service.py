"""Use cases of a contestant's sitting, between the pages and the writer."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import joinedload

from contest.rounds.clock import Phase, Timing, phase, sitting_phase
from contest.rounds.entries import rounds_for
from contest.rounds.models import Entry, Round, Window
from contest.rounds.service import round_rules, timing_of
from contest.rules.document import RoundRules
from contest.sittings.lifecycle import NewEpoch, new_epoch
from contest.sittings.models import Sitting
from contest.sittings.tokens import StartTicket, TicketSigner
from core.accounts.models import Person
from core.database import db
from core.database.keys import key
from core.database.server_time import now
from core.database.writer import GroupCommitWriter, Handler, Item, Outcome


class NoSeat(Exception):
    """The person has no entry in the contest, or no window in the round."""


@dataclass(frozen=True)
class Seat:
    """A person's place in a round at a moment: entry, window, rules, and the newest sitting if there is one.

    ``window`` is the sitting's own while it lasts (its person may have moved to another unit since); ``taken`` is how many
    attempts count as made.
    """

    round: Round
    window: Window | None
    entry: Entry | None
    rules: RoundRules
    sitting: Sitting | None
    phase: Phase | None
    at: datetime
    taken: int = 0

    @property
    def timing(self) -> Timing | None:
        """The clock's view of the window."""
        return None if self.window is None else timing_of(self.window, self.rules)

    @property
    def next_attempt(self) -> int | None:
        """The further attempt that may be begun now (from 2), or None."""
        if self.sitting is None or self.sitting.state == "open" or self.taken >= self.rules.attempts.limit:
            return None
        if self.window is None or self.timing is None:
            return None
        open_now = phase(self.timing, self.at, paused_at=self.window.paused_at) is Phase.MAY_START
        return self.taken + 1 if open_now else None


def seat_in(person: Person, round_: Round, window: Window | None, at: datetime | None = None) -> Seat:
    """Where ``person`` stands in ``round_``."""
    return _seat(round_, window, _taken_part(person), at or now())


def seats_of(person: Person) -> list[Seat]:
    """Every opened round that concerns ``person``: those that can be sat or will be first, then the newest."""
    moment, part = now(), _taken_part(person)
    found = rounds_for(person)
    found += [(round_, None) for round_ in _rounds_sat(part, {round_.id for round_, _window in found})]
    seats = [_seat(round_, window, part, moment) for round_, window in found]
    urgency = {Phase.RUNNING: 0, Phase.GRACE: 0, Phase.MAY_START: 1, Phase.BEFORE: 2, Phase.ENDED: 3, Phase.SETTLED: 4}

    def order(seat: Seat) -> tuple[int, float]:
        opens = seat.window.opens_at.timestamp() if seat.window else 0.0
        rank = urgency.get(seat.phase, 5) if seat.phase else 6
        return rank, opens if rank <= 2 else -opens

    return sorted(seats, key=order)


@dataclass(frozen=True)
class _Part:
    """How somebody has taken part: the entry in each contest, and the sittings of each round (by their ids), oldest first,
    without annulled ones."""

    entries: dict[int, Entry]
    sittings: dict[int, list[Sitting]]


_TAKEN_PART = (
    select(Entry, Sitting)
    .outerjoin(Sitting, and_(Sitting.entry_id == Entry.id, Sitting.state != "annulled"))
    .where(Entry.person_id == bindparam("person"))
    .order_by(Sitting.attempt)
    .execution_options(populate_existing=True)
)


def _taken_part(person: Person) -> _Part:
    part = _Part({}, {})
    for entry, sitting in db.session.execute(_TAKEN_PART, {"person": person.id}):
        part.entries[entry.contest_id] = entry
        if sitting is not None:
            part.sittings.setdefault(sitting.round_id, []).append(sitting)
    return part


def _seat(round_: Round, window: Window | None, part: _Part, moment: datetime) -> Seat:
    entry, sittings = part.entries.get(round_.contest_id), part.sittings.get(round_.id, [])
    sitting = sittings[-1] if sittings else None
    rules = round_rules(round_)
    where = None
    if sitting is not None:
        over = sitting.state != "open"
        paused_at = None if over else sitting.window.paused_at
        where = sitting_phase(
            moment, sitting.deadline, sitting.grace_seconds, sitting.late_bound_seconds, over, paused_at
        )
        window = sitting.window if not over or window is None else window
    elif window is not None and entry is not None:
        where = phase(timing_of(window, rules), moment, paused_at=window.paused_at)
    return Seat(round_, window, entry, rules, sitting, where, moment, len(sittings))


def _rounds_sat(part: _Part, without: Set[int]) -> Sequence[Round]:
    """The other rounds that were sat: who moves away from a contest's units keeps what was done there."""
    missing = part.sittings.keys() - without
    if not missing:
        return ()
    wanted = select(Round).where(Round.id.in_(sorted(missing)))
    if not current_app.config["SETTINGS"].listens_on_loopback:
        wanted = wanted.where(Round.contest.has(is_sample=False))
    return db.session.scalars(wanted).all()


def sitting_of(person: Person, public: str) -> Sitting | None:
    """The sitting with this public id, if it is ``person``'s own."""
    return db.session.scalar(_OWN, {"sitting": public, "person": person.id})


# Made once: building it costs more than running it.
_OWN = (
    select(Sitting)
    .join(Entry, Entry.id == Sitting.entry_id)
    .where(Sitting.public_id == bindparam("sitting"), Entry.person_id == bindparam("person"))
    .options(joinedload(Sitting.window), joinedload(Sitting.round))
    .execution_options(populate_existing=True)
)


def writer() -> GroupCommitWriter:
    """The process's writer."""
    found: GroupCommitWriter = current_app.extensions["writer"]
    return found


def committed(handler: Handler[Item, Outcome], item: Item) -> Outcome:
    """Hand ``item`` to the writer; afterwards this request's session sees what was committed (its old snapshot is let go)."""
    outcome = writer().call(handler, item)
    db.session.rollback()
    return outcome


def ticket_for(seat: Seat, device_hash: str, attempt: int = 1) -> StartTicket:
    """The right of this device to start the person's ``attempt``-th sitting of the round, whenever its window is open.

    Raises NoSeat.
    """
    if seat.entry is None or seat.window is None:
        raise NoSeat
    person = seat.entry.person
    return StartTicket(
        seat.entry.id, seat.round.id, seat.window.id, person.slip_generation, person.unit_id, attempt, device_hash
    )


def signed_ticket(seat: Seat, device_hash: str, attempt: int = 1) -> str:
    """The ticket as its form carries it."""
    return TicketSigner(key("token")).sign(ticket_for(seat, device_hash, attempt))


def take_over(sitting: Sitting, device_hash: str, agent: str = "") -> bool:
    """Let this device (``agent``: what its browser calls itself) go on with the sitting; the old one's next save is refused.
    False when it is not open any more."""
    return committed(new_epoch, NewEpoch(sitting.id, device_hash, take_over=True, at=now(), agent=agent)) is not None
