"""Which items can fill which cells of all forms together, and what is short where they cannot. Pure.

The forms are left out of it: an item fills cells at most once in all (with ``max_shared`` > 0: more often, at a price),
a cell needs forms × count, and an enemy group gives at most one item a form, so at most as many as there are forms.
That is a flow. Without sharing nothing is lost by leaving the forms out: the items of a flow can always be dealt out to
the forms (`dealing.py`), so forms exist exactly where the flow fills all cells. With sharing a flow that falls short
still proves that there are none: an item in u forms is shared by u(u-1)/2 pairs, and all pairs together may share no
more than max_shared × pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from random import Random

from contest.papers.allotment import Shortage
from contest.papers.assembly.model import Task
from contest.papers.assembly.network import Network

PARTS = 4
PAIR_PRICES = (0, 2, 4, 5, 6, 7, 8, 10, 12, 16, 20, 32, 52, 4_000_000)
"""What an item shared by two forms costs, in quarters (``PARTS``) of one exposure, when items are chosen that may be
shared. The cheaper, the more are shared, and the less easily are they dealt out so that no pair of forms shares too many."""

Use = tuple[int, int]
"""An item and the cell that it fills in some form."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Items between which the network need not tell: same cells, same enemies, same exposure."""

    fits: tuple[int, ...]
    enemies: str
    exposure: int


def shortages(task: Task) -> tuple[Shortage, ...]:
    """The cells that cannot be filled; none where a flow fills them all.

    A cell that is short even when it may take every item that matches: what it can get so. Any other cell that shares
    items with cells that need them: what is left for it when the others have had theirs. Together the cells named are a
    set that needs more than there is for it (Hall's condition, as Dulmage and Mendelsohn divide a graph).
    """
    needs = [task.forms * cell.count for cell in task.cells]
    alone = [_most(task, _only(needs, [n])) for n in range(len(needs))]
    most = [min(pair) for pair in zip(needs, alone, strict=True)]
    together = _most(task, most)
    found = []
    for number, needed in enumerate(needs):
        if alone[number] < needed:
            found.append(Shortage(number, needed, alone[number]))
        elif together < sum(most):
            others = _most(task, _only(most, [n for n in range(len(needs)) if n != number]))
            if together - others < needed:
                found.append(Shortage(number, needed, together - others))
    return tuple(found)


def _only(needs: list[int], cells: Collection[int]) -> list[int]:
    return [need if number in cells else 0 for number, need in enumerate(needs)]


def _most(task: Task, needs: list[int]) -> int:
    """How many of ``needs`` can be met together."""
    return _Supply(task, needs, lambda kind: [(1, pairs) for pairs in range(_most_uses(task))]).push(task.pairs_allowed)[0]


def least_exposure(task: Task) -> int:
    """No forms have a smaller summed exposure than this. Reached by some, of whatever difficulty, where nothing may be
    shared.

    With sharing: whatever a pair that shares an item is made to cost, exposure + price × (pairs - pairs allowed) is at
    most the exposure of any forms that keep the rule (Lagrange's multiplier); the best of several prices counts.
    """
    needs = [task.forms * cell.count for cell in task.cells]
    best = 0
    for price in PAIR_PRICES if task.max_shared else (0,):
        cost = _Supply(task, needs, _priced(task, price)).push()[1]
        best = max(best, -((price * task.pairs_allowed - cost) // PARTS))
    return best


def select(task: Task, random: Random, pair_price: int | None = None) -> list[Use] | None:
    """Uses of items that fill every cell of all forms together, at the smallest cost; None where there are none.

    Without ``pair_price`` each item is used at most once, and the cost is the summed exposure. With it, items may be used
    in several forms, and each pair of forms that shares one costs so many quarters of an exposure more. ``random``
    decides between items that are alike.
    """
    needs = [task.forms * cell.count for cell in task.cells]
    supply = _Supply(task, needs, (lambda kind: [(1, kind.exposure)]) if pair_price is None else _priced(task, pair_price))
    if supply.push()[0] < sum(needs):
        return None
    uses: list[Use] = []
    for kind, members in supply.kinds.items():
        random.shuffle(members)
        given = [cell for cell, amount in supply.given(kind) for _ in range(amount)]
        # Cells run on while the items go round: no item gets a second use before all have one.
        uses += [(members[at % len(members)], cell) for at, cell in enumerate(given)]
    return uses


def _priced(task: Task, price: int) -> Callable[[_Kind], list[tuple[int, int]]]:
    """An item's use in one more form shares it with each of the forms before: so many times the price."""
    uses = _most_uses(task)
    return lambda kind: [(1, PARTS * kind.exposure + price * pairs) for pairs in range(uses)]


def pairs_sharing(uses: Sequence[Use]) -> int:
    """Over all pairs of forms, how many items they would share: u(u-1)/2 for an item in u forms."""
    return sum(times * (times - 1) // 2 for times in Counter(at for at, _cell in uses).values())


def missing(task: Task) -> int:
    """How many places of all forms stay empty however the cells are filled, with as many shared as may be."""
    needs = [task.forms * cell.count for cell in task.cells]
    return sum(needs) - _most(task, needs)


def _most_uses(task: Task) -> int:
    """In how many forms an item can be at most, by the pairs that it takes."""
    uses = 1
    while uses < task.forms and uses * (uses + 1) // 2 <= task.pairs_allowed:
        uses += 1
    return uses


class _Supply:
    """The network of a task: source, enemy groups, kinds of items, cells, sink.

    ``steps`` gives for a kind how many uses of each of its items are to be had at which cost.
    """

    def __init__(self, task: Task, needs: list[int], steps: Callable[[_Kind], list[tuple[int, int]]]) -> None:
        self.kinds: dict[_Kind, list[int]] = {}
        for at, item in enumerate(task.items):
            if task.fits[at]:
                kind = _Kind(task.fits[at], item.enemy_group, item.exposure)
                self.kinds.setdefault(kind, []).append(at)
        self._network = network = Network()
        self._gives: dict[_Kind, list[tuple[int, int]]] = {}
        for group in sorted({kind.enemies for kind in self.kinds if kind.enemies}):
            network.edge("source", ("enemies", group), task.forms)
        for kind, members in self.kinds.items():
            start = ("enemies", kind.enemies) if kind.enemies else "source"
            for uses, cost in steps(kind):
                network.edge(start, kind, len(members) * uses, cost)
            self._gives[kind] = [(cell, network.edge(kind, ("cell", cell))) for cell in kind.fits]
        for number, need in enumerate(needs):
            network.edge(("cell", number), "sink", need)

    def push(self, budget: int | None = None) -> tuple[int, int]:
        return self._network.push("source", "sink", budget)

    def given(self, kind: _Kind) -> list[tuple[int, int]]:
        """What a kind gives to each cell."""
        return [(cell, self._network.flow_on(edge)) for cell, edge in self._gives[kind]]
