"""Parallel forms as an integer program. Pure: what solves it is another module's business.

- A column x[k, c, f] says how many items of kind k fill cell c of form f. Without sharing, items that nothing tells apart
  (same cells, difficulty, exposure and enemies) are one kind; with sharing each item is its own, as it matters which one it
  is.
- Forms are interchangeable, so every solution has N! copies; ordering the forms by their sums (s1 <= s2 <= … <= sN)
  leaves one, and makes the spread sN - s1, without a column for a maximum.
- As each form takes the same number from a cell, a constant may be taken off all difficulties; with the mean taken off,
  coefficients are small and the solver's tolerances count for less.
- With sharing, y[i, f, g] >= x[i, f] + x[i, g] - 1 for each pair of forms, and their sum is at most max_shared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from contest.papers.allotment import Shortage
from contest.papers.assembly.model import Forms, Task

NEAR = 0.9
"""Whole numbers nearer than this are the same one: so far the solver's floating point is trusted."""

SOLVER_DECIMALS = 4
"""Difficulties enter the program in units no finer than this, as fractions beyond it: floating point can hold them."""


@dataclass(slots=True)
class Column:
    """A variable between ``low`` and ``high``."""

    low: float
    high: float
    whole: bool = True
    cost: float = 0.0


@dataclass(slots=True)
class Row:
    """``low`` <= the sum of coefficient times column <= ``high``."""

    low: float
    high: float
    terms: dict[int, float]


@dataclass(slots=True)
class Program:
    """Minimise the columns' costs, subject to the rows."""

    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, low: float, high: float, whole: bool = True) -> int:
        """Adds a column; gives its number."""
        self.columns.append(Column(low, high, whole))
        return len(self.columns) - 1

    def row(self, low: float, high: float, terms: dict[int, float]) -> None:
        """Adds a row, unless it is empty and says nothing."""
        if terms or low > 0 or high < 0:
            self.rows.append(Row(low, high, terms))


