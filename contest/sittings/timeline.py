"""What happened in a sitting, in order, for the organiser and a jury: devices, every save with its times, losses of focus and
of the network, pauses, extra time, what came late, the end, versions of the result.

All times are the server's. What the device claims is told beside it: its clock may be wrong or forged, so only differences
between its claims are made use of, against the quickest row of the same device.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select

from contest.papers.sheets import types_of_versions
from contest.sittings.models import ApartRow, ExtraTime, JournalRow, Result, Sitting, SittingEpoch, WindowPause
from contest.sittings.requests import payload_of
from core.accounts.models import SignIn
from core.audit import AuditEntry
from core.database import db, table_of
from core.web.filters import HANOI

#: A row that took longer than this was held back: the network was away, or the device slept.
HELD_BACK = timedelta(seconds=3)

#: Letters of a payload that are read: an essay is not told whole.
_PAYLOAD = 2_000


class Group(StrEnum):
    """What a page can be narrowed to, as its address names it. What belongs to no group stands in the whole story only."""

    ANSWERS = "cau-tra-loi"
    AWAY = "roi-trang"
    NETWORK = "mang"
    DEVICES = "may"
    COURSE = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: ``kind`` says what (see ``timeline_words``), ``number`` is a question's (from 1).

    ``claimed`` is the device's own time; ``held`` how long the row was held back by what it claims; ``lasted`` how long it
    went on; ``until`` the last of several that are told as one (``numbers`` are their questions); ``type`` the
    type of the question that was answered.
    """

    at: datetime
    kind: str
    group: Group = Group.COURSE
    number: int | None = None
    fact: Any = None
    device: str = ""
    claimed: datetime | None = None
    held: timedelta | None = None
    lasted: timedelta | None = None
    until: datetime | None = None
    numbers: tuple[int, ...] = ()
    type: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a jury asks for first. ``away`` is how long the page was left in all, as devices claim."""

    saves: int
    left: int
    away: timedelta
    lost: int
    devices: int
    apart: int


@dataclass(frozen=True)
class Story:
    """A sitting's whole history, oldest first."""

    moments: list[Moment]
    tally: Tally

    def of(self, group: str) -> list[Moment]:
        """Those of ``group`` only (empty: all)."""
        return [m for m in self.moments if not group or m.group == group]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A row as a device sent it; ``apart`` is why it was kept apart ("" for the journal's), ``counted`` that it counts all the
    same."""

    id: int
    epoch: int
    sequence: int
    kind: str
    item: int | None
    payload: str
    received_at: datetime
    client_at: datetime | None
    apart: str
    counted: bool
    held: timedelta | None = None


def story_of(sitting: Sitting) -> Story:
    """Everything that happened in ``sitting``."""
    epochs = db.session.scalars(
        select(SittingEpoch).where(SittingEpoch.sitting_id == sitting.id).order_by(SittingEpoch.epoch)
    ).all()
    devices = {epoch.epoch: epoch.device_hash for epoch in epochs}
    versions = [drawn["version"] for drawn in sitting.paper]
    known = types_of_versions(db.session.connection(), versions)
    types = [known.get(version, "") for version in versions]
    rows = _held_back(_rows(sitting), devices)
    away = list(_spells(rows, "hidden", ("visible",), devices, "away", Group.AWAY))
    lost = list(_spells(rows, "offline", ("online",), devices, "offline", Group.NETWORK))
    bursts = list(_bursts(rows, devices))
    moments = [
        *_beginnings(sitting, epochs),
        *_sign_ins(sitting),
        *(m for row in rows if (m := _told(row, devices.get(row.epoch, ""), types)) is not None),
        *away,
        *lost,
        *bursts,
        *_organisers(sitting),
        *_ends(sitting, rows),
    ]
    if any(m.kind == "handed_in" for m in moments):
        moments = [m for m in moments if m.kind != "end"]  # it says the same, and by whom
    moments.sort(key=lambda m: m.at)
    tally = Tally(
        saves=sum(row.kind == "answer" and not row.apart for row in rows),
        left=len(away),
        away=sum((m.lasted for m in away if m.lasted), timedelta()),
        lost=max(len(lost), len(bursts)),
        devices=len({epoch.device_hash for epoch in epochs}) or 1,
        apart=sum(row.kind == "answer" and bool(row.apart) for row in rows),
    )
    return Story(moments, tally)


def folded(moments: Iterable[Moment]) -> list[Moment]:
    """The same with runs of displays as one: who leafs through thirty questions fills no page."""
    found: list[Moment] = []
    for moment in moments:
        last = found[-1] if found else None
        if last is not None and last.kind == moment.kind == "display":
            number = moment.number or 0
            found[-1] = replace(last, until=moment.at, numbers=(*(last.numbers or (last.number or 0,)), number))
        else:
            found.append(moment)
    return found


def _rows(sitting: Sitting) -> list[_Sent]:
    """Everything that devices sent, in the order in which each device numbered it."""
    found = []
    for table in (table_of(JournalRow), table_of(ApartRow)):
        c = table.c
        columns = (
            c.id, c.epoch, c.sequence, c.kind, c.item, func.substr(c.payload, 1, _PAYLOAD).label("payload"), c.received_at,
            c.client_at,
        )  # fmt: skip
        more = (c.reason, c.counted_at) if table is table_of(ApartRow) else ()
        for row in db.session.execute(select(*columns, *more).where(c.sitting_id == sitting.id)):
            apart, counted = (row.reason, row.counted_at is not None) if more else ("", False)
            found.append(
                _Sent(row.id, row.epoch, row.sequence, row.kind, row.item, row.payload, row.received_at, row.client_at, apart,
                      counted)
            )  # fmt: skip
    return sorted(found, key=lambda row: (row.epoch, row.sequence))


def _held_back(rows: Sequence[_Sent], devices: dict[int, str]) -> list[_Sent]:
    """``rows`` with how long each was held back: later than the quickest row of its device, by what that claims."""
    quickest: dict[str, timedelta] = {}
    for row in rows:
        if row.client_at is not None:
            device, took = devices.get(row.epoch, ""), row.received_at - row.client_at
            quickest[device] = min(quickest.get(device, took), took)
    return [
        row
        if row.client_at is None
        else replace(row, held=row.received_at - row.client_at - quickest[devices.get(row.epoch, "")])
        for row in rows
    ]


def _told(row: _Sent, device: str, types: Sequence[str]) -> Moment | None:
    """The moment of one row; focus rows are told as spells."""
    number = None if row.item is None else row.item + 1
    held = row.held if row.held is not None and row.held > HELD_BACK else None
    common: dict[str, Any] = {"device": device, "claimed": row.client_at, "held": held, "number": number}
    if row.item is not None and row.item < len(types):
        common["type"] = types[row.item]
    if row.kind == "focus" or (row.apart and row.kind != "answer"):
        return None
    if row.apart:
        fact = (row.payload, "counted" if row.counted else row.apart)
        return Moment(row.received_at, "apart", Group.ANSWERS, fact=fact, **common)
    if row.kind == "answer":
        return Moment(row.received_at, "save", Group.ANSWERS, fact=row.payload, **common)
    if row.kind == "flag":
        kind = "flag" if payload_of(row.payload) is True else "unflag"
        return Moment(row.received_at, kind, Group.ANSWERS, **common)
    if row.kind == "report":
        return Moment(row.received_at, "report", fact=str(payload_of(row.payload) or "")[:300], **common)
    if row.kind in ("display", "submit"):
        return Moment(row.received_at, row.kind, **common)
    return None


def _spells(
    rows: Sequence[_Sent], begins: str, ends: tuple[str, ...], devices: dict[int, str], kind: str, group: Group
) -> Iterable[Moment]:
    """Each time from a focus row ``begins`` to the next of ``ends`` in the same epoch; without an end where none came."""
    begun: _Sent | None = None
    for row in rows:
        if row.kind != "focus":
            continue
        said = payload_of(row.payload)
        if begun is not None and (row.epoch != begun.epoch or said in ends):
            yield _spell(begun, row if row.epoch == begun.epoch else None, devices, kind, group)
            begun = None
        if said == begins and begun is None:
            begun = row
    if begun is not None:
        yield _spell(begun, None, devices, kind, group)


def _spell(begun: _Sent, ended: _Sent | None, devices: dict[int, str], kind: str, group: Group) -> Moment:
    lasted = until = None
    if ended is not None:
        by_device = begun.client_at is not None and ended.client_at is not None
        lasted = ended.client_at - begun.client_at if by_device else ended.received_at - begun.received_at  # type: ignore[operator]
        lasted, until = max(lasted, timedelta()), ended.received_at
    return Moment(
        begun.received_at, kind, group, device=devices.get(begun.epoch, ""), claimed=begun.client_at, held=begun.held,
        lasted=lasted, until=until,
    )  # fmt: skip


def _bursts(rows: Sequence[_Sent], devices: dict[int, str]) -> Iterable[Moment]:
    """Each request that brought rows which had been held back: the connection was there again."""
    requests: dict[tuple[datetime, int], list[_Sent]] = {}
    for row in rows:
        if row.held is not None and row.held > HELD_BACK:
            requests.setdefault((row.received_at, row.epoch), []).append(row)
    last: Moment | None = None
    for (at, epoch), held in sorted(requests.items()):
        longest = max(row.held for row in held if row.held is not None)
        if last is not None and at - (last.until or last.at) <= HELD_BACK:  # a backlog comes in several requests
            last = replace(last, until=at, fact=last.fact + len(held), held=max(longest, last.held or longest))
            continue
        if last is not None:
            yield last
        last = Moment(at, "burst", Group.NETWORK, fact=len(held), device=devices.get(epoch, ""), held=longest)
    if last is not None:
        yield last


def _beginnings(sitting: Sitting, epochs: Sequence[SittingEpoch]) -> list[Moment]:
    if not epochs:
        return [Moment(sitting.started_at, "start", Group.DEVICES, device=sitting.device_hash)]
    return [
        Moment(epoch.began_at, epoch.cause, Group.DEVICES, epoch.epoch, epoch.agent, epoch.device_hash) for epoch in epochs
    ]


def _sign_ins(sitting: Sitting) -> Iterable[Moment]:
    """Those of the person on the day of the sitting, in Hanoi."""
    day = sitting.started_at.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = db.session.execute(
        select(SignIn.at, SignIn.device_hash).where(
            SignIn.person_id == sitting.entry.person_id, SignIn.at >= day, SignIn.at < day + timedelta(days=1)
        )
    )
    return [Moment(at, "sign_in", Group.DEVICES, device=device) for at, device in rows]


def _organisers(sitting: Sitting) -> Iterable[Moment]:
    """What organisers did: pauses of the window, extra time, and what the audit chain holds of this sitting."""
    over = max(sitting.deadline, sitting.submitted_at or sitting.deadline)
    pauses = db.session.execute(
        select(WindowPause.began_at, WindowPause.ended_at, WindowPause.reason).where(
            WindowPause.window_id == sitting.window_id,
            WindowPause.began_at <= over,
            or_(WindowPause.ended_at.is_(None), WindowPause.ended_at >= sitting.started_at),
        )
    )
    for began, ended, reason in pauses:
        yield Moment(began, "pause", fact=reason)
        if ended is not None:
            yield Moment(ended, "resume", lasted=ended - began)
    for extra in db.session.scalars(select(ExtraTime).where(ExtraTime.sitting_id == sitting.id)):
        yield Moment(extra.given_at, "extra", fact=extra.reason, lasted=timedelta(seconds=extra.seconds))
    acts = select(AuditEntry.at, AuditEntry.action, AuditEntry.actor, AuditEntry.details).where(
        and_(
            AuditEntry.subject == f"sitting:{sitting.public_id}",
            AuditEntry.action.in_(("sitting.handed_in", "sitting.annulled", "sitting.reinstated")),
        )
    )
    for at, action, actor, details in db.session.execute(acts):
        yield Moment(at, action.partition(".")[2], fact=(actor, str(details.get("reason", ""))))


def _ends(sitting: Sitting, rows: Sequence[_Sent]) -> Iterable[Moment]:
    """The end, where no row tells it, and every version of the result."""
    told = any(row.kind == "submit" for row in rows)
    if sitting.submitted_at is not None and not told:
        yield Moment(sitting.submitted_at, "end", fact=sitting.submitted_by)
    for result in db.session.scalars(select(Result).where(Result.sitting_id == sitting.id).order_by(Result.number)):
        yield Moment(result.created_at, "result", fact=result)
