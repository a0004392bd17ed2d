"""Deals the items chosen for all forms together out to the forms. Pure.

A form must get of each cell exactly its count, and of each *holder* (an enemy group, or an item that has no enemies) at
most one. Holders and cells with an edge a use are a bipartite multigraph: each holder has at most as many edges as there
are forms, each cell exactly forms × count. Its edges can then be coloured with one colour a form so that every vertex has
its share of every colour (D. de Werra, Balanced schedules, INFOR 9, 1971), so dealing never fails. Here one form is taken
out at a time: a matching that fills the form and takes one edge of every holder that has as many edges left as there
are forms left (Mendelsohn and Dulmage, 1958: what two matchings cover apart, one covers together).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from contest.papers.assembly.model import Forms, Task
from contest.papers.assembly.selecting import Use

Holder = str | int


def deal(task: Task, uses: Sequence[Use], random: Random) -> Forms:
    """Forms out of ``uses``, which fill all cells of all forms (see `selecting.select`). ``max_shared`` is not looked at:
    where items are used more than once, pairs of forms may share too many."""
    left: dict[Holder, list[Use]] = {}
    for use in uses:
        left.setdefault(task.items[use[0]].enemy_group or use[0], []).append(use)
    forms = []
    for remaining in range(task.forms, 0, -1):
        holders = list(left)
        random.shuffle(holders)
        round_of = _Round(task, {holder: left[holder] for holder in holders})
        for holder in holders:
            if len(left[holder]) == remaining:
                round_of.seat(holder)
        for number, cell in enumerate(task.cells):
            for _ in range(cell.count - len(round_of.inside[number])):
                round_of.fill(number)
        for holder, use in round_of.taken.items():
            left[holder].remove(use)
            if not left[holder]:
                del left[holder]
        forms.append(tuple(tuple(sorted(round_of.taken[one][0] for one in inside)) for inside in round_of.inside))
    return tuple(forms)


class _Round:
    """The making of one form. Augmenting never frees a holder or a place that was taken."""

    def __init__(self, task: Task, left: dict[Holder, list[Use]]) -> None:
        self._task = task
        self._left = left
        self._wanting: list[list[Holder]] = [[] for _cell in task.cells]
        for holder, uses in left.items():
            for cell in sorted({cell for _item, cell in uses}):
                self._wanting[cell].append(holder)
        self.taken: dict[Holder, Use] = {}
        self.inside: list[list[Holder]] = [[] for _cell in task.cells]

    def seat(self, holder: Holder) -> None:
        """Gives a place to a holder that must have one."""
        if holder not in self.taken and not self._seat(holder, set()):
            raise AssertionError("a holder with an edge in every form has no place")

    def fill(self, cell: int) -> None:
        """Fills one more place of a cell."""
        if not self._fill(cell, {cell}):
            raise AssertionError("a cell of a full selection cannot be filled")

    def _seat(self, holder: Holder, seen: set[int]) -> bool:
        for use in self._left[holder]:
            cell = use[1]
            if cell in seen:
                continue
            seen.add(cell)
            if len(self.inside[cell]) < self._task.cells[cell].count:
                self._take(holder, use)
                return True
            for other in list(self.inside[cell]):
                if self._seat(other, seen):
                    self._take(holder, use)
                    return True
        return False

    def _fill(self, cell: int, seen: set[int]) -> bool:
        for holder in self._wanting[cell]:
            if holder not in self.taken:
                self._take(holder, self._use(holder, cell))
                return True
        for holder in self._wanting[cell]:
            from_cell = self.taken[holder][1]
            if from_cell in seen:
                continue
            seen.add(from_cell)
            if self._fill(from_cell, seen):
                self._take(holder, self._use(holder, cell))
                return True
        return False

    def _use(self, holder: Holder, cell: int) -> Use:
        return next(use for use in self._left[holder] if use[1] == cell)

    def _take(self, holder: Holder, use: Use) -> None:
        """``holder`` leaves the place it had and takes one of ``use``'s cell."""
        before = self.taken.get(holder)
        if before is not None:
            self.inside[before[1]].remove(holder)
        self.taken[holder] = use
        self.inside[use[1]].append(holder)
