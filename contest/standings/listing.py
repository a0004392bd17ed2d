"""Reading a standing: the one way in which pages, boards, files and one's own place get its rows.

A scope is the whole contest or a unit's subtree; a person's rank in it is the one stored. The public sees of every scope
the same people: those whose overall place the publication names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from contest.standings.counting import BETWEEN
from contest.standings.models import StandingRow, StandingUnit
from core.database import fold, table_of
from core.organisation.models import Unit
from core.organisation.tree import SEPARATOR

#: In a unit where fewer sat, the mean would tell a person's mark: the public does not see it.
FEWEST_FOR_MEAN = 3

_ROW = table_of(StandingRow).c
_UNIT = table_of(StandingUnit).c


@dataclass(frozen=True, slots=True)
class Scope:
    """A unit of a standing with its totals; ``unit_id`` and names as they were when it was made.

    ``suffix`` is what need not be said again of people in it: its own name and those above.
    """

    unit_id: int
    public_id: str
    parent_id: int | None
    depth: int
    level: str
    name: str
    full_name: str
    sort_key: str
    path: str
    entries: int
    sat: int
    total: Decimal
    mean: Decimal
    best: Decimal
    suffix: str = ""

    @property
    def key(self) -> str:
        """Under which ranks are kept in ``unit_ranks``."""
        return str(self.unit_id)


@dataclass(frozen=True, slots=True)
class Line:
    """A person in a standing. ``overall`` is the rank among all, ``rank`` that in the scope looked at."""

    position: int
    rank: int
    overall: int
    name: str
    unit: str
    unit_path: str
    score: Decimal
    max_score: Decimal
    correct: int
    seconds: int
    folded: str
    unit_ranks: Mapping[str, int]
    entry_id: int


@dataclass(frozen=True, slots=True)
class Publication:
    """What the public sees of a standing, as its rules said."""

    leading_places: int
    unit_totals: bool
    full_list: bool

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Publication:
        """From what a standing has stored."""
        return cls(int(stored["leading_places"]), bool(stored["unit_totals"]), bool(stored["full_list"]))

    @property
    def names_people(self) -> bool:
        """True when the public sees anybody's name."""
        return self.full_list or self.leading_places > 0


COLUMNS = (
    _ROW.position, _ROW.rank, _ROW.name, _ROW.unit_name, _ROW.unit_path, _ROW.score, _ROW.max_score, _ROW.correct,
    _ROW.seconds, _ROW.folded, _ROW.unit_ranks, _ROW.entry_id,
)  # fmt: skip


def select_rows(
    standing_id: int, paths: Sequence[str] | None = None, public: Publication | None = None, query: str = ""
) -> Select[Any]:
    """The rows of a standing, unordered: those in the subtrees ``paths`` (None: all), those that ``public`` lets be seen
    (None: all), those with every word of ``query`` in name or units, without accents."""
    statement = select(*COLUMNS).where(_ROW.standing_id == standing_id)
    if paths is not None:
        statement = statement.where(in_paths(paths))
    if public is not None and not public.full_list:
        statement = statement.where(_ROW.rank <= public.leading_places)
    for word in fold(query).split():
        statement = statement.where(_ROW.folded.contains(word, autoescape=True))
    return statement


def in_paths(paths: Sequence[str]) -> ColumnElement[bool]:
    """The condition "the person's unit lies in one of these subtrees"."""
    return or_(False, *(_ROW.unit_path.startswith(path, autoescape=True) for path in paths))


def line_of(row: Any, scope: Scope | None = None) -> Line:
    """What a row of ``select_rows`` says in ``scope`` (None: overall)."""
    rank, unit = row.rank, row.unit_name
    if scope is not None:
        rank = row.unit_ranks.get(scope.key, rank)
        if scope.suffix and unit.endswith(scope.suffix):
            unit = unit[: -len(scope.suffix)]
    return Line(
        row.position, rank, row.rank, row.name, unit, row.unit_path, row.score, row.max_score, row.correct,
        row.seconds, row.folded, row.unit_ranks, row.entry_id,
    )  # fmt: skip


def lines(
    connection: Connection, standing_id: int, scope: Scope | None = None, public: Publication | None = None
) -> list[Line]:
    """All of a scope's people in their order."""
    paths = None if scope is None else (scope.path,)
    rows = connection.execute(select_rows(standing_id, paths, public).order_by(_ROW.position))
    return [line_of(row, scope) for row in rows]


def scopes(connection: Connection, standing_id: int) -> list[Scope]:
    """The units of a standing, from the contest's down, siblings by name; the first is the contest's own."""
    rows: Any = connection.execute(
        select(
            _UNIT.unit_id, Unit.public_id, _UNIT.parent_id, _UNIT.depth, _UNIT.level, _UNIT.name, _UNIT.full_name,
            _UNIT.sort_key, _UNIT.path, _UNIT.entries, _UNIT.sat, _UNIT.total, _UNIT.mean, _UNIT.best,
        )
        .join(Unit, Unit.id == _UNIT.unit_id)
        .where(_UNIT.standing_id == standing_id)
        .order_by(_UNIT.depth, _UNIT.sort_key, _UNIT.unit_id)
    ).all()  # fmt: skip
    top = rows[0].full_name if rows else ""
    return [Scope(*(*row, _suffix(row.full_name, top))) for row in rows]


def _suffix(full_name: str, top: str) -> str:
    below = full_name.removeprefix(top).removeprefix(SEPARATOR)
    return BETWEEN + BETWEEN.join(reversed(below.split(SEPARATOR))) if below else ""


def children_of(scope: Scope, all_scopes: Sequence[Scope]) -> list[Scope]:
    """The units directly below ``scope`` that somebody could sit in."""
    return [each for each in all_scopes if each.parent_id == scope.unit_id]


def criteria_words(criteria: Sequence[Mapping[str, str]]) -> list[str]:
    """A standing's criteria as they stand in a sentence ("tổng điểm", "thời gian làm bài")."""
    return [one["label"][0].lower() + one["label"][1:] for one in criteria]