class FormsProgram:
    """The program of a task, and the way between its columns and forms.

    ``may_lack``: places may stay empty, each at a cost of 1, so that there always is a solution.
    """

    def __init__(self, task: Task, may_lack: bool = False) -> None:
        self.task = task
        self._may_lack = may_lack
        self._lacks: dict[tuple[int, int], int] = {}
        self.program = Program()
        self._kinds = self._find_kinds()
        self._fill: dict[tuple[int, int, int], int] = {}
        for kind, members in enumerate(self._kinds):
            for cell in task.fits[members[0]]:
                most = min(task.cells[cell].count, len(members))
                for form in range(task.forms):
                    self._fill[kind, cell, form] = self.program.column(0, most)
        self._scale = 10.0 ** -max(0, task.decimals - SOLVER_DECIMALS)
        used = [task.units[members[0]] for members in self._kinds]
        self._middle = sum(used) // len(used) if used else 0
        self._sums = [self.program.column(-math.inf, math.inf, whole=False) for _ in range(task.forms)]
        self._rows()

    @property
    def exact(self) -> bool:
        """Are costs whole numbers when the program asks for the spread?"""
        return self.task.decimals <= SOLVER_DECIMALS

    @property
    def step(self) -> float:
        """Two spreads that are told apart differ by so much in the program: a unit, or 10 to the minus FINEST."""
        return 1.0 if self.exact else max(self.task.equal, 1) * self._scale

    def in_program(self, units: int) -> float:
        """A spread of ``units`` as the program counts."""
        return units * self._scale

    def ask_for_spread(self, below: int) -> None:
        """Asks for the smallest spread, if there is one below so many units."""
        for column in self.program.columns:
            column.cost = 0.0
        spread = {self._sums[-1]: 1.0, self._sums[0]: -1.0}
        for at, cost in spread.items():
            self.program.columns[at].cost = cost
        self.program.row(0, self.in_program(below) - NEAR * self.step, spread)

    def ask_for_exposure(self, below: int, most_spread: int) -> None:
        """Asks for the smallest exposure, if there is one below this, the spread being at most ``most_spread`` units."""
        exposure = {}
        for column in self.program.columns:
            column.cost = 0.0
        for (kind, _cell, _form), at in self._fill.items():
            exposure[at] = self.program.columns[at].cost = float(self.task.items[self._kinds[kind][0]].exposure)
        self.program.row(0, below - NEAR, exposure)
        if self.task.forms > 1:
            high = self.in_program(most_spread) + (1 - NEAR) * self.step
            self.program.row(0, high, {self._sums[-1]: 1.0, self._sums[0]: -1.0})

    def forms(self, values: Sequence[float]) -> Forms:
        """The forms that values of the columns stand for."""
        left = [list(members) for members in self._kinds]
        found: list[list[list[int]]] = [[[] for _cell in self.task.cells] for _ in range(self.task.forms)]
        for (kind, cell, form), column in self._fill.items():
            for _ in range(round(values[column])):
                at = left[kind][0] if self.task.max_shared else left[kind].pop()
                found[form][cell].append(at)
        return tuple(tuple(tuple(sorted(cell)) for cell in form) for form in found)

    def lacking(self, values: Sequence[float]) -> tuple[Shortage, ...]:
        """The cells with empty places, where places may stay empty."""
        found = []
        for number, cell in enumerate(self.task.cells):
            needed = cell.count * self.task.forms
            lacks = sum(round(values[self._lacks[number, form]]) for form in range(self.task.forms))
            if lacks:
                found.append(Shortage(number, needed, needed - lacks))
        return tuple(found)

    def _find_kinds(self) -> list[list[int]]:
        task = self.task
        kinds: dict[object, list[int]] = {}
        for at, item in enumerate(task.items):
            if task.fits[at]:
                alike = (task.fits[at], task.units[at], item.exposure, item.enemy_group)
                kinds.setdefault(at if task.max_shared else alike, []).append(at)
        return list(kinds.values())

    def _weight(self, at: int) -> float:
        return (self.task.units[at] - self._middle) * self._scale

    def _rows(self) -> None:
        task, program = self.task, self.program
        by_place: dict[tuple[int, int], dict[int, float]] = {}
        by_enemies: dict[tuple[str, int], dict[int, float]] = {}
        by_item: dict[tuple[int, int], dict[int, float]] = {}
        by_sum: list[dict[int, float]] = [{at: -1.0} for at in self._sums]
        for (kind, cell, form), column in self._fill.items():
            at = self._kinds[kind][0]
            by_place.setdefault((cell, form), {})[column] = 1.0
            by_item.setdefault((kind, form if task.max_shared else 0), {})[column] = 1.0
            by_sum[form][column] = self._weight(at)
            if task.items[at].enemy_group:
                by_enemies.setdefault((task.items[at].enemy_group, form), {})[column] = 1.0
        for number, count in enumerate(cell.count for cell in task.cells):
            for form in range(task.forms):
                terms = by_place.get((number, form), {})
                if self._may_lack:
                    lack = self._lacks[number, form] = program.column(0, count)
                    program.columns[lack].cost = 1.0
                    terms[lack] = 1.0
                program.row(count, count, terms)
        for (kind, _form), terms in by_item.items():
            program.row(0, len(self._kinds[kind]), terms)
        for terms in by_enemies.values():
            program.row(0, 1, terms)
        for terms in by_sum:
            program.row(0, 0, terms)
        if not self._may_lack:
            for a, b in pairwise(self._sums):
                program.row(0, math.inf, {b: 1.0, a: -1.0})
        self._both: dict[tuple[int, int, int], int] = {}
        if 0 < task.max_shared < task.form_size:
            self._shared_rows(by_item)

    def _shared_rows(self, by_item: dict[tuple[int, int], dict[int, float]]) -> None:
        for a, b in combinations(range(self.task.forms), 2):
            counted: dict[int, float] = {}
            for kind, members in enumerate(self._kinds):
                both = self._both[members[0], a, b] = self.program.column(0, 1, whole=False)
                counted[both] = 1.0
                inside = {**by_item[kind, a], **by_item[kind, b]}
                self.program.row(-math.inf, 1, {**inside, both: -1.0})
            self.program.row(0, self.task.max_shared, counted)
