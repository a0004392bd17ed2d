"""Parallel forms by trying everything: the naive oracle for small tasks. Shares no code with what it judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, permutations

from contest.papers.assembly.model import Cell, Item


def one_form_each(items: Sequence[Item], cells: Sequence[Cell]) -> Iterator[frozenset[int]]:
    """Every set of items that fills the blueprint and holds at most one of each enemy group."""
    places = [cell for cell in cells for _ in range(cell.count)]
    for chosen in combinations(range(len(items)), len(places)):
        groups = [items[at].enemy_group for at in chosen if items[at].enemy_group]
        if len(groups) == len(set(groups)) and any(
            all(place.matches(items[at]) for place, at in zip(places, order, strict=True)) for order in permutations(chosen)
        ):
            yield frozenset(chosen)


def best(items: Sequence[Item], cells: Sequence[Cell], forms: int, max_shared: int) -> tuple[Decimal, int] | None:
    """The smallest spread and, at that spread, the smallest exposure; None: there are no forms."""
    possible = list(one_form_each(items, cells))
    found: tuple[Decimal, int] | None = None

    def add(start: int, chosen: list[frozenset[int]]) -> None:
        nonlocal found
        if len(chosen) == forms:
            sums = [sum((items[at].difficulty for at in form), Decimal(0)) for form in chosen]
            value = max(sums) - min(sums), sum(items[at].exposure for form in chosen for at in form)
            found = value if found is None else min(found, value)
            return
        for at in range(start, len(possible)):
            if all(len(possible[at] & other) <= max_shared for other in chosen):
                add(at, [*chosen, possible[at]])

    add(0, [])
    return found
