"""The rules under which a round was opened, as the fold needs them: frozen, so they are kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, select

from contest.papers.models import PoolItem, PoolRevision
from contest.rounds.models import Round, RulesVersion
from contest.rules.document import RoundRules, from_plain
from core.database import EngineCache, table_of


@dataclass(frozen=True)
class RoundMarking:
    """What marking needs of a round: its rules, the points of each pool item, and which items are void."""

    rules: RoundRules
    points: dict[int, Decimal]
    void: frozenset[int]


_cache: EngineCache[tuple[int, int], RoundMarking] = EngineCache(200)


def marking_of(connection: Connection, round_id: int) -> RoundMarking:
    """How sittings of the round are marked now; read anew whenever the pool has a new revision."""
    round_, version = table_of(Round).c, table_of(RulesVersion).c
    key, revision, rules_id, body = connection.execute(
        select(round_.key, round_.pool_revision, version.id, version.body)
        .join(table_of(RulesVersion), version.id == round_.rules_version_id)
        .where(round_.id == round_id)
    ).one()
    kept = _cache.store(connection.engine)
    known = kept.get((round_id, revision))
    if known is not None:
        return known
    rules = from_plain(body).round(key)
    by_cell = [quiz.points_per_question for quiz in rules.quizzes for _cell in quiz.blueprint]
    item, change = table_of(PoolItem).c, table_of(PoolRevision).c
    points = {
        row.id: by_cell[row.cell]
        for row in connection.execute(select(item.id, item.cell).where(item.round_id == round_id))
    }
    void = connection.execute(
        select(change.item_id).where(
            change.round_id == round_id, change.kind == "void", change.number.is_not(None)
        )
    ).scalars()
    marking = RoundMarking(rules, points, frozenset(void))
    kept[(round_id, revision)] = marking
    return marking
