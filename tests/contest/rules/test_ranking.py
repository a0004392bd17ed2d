"""Ranking: worked out by hand, and against an oracle that only ever compares two rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.criteria import CRITERIA, Criterion
from contest.rules.criteria.correct import Correct
from contest.rules.criteria.moment import Moment
from contest.rules.criteria.score import Score
from contest.rules.criteria.seconds import Seconds
from contest.rules.ranking import rank, rank_in_scopes, units_above_cell
from contest.rules.results import Result, Sitting, counted, results

EIGHT = datetime(2016, 10, 15, 1, 0, tzinfo=UTC)
BY_DEFAULT = (Score(), Seconds())
BY_MOMENT_TOO = (Score(), Seconds(), Moment())

scores = st.integers(-2, 4) | st.sampled_from([Decimal("0.1"), Decimal("0.3"), Decimal("2.50"), Fraction(1, 3)])
sittings = st.builds(
    Sitting,
    contestant=st.sampled_from("ABCDE"),
    unit=st.sampled_from([(), ("H",), ("H", "T", "1"), ("H", "T", "2"), ("H", "P", "T", "1")]),
    round=st.sampled_from(["v1", "v2"]),
    score=scores,
    correct=st.none() | st.integers(0, 2),
    seconds=st.none() | st.integers(0, 3),
    submitted_at=st.none() | st.integers(0, 3).map(lambda at: EIGHT + timedelta(microseconds=at)),
)
criteria_lists = st.lists(st.sampled_from([kind() for kind in CRITERIA]), max_size=4, unique=True)
ties_ways = st.sampled_from(["1,1,3", "1,1,2"])


def sitting(contestant: str, score: int | Decimal, seconds: int, minute: int = 0, round: str = "v1",
            unit: tuple[str, ...] = ()) -> Sitting:
    return Sitting(contestant, unit, round, score, None, seconds, EIGHT + timedelta(minutes=minute))


def ranks(rows: Sequence[Sitting], criteria: Sequence[Criterion], ties: str = "1,1,3") -> list[tuple[int, str]]:
    ranked = rank(rows, criteria, ties, lambda row: row.contestant)
    return [(place, row.contestant) for place, row in ranked]


def naively_better(one: Sitting | Result, other: Sitting | Result, criteria: Sequence[Criterion]) -> bool:
    """Does `one` stand above `other`? Told by walking the criteria, as a clerk would."""
    for criterion in criteria:
        mine, theirs = criterion.key(one), criterion.key(other)
        if mine == theirs:
            continue
        if mine is None or theirs is None:
            return theirs is None
        return (mine > theirs) if criterion.more_is_better else (mine < theirs)
    return False


def naive_ranks(rows: Sequence[Sitting], criteria: Sequence[Criterion], ties: str) -> list[int]:
    """One more than the number of those above; without gaps, than the number of different places above."""
    found = []
    for row in rows:
        above = [other for other in rows if naively_better(other, row, criteria)]
        if ties == "1,1,2":
            above = [other for at, other in enumerate(above)
                     if not any(not naively_better(other, seen, criteria)
                                and not naively_better(seen, other, criteria) for seen in above[:at])]
        found.append(len(above) + 1)
    return found


def test_marks_come_first_then_the_time_used() -> None:
    rows = [sitting("An", 28, 900), sitting("Bình", 29, 1700), sitting("Chi", 28, 870), sitting("Dũng", 10, 60)]
    assert ranks(rows, BY_DEFAULT) == [(1, "Bình"), (2, "Chi"), (3, "An"), (4, "Dũng")]


def test_equals_share_a_rank_and_the_next_is_left_out_or_not() -> None:
    rows = [sitting("An", 28, 900), sitting("Bình", 28, 900), sitting("Chi", 28, 901), sitting("Dũng", 28, 901),
            sitting("Em", 0, 0)]
    assert ranks(rows, BY_DEFAULT) == [(1, "An"), (1, "Bình"), (3, "Chi"), (3, "Dũng"), (5, "Em")]
    assert ranks(rows, BY_DEFAULT, "1,1,2") == [(1, "An"), (1, "Bình"), (2, "Chi"), (2, "Dũng"), (3, "Em")]


def test_the_moment_decides_only_where_the_rules_say_so() -> None:
    rows = [sitting("Chiều", 28, 900, minute=360), sitting("Sáng", 28, 900, minute=0)]
    assert ranks(rows, BY_DEFAULT) == [(1, "Chiều"), (1, "Sáng")]
    assert ranks(rows, BY_MOMENT_TOO) == [(1, "Sáng"), (2, "Chiều")]


def test_marks_are_compared_exactly() -> None:
    """0.1 + 0.2 in floats is more than 0.3; here it is not."""
    rows = [sitting("An", Decimal("0.1") + Decimal("0.2"), 5), sitting("Bình", Decimal("0.3"), 5),
            sitting("Chi", Decimal("0.3000000000000000000000000001"), 5)]
    assert ranks(rows, BY_DEFAULT) == [(1, "Chi"), (2, "An"), (2, "Bình")]


def test_what_is_not_known_stands_last_whichever_way_is_better() -> None:
    known, unknown = sitting("An", 1, 999), replace(sitting("Bình", 1, 0), seconds=None)
    assert ranks([unknown, known], BY_DEFAULT) == [(1, "An"), (2, "Bình")]
    none_right = replace(known, correct=0)
    assert ranks([unknown, none_right], [Correct()]) == [(1, "An"), (2, "Bình")]


def test_without_criteria_all_are_equal_and_without_rows_nobody_is() -> None:
    assert ranks([sitting("An", 1, 1), sitting("Bình", 2, 1)], []) == [(1, "An"), (1, "Bình")]
    assert rank([], BY_DEFAULT) == []


def test_an_unknown_way_of_sharing_ranks_is_refused() -> None:
    with pytest.raises(ValueError, match="1,2,2"):
        rank([sitting("An", 1, 1)], BY_DEFAULT, "1,2,2")


def test_each_unit_above_the_cell_has_its_own_ranking() -> None:
    dong_my, tam_hiep = ("Hà Nội", "Thanh Trì", "Đông Mỹ", "Chi bộ 1"), ("Hà Nội", "Phúc Thọ", "Tam Hiệp", "Chi bộ 1")
    rows = [sitting("An", 20, 1, unit=dong_my), sitting("Bình", 30, 1, unit=tam_hiep),
            sitting("Chi", 25, 1, unit=("Hà Nội", "Thanh Trì", "Chi bộ Công an"))]
    scopes = rank_in_scopes(rows, lambda row: units_above_cell(row.unit), BY_DEFAULT)
    named = {scope: [(place, row.contestant) for place, row in ranked] for scope, ranked in scopes.items()}
    assert named == {
        ("Hà Nội",): [(1, "Bình"), (2, "Chi"), (3, "An")],
        ("Hà Nội", "Thanh Trì"): [(1, "Chi"), (2, "An")],
        ("Hà Nội", "Thanh Trì", "Đông Mỹ"): [(1, "An")],
        ("Hà Nội", "Phúc Thọ"): [(1, "Bình")],
        ("Hà Nội", "Phúc Thọ", "Tam Hiệp"): [(1, "Bình")],
    }


def test_the_best_sitting_of_a_round_counts() -> None:
    rows = [sitting("An", 27, 100), sitting("An", 28, 900, minute=9), sitting("An", 28, 870, minute=5),
            sitting("An", 28, 870, minute=3)]
    [best] = counted(rows, BY_MOMENT_TOO)
    assert best == rows[3]


def test_rounds_are_summed_and_the_moment_is_that_of_the_latest_counted_sitting() -> None:
    rows = [sitting("An", Decimal("7.25"), 300, minute=0, round="v1"),
            sitting("An", 1, 1, minute=99, round="v1"),
            sitting("An", Decimal("8.75"), 200, minute=10, round="v2")]
    [result] = results(counted(rows, BY_DEFAULT))
    assert (result.score, result.seconds, result.submitted_at) == (16, 500, EIGHT + timedelta(minutes=10))
    assert [one.round for one in result.sittings] == ["v1", "v2"]


def test_somebody_who_moved_stands_where_the_latest_counted_sitting_was() -> None:
    rows = [sitting("An", 5, 5, minute=10, round="v2", unit=("Mới", "1")),
            sitting("An", 5, 5, minute=0, round="v1", unit=("Cũ", "1"))]
    [result] = results(counted(rows, BY_DEFAULT))
    assert result.unit == ("Mới", "1")


def test_a_sum_that_lacks_a_part_is_not_known() -> None:
    [result] = results([sitting("An", 5, 5), replace(sitting("An", 5, 5, round="v2"), seconds=None, correct=3)])
    assert (result.score, result.seconds, result.correct) == (10, None, None)


def test_sums_are_never_rounded() -> None:
    tiny, huge = Decimal("0.000000000000001"), Decimal(10) ** 30
    [result] = results([sitting("An", tiny, 1), sitting("An", huge, 1, round="v2")])
    assert Fraction(result.score) == Fraction(tiny) + Fraction(huge)


@given(st.lists(sittings, max_size=9), criteria_lists, ties_ways)
def test_ranks_are_those_of_the_oracle(rows: list[Sitting], criteria: list[Criterion], ties: str) -> None:
    by_row = {id(row): place for place, row in rank(rows, criteria, ties)}
    assert [by_row[id(row)] for row in rows] == naive_ranks(rows, criteria, ties)


@given(st.lists(sittings, max_size=9), criteria_lists)
def test_the_ranking_is_a_total_preorder(rows: list[Sitting], criteria: list[Criterion]) -> None:
    ranked = rank(rows, criteria)
    assert sorted(map(id, rows)) == sorted(id(row) for _place, row in ranked)
    for at, (place, row) in enumerate(ranked):
        for other_place, other in ranked[at + 1:]:
            assert place <= other_place
            assert not naively_better(other, row, criteria)
            assert (place == other_place) == (not naively_better(row, other, criteria))


@given(st.lists(sittings, max_size=12), criteria_lists, st.randoms())
def test_nothing_depends_on_the_order_of_input(rows: list[Sitting], criteria: list[Criterion],
                                               chance: random.Random) -> None:
    def standings(given: Sequence[Sitting]) -> list[tuple[int, Result]]:
        people = results(counted(given, criteria))
        return [(place, row) for place, row in rank(people, criteria, among_equals=lambda row: row.contestant)]

    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert standings(shuffled) == standings(rows)


@given(st.lists(sittings, max_size=9), sittings, criteria_lists.filter(bool))
def test_a_sitting_worse_than_the_counted_one_changes_nothing(rows: list[Sitting], more: Sitting,
                                                              criteria: list[Criterion]) -> None:
    before = counted(rows, criteria)
    same = [one for one in before if (one.contestant, one.round) == (more.contestant, more.round)]
    if not same or not naively_better(same[0], more, criteria):
        return
    assert counted([*rows, more], criteria) == before


@given(st.lists(sittings, max_size=9), criteria_lists)
def test_the_counted_sitting_is_one_that_no_other_of_the_round_beats(rows: list[Sitting],
                                                                     criteria: list[Criterion]) -> None:
    best = {(one.contestant, one.round): one for one in counted(rows, criteria)}
    assert set(best) == {(one.contestant, one.round) for one in rows}
    assert not any(naively_better(one, best[one.contestant, one.round], criteria) for one in rows)


@given(st.lists(sittings, max_size=12), criteria_lists, ties_ways)
def test_a_scope_is_ranked_as_if_it_were_alone(rows: list[Sitting], criteria: list[Criterion], ties: str) -> None:
    scopes = rank_in_scopes(rows, lambda row: units_above_cell(row.unit), criteria, ties)
    for scope, ranked in scopes.items():
        members = [row for row in rows if row.unit[:len(scope)] == scope and len(row.unit) > len(scope)]
        assert sorted(place for place, _row in ranked) == sorted(naive_ranks(members, criteria, ties))
        assert sorted(id(row) for _place, row in ranked) == sorted(map(id, members))


@pytest.mark.parametrize("kind", list(CRITERIA), ids=lambda kind: kind.kind)
def test_every_criterion_can_be_shown_and_reads_a_measure(kind: type[Criterion]) -> None:
    one = kind()
    assert one.label and one.direction_label
    full = replace(sitting("An", 3, 7), correct=2)
    assert one.key(full) is not None
    assert one.field in {"score", "correct", "seconds", "submitted_at"}
