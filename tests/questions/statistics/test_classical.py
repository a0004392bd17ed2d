"""Classical item analysis, against tables worked out by hand and against naive reckoning."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.statistics import classical
from questions.statistics.responses import Choice, ItemResponses, Responses, Score, marked


def answers(*people: str) -> Responses:
    """A string a person, a sign an item: 1, 0, or - for not reached."""
    columns = list(zip(*people, strict=True))
    items = [ItemResponses(f"c{at}", [None if one == "-" else int(one) for one in column]) for at, column in enumerate(columns)]
    return Responses(len(people), items)


#: Totals 4, 3, 2, 1, 1; two people did not reach the last item.
TABLE = answers("1111", "1110", "110-", "100-", "0010")
TOTALS = [4, 3, 2, 1, 1]


def test_totals_count_what_was_not_reached_as_nothing() -> None:
    assert classical.totals(TABLE) == TOTALS


def test_difficulty_is_over_those_who_reached_the_item() -> None:
    # 4 of 5, 3 of 5, 3 of 5, and 1 of the 3 who reached it
    assert [classical.difficulty(item) for item in TABLE.items] == [4 / 5, 3 / 5, 3 / 5, 1 / 3]


def test_discrimination_is_against_the_total_without_the_item() -> None:
    # Item 2: x = 1 1 1 0 0, rest = 3 2 1 1 1. N = 5, Σx = 3, Σr = 8, Σrr = 9+4+1+1+1 = 16, Σxr = 3+2+1 = 6.
    # r = (5·6 - 3·8) / √((5·3 - 9)(5·16 - 64)) = 6 / √(6·16) = 0.612372
    assert classical.discrimination(TABLE.items[1], TOTALS) == pytest.approx(0.612372, abs=1e-6)
    # Item 4, empty as 0: x = 1 0 0 0 0, rest = 3 3 2 1 1. Σx = 1, Σr = 10, Σrr = 9+9+4+1+1 = 24, Σxr = 3.
    # r = (5·3 - 1·10) / √((5 - 1)(120 - 100)) = 5 / √80 = 0.559017
    assert classical.discrimination(TABLE.items[3], TOTALS) == pytest.approx(0.559017, abs=1e-6)


def test_people_tied_at_the_27_per_cent_boundary_count_in_part() -> None:
    # 27 % of 5 people are 1.35. Upper: the one with 4 whole, the one with 3 by 0.35. Lower: the two with 1 share 1.35.
    weights = classical.group_weights(TOTALS)
    found = [classical.upper_lower(item, TOTALS, weights) for item in TABLE.items]
    # Item 1: upper 1.35/1.35 = 1, lower 0.675/1.35 = 0.5. Item 2: 1 - 0. Item 3: 1 - 0.5 (the other of the two).
    # Item 4: only the best: 1/1.35 = 0.740741.
    assert found == pytest.approx([0.5, 1.0, 0.5, 0.740741], abs=1e-6)


def test_the_paper() -> None:
    paper = classical.paper(TABLE, TOTALS)
    # mean 11/5. Variance (31 - 121/5)/4 = 1.7, sd √1.7 = 1.303840.
    # Items' variances, times N(N-1): 5s - s² for s = 4, 3, 3, 1: 4+6+6+4 = 20; of the total 5·31 - 121 = 34.
    # alpha = 4/3 · (1 - 20/34) = 0.549020. sem = 1.303840 · √(1 - 0.549020) = 0.875595.
    assert (paper.n, paper.items, paper.mean) == (5, 4, 2.2)
    assert [paper.sd, paper.alpha, paper.sem] == pytest.approx([1.303840, 0.549020, 0.875595], abs=1e-6)


def choices(letters: str) -> list[Choice]:
    return [None if one == "-" else frozenset(one) for one in letters]


def test_options() -> None:
    # Key B. Totals 3 3 2 1 0 1; B B A A C -, so rest (total less own score) 2 2 2 1 0.
    item = marked("c", choices("BBAAC-"), frozenset("B"))
    found = classical.options(item, [3, 3, 2, 1, 0, 1])
    assert item.scores == [1, 1, 0, 0, 0, None]
    assert {name: (one.share, one.mean_rest) for name, one in found.items()} == {
        "A": (2 / 5, 1.5),
        "B": (2 / 5, 2.0),
        "C": (1 / 5, 0.0),
    }


def test_an_option_nobody_chose_is_told_by_what_stands_around_it_or_by_the_question() -> None:
    told = marked("c", choices("AC"), frozenset("A"))
    assert told.options == ("A", "B", "C")
    assert classical.options(told, [1, 1])["B"] == classical.OptionStatistics(share=0.0, mean_rest=None, chosen=0)
    assert marked("c", choices("AC"), frozenset("A"), "ABCD").options == ("A", "B", "C", "D")


def test_several_right_options_are_right_only_together() -> None:
    picked: list[Choice] = [frozenset("AC"), frozenset("A"), frozenset("ABC"), None]
    item = marked("c", picked, frozenset("AC"))
    assert item.scores == [1, 0, 0, None]
    found = classical.options(item, [1, 0, 0, 0])  # rest 0 0 0; A was ticked by all three who reached it
    assert [found[name].share for name in "ABC"] == [1.0, 1 / 3, 2 / 3]


@pytest.mark.parametrize(
    ("people", "item", "why"),
    [
        (["11", "10"], 0, "everybody right"),
        (["01", "00"], 0, "everybody wrong"),
        (["1", "0"], 0, "no other item"),
        (["11", "01"], 0, "the rest does not vary"),
        (["10"], 0, "one person"),
    ],
)
def test_where_nothing_varies_there_is_no_discrimination(people: list[str], item: int, why: str) -> None:
    table = answers(*people)
    assert classical.discrimination(table.items[item], classical.totals(table)) is None, why


def test_without_different_totals_there_are_no_groups() -> None:
    for table in (answers("10", "01"), answers("1"), Responses(0, [ItemResponses("c", [])])):
        weights = classical.group_weights(classical.totals(table))
        assert classical.upper_lower(table.items[0], classical.totals(table), weights) is None


def test_nobody_reached_the_item() -> None:
    table = answers("1-", "0-")
    assert classical.difficulty(table.items[1]) is None
    item = marked("c", [None, None], frozenset("B"))
    assert classical.options(item, [0, 0]) == {
        "A": classical.OptionStatistics(None, None, 0),
        "B": classical.OptionStatistics(None, None, 0),
    }


def test_a_paper_without_people_with_one_and_with_nothing_that_varies() -> None:
    empty = Responses(0, [ItemResponses("c", []), ItemResponses("d", [])])
    assert classical.paper(empty, []) == classical.PaperStatistics(0, 2, None, None, None, None)
    assert classical.paper(answers("10"), [1]) == classical.PaperStatistics(1, 2, 1.0, None, None, None)
    assert classical.paper(answers("10", "01"), [1, 1]) == classical.PaperStatistics(2, 2, 1.0, 0.0, None, None)
    one = classical.paper(answers("1", "0"), [1, 0])  # one item: no alpha, but a mean and sd √(1/2)
    assert (one.mean, one.alpha, one.sem) == (0.5, None, None)
    assert one.sd == pytest.approx(0.707107, abs=1e-6)


def test_alpha_may_be_negative() -> None:
    # Totals 1 1 2: variance 1/3; items 1 0 1 and 0 1 1: 1/3 each. alpha = 2 · (1 - (2/3)/(1/3)) = -2.
    paper = classical.paper(answers("10", "01", "11"), [1, 1, 2])
    assert paper.alpha == pytest.approx(-2)
    assert paper.sem == pytest.approx((1 / 3) ** 0.5 * 3**0.5)


def tables(most: int) -> st.SearchStrategy[Responses]:
    def table(size: tuple[int, int]) -> st.SearchStrategy[Responses]:
        cell: st.SearchStrategy[Score] = st.sampled_from([0, 1, 1, None])
        columns = st.lists(st.lists(cell, min_size=size[0], max_size=size[0]), min_size=size[1], max_size=size[1])
        return columns.map(lambda cols: Responses(size[0], [ItemResponses(str(at), col) for at, col in enumerate(cols)]))

    return st.tuples(st.integers(1, most), st.integers(1, 6)).flatmap(table)


def zeros(item: ItemResponses) -> list[int]:
    return [score or 0 for score in item.scores]


@given(tables(30))
def test_discrimination_is_the_correlation_with_the_rest(table: Responses) -> None:
    total = classical.totals(table)
    for item in table.items:
        x = zeros(item)
        rest = [one - own for one, own in zip(total, x, strict=True)]
        found = classical.discrimination(item, total)
        if len(set(x)) < 2 or len(set(rest)) < 2:
            assert found is None
        else:
            assert found == pytest.approx(statistics.correlation(x, rest), abs=1e-9)


@given(tables(30))
def test_reliability_is_cronbachs_alpha_of_the_columns(table: Responses) -> None:
    total, k = classical.totals(table), len(table.items)
    paper = classical.paper(table, total)
    if len(set(total)) < 2 or k < 2:
        assert paper.alpha is None and paper.sem is None
        return
    between = sum(statistics.variance(zeros(item)) for item in table.items)
    alpha = k / (k - 1) * (1 - between / statistics.variance(total))
    assert paper.alpha == pytest.approx(alpha, abs=1e-9)
    assert paper.sem == pytest.approx(statistics.stdev(total) * (1 - alpha) ** 0.5, abs=1e-9)


def share_in_first(order: Sequence[int], x: Sequence[int]) -> float:
    """Share of right among the first 27 % of people in an order, the last of them counting in part."""
    size, right = 0.27 * len(order), 0.0
    for place, person in enumerate(order):
        right += x[person] * min(1.0, max(0.0, size - place))
    return right / size


@given(tables(5))
def test_the_27_per_cent_index_is_the_mean_over_all_orders_of_people_who_are_equal(table: Responses) -> None:
    total = classical.totals(table)
    weights = classical.group_weights(total)
    orders = [order for order in permutations(range(len(total))) if is_falling(order, total)]
    for item in table.items:
        found = classical.upper_lower(item, total, weights)
        if len(set(total)) < 2:
            assert found is None
            continue
        x = zeros(item)
        differences = [share_in_first(order, x) - share_in_first(order[::-1], x) for order in orders]
        assert found == pytest.approx(statistics.fmean(differences), abs=1e-9)


def is_falling(order: Sequence[int], total: Sequence[int]) -> bool:
    return all(total[first] >= total[second] for first, second in zip(order, order[1:], strict=False))
