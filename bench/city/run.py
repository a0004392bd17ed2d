"""A run from the empty database to the verdict."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from bench.city.checking import Comparison, Kept, compare
from bench.city.contestant import Contestant
from bench.city.measures import Measures, percentile
from bench.city.network import Engine
from bench.city.preparation import Bell, Prepared, open_for_everybody, prepare
from bench.city.ranking import Line, Outcome, leaderboard
from bench.city.report import (
    MEMORY,
    PUBLISHED,
    SAVE,
    Condition,
    below,
    none_of,
    rates,
    table,
    times_table,
    verdict,
    write,
)
from bench.city.server import Server, raise_open_files, serving
from bench.city.staff import Desk, public_rows, publish
from bench.city.stored import journals, published, responses, right_options, sittings
from bench.city.timetable import Phases, plan
from bench.machine import cores, describe, require_disk
from bench.processes import postgresql
from config import Settings
from core.database import db
from core.web.command_line import prepared
from run import create_app

#: Seconds after the window within which everybody must be through.
STRAGGLERS = 30.0

Place = tuple[int, int, str, str, str]


@dataclass(frozen=True)
class Order:
    """What is to be run: how many people, how long the day is (1: ten minutes), on which engine, where; ``prefix`` goes
    before the server's command, ``files``: browsers load scripts and styles too, ``keep``: the folder stays."""

    people: int
    time: float
    engine: str
    folder: Path
    json: Path
    prefix: tuple[str, ...] = ()
    keep: bool = False
    files: bool = False


class Day:
    """The contestants' day: what they share, and the engine that runs it."""

    def __init__(self, engine: Engine, given: Prepared, bell: Bell, phases: Phases) -> None:
        self.engine = engine
        self.keys = given.keys
        self._wall_ms = bell.wall_ms
        self._left = len(given.codes)
        plans = [plan(number, phases, bell.questions, len(given.codes)) for number in range(len(given.codes))]
        self.people = [Contestant(self, one, code) for one, code in zip(plans, given.codes, strict=True)]
        engine.at(phases.window + STRAGGLERS, engine.stop)

    def wall_ms(self, moment: float) -> int:
        """``moment`` (from the bell) as scripts count time."""
        return self._wall_ms + int(moment * 1000)

    def gone(self) -> None:
        """Somebody is through; the last one ends the day."""
        self._left -= 1
        if not self._left:
            self.engine.stop()


def run(order: Order) -> str:
    """Carry ``order`` out, print and write what came of it; the verdict."""
    require_disk(order.folder)
    server_core, own_core = cores()
    folder = Path(tempfile.mkdtemp(prefix="bench-city-", dir=order.folder))
    before = os.sched_getaffinity(0)
    try:
        with _settings(order, folder, server_core) as settings:
            os.sched_setaffinity(0, {own_core})
            return _day(order, settings, server_core)
    finally:
        os.sched_setaffinity(0, before)
        if order.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _settings(order: Order, folder: Path, core: int) -> Iterator[Settings]:
    instance = folder / "instance"
    instance.mkdir(mode=0o700)
    if order.engine == "sqlite":
        yield Settings(instance=instance)
        return
    with postgresql(folder / "postgresql", core) as server:
        yield Settings(instance=instance, database_url=server.get_uri())


def _day(order: Order, settings: Settings, core: int) -> str:
    phases, measures = Phases.of(order.time), Measures()
    _say(f"{order.people:,} people on {order.engine}; preparing the database")
    app = prepared(create_app(settings))
    given = prepare(app, order.people)
    with serving(settings, core, order.prefix) as server:
        raise_open_files()
        bell = open_for_everybody(app, phases)
        engine = Engine(("127.0.0.1", server.port), _monotonic(bell), measures, order.files)
        day = Day(engine, given, bell, phases)
        _say(
            f"signing in for {phases.waiting:g} s, Start within {phases.starting:g} s, window {phases.window:g} s, "
            f"sitting {phases.minutes} min, late bound {phases.late_minutes} min"
        )
        gc.collect()
        gc.freeze()
        gc.disable()
        engine.run()
        gc.enable()
        server.look()
        at_end = dict(server.seconds)
        _say(f"everybody is through {engine.now():.0f} s after the bell; waiting until the round has settled")
        base = f"http://{engine.host}"
        desks = Desk(base, given.organiser), Desk(base, given.checker)
        settled = phases.settled(bell.grace)
        time.sleep(max(0.0, settled - engine.now()))
        steps = publish(*desks, bell.round_id)
        took = engine.now() - settled
        rows = public_rows(desks[0], bell.round_id)
        server.look()
    _say("comparing")
    checks, outcomes, sat = _compare(day.people, settings)
    with app.app_context():
        board = published(db.session.connection())
        db.session.remove()
        db.engine.dispose()
    facts = {"steps": steps, "processor_seconds": at_end, "generator_busy_s": engine.busy}
    return _report(order, phases, measures, server, checks, sat, took, board, rows, leaderboard(outcomes), facts)


