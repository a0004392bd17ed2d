"""Open sittings by the ten thousand, started by the platform's own Start; their answers are inserted in bulk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select

from bench.city_data import SEED, City
from contest.rounds.models import Round
from contest.sittings.models import JournalRow
from contest.sittings.preparing import prepare
from contest.sittings.starting import Started, start
from contest.sittings.tokens import SittingToken, StartTicket, TicketSigner, TokenSigner
from core.accounts.contestants import hash_of_device
from core.database import db, table_of
from core.database.keys import key
from core.database.server_time import now
from questions.bank.models import QuestionVersion

V = TypeVar("V")

#: Questions on a paper, and answers given in a sitting that is about to be submitted.
ITEMS = 30

#: Sittings begun, or whose answers are written, in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody who may start: the start ticket and the device's cookie."""

    text: str
    device: str


@dataclass(frozen=True, slots=True)
class Seat:
    """An open sitting: its token, the device's cookie, and the public ids of its questions' versions in order."""

    sitting: int
    token: str
    device: str
    versions: tuple[str, ...]


def tickets(city: City, round_: Round) -> list[Ticket]:
    """A start ticket of ``round_`` for everybody who is entered."""
    signer = TicketSigner(key("token"))
    found = []
    for entry, unit in city.entries:
        device = secrets.token_urlsafe(32)
        found.append(Ticket(signer.sign(_ticket(round_, entry, unit, device)), device))
    return found


def start_everybody(city: City, round_: Round) -> list[Seat]:
    """Everybody's sitting of ``round_``, drawn and begun by the platform's own Start; nothing answered yet."""
    engine, signer = db.engine, TokenSigner(key("token"))
    public_ids = dict(db.session.execute(select(QuestionVersion.id, QuestionVersion.public_id)).tuples().all())
    seats = []
    for some in chunks(city.entries, BATCH):
        devices = [secrets.token_urlsafe(32) for _each in some]
        given = [_ticket(round_, *entry, device) for entry, device in zip(some, devices, strict=True)]
        requests = [prepare(engine, ticket, now(), key("paper")) for ticket in given]
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            begun = start(connection, requests)
        for request, started, device in zip(requests, begun, devices, strict=True):
            _check(started)
            versions = tuple(public_ids[drawn["version"]] for drawn in request.paper)
            token = SittingToken(started.sitting_id, started.public_id, round_.id, 1, request.device_hash, len(versions))
            seats.append(Seat(started.sitting_id, signer.sign(token), device, versions))
    return seats


def answer_everything(seats: Sequence[Seat]) -> int:
    """Write ITEMS answers into the journal of each of ``seats``, as ``contest.sittings.journal`` would; how many rows."""
    version_ids = dict(db.session.execute(select(QuestionVersion.public_id, QuestionVersion.id)).tuples().all())
    random, written = Random(f"{SEED}|trả lời"), 0
    for some in chunks(seats, BATCH):
        rows = [row for seat in some for row in _answers(seat, version_ids, random)]
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            _write(connection, rows)
        written += len(rows)
    return written


def _write(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(table_of(JournalRow)), rows)


def _answers(seat: Seat, version_ids: dict[str, int], random: Random) -> Iterator[dict[str, Any]]:
    begun = now() - timedelta(seconds=40 * ITEMS)
    for item, version in enumerate(seat.versions):
        moment = begun + timedelta(seconds=40 * item)
        yield {
            "sitting_id": seat.sitting,
            "epoch": 1,
            "sequence": item + 1,
            "kind": "answer",
            "step": 1,
            "item": item,
            "version_id": version_ids[version],
            "payload": f"[{random.randrange(4)}]",
            "received_at": moment,
            "client_at": moment,
        }


def _ticket(round_: Round, entry: int, unit: int, device: str) -> StartTicket:
    return StartTicket(entry, round_.id, round_.windows[0].id, 1, unit, 1, hash_of_device(device))


def _check(started: Started) -> None:
    if not started.created:
        raise RuntimeError(f"a sitting of the bench did not begin: {started.refusal}")


def chunks(values: Sequence[V], size: int) -> Iterator[Sequence[V]]:
    """``values`` in pieces of ``size``."""
    for at in range(0, len(values), size):
        yield values[at : at + size]
