"""Parallel forms: as good as the best there are, and never a broken rule."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.papers.assembly.assemble import assemble
from contest.papers.assembly.checking import violations
from contest.papers.assembly.model import Cell, Forms, Item, Task, Worth, in_difficulty, worth
from tests.contest.papers.assembly.naive_oracle import best


def item(
    name: str, difficulty: str = "0.5", topic: str = "A", level: str = "1", enemies: str = "", exposure: int = 0,
    points: str = "1", type_: str = "single",
) -> Item:
    return Item(name, topic, level, type_, Decimal(points), Decimal(difficulty), enemies, exposure)


def ids(task: Task, forms: Forms) -> list[list[str]]:
    return [[task.items[at].id for cell in form for at in cell] for form in forms]


def test_two_forms_of_two_take_the_pairs_with_equal_sums() -> None:
    # 0.2 + 0.9 = 0.5 + 0.6 = 1.1; every other way of making two pairs of the four leaves a spread.
    task = Task([item("a", "0.2"), item("b", "0.5"), item("c", "0.6"), item("d", "0.9")], [Cell(2)], 2)
    found = assemble(task)
    assert found.status == "optimal"
    assert sorted(map(sorted, ids(task, found.forms))) == [["a", "d"], ["b", "c"]]


def test_a_spread_that_cannot_be_nought_is_the_least_there_is_and_proven() -> None:
    # 0.1 0.2 0.4 0.8 in pairs: 0.9 - 0.6 = 0.3 is the least (1.0 - 0.5, 1.2 - 0.3 are more).
    task = Task([item("a", "0.1"), item("b", "0.2"), item("c", "0.4"), item("d", "0.8")], [Cell(2)], 2)
    found = assemble(task)
    assert (found.status, in_difficulty(task, worth(task, found.forms).spread)) == ("optimal", Decimal("0.3"))


def test_of_equally_difficult_forms_those_used_least_of_late_are_taken() -> None:
    # Equal spread 0 with any two; the two with exposure 0 and 1 are the least used.
    task = Task([item("a", exposure=3), item("b", exposure=1), item("c", exposure=0), item("d", exposure=2)], [Cell(1)], 2)
    found = assemble(task)
    assert (found.status, sorted(ids(task, found.forms))) == ("optimal", [["b"], ["c"]])


def test_equal_difficulty_goes_before_small_exposure() -> None:
    # The unused a and b differ by 0.1; c and d, used nine times each, do not differ.
    items = [item("a", "0.5"), item("b", "0.6"), item("c", "0.7", exposure=9), item("d", "0.7", exposure=9)]
    task = Task(items, [Cell(1)], 2)
    found = assemble(task)
    assert (found.status, sorted(ids(task, found.forms))) == ("optimal", [["c"], ["d"]])


def test_enemies_are_in_different_forms() -> None:
    task = Task([item("a", enemies="x"), item("b", enemies="x"), item("c"), item("d")], [Cell(2)], 2)
    found = assemble(task)
    assert found.status == "optimal"
    assert all(len({"a", "b"} & set(form)) == 1 for form in ids(task, found.forms))


def test_forms_may_share_as_many_as_is_said_and_no_more() -> None:
    # Two forms of three out of five: one item must be in both, and one may be.
    task = Task([item(name) for name in "abcde"], [Cell(3)], 2, max_shared=1)
    found = assemble(task)
    assert found.status == "optimal"
    first, second = ids(task, found.forms)
    assert len(set(first) & set(second)) == 1


def test_a_rare_question_is_left_to_the_cell_that_needs_it() -> None:
    task = Task([item("rare", level="2"), item("b"), item("c"), item("d", level="2")], [Cell(1), Cell(1, level="2")], 2)
    assert assemble(task).status == "optimal"


SMALL = st.fixed_dictionaries(
    {
        "items": st.lists(
            st.builds(
                lambda topic, level, difficulty, enemies, exposure: (topic, level, difficulty, enemies, exposure),
                st.sampled_from("AB"), st.sampled_from("12"), st.integers(30, 95), st.sampled_from(["", "", "", "x", "y"]),
                st.integers(0, 3),
            ),
            min_size=2, max_size=8,
        ),
        "cells": st.lists(
            st.builds(Cell, st.integers(1, 2), st.sampled_from([None, "A", "B"]), st.sampled_from([None, "1", "2"])),
            min_size=1, max_size=2,
        ),
        "forms": st.integers(1, 3),
        "max_shared": st.sampled_from([0, 0, 1, 2]),
    }
)


@given(SMALL)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_small_tasks_come_out_as_the_naive_oracle_says(small: dict[str, object]) -> None:
    rows: list[tuple[str, str, int, str, int]] = small["items"]  # type: ignore[assignment]
    items = [
        item(f"q{at}", f"0.{difficulty}", topic, level, enemies, exposure)
        for at, (topic, level, difficulty, enemies, exposure) in enumerate(rows)
    ]
    task = Task(items, small["cells"], small["forms"], small["max_shared"])  # type: ignore[arg-type]
    expected = best(task.items, task.cells, task.forms, task.max_shared)
    found = assemble(task, seconds=60)
    if expected is None:
        assert (found.status, found.forms) == ("impossible", ())
        assert found.short
        return
    assert found.status == "optimal"
    got = worth(task, found.forms)
    assert (in_difficulty(task, got.spread), got.exposure) == expected
    assert violations(task.items, task.cells, task.max_shared, ids(task, found.forms)) == []


def a_bank(size: int, seed: int, decimals: int) -> list[Item]:
    random = Random(seed)
    return [
        Item(
            f"q{at}", random.choice("ABCDE"), random.choice("123"), random.choice(["single", "multiple"]), Decimal(1),
            Decimal(str(round(random.uniform(0.3, 0.95), decimals))), random.choice([""] * 8 + [f"e{random.randrange(15)}"]),
            random.randrange(6),
        )
        for at in range(size)
    ]


BLUEPRINT = (
    Cell(5, topic="A"), Cell(4, topic="B", level="1"), Cell(6, topic="C"), Cell(6, topic="D"), Cell(4, type="single"),
    Cell(5, level="2"),
)


@given(st.integers(0, 2**30), st.integers(60, 200), st.integers(1, 4), st.sampled_from([0, 1, 3]), st.sampled_from([1, 3, 6]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_forms_of_any_bank_break_no_rule(seed: int, size: int, forms: int, max_shared: int, decimals: int) -> None:
    task = Task(a_bank(size, seed, decimals), BLUEPRINT, forms, max_shared)
    found = assemble(task, seconds=2)
    if found.status == "impossible":
        assert found.short
        assert all(one.available < one.needed for one in found.short)
    elif found.status != "not_found":
        assert len(found.forms) == forms
        assert violations(task.items, task.cells, max_shared, ids(task, found.forms)) == []


@pytest.mark.parametrize("decimals", [2, 3, 6, 15])
def test_six_forms_of_thirty_from_four_hundred_are_as_good_as_equal(decimals: int) -> None:
    task = Task(a_bank(400, 1, decimals), BLUEPRINT, 6)
    found = assemble(task, seconds=10)
    assert in_difficulty(task, worth(task, found.forms).spread) <= Decimal("0.000001")
    assert found.status == "optimal"


def test_the_same_seed_gives_the_same_forms_and_another_seed_others() -> None:
    task = Task(a_bank(120, 5, 3), (Cell(6, topic="A"), Cell(5, level="2")), 3)
    first, again, other = (assemble(task, seconds=60, seed=seed) for seed in ("7", "7", "8"))
    assert first == again
    assert first.forms != other.forms


def test_where_the_time_is_up_at_once_there_still_are_forms_and_no_proof() -> None:
    task = Task(a_bank(400, 2, 3), BLUEPRINT, 6)
    found = assemble(task, seconds=0)
    assert (found.status, found.in_time) == ("best_found", False)
    assert worth(task, found.forms) > Worth(0, 0)
