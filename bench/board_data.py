"""A published board of a whole city: results are invented, everything after them is the platform's own work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert, select

from bench.city_data import SEED, City, add_round_for_all, insert_with_ids
from bench.sittings_data import ITEMS, chunks
from contest.demo.standings import publish_finished_round
from contest.rounds.models import Round
from contest.sittings.deadlines import close_settled_rounds, settles_at
from contest.sittings.models import Result, Sitting
from contest.standings.models import StandingRow
from core.database import db, public_id, table_of, unit_of_work
from core.database.server_time import ManualClock, clock_set_to, now
from core.jobs import run_now
from core.jobs.models import Job
from core.jobs.service import OVER

#: How long ago the round of the board was.
AGO = timedelta(days=6)


@dataclass(frozen=True)
class PublishedBoard:
    """The round's public id, and who stands on its board, in order."""

    round: str
    names: tuple[str, ...]


def publish_board(city: City) -> PublishedBoard:
    """A finished round of ``city`` in which everybody sat, its standing confirmed and published, everybody named."""
    clock = ManualClock(now() - AGO)
    with clock_set_to(clock):
        round_ = add_round_for_all(city, minutes=25, lasts=timedelta(hours=1))
        _sit(city, round_, clock.moment)
        due = settles_at(round_)
        if due is None:
            raise RuntimeError("a round without windows")
        clock.moment = due + timedelta(minutes=1)
        close_settled_rounds()
        standing = publish_finished_round(round_, clock)
        for job in db.session.scalars(select(Job.id).where(Job.state.not_in(OVER))).all():
            run_now(job)
    names = db.session.scalars(
        select(StandingRow.name).where(StandingRow.standing_id == standing.id).order_by(StandingRow.position)
    )
    return PublishedBoard(round_.public_id, tuple(names))


def _sit(city: City, round_: Round, began: datetime) -> None:
    """Finished sittings with results, without papers and journals: a board looks at neither."""
    random = Random(f"{SEED}|kết quả")
    for some in chunks(city.entries, 1000):
        with unit_of_work():
            rows = [_sitting(round_, entry, began, random) for entry, _unit in some]
            insert_with_ids(Sitting, rows)
            db.session.connection().execute(insert(table_of(Result)), list(_results(rows, random)))


def _sitting(round_: Round, entry: int, began: datetime, random: Random) -> dict[str, Any]:
    used = random.randrange(240, 1500)
    return {
        "public_id": public_id(), "entry_id": entry, "round_id": round_.id, "window_id": round_.windows[0].id,
        "attempt": 1, "state": "submitted", "started_at": began, "deadline": began + timedelta(minutes=25), "paper": [],
        "pool_revision": 0, "epoch": 1, "device_epoch": 1, "device_hash": "", "grace_seconds": 5,
        "late_bound_seconds": 600, "extra_seconds": 0, "paused_seconds": 0, "first_display_at": began,
        "submitted_at": began + timedelta(seconds=used), "submitted_by": "contestant", "folded_row": 0,
        "seconds_used": used, "receipt": public_id(),
    }  # fmt: skip


def _results(sittings: list[dict[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    for sitting in sittings:
        correct = min(ITEMS, max(0, round(random.gauss(22, 4))))
        yield {
            "sitting_id": sitting["id"], "number": 1, "score": Decimal(correct), "max_score": Decimal(ITEMS),
            "correct": correct, "seconds_used": sitting["seconds_used"], "reason": "", "created_at": sitting["submitted_at"],
        }  # fmt: skip
