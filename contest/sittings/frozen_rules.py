"""The rules under which a round was opened, as the fold needs them: frozen, so they are kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from contest.papers.models import PoolItem
from contest.papers.pool import revisions_of
from contest.rounds.models import Round, RulesVersion
from contest.rules.document import RoundRules, from_plain
from core.database import EngineCache, table_of


@dataclass(frozen=True)
class RoundMarking:
    """What marking needs of a round: its rules, the points of each pool item, which items are void, and by which version the
    key of an item was corrected."""

    rules: RoundRules
    points: dict[int, Decimal]
    void: frozenset[int]
    corrected: dict[int, int]

    def versions(self, paper: Sequence[Mapping[str, Any]]) -> list[int]:
        """The question versions that marking ``paper`` needs: those shown and those that correct them."""
        shown = [drawn["version"] for drawn in paper]
        return shown + [self.corrected[drawn["item"]] for drawn in paper if drawn["item"] in self.corrected]


_cache: EngineCache[tuple[int, int, int], RoundMarking] = EngineCache(200)


def marking_of(connection: Connection, round_id: int) -> RoundMarking:
    """How sittings of the round are marked now; read anew whenever it has other rules or its pool a new revision."""
    round_, version = table_of(Round).c, table_of(RulesVersion).c
    key, revision, rules_id = connection.execute(
        select(round_.key, round_.pool_revision, round_.rules_version_id).where(round_.id == round_id)
    ).one()
    kept = _cache.store(connection.engine)
    known = kept.get((round_id, rules_id, revision))
    if known is not None:
        return known
    body = connection.execute(select(version.body).where(version.id == rules_id)).scalar_one()
    rules = from_plain(body).round(key)
    by_cell = [quiz.points_per_question for quiz in rules.quizzes for _cell in quiz.blueprint]
    item = table_of(PoolItem).c
    points = {
        row.id: by_cell[row.cell]
        for row in connection.execute(select(item.id, item.cell).where(item.round_id == round_id))
    }
    void, corrected = revisions_of(connection, round_id, revision)
    marking = kept[(round_id, rules_id, revision)] = RoundMarking(rules, points, void, corrected)
    return marking
