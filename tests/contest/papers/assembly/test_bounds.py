"""What no forms can better, where the whole bank is used."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.papers.assembly.bounds import least_spread
from contest.papers.assembly.model import Cell, Item, Task


@pytest.mark.parametrize(
    ("difficulties", "spread"),
    [
        ("1 2 3 5", 1),  # 11 in all: not twice the same whole number
        ("1 2 3 4", 0),  # 1 + 4 = 2 + 3
        ("0 2 4 8", 2),  # 14 in all, 7 each, but sums of even numbers are even
        ("1 3 5 9", 2),  # 18 in all, 9 each, but two odd numbers make an even one
        ("3 3 3 3", 0),  # nothing differs
        ("1 2 3 5 9", 0),  # one is left over, so the sum is not given
    ],
)
def test_two_forms_of_two_out_of_the_whole_bank(difficulties: str, spread: int) -> None:
    bank = [
        Item(f"q{at}", "A", "1", "single", Decimal(1), Decimal(one), "", 0) for at, one in enumerate(difficulties.split())
    ]
    assert least_spread(Task(bank, [Cell(2)], 2)) == spread
