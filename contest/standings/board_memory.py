"""A published board in memory: what the public may see of it, its units, and finding people in it.

A published version never changes, so what was read once stays right; a city's full list takes some 20 MB.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, select

from contest.rounds.models import Contest, Round
from contest.standings.listing import Line, Publication, Scope, children_of, criteria_words, lines, scopes
from contest.standings.models import Standing
from core.database import fold, table_of

#: Ranks whose holders stand in the cards on top, and the most cards there can be (a great tie stands in the table).
WINNING_RANKS = 3
MOST_WINNERS = 9


@dataclass(frozen=True)
class BoardFacts:
    """What a board says of itself."""

    standing_id: int
    standing: str
    number: int
    published_at: datetime
    round: str
    round_name: str
    contest: str
    contest_name: str
    is_sample: bool
    hotline: str
    publication: Publication
    criteria: tuple[str, ...]
    sat: int


class Board:
    """A published standing: its public people in their order, and its units."""

    def __init__(self, facts: BoardFacts, people: Sequence[Line], units: Sequence[Scope]) -> None:
        self.facts = facts
        self.people = people
        self.units = units
        self._by_id = {unit.public_id: unit for unit in units}
        self._index: _Words | None = None
        self._lock = Lock()
        self.view = lru_cache(maxsize=256)(self._view)
        self.find = lru_cache(maxsize=64)(self._find)

    @property
    def top(self) -> Scope | None:
        """The contest's own unit; None where nobody could sit."""
        return self.units[0] if self.units else None

    def unit(self, public_id: str) -> Scope | None:
        """The unit with this public id."""
        return self._by_id.get(public_id)

    def children(self, scope: Scope) -> list[Scope]:
        """The units directly below ``scope``."""
        return children_of(scope, self.units)

    def _view(self, public_id: str | None) -> ScopeView:
        scope = self._by_id.get(public_id or "") or self.top
        chosen = [
            at for at, line in enumerate(self.people) if scope is None or line.unit_path.startswith(scope.path)
        ]
        return ScopeView(self, scope, chosen)

    def _find(self, public_id: str | None, query: str) -> list[int]:
        """The places in ``people`` of those in the unit whose name or units have words beginning like those of
        ``query`` (folded)."""
        with self._lock:
            if self._index is None:
                self._index = _Words([line.folded for line in self.people])
        found = self._index.find(query.split())
        scope = self._by_id.get(public_id or "")
        if scope is None or scope is self.top:
            return found
        return [at for at in found if self.people[at].unit_path.startswith(scope.path)]


class ScopeView:
    """The people of one unit, with their ranks in it."""

    def __init__(self, board: Board, scope: Scope | None, chosen: list[int]) -> None:
        self.board = board
        self.scope = scope
        self.chosen = chosen
        #: Finished rows of the table by place; the pages fill it.
        self.rows: dict[int, Markup] = {}
        #: The page before and after the list, with and without winners; the pages fill it.
        self.around: dict[bool, tuple[str, str]] = {}
        winners = [at for at in chosen[: MOST_WINNERS + 1] if self.rank(at) <= WINNING_RANKS]
        self.winners = winners if len(winners) <= MOST_WINNERS else []

    def rank(self, at: int) -> int:
        """The stored rank within the unit."""
        line = self.board.people[at]
        return line.rank if self.scope is None else line.unit_ranks.get(self.scope.key, line.rank)

    def unit_name(self, at: int) -> str:
        """The person's unit without what the page says already."""
        name = self.board.people[at].unit
        suffix = self.scope.suffix if self.scope is not None else ""
        return name[: -len(suffix)] if suffix and name.endswith(suffix) else name

    @property
    def rest(self) -> list[int]:
        """Everybody who stands in the table when nothing is searched for."""
        return self.chosen[len(self.winners) :]


class _Words:
    """Where each word occurs, for finding by the beginnings of words."""

    def __init__(self, texts: Sequence[str]) -> None:
        places: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            for word in set(text.split()):
                places.setdefault(word, []).append(at)
        self._places = places
        self._words = sorted(places)
        self._texts = [f" {text}" for text in texts]

    def find(self, beginnings: Sequence[str]) -> list[int]:
        """The texts that have a word beginning with each of ``beginnings``, in order."""
        if not beginnings:
            return list(range(len(self._texts)))
        groups = [(sum(len(self._places[w]) for w in words), n, words) for n, words in
                  enumerate(map(self._starting, beginnings))]  # fmt: skip
        (_size, rarest, words), *others = sorted(groups)
        found = self._places[words[0]] if len(words) == 1 else sorted({at for w in words for at in self._places[w]})
        for _size, number, _words in others:
            if number != rarest:
                wanted = f" {beginnings[number]}"
                found = [at for at in found if wanted in self._texts[at]]
        return found

    def _starting(self, beginning: str) -> list[str]:
        first = bisect_left(self._words, beginning)
        last = bisect_left(self._words, beginning + "\U0010ffff")
        return self._words[first:last]


_standing, _round, _contest = table_of(Standing).c, table_of(Round).c, table_of(Contest).c

#: The version of a round that the public page is about: the published one, else the last that was withdrawn.
CURRENT = (
    select(_standing.id, _standing.state)
    .join(table_of(Round), _round.id == _standing.round_id)
    .where(_standing.state.in_(("published", "withdrawn")))
    .order_by(_standing.state, _standing.number.desc())
    .limit(1)
)


def current(connection: Connection, round_id: str) -> tuple[int, bool] | None:
    """The standing of the round that the public page is about, and whether it is public; None: never published."""
    row: Any = connection.execute(CURRENT.where(_round.public_id == round_id)).first()
    return None if row is None else (row.id, row.state == "published")


def load(connection: Connection, standing_id: int, hotline: str) -> Board:
    """Read a published standing; nothing that its publication does not name leaves the database."""
    row: Any = connection.execute(
        select(
            _standing.public_id, _standing.number, _standing.published_at, _standing.publication, _standing.criteria,
            _standing.summary, _round.public_id.label("round"), _round.name.label("round_name"),
            _contest.public_id.label("contest"), _contest.name.label("contest_name"), _contest.is_sample,
            _contest.hotline,
        )
        .join(table_of(Round), _round.id == _standing.round_id)
        .join(table_of(Contest), _contest.id == _round.contest_id)
        .where(_standing.id == standing_id)
    ).one()  # fmt: skip
    publication = Publication.of(row.publication)
    facts = BoardFacts(
        standing_id=standing_id,
        standing=row.public_id,
        number=row.number,
        published_at=row.published_at,
        round=row.round,
        round_name=row.round_name,
        contest=row.contest,
        contest_name=row.contest_name,
        is_sample=row.is_sample,
        hotline=row.hotline or hotline,
        publication=publication,
        criteria=tuple(criteria_words(row.criteria)),
        sat=row.summary["sat"],
    )
    return Board(facts, lines(connection, standing_id, public=publication), scopes(connection, standing_id))


def folded_query(text: str) -> str:
    """What was typed, as it is looked for; bounded."""
    return fold(text[:100])
