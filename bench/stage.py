"""One engine's database for a bench, filled, with the real server over it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, func, select

from bench import processes
from bench.board_data import PublishedBoard, publish_board
from bench.city_data import add_round_for_all, found_city
from bench.sittings_data import ITEMS, Seat, Ticket, answer_everything, start_everybody, tickets
from config import Settings
from contest.sittings.models import JournalRow
from core.database import db, table_of
from core.web.command_line import prepared
from run import create_app

#: Rounds whose sittings are answered (for submitting), and rounds that nobody has begun (for starting).
ANSWERED_ROUNDS = 2
NEW_ROUNDS = 3

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """What the paths need: the database, the server's port, seats and tickets.

    ``fresh`` sittings have just been started; ``answered`` ones have an answer to every question; ``new`` are the start
    tickets of ``new_rounds``, in which nobody has begun; ``board`` is a published standing.
    """

    name: str
    engine: Engine
    port: int
    folder: Path
    fresh: Sequence[Seat]
    answered: Sequence[Seat]
    new: Sequence[Ticket]
    new_rounds: Sequence[int]
    board: PublishedBoard
    facts: dict[str, str]

    def number(self, statement: Select[Any]) -> int:
        """The one number that ``statement`` gives, on a connection of its own."""
        with self.engine.connect() as connection:
            return int(connection.execute(statement).scalar_one())


def journal_size() -> Select[Any]:
    """How many rows the journal has."""
    return select(func.count()).select_from(table_of(JournalRow))


@contextmanager
def stage(
    name: str, folder: Path, core: int, rows: int, wanted: Sequence[str], threads: int | None, tell: Tell
) -> Iterator[Stage]:
    """A database of ``rows`` journal rows on engine ``name``, and the server over it while the block runs.

    ``wanted`` are the paths that will be measured: what none of them needs is not made.
    """
    folder.mkdir()
    with ExitStack() as stack:
        settings, facts = Settings(instance=folder / "instance"), {}
        if name == "postgresql":
            server = stack.enter_context(processes.postgresql(folder / "pg", core))
            settings = Settings(instance=folder / "instance", database_url=server.get_uri())
        app = prepared(create_app(settings))
        stack.enter_context(app.app_context())
        stack.callback(db.engine.dispose)
        stack.callback(db.session.remove)
        if name == "postgresql":
            facts = _postgresql_facts(db.engine)
        people = math.ceil(rows / (ITEMS * ANSWERED_ROUNDS))
        tell(f"{name}: a city of {people:,} people")
        city = found_city(people)
        board = publish_board(city)
        answered = [seat for _n in range(ANSWERED_ROUNDS) for seat in start_everybody(city, add_round_for_all(city))]
        tell(f"{name}: {len(answered):,} sittings, their answers")
        answer_everything(answered)
        fresh = start_everybody(city, add_round_for_all(city)) if {"save", "paper"} & set(wanted) else []
        rounds = [add_round_for_all(city) for _n in range(NEW_ROUNDS)] if "start" in wanted else []
        new = [ticket for round_ in rounds for ticket in tickets(city, round_)]
        new_rounds = [round_.id for round_ in rounds]
        db.session.remove()
        _tidy(db.engine)
        port = stack.enter_context(processes.platform(settings, core, threads))
        yield Stage(name, db.engine, port, folder, fresh, answered, new, new_rounds, board, facts)


def _tidy(engine: Engine) -> None:
    """Do now what the engine would do by itself some time after such a load, in the middle of a measurement."""
    statements = ("PRAGMA wal_checkpoint(TRUNCATE)",) if engine.dialect.name == "sqlite" else ("VACUUM ANALYZE", "CHECKPOINT")
    raw = engine.raw_connection()
    try:
        if engine.dialect.name == "postgresql":
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        for statement in statements:
            raw.cursor().execute(statement)
    finally:
        raw.close()
    engine.dispose()


def _postgresql_facts(engine: Engine) -> dict[str, str]:
    """What of the server's settings matters for durability and speed."""
    facts = {}
    with engine.connect() as connection:
        for setting in ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers"):
            facts[setting] = str(connection.exec_driver_sql(f"SHOW {setting}").scalar_one())
    return facts
