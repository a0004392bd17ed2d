"""Figures of units: sums over subtrees, and what units tell of themselves before what can be summed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.organisation.figures import rolled_up, told_or_summed


def test_each_unit_has_what_lies_below_it() -> None:
    assert rolled_up([("/1/", 1), ("/1/2/", 2), ("/1/2/3/", 4), ("/1/5/", 8)]) == {1: 15, 2: 6, 3: 4, 5: 8}


def test_what_a_unit_tells_counts_before_the_sum_below_it() -> None:
    rows = [("/1/", None), ("/1/2/", 100), ("/1/2/3/", 4), ("/1/5/", None), ("/1/5/6/", 7), ("/1/5/8/", None)]
    assert told_or_summed(rows) == {1: 107, 2: 100, 3: 4, 5: 7, 6: 7}


def test_nothing_told_is_nothing_not_nought() -> None:
    assert told_or_summed([("/1/", None), ("/1/2/", None)]) == {}
    assert told_or_summed([("/1/", None), ("/1/2/", 0)]) == {1: 0, 2: 0}


@given(st.lists(st.tuples(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 50)), max_size=30))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[list[int], int]]) -> None:
    paths = [("/" + "/".join(map(str, ids)) + "/", number) for ids, number in rows]
    assert rolled_up(paths) == rolled_up(reversed(paths))
