"""Open sittings for the phones, and what the database says held against what the phones were told."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from contest.sittings.deadlines import finalise_due
from contest.sittings.models import JournalRow, Response, Result, Sitting
from contest.sittings.requests import payload_of
from contest.sittings.service import seats_of
from core.accounts.contestants import hash_of_device
from core.database import db
from core.database.server_time import now
from questions.types.choice.data import original_answer
from tests.faults.load import Key, Phone, Seat
from tests.faults.programs import Site
from tests.starts import start_sitting, token_for
from tests.world import Opened, open_district_round


def open_for(people: int) -> Opened:
    """A round that is open now and long enough, with ``people`` entered. Needs an app context."""
    begin = now() - timedelta(minutes=1)
    names = [f"Nguyễn Văn Thứ {number}" for number in range(people)]
    return open_district_round(minutes=60, people=names, opens=begin, length=timedelta(hours=4))


def open_sittings(site: Site, count: int) -> list[Seat]:
    """``count`` people each in a sitting of their own, on a device of their own."""
    seats = []
    with site.opened():
        for person in open_for(count).people:
            cookie = secrets.token_urlsafe(32)
            device = hash_of_device(cookie)
            started = start_sitting(seats_of(person)[0], device)
            sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
            token = token_for(sitting, device)
            assert token is not None
            seats.append(Seat(sitting.id, sitting.public_id, token, cookie, len(sitting.paper)))
    return seats


@dataclass(frozen=True)
class Tally:
    """Figures of one look: rows that phones know to be saved, rows of the journal, those of them nobody was told of."""

    acknowledged: int
    journal: int

    def __str__(self) -> str:
        return f"acknowledged {self.acknowledged}, in the journal {self.journal}"


def compare(site: Site, phones: Sequence[Phone]) -> Tally:
    """Every acknowledged row is in the journal as it was sent; nothing is there that was not sent; nothing is there twice."""
    acknowledged = {(p.seat.sitting, *key) for p in phones for key in tuple(p.acknowledged)}
    with site.opened():
        rows = db.session.execute(
            select(JournalRow.sitting_id, JournalRow.epoch, JournalRow.sequence, JournalRow.item, JournalRow.payload,
                   JournalRow.client_at).where(JournalRow.kind == "answer")
        ).all()
    # After the journal was read: phones may go on sending meanwhile.
    sent = {(p.seat.sitting, *key): row for p in phones for key, row in tuple(p.sent.items())}
    found = {(row.sitting_id, row.epoch, row.sequence): row for row in rows}
    missing = acknowledged - found.keys()
    assert not missing, f"{len(missing)} acknowledged rows are not in the journal: {sorted(missing)[:5]}"
    assert len(found) == len(rows), "a key is in the journal twice"
    claims = {row.client_at for row in rows}
    assert len(claims) == len(rows), "a row is in the journal under two keys"
    for key, row in found.items():
        assert (row.item, payload_of(row.payload)) == (sent[key]["i"], sent[key]["p"]), f"{key} is not what was sent"
    return Tally(len(acknowledged), len(rows))


def final_answers(phone: Phone) -> dict[int, Any]:
    """The answers that must count, from the phone's own list: of each question the highest acknowledged key."""
    best: dict[int, Key] = {}
    for key in phone.acknowledged:
        item = phone.sent[key]["i"]
        best[item] = max(best.get(item, key), key)
    return {item: phone.sent[key]["p"] for item, key in best.items()}


def finalise_all(site: Site, phones: Sequence[Phone]) -> int:
    """No sitting is stuck: once the time is over each is submitted with one result, which holds what its phone was told.

    Every row must be acknowledged by now. Returns the number of sittings.
    """
    with site.opened():
        finalise_due(db.engine, now() + timedelta(days=1))
        sittings = {s.id: s for s in db.session.scalars(select(Sitting))}
        assert {s.state for s in sittings.values()} == {"submitted"}
        assert db.session.scalar(select(func.count()).select_from(Result)) == len(sittings)
        assert len({s.receipt for s in sittings.values()}) == len(sittings)
        for phone in phones:
            sitting = sittings[phone.seat.sitting]
            assert phone.receipt in (None, sitting.receipt)
            given = db.session.execute(
                select(Response.item, Response.answer).where(Response.sitting_id == sitting.id)
            ).all()
            expected = {
                item: original_answer(answer, sitting.paper[item]["order"]) for item, answer in final_answers(phone).items()
            }
            assert {row.item: row.answer for row in given} == expected
    return len(sittings)
