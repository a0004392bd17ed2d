"""Improves a draft of forms by small moves: exchanges between two forms and replacements from the bank. Pure.

Equal sums are found not by wandering but by aiming: a form that is off its target by w is put right by the one or two
moves whose changes come nearest to w, which among thousands of moves is a look-up in a sorted list. From hundreds of items
a few passes over the forms end at sums that are equal to the last digit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from random import Random
from typing import TypeVar

from contest.papers.assembly.draft import Draft, Move
from contest.papers.assembly.model import Forms, Worth

T = TypeVar("T")

CANDIDATES = 60
"""So many items of the bank, and so many of other forms, drawn anew each time, are looked at for a place."""

TRIES = 25
"""So many of the nearest moves are tried, as the nearest may break a rule."""

THIRDS = 40
HALVES = 1000
"""Of three moves that together hit a target, so many are taken for the first, and so many for the second."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What a move would change: the form's sum, in units, and the summed exposure."""

    units: int
    exposure: int
    move: Move


class Search:
    """Improves `draft`, in place; everything random comes from ``random``. ``out_of_time`` is asked between passes."""

    def __init__(self, draft: Draft, random: Random, out_of_time: Callable[[], bool]) -> None:
        self.draft = draft
        self._task = draft.task
        self._random = random
        self._out_of_time = out_of_time
        self._matching: list[list[int]] = [[] for _cell in draft.task.cells]
        for at, cells in enumerate(draft.task.fits):
            for cell in cells:
                self._matching[cell].append(at)

    def separate(self, passes: int) -> bool:
        """Brings the items that pairs of forms share down to ``max_shared``; False where it did not get there. In the
        first half of the passes the exposure does not rise."""
        draft, count = self.draft, self._task.forms
        for number in range(passes):
            for form in range(count):
                others = [other for other in range(count) if other != form]
                for change in self._shuffled(self._changes(form, others)):
                    before = draft.excess
                    if not before or self._out_of_time():
                        return not before
                    if (change.exposure > 0 and 2 * number < passes) or not draft.allowed(change.move):
                        continue
                    back = draft.make(change.move)
                    # Sideways steps are taken too: on a level plain only they lead on.
                    if draft.excess > before or (draft.excess == before and self._random.random() < 0.7):
                        draft.make(back)
        return not draft.excess

    def even_out(self, passes: int, most_exposure: int | None = None) -> Forms:
        """The forms of least worth met in ``passes`` passes; the summed exposure is never above ``most_exposure`` (None:
        any). The draft is left at them."""
        draft, random, count = self.draft, self._random, self._task.forms
        best, forms = draft.worth, draft.forms()
        for _ in range(passes):
            if best.spread <= self._task.equal or self._out_of_time():
                break
            self._make_divisible(most_exposure)
            share, over = divmod(sum(draft.sums), count)
            order = sorted(range(count), key=lambda form: (-draft.sums[form], random.random()))
            targets = {form: share + (at < over) for at, form in enumerate(order)}
            off = [form for form in order if abs(draft.sums[form] - targets[form]) > self._task.equal // 2]
            random.shuffle(off)
            for at, form in enumerate(off):
                if not self._out_of_time():
                    self._aim(form, targets[form], off[at + 1 :])
            if draft.worth < best:
                best, forms = draft.worth, draft.forms()
            self._kick(off or order[:1], most_exposure)
        self.draft = Draft(self._task, forms)
        return forms

    def spare(self) -> Worth:
        """Lowers the summed exposure as far as one or two moves in a form can, at no greater spread."""
        improved = True
        while improved and not self._out_of_time():
            lowered = [self._spare(form) for form in range(self._task.forms)]
            improved = any(lowered)
        return self.draft.worth

    def _make_divisible(self, most_exposure: int | None) -> None:
        """Exchanges leave the sum of all forms as it is: a replacement brings it to a multiple of their number."""
        draft, count = self.draft, self._task.forms
        over = sum(draft.sums) % count
        if not over or self._task.equal >= count:
            return
        for form in self._random.sample(range(count), count):
            changes = self._shuffled(self._changes(form, ()))
            right = [one for one in changes if (one.units + over) % count == 0]
            if any(self._made([one], most_exposure) for one in right[:TRIES]):
                return
            if any(self._made([one], most_exposure) for one in changes):
                over = sum(draft.sums) % count  # no way from here: one step aside, and on from the next form
                if not over:
                    return

    def _aim(self, form: int, target: int, others: Sequence[int]) -> None:
        """Brings a form's sum to the target, or nearer to it, by up to three exchanges with ``others``."""
        draft, near = self.draft, self._task.equal // 2
        off = target - draft.sums[form]
        changes = sorted(self._changes(form, others, bank=False), key=lambda one: one.units)
        if not changes:
            return
        keys = [one.units for one in changes]
        singles = changes[bisect_left(keys, off - near) : bisect_right(keys, off + near)]
        if any(self._made([one]) for one in singles[:TRIES]):
            return
        for before in [[], *([one] for one in self._random.sample(changes, min(THIRDS, len(changes))))]:
            left = off - sum(one.units for one in before)
            tries = 0
            for one in self._random.sample(changes, min(HALVES, len(changes))):
                at = bisect_left(keys, left - one.units - near)
                while at < len(keys) and keys[at] <= left - one.units + near and tries < TRIES:
                    tries += 1
                    if self._made([*before, one, changes[at]]):
                        return
                    at += 1
        nearest: list[tuple[int, int, list[_Change]]] = [(abs(off - one.units), n, [one]) for n, one in enumerate(changes)]
        for one in changes:
            at = bisect_left(keys, off - one.units)
            for other in changes[max(0, at - 1) : at + 1]:
                nearest.append((abs(off - one.units - other.units), len(nearest), [one, other]))
        for error, _number, moves in nsmallest(TRIES, nearest):
            if error >= abs(off) or self._made(moves):
                return

    def _made(self, changes: Sequence[_Change], most_exposure: int | None = None) -> bool:
        """Makes the moves one after another if the rules allow and no two touch the same, else none."""
        draft = self.draft
        if len({one.move.place for one in changes}) < len(changes) or len({one.move.item for one in changes}) < len(changes):
            return False
        if most_exposure is not None and draft.exposure + sum(one.exposure for one in changes) > most_exposure:
            return False
        back: list[Move] = []
        for one in changes:
            if not draft.allowed(one.move):
                for move in reversed(back):
                    draft.make(move)
                return False
            back.append(draft.make(one.move))
        return True

    def _kick(self, off: Sequence[int], most_exposure: int | None) -> None:
        """A few random moves in a form that is off and in another, to look elsewhere."""
        for form in (self._random.choice(off), self._random.randrange(self._task.forms)):
            others = [other for other in range(self._task.forms) if other != form]
            for change in self._shuffled(self._changes(form, others))[:4]:
                self._made([change], most_exposure)

    def _spare(self, form: int) -> bool:
        """Once: the replacement or pair of them in a form that lowers the exposure most within the spread."""
        draft = self.draft
        rest = [one for at, one in enumerate(draft.sums) if at != form]
        room = max(draft.spread, self._task.equal)
        low = (max(rest) - room if rest else 0) - draft.sums[form]
        high = (min(rest) + room if rest else 0) - draft.sums[form]
        changes = sorted(self._changes(form, ()), key=lambda one: one.units)
        if not rest:
            low, high = (changes[0].units * 2, changes[-1].units * 2) if changes else (0, 0)
        keys = [one.units for one in changes]
        found: list[tuple[int, float, _Change, _Change | None]] = [
            (one.exposure, self._random.random(), one, None) for one in changes if low <= one.units <= high
        ]
        for one in changes:
            if one.exposure < 0:
                within = changes[bisect_left(keys, low - one.units) : bisect_right(keys, high - one.units)]
                found += [
                    (one.exposure + other.exposure, self._random.random(), one, other)
                    for other in nsmallest(5, within, key=lambda each: each.exposure)
                ]
        for lower, _lot, one, other in nsmallest(TRIES, found, key=lambda each: each[:2]):
            if lower >= 0:
                break
            if self._made([one] if other is None else [one, other], draft.exposure - 1):
                return True
        return False

    def _changes(self, form: int, others: Sequence[int], bank: bool = True) -> Iterator[_Change]:
        """Moves in a form: exchanges with ``others``, and replacements from the bank. Not all of them are allowed."""
        draft, task = self.draft, self._task
        inside = draft.place_of[form]
        cells = range(len(task.cells))
        free: list[list[int]] = [self._bank(cell, inside) if bank else [] for cell in cells]
        held = [[(at, there) for at in others for there, item in enumerate(draft.places[at])
                 if cell in task.fits[item] and item not in inside] for cell in cells]
        for place, out in enumerate(draft.places[form]):
            units, exposure, cell = task.units[out], task.items[out].exposure, draft.cell_of[place]
            for item in free[cell]:
                yield _Change(task.units[item] - units, task.items[item].exposure - exposure, Move(form, place, item))
            for other, there in self._some(held[cell]):
                item = draft.places[other][there]
                if draft.cell_of[there] in task.fits[out]:
                    yield _Change(task.units[item] - units, 0, Move(form, place, item, (other, there)))

    def _bank(self, cell: int, inside: dict[int, int]) -> list[int]:
        """Items for a cell that no form holds, or that may be shared."""
        if self._task.max_shared:
            return self._some([at for at in self._matching[cell] if at not in inside])
        return self._some([at for at in self._matching[cell] if not self.draft.uses[at]])

    def _some(self, among: list[T]) -> list[T]:
        return self._random.sample(among, CANDIDATES) if len(among) > CANDIDATES else among

    def _shuffled(self, changes: Iterator[_Change]) -> list[_Change]:
        listed = list(changes)
        self._random.shuffle(listed)
        return listed
