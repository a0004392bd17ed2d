"""What assembling parallel forms is about: items, cells of a blueprint, forms. Pure.

A *form* fills every cell of the blueprint; *parallel* forms differ as little as can be in summed difficulty (the
*spread*: largest minus smallest sum), after that they use what was used least of late (the *exposure*).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

FINEST = 6
"""Sums that differ by less than 10 to the minus this count as equal where a proof is wanted. Difficulties with no more
decimals than this are compared exactly."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question as assembly sees it. ``difficulty`` in any unit, the same for all; ``enemy_group`` empty: none;
    ``exposure``: how often it was used of late."""

    id: str
    topic: str
    level: str
    type: str
    points: Decimal
    difficulty: Decimal
    enemy_group: str
    exposure: int


@dataclass(frozen=True, slots=True)
class Cell:
    """``count`` questions of a topic, level, type and points; None matches anything."""

    count: int
    topic: str | None = None
    level: str | None = None
    type: str | None = None
    points: Decimal | None = None

    def matches(self, item: Item) -> bool:
        """May ``item`` fill this cell?"""
        return (
            (self.topic is None or self.topic == item.topic)
            and (self.level is None or self.level == item.level)
            and (self.type is None or self.type == item.type)
            and (self.points is None or self.points == item.points)
        )


Form = tuple[tuple[int, ...], ...]
"""For each cell the indexes of the items that fill it."""

Forms = tuple[Form, ...]


@dataclass(frozen=True)
class Task:
    """``forms`` forms of the blueprint ``cells`` out of ``items``; two forms share at most ``max_shared`` items."""

    items: Sequence[Item]
    cells: Sequence[Cell]
    forms: int
    max_shared: int = 0

    @cached_property
    def fits(self) -> tuple[tuple[int, ...], ...]:
        """For each item the cells that it may fill."""
        return tuple(tuple(n for n, cell in enumerate(self.cells) if cell.matches(item)) for item in self.items)

    @cached_property
    def decimals(self) -> int:
        """Decimals of the most finely written difficulty."""
        return max((_decimals(item.difficulty) for item in self.items), default=0)

    @cached_property
    def units(self) -> tuple[int, ...]:
        """Each item's difficulty as a whole number of units of 10 to the minus ``decimals``: sums are exact."""
        return tuple(int(item.difficulty.scaleb(self.decimals)) for item in self.items)

    @cached_property
    def equal(self) -> int:
        """A spread of so many units or fewer is none: 0 for difficulties with at most ``FINEST`` decimals."""
        return int(10 ** (self.decimals - FINEST)) if self.decimals > FINEST else 0

    @property
    def form_size(self) -> int:
        """Questions in a form."""
        return sum(cell.count for cell in self.cells)

    @property
    def pairs_allowed(self) -> int:
        """Over all pairs of forms, how many times an item may be shared."""
        return self.max_shared * self.forms * (self.forms - 1) // 2


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True, order=True)
class Worth:
    """How good forms are, the smaller the better: spread in units first, then the summed exposure of every use."""

    spread: int
    exposure: int


def sums(task: Task, forms: Forms) -> list[int]:
    """Each form's summed difficulty, in units."""
    return [sum(task.units[at] for cell in form for at in cell) for form in forms]


def worth(task: Task, forms: Forms) -> Worth:
    """What ``forms`` are worth."""
    totals = sums(task, forms)
    used = sum(task.items[at].exposure for form in forms for cell in form for at in cell)
    return Worth(max(totals) - min(totals), used)


def in_difficulty(task: Task, units: int) -> Decimal:
    """Units as a difficulty, exact."""
    return Decimal(units).scaleb(-task.decimals)
