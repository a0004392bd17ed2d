"""Which question fills which cell of the blueprint, in which part of the pool. Pure.

Windows with the same hours share one part of the pool; any other has its own, and no question is in two. Cells may overlap
(a topic at any level, any topic of a type), so filling them is a matching: questions on one side, places (part × cell ×
count) on the other. Kuhn's augmenting paths find a largest one, so a shortage that is reported is a real shortage.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """An approved question version that may enter a pool."""

    version_id: int
    question_id: int
    topic: str
    level: str
    type: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the blueprint: ``count`` questions of a topic, level and type; None matches anything."""

    topic: str | None
    level: str | None
    type: str | None
    count: int

    def matches(self, candidate: Candidate) -> bool:
        """True when ``candidate`` may fill this cell."""
        return (
            (self.topic is None or self.topic == candidate.topic)
            and (self.level is None or self.level == candidate.level)
            and (self.type is None or self.type == candidate.type)
        )


@dataclass(frozen=True, slots=True)
class Shortage:
    """Cell number ``cell`` needs ``needed`` questions for all parts or forms together and can get only ``available``."""

    cell: int
    needed: int
    available: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """``places[i]`` is (part, cell) of candidate i, or None where it is not used; ``shortages`` is empty when all is full."""

    places: tuple[tuple[int, int] | None, ...]
    shortages: tuple[Shortage, ...]


def keyed_order(key: bytes, context: str, labels: Sequence[str]) -> list[int]:
    """The indexes of ``labels`` in an order that only the holder of ``key`` can foretell, and always the same."""
    digests = [hmac.digest(key, f"{context}|{label}".encode(), "sha256") for label in labels]
    return sorted(range(len(labels)), key=digests.__getitem__)


def allot(candidates: Sequence[Candidate], cells: Sequence[Cell], parts: int, key: bytes, context: str) -> Allotment:
    """Deal ``candidates`` to the cells of ``parts`` parts of a pool.

    First every place is filled (as many as can be); then what is left over goes, one by one, to the part and cell among
    those it matches that holds fewest for its count, so that papers of one part differ. ``key`` and ``context`` fix the
    order in which candidates are taken.
    """
    order = keyed_order(key, context, [str(c.question_id) for c in candidates])
    fits = [[n for n, cell in enumerate(cells) if cell.matches(c)] for c in candidates]
    taken: dict[tuple[int, int], list[int]] = {(p, n): [] for p in range(parts) for n in range(len(cells))}
    place: list[tuple[int, int] | None] = [None] * len(candidates)

    def try_place(index: int, seen: set[tuple[int, int]]) -> bool:
        for number in fits[index]:
            for part in range(parts):
                spot = (part, number)
                if spot in seen:
                    continue
                seen.add(spot)
                if len(taken[spot]) < cells[number].count:
                    taken[spot].append(index)
                    place[index] = spot
                    return True
                for other in taken[spot]:
                    if try_place(other, seen):
                        taken[spot].remove(other)
                        taken[spot].append(index)
                        place[index] = spot
                        return True
        return False

    needed = parts * sum(cell.count for cell in cells)
    filled = 0
    for index in order:
        if filled == needed:
            break
        if try_place(index, set()):
            filled += 1
    shortages = _shortages(candidates, cells, parts, taken)
    if not shortages:
        for index in order:
            if place[index] is None and fits[index]:
                spots = [(p, n) for n in fits[index] for p in range(parts)]
                spot = min(spots, key=lambda s: (len(taken[s]) / cells[s[1]].count, s))
                taken[spot].append(index)
                place[index] = spot
    return Allotment(tuple(place), shortages)


def _shortages(
    candidates: Sequence[Candidate],
    cells: Sequence[Cell],
    parts: int,
    taken: dict[tuple[int, int], list[int]],
) -> tuple[Shortage, ...]:
    result = []
    for number, cell in enumerate(cells):
        got = sum(len(taken[(part, number)]) for part in range(parts))
        if got < parts * cell.count:
            result.append(Shortage(number, parts * cell.count, got))
    return tuple(result)
