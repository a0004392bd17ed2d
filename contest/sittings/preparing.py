"""Preparing a Start: what a round's papers are drawn from, kept in memory, and the drawing, outside the writer's transaction.

What is kept may be out of date (a window moved, a question voided meanwhile): the writer says so, and it is read again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from contest.papers.drawing import PreparedPool, draw
from contest.papers.making.freezing import prepared_part
from contest.rounds.clock import Timing
from contest.rounds.models import Round, RulesVersion, Window
from contest.rounds.service import timing_between
from contest.rules.document import RoundRules, from_plain
from contest.sittings.journal import begun
from contest.sittings.starting import Refusal, Start, Started, start
from contest.sittings.tokens import StartTicket
from core.database import EngineCache, public_id, table_of
from core.database.writer import GroupCommitWriter


@dataclass(frozen=True)
class StartFacts:
    """What starting a sitting of a round needs: its rules, its windows' times and parts of the pool, and the pool.

    ``pools`` holds the parts that have been asked for, ready for drawing.
    """

    round: str
    opened_at: datetime
    rules: RoundRules
    pool_revision: int
    windows: dict[int, tuple[Timing, int]]
    pools: dict[int, PreparedPool] = field(default_factory=dict)


class NotOpened(LookupError):
    """There is no such window in an opened round (any more)."""


_facts: EngineCache[int, StartFacts] = EngineCache(50)


def facts_of(engine: Engine, round_id: int, window_id: int) -> StartFacts:
    """The facts of an opened round, with the part of the pool that the window draws from. Raises NotOpened."""
    kept = _facts.store(engine)
    facts = kept.get(round_id)
    if facts is not None and window_id in facts.windows and facts.windows[window_id][1] in facts.pools:
        return facts
    with engine.connect() as connection:
        if facts is None or window_id not in facts.windows:
            facts = kept[round_id] = _read(connection, round_id)
        if window_id not in facts.windows:
            raise NotOpened(window_id)
        part = facts.windows[window_id][1]
        facts.pools[part] = prepared_part(connection, round_id, part, facts.pool_revision, facts.rules)
    return facts


def forget_facts(engine: Engine, round_id: int) -> None:
    """Read the facts of a round again next time."""
    _facts.store(engine).pop(round_id, None)


def _read(connection: Connection, round_id: int) -> StartFacts:
    round_, version, window = table_of(Round).c, table_of(RulesVersion).c, table_of(Window).c
    row = connection.execute(
        select(round_.public_id, round_.key, round_.opened_at, round_.pool_revision, version.body)
        .join(table_of(RulesVersion), version.id == round_.rules_version_id)
        .where(round_.id == round_id, round_.state != "draft", round_.opened_at.is_not(None))
    ).first()
    if row is None:
        raise NotOpened(round_id)
    rules = from_plain(row.body).round(row.key)
    windows = connection.execute(
        select(window.id, window.opens_at, window.closes_at, window.pool_part).where(window.round_id == round_id)
    )
    found = {w.id: (timing_between(w.opens_at, w.closes_at, rules), w.pool_part or 0) for w in windows}
    return StartFacts(row.public_id, row.opened_at, rules, row.pool_revision, found)


def prepare(engine: Engine, ticket: StartTicket, at: datetime, paper_key: bytes, agent: str = "") -> Start:
    """Everything that a start at ``at`` writes: the paper is drawn, the times are reckoned. Raises NotOpened."""
    facts = facts_of(engine, ticket.round, ticket.window)
    timing, part = facts.windows[ticket.window]
    quiz = facts.rules.quizzes[0]
    public = public_id()
    drawn = draw(
        facts.pools[part],
        paper_key,
        facts.round,
        public,
        shuffle_questions=quiz.shuffle_questions,
        shuffle_options=quiz.shuffle_options,
    )
    return Start(
        entry_id=ticket.entry,
        round_id=ticket.round,
        window_id=ticket.window,
        generation=ticket.generation,
        unit_id=ticket.unit,
        public_id=public,
        device_hash=ticket.device,
        started_at=at,
        timing=timing,
        opened_at=facts.opened_at,
        pool_revision=facts.pool_revision,
        paper=[item.to_plain() for item in drawn],
        attempts=facts.rules.attempts.limit,
        attempt=ticket.attempt,
        agent=agent,
    )


def begin(
    engine: Engine, writer: GroupCommitWriter, ticket: StartTicket, at: datetime, paper_key: bytes, agent: str = ""
) -> Started:
    """Start what ``ticket`` allows, or find what it has started before. Raises WriterBusy."""
    started = Started(refusal=Refusal.STALE)
    for _again in range(2):
        try:
            prepared = prepare(engine, ticket, at, paper_key, agent)
            started = writer.call(start, prepared)
        except NotOpened:
            return Started(refusal=Refusal.CHANGED)
        if started.created:
            begun(engine, started.sitting_id, [drawn["version"] for drawn in prepared.paper])
        if started.refusal is not Refusal.STALE:
            break
        forget_facts(engine, ticket.round)
    return started
