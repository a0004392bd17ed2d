"""Statistics where each person held some of the items only: a draw per person, parallel forms, parts of a pool. Pure.

What somebody did not hold is missing by design: it is no wrong answer, and each item has its own number of people. People
who drew hard questions have lower totals for no fault of theirs, so totals and rest scores are brought to a common scale by
mean equating (Kolen and Brennan 2014, ch. 2): from each score the mean of that question among those who held it is taken, and
the mean over all papers is put back. Papers are drawn by chance, so the groups are random and the means fair.

    m_j   mean score of item j over those who held it (not reached counts 0)
    D_p   sum over the items of p's paper of (x_pj - m_j)
    total A_p = D_p + the mean of all papers' sums of m
    rest  R_pi = D_p - (x_pi - m_i) + the mean, over those who held i, of the sum of m of their other items

Where all hold the same items, A is the number of right answers and R is T - x: every figure is that of `analysis.analyse`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean, pstdev
from typing import NamedTuple

from questions.statistics.analysis import ItemStatistics
from questions.statistics.classical import GroupWeights, OptionStatistics, Rest, group_weights
from questions.statistics.flags import FEW_FOR_MODEL, ItemFigures, flags_of, stronger_options, unused_options
from questions.statistics.logistic import Estimate, estimates_of_table

NOT_REACHED = -1
"""The score of an item that was held and not reached."""

MOST_CELLS = 2_000_000
"""People times items that the two-parameter model takes in: some 50 MB. Of more people, every n-th is taken."""

_DIGITS = 9
"""Equated scores are rounded to so many decimals: equal totals stay equal whatever floats make of them."""


class Held(NamedTuple):
    """An item on somebody's paper: its number in the table, 1 / 0 / NOT_REACHED, and the options chosen as bits."""

    item: int
    score: int
    chosen: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an item beside its answers. ``options`` are their names; ``key`` the names that are right."""

    id: str
    options: tuple[str, ...] = ()
    key: frozenset[str] = frozenset()


class Table:
    """Everybody's papers in some six bytes an answer: 17,000 people with 30 items take about 5 MB."""

    def __init__(self) -> None:
        self.ends = array("I")
        self.items = array("I")
        self.scores = array("b")
        self.chosen = array("H")

    def add(self, paper: Iterable[Held]) -> None:
        """One person's paper."""
        for item, score, chosen in paper:
            self.items.append(item)
            self.scores.append(score)
            self.chosen.append(chosen)
        self.ends.append(len(self.items))

    @property
    def people(self) -> int:
        """How many were added."""
        return len(self.ends)


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One item's figures; ``held`` had it on their paper, ``omitted`` of those who reached it chose nothing."""

    figures: ItemStatistics
    held: int
    omitted: int


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers as a whole, in numbers of right answers, equated. ``per_paper`` is the mean number of items on one."""

    people: int
    items: int
    per_paper: float
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None
    totals: list[tuple[int, int]]
    """How many have each total (rounded to whole points), from the lowest."""


@dataclass(frozen=True, slots=True)
class _People:
    """Per person: right answers above expectation (D) and the expected number (sum of m). Per item: m."""

    above: list[float]
    expected: list[float]
    means: list[float]


def analyse_held(table: Table, items: Sequence[Item]) -> tuple[list[HeldItem], Papers]:
    """Every item in the order of ``items``, and the papers. Needs numpy for the two-parameter model."""
    people = _people(table, len(items))
    places = _places_by_item(table, len(items))
    owners = _owners(table)
    estimates = _estimates(table, owners, len(items))
    found = [_item(items[at], table, places[at], owners, people, at, estimates[at]) for at in range(len(items))]
    return found, _papers(table, people, len(items))


def _people(table: Table, count: int) -> _People:
    held, right = [0] * count, [0] * count
    for item, score in zip(table.items, table.scores, strict=True):
        held[item] += 1
        right[item] += score == 1
    means = [r / h if h else 0.0 for r, h in zip(right, held, strict=True)]
    above, expected, start = [], [], 0
    for end in table.ends:
        own = fsum(means[item] for item in table.items[start:end])
        expected.append(own)
        above.append(table.scores[start:end].count(1) - own)
        start = end
    return _People(above, expected, means)


def _places_by_item(table: Table, count: int) -> list[array[int]]:
    places = [array("I") for _ in range(count)]
    for place, item in enumerate(table.items):
        places[item].append(place)
    return places


def _owners(table: Table) -> array[int]:
    owners, start = array("I"), 0
    for person, end in enumerate(table.ends):
        owners.extend([person] * (end - start))
        start = end
    return owners


def _item(
    item: Item, table: Table, places: array[int], owners: array[int], people: _People, at: int, estimate: Estimate | None
) -> HeldItem:
    mean = people.means[at]
    scores = [table.scores[place] for place in places]
    holders = [owners[place] for place in places]
    back = fmean(people.expected[p] - mean for p in holders) if holders else 0.0
    right = [int(score == 1) for score in scores]
    rest = [round(people.above[p] - x + mean + back, _DIGITS) for p, x in zip(holders, right, strict=True)]
    total = [round(people.above[p] + mean + back, _DIGITS) for p in holders]
    reached = [n for n, score in enumerate(scores) if score != NOT_REACHED]
    chosen = [table.chosen[places[n]] for n in reached]
    options = _options(item, chosen, [rest[n] for n in reached])
    figures = ItemFigures(
        n=len(reached),
        difficulty=sum(right) / len(reached) if reached else None,
        discrimination=_correlation(right, rest),
        estimated=estimate is not None,
        options=options,
        key=item.key,
        rest=_rest(right, rest, reached),
        same_answer=len(set(chosen if item.options else (right[n] for n in reached))) == 1,
    )
    statistics = ItemStatistics(
        id=item.id, n=figures.n, difficulty=figures.difficulty, discrimination=figures.discrimination,
        upper_lower=_upper_lower(right, total, group_weights(total)), estimate=estimate, options=options, key=item.key,
        flags=flags_of(figures), stronger=stronger_options(figures), unused=unused_options(figures),
    )  # fmt: skip
    return HeldItem(statistics, len(holders), sum(not one for one in chosen) if item.options else 0)


def _correlation(right: Sequence[int], rest: Sequence[float]) -> float | None:
    """Pearson's r; None where either does not vary."""
    if not rest:
        return None
    mean_x, mean_r = fmean(right), fmean(rest)
    vary_x = fsum((x - mean_x) ** 2 for x in right)
    vary_r = fsum((r - mean_r) ** 2 for r in rest)
    if vary_x < 10**-_DIGITS or vary_r < 10**-_DIGITS:
        return None
    together = fsum((x - mean_x) * (r - mean_r) for x, r in zip(right, rest, strict=True))
    return round(together / sqrt(vary_x * vary_r), _DIGITS) + 0.0


