"""Ranking: rows put in order by the criteria, with ranks, over all or within each scope (unit, division,
round).

The order is a total preorder: of two rows one stands higher or both are equal, and it never depends on the
order in which rows are given. Nothing is broken that the criteria do not break: equals share a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from contest.rules.criteria import Criterion, Measured
from contest.rules.order import places

R = TypeVar("R", bound=Measured)
S = TypeVar("S", bound=Hashable)

SHARED_WITH_GAP = "1,1,3"
SHARED_WITHOUT_GAP = "1,1,2"

_FIRST = itemgetter(0)


class Ranked(NamedTuple, Generic[R]):
    """A row and its rank, counted from 1."""

    rank: int
    row: R


def rank(rows: Sequence[R], criteria: Sequence[Criterion], ties: str = SHARED_WITH_GAP,
         among_equals: Callable[[R], Any] | None = None) -> list[Ranked[R]]:
    """The rows from the first to the last, with ranks.

    `ties`: "1,1,3" leaves out the ranks that equals have used up, "1,1,2" does not. `among_equals` is the key
    of the order in which those of one rank are listed (by name, say); it never changes a rank. Raises
    ValueError for other `ties`.
    """
    ordered = _ordered(rows, criteria, among_equals)
    return list(_with_ranks(ordered, ties))


def rank_in_scopes(rows: Sequence[R], scopes_of: Callable[[R], Iterable[S]], criteria: Sequence[Criterion],
                   ties: str = SHARED_WITH_GAP,
                   among_equals: Callable[[R], Any] | None = None) -> dict[S, list[Ranked[R]]]:
    """The same ranking within each scope that some row belongs to, for instance each unit above the cell.

    All scopes share one sorting, so many scopes cost little more than one.
    """
    scopes: dict[S, list[tuple[int, R]]] = {}
    for placed in _ordered(rows, criteria, among_equals):
        for scope in scopes_of(placed[1]):
            scopes.setdefault(scope, []).append(placed)
    return {scope: list(_with_ranks(ordered, ties)) for scope, ordered in scopes.items()}


def units_above_cell(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The units above the last one of a path, as paths from the top: A/B/C gives A and A/B."""
    return [path[:depth] for depth in range(1, len(path))]


def _ordered(rows: Sequence[R], criteria: Sequence[Criterion],
             among_equals: Callable[[R], Any] | None) -> list[tuple[int, R]]:
    listed = rows if among_equals is None else sorted(rows, key=among_equals)
    return sorted(zip(places(listed, criteria), listed, strict=True), key=_FIRST)


def _with_ranks(ordered: Iterable[tuple[int, R]], ties: str) -> Iterator[Ranked[R]]:
    if ties not in (SHARED_WITH_GAP, SHARED_WITHOUT_GAP):
        raise ValueError(f"unknown way of sharing ranks: {ties!r}")
    before = -1
    current = 0
    for number, (place, row) in enumerate(ordered, start=1):
        if place != before:
            current = number if ties == SHARED_WITH_GAP else current + 1
            before = place
        yield Ranked(current, row)
