"""What a unit's people add up to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.results import Sitting
from contest.rules.unit_totals import rounded, unit_totals


def of(score: Decimal | int, *unit: str) -> Sitting:
    return Sitting("An", unit, "v1", score)


def test_people_total_best_and_mean() -> None:
    """Three sat with 7.25, 8 and 9.5: 24.75 together, 8.25 in the mean."""
    rows = [of(Decimal("7.25"), "T"), of(8, "T"), of(Decimal("9.5"), "T"), of(1, "P")]
    totals = unit_totals(rows, lambda row: [row.unit])
    assert (totals["T",].people, totals["T",].total, totals["T",].best) == (3, Decimal("24.75"), Decimal("9.5"))
    assert totals["T",].mean == Fraction(33, 4)
    assert totals["T",].mean_to(1) == Decimal("8.3")
    assert set(totals) == {("T",), ("P",)}


@pytest.mark.parametrize(("value", "expected"), [
    ((1, 8), "0.13"), ((-1, 8), "-0.13"), ((1, 3), "0.33"), ((2, 3), "0.67"), ((5, 1), "5.00"), ((0, 1), "0.00")])
def test_a_half_is_rounded_up_as_on_paper(value: tuple[int, int], expected: str) -> None:
    assert str(rounded(Fraction(*value), 2)) == expected


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_never_off_by_more_than_half_a_step(value: Fraction, decimals: int) -> None:
    assert abs(Fraction(rounded(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)
