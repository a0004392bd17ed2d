"""How long a city's statistics take, and how much memory: sittings of 30 questions with answers, marks and journals, on SQLite.

    python -m bench.statistics_memory make FOLDER [--sittings 17000]
    python -m bench.statistics_memory measure FOLDER

``make`` invents a closed round in FOLDER; ``measure`` makes its statistics in a fresh process and prints seconds and the
process's peak of resident memory before and after.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from bench.city_data import SEED, add_round_for_all, found_city
from config import Settings
from contest.insights.jobs import ask_for_statistics
from contest.papers.models import PoolItem
from contest.rounds.models import Round
from contest.sittings.models import ItemMark, JournalRow, Response, Result, Sitting
from core.database import db, public_id, table_of, to_microseconds, unit_of_work
from core.database.bulk import insert_plain
from core.database.server_time import now
from core.jobs import run_now
from core.web.command_line import migrate
from questions.bank.models import QuestionVersion
from run import create_app

ITEMS, BATCH = 30, 500


def _app(folder: Path) -> Flask:
    return create_app(Settings(instance=folder, testing=True, rate_limits=False))


def make(folder: Path, sittings: int) -> None:
    """A city and a closed round in ``folder``."""
    app = _app(folder)
    with app.app_context():
        migrate(app)
        city = found_city(sittings)
        round_ = add_round_for_all(city)
        data: dict[int, Any] = dict(db.session.execute(select(QuestionVersion.id, QuestionVersion.data)).tuples().all())
        pool = [(row.id, row.version_id) for row in db.session.scalars(
            select(PoolItem).where(PoolItem.round_id == round_.id).order_by(PoolItem.id))]  # fmt: skip
        pool = [(item, version) for item, version in pool if len(data[version]["options"]) > 2]
        random, window = Random(SEED), round_.windows[0].id
        for start in range(0, len(city.entries), BATCH):
            entries = [entry for entry, _unit in city.entries[start : start + BATCH]]
            _sit(entries, round_.id, window, pool, data, random)
        with unit_of_work() as session:
            closed = session.get_one(Round, round_.id)
            closed.state, closed.closed_at = "closed", now()
        app.extensions["writer"].close()


def _sit(
    entries: list[int], round_id: int, window: int, pool: list[tuple[int, int]], data: dict[int, Any], random: Random
) -> None:
    """Sittings of ``entries``: each draws, knows a share of the answers, and leaves the last questions now and then."""
    moment = now()
    begun = to_microseconds(moment)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        ids = []
        for entry in entries:
            drawn = random.sample(pool, min(ITEMS, len(pool)))
            paper = [{"item": item, "version": v, "order": list(range(len(data[v]["options"])))} for item, v in drawn]
            row = {"public_id": public_id(), "entry_id": entry, "round_id": round_id, "window_id": window, "attempt": 1,
                   "state": "submitted", "started_at": moment, "deadline": moment, "paper": paper,
                   "device_hash": "a" * 64}  # fmt: skip
            ids.append((connection.execute(insert(table_of(Sitting)).returning(table_of(Sitting).c.id), row).scalar_one(),
                        drawn))  # fmt: skip
        responses, marks, journal = [], [], []
        for sitting, drawn in ids:
            strength, last = random.gauss(0, 1), random.choice((ITEMS, ITEMS, ITEMS, 27))
            result = connection.execute(
                insert(table_of(Result)).returning(table_of(Result).c.id),
                {"sitting_id": sitting, "number": 1, "score": 1, "max_score": 30, "correct": 1, "seconds_used": 900,
                 "reason": "", "created_at": moment},
            ).scalar_one()  # fmt: skip
            for item, (_pool, version) in enumerate(drawn):
                right = data[version]["correct"][0]
                knows = random.random() < 1 / (1 + 2.7 ** -(strength + 1.5 - version % 7 * 0.5))
                answer = right if knows else random.randrange(len(data[version]["options"]))
                at = begun + 30_000_000 * item
                if item < last:
                    responses.append((sitting, item, version, f"[{answer}]", at))
                    journal += list(_rows(sitting, item, version, answer, at, random))
                marks.append((result, item, version, "marked", "1", "1", item < last and answer == right))
        insert_plain(connection, table_of(Response), ("sitting_id", "item", "version_id", "answer", "received_at"), responses)
        insert_plain(connection, table_of(ItemMark),
                     ("result_id", "item", "version_id", "state", "points", "max_points", "correct"), marks)  # fmt: skip
        insert_plain(connection, table_of(JournalRow), _JOURNAL, journal)


_JOURNAL = ("sitting_id", "epoch", "sequence", "kind", "step", "item", "version_id", "payload", "received_at", "client_at")


def _rows(sitting: int, item: int, version: int, answer: int, at: int, random: Random) -> Iterator[tuple[Any, ...]]:
    """The question is shown and answered some seconds later."""
    took = int(random.lognormvariate(2.7, 0.6) * 1_000_000)
    yield (sitting, 1, 2 * item + 1, "display", 1, item, version, "null", at, at)
    yield (sitting, 1, 2 * item + 2, "answer", 1, item, version, f"[{answer}]", at + took, at + took)


def measure(folder: Path) -> None:
    """Make the statistics and say what it took."""
    app = _app(folder)
    with app.app_context():
        round_ = db.session.scalars(select(Round).where(Round.state == "closed")).one()
        with unit_of_work():
            number = ask_for_statistics(round_).id
        before, begun = _peak(), time.monotonic()
        job = run_now(number)
        print(f"{job.state} {job.message}: {time.monotonic() - begun:.1f} s; peak {before} MB before, {_peak()} MB after")
        app.extensions["writer"].close()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("make", "measure"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sittings", type=int, default=17_000)
    given = parser.parse_args()
    if given.what == "make":
        given.folder.mkdir(parents=True, exist_ok=True)
        make(given.folder, given.sittings)
    else:
        measure(given.folder)


if __name__ == "__main__":
    main()