def _upper_lower(right: Sequence[int], total: Sequence[float], weights: GroupWeights | None) -> float | None:
    if weights is None:
        return None
    return fsum(float(weights[mark]) for mark, x in zip(total, right, strict=True) if x)


def _rest(right: Sequence[int], rest: Sequence[float], reached: Sequence[int]) -> Rest:
    of_right = [r for r, x in zip(rest, right, strict=True) if x]
    deviation = pstdev(rest[n] for n in reached) if reached else 0.0
    return Rest(len(of_right), fmean(of_right) if of_right else None, deviation)


def _options(item: Item, chosen: Sequence[int], rest: Sequence[float]) -> dict[str, OptionStatistics]:
    """``chosen`` and ``rest`` of those who reached the item."""
    found = {}
    for bit, name in enumerate(item.options):
        of_choosers = [r for one, r in zip(chosen, rest, strict=True) if one >> bit & 1]
        found[name] = OptionStatistics(
            share=len(of_choosers) / len(chosen) if chosen else None,
            mean_rest=fmean(of_choosers) if of_choosers else None,
            chosen=len(of_choosers),
        )
    return found


def _estimates(table: Table, owners: array[int], count: int) -> list[Estimate | None]:
    """Two-parameter estimates; answers not held leave the likelihood (missing at random: Mislevy and Wu 1996)."""
    import numpy as np

    every = max(1, -(-table.people * count // MOST_CELLS))
    if not table.people or (every > 1 and len(table.items) / every / count < FEW_FOR_MODEL):
        return [None] * count
    dense = np.full((-(-table.people // every), count), 2, dtype=np.uint8)
    person = np.frombuffer(owners, dtype=owners.typecode)
    item = np.frombuffer(table.items, dtype=table.items.typecode)
    score = np.frombuffer(table.scores, dtype=table.scores.typecode)
    taken = (person % every == 0) & (score != NOT_REACHED)
    dense[person[taken] // every, item[taken]] = score[taken]
    return estimates_of_table(dense)


def _papers(table: Table, people: _People, count: int) -> Papers:
    """Alpha from the mean variance v of an item and the mean covariance c of two items that were held together:
    k c / (v + (k - 1) c) (Cronbach 1951, his formula for k items of these means). The same as KR-20 on one fixed paper.
    """
    n = table.people
    if not n:
        return Papers(0, count, 0.0, None, None, None, None, [])
    within, pairs, start, products = 0.0, 0, 0, []
    for end, above in zip(table.ends, people.above, strict=True):
        own = fsum(
            ((table.scores[at] == 1) - people.means[table.items[at]]) ** 2 for at in range(start, end)
        )
        within += own
        products.append(above**2 - own)
        pairs += (end - start) * (end - start - 1)
        start = end
    k = len(table.items) / n
    item_variance = within / len(table.items) if len(table.items) else 0.0
    covariance = fsum(products) / pairs if pairs else 0.0
    variance = k * item_variance + k * (k - 1) * covariance
    sd = sqrt(max(variance, 0.0) * n / (n - 1)) if n > 1 else None
    alpha = sem = None
    if sd is not None and k > 1 and variance > 10**-_DIGITS:
        alpha = k * k * covariance / variance
        sem = sd * sqrt(max(1 - alpha, 0.0))
    level = fmean(people.expected)
    totals: dict[int, int] = {}
    for above in people.above:
        whole = int(above + level + 0.5 + 10**-_DIGITS) if above + level > 0 else 0
        totals[whole] = totals.get(whole, 0) + 1
    return Papers(n, count, k, level + fmean(people.above), sd, alpha, sem, sorted(totals.items()))
