"""Classical item analysis: difficulty, discrimination, options, reliability. Pure, exact in whole numbers up to the end.

Below, N is the number of people, x a person's score of an item (an item not reached counts 0 here, save in difficulty
and shares), T a person's total, k the number of items. Undefined values are None, never a number that looks like one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import pstdev

from questions.statistics.responses import ItemResponses, Responses

GroupWeights = Mapping[float, Fraction]
"""What a right answer of a person with each total adds to the upper-lower index."""

GROUP_SHARE = Fraction(27, 100)
"""Kelley (1939): with 27 % at each end the two groups are both large and far apart."""


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """One option: how many chose it and how good they are on the rest of the paper."""

    share: float | None
    """0 to 1, of those who reached the item. Where several options may be ticked, shares may add up to more than 1."""
    mean_rest: float | None
    """Mean of T - x over those who chose it, in points of the paper; None: nobody did."""
    chosen: int
    """People who chose it."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest scores (T - x) of one item, in points of the paper."""

    right: int
    """People who answered right."""
    mean_of_right: float | None
    """Their mean; None: nobody was right."""
    deviation: float
    """Standard deviation over all who reached the item."""


@dataclass(frozen=True, slots=True)
class PaperStatistics:
    """The paper as a whole. Marks are numbers of right items."""

    n: int
    items: int
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None


def totals(responses: Responses) -> list[int]:
    """Each person's number of right items."""
    columns = ([score or 0 for score in item.scores] for item in responses.items)
    return [sum(row) for row in zip(*columns, strict=True)] if responses.items else [0] * responses.people


def difficulty(item: ItemResponses) -> float | None:
    """Share of right answers among those who reached the item (Crocker and Algina 1986, p. 90). 1: all were right."""
    reached = sum(score is not None for score in item.scores)
    return _right(item) / reached if reached else None


def discrimination(item: ItemResponses, total: Sequence[int]) -> float | None:
    """Corrected point-biserial: Pearson's r of x with T - x (Henrysson 1963). None where either does not vary."""
    n, sum_x = len(total), _right(item)
    sum_t, sum_tt = sum(total), sum(one * one for one in total)
    sum_xt = sum(one for one, score in zip(total, item.scores, strict=True) if score)
    # With R = T - x and x * x = x: what R's sums are follows from those of T and x.
    sum_r, sum_rr, sum_xr = sum_t - sum_x, sum_tt - 2 * sum_xt + sum_x, sum_xt - sum_x
    vary_x, vary_r = n * sum_x - sum_x**2, n * sum_rr - sum_r**2
    if not vary_x or not vary_r:
        return None
    return (n * sum_xr - sum_x * sum_r) / sqrt(vary_x * vary_r)


def group_weights(total: Sequence[float]) -> GroupWeights | None:
    """How much a right answer of a person with each total adds to the upper-lower index.

    The upper group is the best 0.27 N people, the lower one the weakest 0.27 N. Where the boundary falls among people
    of equal totals, each of them counts in the same part, so that the order of the file decides nothing. None where
    totals do not differ: there are no groups.
    """
    counts: Counter[float] = Counter(total)
    if len(counts) < 2:
        return None
    size = GROUP_SHARE.numerator * len(total)  # in hundredths of a person, so that everything is whole
    taken: dict[float, int] = dict.fromkeys(counts, 0)
    for sign, order in ((1, sorted(counts, reverse=True)), (-1, sorted(counts))):
        room = size
        for mark in order:
            part = min(room, GROUP_SHARE.denominator * counts[mark])
            taken[mark] += sign * part
            room -= part
    return {mark: Fraction(part, counts[mark] * size) for mark, part in taken.items()}


def upper_lower(item: ItemResponses, total: Sequence[int], weights: GroupWeights | None) -> float | None:
    """Share of right answers in the upper group minus that in the lower (Kelley 1939). -1 to 1."""
    if weights is None:
        return None
    right = Counter(one for one, score in zip(total, item.scores, strict=True) if score)
    return float(sum((weights[mark] * count for mark, count in right.items()), Fraction(0)))


def options(item: ItemResponses, total: Sequence[int]) -> dict[str, OptionStatistics]:
    """Each option of the item; empty where only right or wrong is known."""
    if item.choices is None:
        return {}
    chosen = dict.fromkeys(item.options, 0)
    rest = dict.fromkeys(item.options, 0)
    reached = 0
    for choice, score, one in zip(item.choices, item.scores, total, strict=True):
        if choice is None:
            continue
        reached += 1
        for option in choice:
            chosen[option] += 1
            rest[option] += one - (score or 0)
    return {
        option: OptionStatistics(
            share=chosen[option] / reached if reached else None,
            mean_rest=rest[option] / chosen[option] if chosen[option] else None,
            chosen=chosen[option],
        )
        for option in item.options
    }


def rest_of_right(item: ItemResponses, total: Sequence[int]) -> Rest:
    """The rest scores (T - x) against which the options of an item are held."""
    rest = [one - (score or 0) for one, score in zip(total, item.scores, strict=True) if score is not None]
    right = [one - 1 for one, score in zip(total, item.scores, strict=True) if score]
    return Rest(
        right=len(right),
        mean_of_right=sum(right) / len(right) if right else None,
        deviation=pstdev(rest) if rest else 0.0,
    )


def paper(responses: Responses, total: Sequence[int]) -> PaperStatistics:
    """Mean, standard deviation (N - 1), KR-20 and the standard error of measurement.

    KR-20 (Kuder and Richardson 1937) is Cronbach's alpha (1951) of 0/1 items: k/(k-1) (1 - sum of items' variances /
    variance of T). SEM = sd sqrt(1 - alpha). None where k < 2, N < 2 or T does not vary; alpha may be negative.
    """
    n, k, sum_t = responses.people, len(responses.items), sum(total)
    vary_t = n * sum(one * one for one in total) - sum_t**2  # N (N - 1) times the variance
    sd = sqrt(vary_t / (n * (n - 1))) if n > 1 else None
    alpha = sem = None
    if sd and k > 1:
        vary_items = sum(n * right - right**2 for right in map(_right, responses.items))
        alpha = float(Fraction(k, k - 1) * (1 - Fraction(vary_items, vary_t)))
        sem = sd * sqrt(1 - alpha)
    return PaperStatistics(n=n, items=k, mean=sum_t / n if n else None, sd=sd, alpha=alpha, sem=sem)


def _right(item: ItemResponses) -> int:
    return sum(score or 0 for score in item.scores)
