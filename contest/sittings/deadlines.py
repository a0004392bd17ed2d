"""What happens by the clock alone: sittings whose time is over are submitted, rounds that have settled are closed.

The job worker calls both every few seconds; any number of processes may, each sitting is finished once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Engine, func, select, type_coerce
from sqlalchemy.exc import OperationalError

from contest.rounds.clock import Timing, last_settled, may_be_folded
from contest.rounds.models import Round, Window
from contest.rounds.service import round_rules, timing_of
from contest.rules.document import RoundRules
from contest.sittings.finishing import End, finish
from contest.sittings.models import Sitting
from contest.sittings.standing import sitting_states
from core.audit import record
from core.database import db, table_of, to_microseconds, unit_of_work
from core.database.server_time import now

log = logging.getLogger(__name__)

#: Sittings finished in one transaction: some 30 ms of SQLite's write lock.
BATCH = 10

#: What was received in time may still wait for a web process's writer: the fold gives it this long.
QUEUED = timedelta(seconds=2)

#: Seconds between two batches. SQLite's lock is not fair: without a gap savers in another process would hardly get it.
GAP = 0.01


def finalise_due(engine: Engine, moment: datetime | None = None) -> int:
    """Submit every open sitting whose deadline and grace have passed, but none whose window is paused; returns how many.

    One that cannot be finished is logged and left for the next call: it keeps no other waiting.
    """
    moment = moment or now()
    finished = 0
    broken: set[int] = set()
    while due := _due(engine, moment, broken):
        try:
            done = _finalise(engine, due, moment)
        except OperationalError:
            raise  # the database's trouble, no sitting's
        except Exception as error:
            log.warning("%d sittings could not be finished together (%s); trying one by one", len(due), error)
            done = sum(_finalise_alone(engine, sitting, moment, broken) for sitting in due)
        finished += done
        if not done and not broken.intersection(due):
            break
        time.sleep(GAP)
    return finished


def _finalise(engine: Engine, sittings: Sequence[int], moment: datetime) -> int:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        states = sitting_states(connection, sittings, exclusive=True)
        ready = [
            s.id
            for s in states.values()
            if s.state == "open" and s.paused_at is None and may_be_folded(moment - QUEUED, s.deadline, s.grace)
        ]
        return len(finish(connection, dict.fromkeys(ready, End(moment, "deadline"))))


def _finalise_alone(engine: Engine, sitting: int, moment: datetime, broken: set[int]) -> int:
    try:
        return _finalise(engine, [sitting], moment)
    except OperationalError:
        raise
    except Exception:
        log.exception("sitting %d cannot be finished", sitting)
        broken.add(sitting)
        return 0


def _due(engine: Engine, moment: datetime, without: Set[int]) -> list[int]:
    c = table_of(Sitting).c
    grace_over = type_coerce(c.deadline, BigInteger) + c.grace_seconds * 1_000_000 < to_microseconds(moment - QUEUED)
    with engine.connect() as connection:
        return list(
            connection.execute(
                select(c.id)
                .join(table_of(Window), table_of(Window).c.id == c.window_id)
                .where(table_of(Window).c.paused_at.is_(None))
                .where(c.state == "open", c.deadline < moment, grace_over, c.id.not_in(sorted(without)))
                .order_by(c.deadline, c.id)
                .limit(BATCH)
            ).scalars()
        )


def settles_at(round_: Round, moment: datetime | None = None) -> datetime | None:
    """When the last sitting of ``round_`` has settled at the latest, extra time and pauses included; where a window is paused,
    as if its pause ended at ``moment`` (None: now)."""
    extra = db.session.scalar(select(func.max(Sitting.extra_seconds)).where(Sitting.round_id == round_.id))
    return _settles_with(round_, moment or now(), extra or 0)


def _settles_with(round_: Round, at: datetime, extra: int) -> datetime | None:
    rules = round_rules(round_)
    return last_settled([_timing_at(window, rules, at) for window in round_.windows], extra)


def _timing_at(window: Window, rules: RoundRules, at: datetime) -> Timing:
    timing = timing_of(window, rules)
    return timing if window.paused_at is None else replace(timing, closes=timing.closes + (at - window.paused_at))


def has_settled(round_: Round, moment: datetime | None = None) -> bool:
    """True when nothing of ``round_`` can change by the clock any more: its last window has settled."""
    if round_.state == "closed":
        return True
    at = moment or now()
    earliest = _settles_with(round_, at, 0)  # extra time only puts it off: mostly nobody's has to be looked up
    due = settles_at(round_, at) if earliest is not None and at > earliest else None
    return due is not None and at > due


def close_settled_rounds() -> list[int]:
    """Close the open rounds whose last window has settled and whose sittings are all finished; their ids."""
    moment = now()
    db.session.rollback()  # look at what others have committed meanwhile
    closed = []
    for round_ in db.session.scalars(select(Round).where(Round.state == "open")).all():
        due = settles_at(round_, moment)
        if due is None or moment <= due + timedelta(seconds=1):
            continue
        still_open = select(Sitting.id).where(Sitting.round_id == round_.id, Sitting.state == "open").exists()
        if db.session.scalar(select(still_open)):
            continue
        with unit_of_work() as session:
            fresh = session.get_one(Round, round_.id)
            if fresh.state == "open":
                fresh.state = "closed"
                fresh.closed_at = moment
                record("round.closed", f"round:{fresh.public_id}", {}, actor="hệ thống")
                closed.append(fresh.id)
    return closed
