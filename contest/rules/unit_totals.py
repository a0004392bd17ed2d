"""What a unit's people add up to: how many sat, their marks together, the best and the mean."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TypeVar

from contest.rules.criteria import Measured, Number
from contest.rules.results import exact_sum

R = TypeVar("R", bound=Measured)
S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """A unit's totals over the people counted in it (persons, never sittings)."""

    people: int
    total: Number
    best: Number

    @property
    def mean(self) -> Fraction:
        """The exact mean mark of those who sat."""
        return Fraction(self.total) / self.people

    def mean_to(self, decimals: int) -> Decimal:
        """The mean rounded half up, for showing."""
        return rounded(self.mean, decimals)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """An exact value rounded half up (a half away from zero) to so many decimals, as a calculator's user
    would."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = Decimal(-whole if value < 0 else whole)
    return digits.scaleb(-decimals, Context(prec=max(28, len(str(whole)) + decimals), rounding=ROUND_HALF_UP))


def unit_totals(rows: Iterable[R], scopes_of: Callable[[R], Iterable[S]]) -> dict[S, UnitTotals]:
    """The totals of every scope that some row belongs to."""
    scores: dict[S, list[Number]] = {}
    for row in rows:
        for scope in scopes_of(row):
            scores.setdefault(scope, []).append(row.score)
    return {scope: UnitTotals(len(of), exact_sum(of), max(of)) for scope, of in scores.items()}