def _monotonic(bell: Bell) -> float:
    """The bell on this process's monotonic clock."""
    return time.monotonic() + bell.boot_seconds - time.clock_gettime(time.CLOCK_BOOTTIME)


def _compare(people: list[Contestant], settings: Settings) -> tuple[Comparison, list[Outcome], int]:
    """Everybody's list against the database; the generator's own outcomes; how many sat."""
    kept = {
        one.public_id: Kept(
            one.public_id, one.sender.epoch, one.sender.acknowledged, [*one.sender.queue, *one.sender.refused],
            one.receipt, one.receipt_at,
        )  # fmt: skip
        for one in people
        if one.sender is not None
    }
    into, outcomes = Comparison(), []
    with create_engine(settings.sqlalchemy_url).connect() as connection:
        known = sittings(connection)
        final, keys = responses(connection), right_options(connection)
        by_id = {sitting.id: sitting for sitting in known.values()}
        for number, journal, rows in journals(connection):
            sitting = by_id.pop(number)
            mine = kept.pop(sitting.public_id, None)
            if mine is None:
                into.foreign += rows
                continue
            outcomes.append(compare(mine, sitting, journal, rows, final.get(number, {}), keys, into))
    for mine in kept.values():
        into.acknowledged += len(mine.acknowledged)
        into.missing += len(mine.acknowledged)
    return into, outcomes, len(known)


def _report(
    order: Order, phases: Phases, measures: Measures, server: Server, checks: Comparison, sat: int, took: float,
    board: list[Line], rows: list[Place], own: list[Line], facts: dict[str, Any],
) -> str:  # fmt: skip
    late = percentile(measures.late, 0.99)
    saves = measures.times.get("save")
    all_saves = [] if saves is None else list(saves.took)
    first = [] if saves is None else saves.within(0.0, phases.starting)
    places = [(o.position, o.rank, o.name, o.unit, str(o.points)) for o in own]
    conditions = [
        Condition("everybody sat", f"{sat:,} of {order.people:,}", sat == order.people),
        none_of("answers 5xx, 503 among them", measures.count_statuses(500, 599)),
        none_of("answers 4xx", measures.count_statuses(400, 499)),
        none_of("anything else that went wrong", measures.troubles.total()),
        Condition("rows acknowledged", f"{checks.acknowledged:,}", checks.acknowledged > 0),
        none_of("acknowledged rows that are not in the journal", checks.missing),
        none_of("rows in the journal that nobody sent, or twice", checks.foreign),
        none_of("sittings whose final answers are not the acknowledged ones", checks.wrong_answers),
        none_of("results that are not as the generator reckons them", checks.wrong_results),
        below("save, p99 < 500 ms", percentile(all_saves, 0.99), SAVE),
        below(f"save, p99 < 500 ms in the first {phases.starting:g} s alone", percentile(first, 0.99), SAVE),
        Condition("server's memory < 1 GiB", f"{server.peak / 1024**2:,.0f} MiB", 0 < server.peak < MEMORY, True),
        Condition("leaderboard public within 10 s of settled", f"{took:.1f} s", took < PUBLISHED, True),
        Condition("rows of the leaderboard that differ", f"{differing(board, own):,} of {len(own):,}", board == own != []),
        Condition("rows of the public pages that differ", f"{differing(rows, places):,} of {len(own):,}", rows == places),
    ]
    said = verdict(conditions, late)
    text, kinds = times_table(measures, phases.starting)
    speed = rates(measures, phases.window)
    told = [f"{what}: {count}" for what, count in measures.troubles.most_common()] + measures.told + checks.told
    print(f"\n{text}\n\n{table(conditions, late)}\n")
    told += [f"the machine stood still for {away:.1f} s at {at:.0f} s" for at, away in measures.stood_still]
    for line in told:
        print(f"  {line}")
    print(f"requests a second: {speed['mean']:,.0f} in the window, {speed['busiest_10_s']:,.0f} in its busiest ten seconds")
    print(f"{said} → {order.json}")
    write(order.json, conditions, said, {
        "people": order.people, "time": order.time, "engine": order.engine, "machine": describe(order.folder),
        "lateness_p99_ms": 1000 * late, "lateness_max_ms": 1000 * max(measures.late, default=0.0),
        "requests": kinds, "rate": speed, "memory": server.peaks, "memory_peak": server.peak,
        "connections": measures.connections, "reopened": measures.reopened, "told": told,
        "log": server.log.read_text(errors="replace")[-4000:], **facts,
    })  # fmt: skip
    return said


def differing(one: list[Any], other: list[Any]) -> int:
    """How many rows of two lists differ, missing ones included."""
    pairs = zip(one, other, strict=False)
    return sum(1 for mine, theirs in pairs if mine != theirs) + abs(len(one) - len(other))


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, flush=True)
