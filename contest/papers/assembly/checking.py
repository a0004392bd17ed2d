"""Looks at finished forms as a stranger would, and says what is wrong with them. Pure, and on purpose without any of
the means by which they were made: it knows items, cells and the rules, and finds by itself which item can fill which cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from contest.papers.assembly.model import Cell, Item


def violations(items: Sequence[Item], cells: Sequence[Cell], max_shared: int, forms: Sequence[Sequence[str]]) -> list[str]:
    """Every rule that ``forms`` (of item ids) break, one line of English each; none: they are what was asked for."""
    by_id = {item.id: item for item in items}
    wrong: list[str] = []
    for number, form in enumerate(forms, 1):
        unknown = [one for one in form if one not in by_id]
        if unknown:
            wrong.append(f"form {number}: no such items {unknown}")
            continue
        inside = [by_id[one] for one in form]
        wrong += [f"form {number}: {one} twice" for one, times in Counter(form).items() if times > 1]
        enemies = Counter(item.enemy_group for item in inside if item.enemy_group)
        wrong += [f"form {number}: {times} of enemy group {group}" for group, times in enemies.items() if times > 1]
        if not _fills(inside, cells):
            wrong.append(f"form {number}: does not fill the blueprint")
    for (a, first), (b, second) in combinations(enumerate(forms, 1), 2):
        shared = len(set(first) & set(second))
        if shared > max_shared:
            wrong.append(f"forms {a} and {b} share {shared}")
    return wrong


def _fills(inside: Sequence[Item], cells: Sequence[Cell]) -> bool:
    """Is there a way to give every item one place, and every place one item? (Kuhn's augmenting paths.)"""
    places = [cell for cell in cells for _ in range(cell.count)]
    if len(places) != len(inside):
        return False
    holder: list[int | None] = [None] * len(places)

    def seat(at: int, seen: set[int]) -> bool:
        for place, cell in enumerate(places):
            if place in seen or not cell.matches(inside[at]):
                continue
            seen.add(place)
            other = holder[place]
            if other is None or seat(other, seen):
                holder[place] = at
                return True
        return False

    return all(seat(at, set()) for at in range(len(inside)))
