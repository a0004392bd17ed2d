"""Which cells are short, and by how many; and dealing out what was selected."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.papers.allotment import Shortage
from contest.papers.assembly.dealing import deal
from contest.papers.assembly.model import Cell, Item, Task, worth
from contest.papers.assembly.selecting import least_exposure, missing, select, shortages


def items(*described: str) -> list[Item]:
    """Items from ``topic level enemies``, enemies left out: none."""
    found = []
    for at, words in enumerate(described):
        topic, level, *enemies = words.split()
        found.append(Item(f"q{at}", topic, level, "single", Decimal(1), Decimal("0.5"), "".join(enemies), 0))
    return found


def test_a_cell_with_too_few_questions_is_named_with_what_it_needs_and_has() -> None:
    # 3 forms × 8 = 24 of topic A, 19 there are.
    task = Task(items(*["A 1"] * 19, *["B 1"] * 9), [Cell(8, topic="A"), Cell(3, topic="B")], 3)
    assert shortages(task) == (Shortage(0, needed=24, available=19),)
    assert missing(task) == 5


def test_a_topic_that_the_bank_does_not_have_is_short_by_all() -> None:
    assert shortages(Task(items("A 1"), [Cell(1, topic="A"), Cell(2, topic="C")], 1)) == (Shortage(1, 2, 0),)


def test_cells_that_compete_are_named_together_though_each_alone_has_enough() -> None:
    # Topic A: 12 questions, 8 of them of level 1. Cell 0 needs 2 × 4 = 8 of level 1, cell 1 needs 2 × 3 = 6 of any level:
    # 14 together, 12 there are. Either can be filled; what is then left for the other: 12 - 6 = 6 and 12 - 8 = 4.
    task = Task(items(*["A 1"] * 8, *["A 2"] * 4, "B 1", "B 1"), [Cell(4, "A", "1"), Cell(3, "A"), Cell(1, "B")], 2)
    assert shortages(task) == (Shortage(0, 8, 6), Shortage(1, 6, 4))
    assert missing(task) == 2


def test_a_cell_short_by_itself_is_told_apart_from_the_one_that_shares_its_questions() -> None:
    # Level 1 has 5 of the 8 that cell 0 needs; of the 10 of topic A 5 are left for cell 1, which needs 6.
    task = Task(items(*["A 1"] * 5, *["A 2"] * 5), [Cell(4, "A", "1"), Cell(3, "A")], 2)
    assert shortages(task) == (Shortage(0, 8, 5), Shortage(1, 6, 5))


def test_of_an_enemy_group_only_one_a_form_counts() -> None:
    # Six questions, five of them enemies: two forms can use 2 of these and the sixth, 3 in all, of 4 needed.
    task = Task(items(*["A 1 x"] * 5, "A 1"), [Cell(2, topic="A")], 2)
    assert shortages(task) == (Shortage(0, 4, 3),)


def test_enemies_in_different_cells_compete_too() -> None:
    # One form; its only question of A and its only one of B are enemies.
    task = Task(items("A 1 x", "B 1 x"), [Cell(1, "A"), Cell(1, "B")], 1)
    assert shortages(task) == (Shortage(0, 1, 0), Shortage(1, 1, 0))
    assert missing(task) == 1


def test_sharing_helps_as_far_as_every_pair_may_share() -> None:
    # Three forms of 4 need 12 uses; 9 questions, 3 pairs of forms × 1 = 3 of them may be used twice: just enough. With 8
    # questions 11 uses.
    assert shortages(Task(items(*["A 1"] * 9), [Cell(4)], 3, max_shared=1)) == ()
    assert shortages(Task(items(*["A 1"] * 8), [Cell(4)], 3, max_shared=1)) == (Shortage(0, 12, 11),)


def test_the_least_exposure_is_that_of_the_least_used_questions() -> None:
    bank = [Item(f"q{at}", "A", "1", "single", Decimal(1), Decimal(1), "", used) for at, used in enumerate([5, 1, 0, 2])]
    assert least_exposure(Task(bank, [Cell(1)], 2)) == 0 + 1
    assert least_exposure(Task(bank, [Cell(1)], 2, max_shared=1)) == 0  # the unused one in both


BANKS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("12"), st.sampled_from(["", "", "x", "y", "z"])), max_size=30)
CELLS = st.lists(
    st.builds(Cell, st.integers(1, 3), st.sampled_from([None, "A", "B"]), st.sampled_from([None, "1", "2"])),
    min_size=1, max_size=4,
)


@given(BANKS, CELLS, st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=300, deadline=None)
def test_whatever_is_not_short_can_be_dealt_out(
    bank: list[tuple[str, str, str]], cells: list[Cell], forms: int, seed: int
) -> None:
    """The theorem that lets the forms be left out of the flow."""
    task = Task(items(*map(" ".join, bank)), cells, forms)
    random = Random(seed)
    uses = select(task, random)
    assert (uses is None) == bool(shortages(task))
    if uses is None:
        return
    dealt = deal(task, uses, random)
    held = [at for form in dealt for cell in form for at in cell]
    assert sorted(held) == sorted(at for at, _cell in uses) and len(set(held)) == len(held)
    for form in dealt:
        assert [len(inside) for inside in form] == [cell.count for cell in cells]
        assert all(cell.matches(task.items[at]) for cell, inside in zip(cells, form, strict=True) for at in inside)
        groups = Counter(task.items[at].enemy_group for inside in form for at in inside)
        assert all(times == 1 for group, times in groups.items() if group)
    assert worth(task, dealt).exposure == least_exposure(task)


@given(BANKS, CELLS, st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_the_cells_named_need_more_than_there_is_for_them(
    bank: list[tuple[str, str, str]], cells: list[Cell], forms: int
) -> None:
    """Hall's condition, counted by hand: fewer usable questions match any of the cells named than these need."""
    task = Task(items(*map(" ".join, bank)), cells, forms)
    short = shortages(task)
    if not short:
        return
    assert all(one.available < one.needed == forms * cells[one.cell].count for one in short)
    named = [cells[one.cell] for one in short]
    matching = [item for item in task.items if any(cell.matches(item) for cell in named)]
    groups = Counter(item.enemy_group for item in matching)
    usable = groups.pop("", 0) + sum(min(times, forms) for times in groups.values())
    # An enemy group that reaches into cells not named may be used up there.
    outside = [item for item in task.items if item not in matching and item.enemy_group in groups]
    assert usable - len(outside) < sum(one.needed for one in short)


@given(BANKS, CELLS, st.integers(2, 3), st.integers(1, 2))
@settings(max_examples=100, deadline=None)
def test_items_selected_to_be_shared_fill_every_form_and_are_in_none_twice(
    bank: list[tuple[str, str, str]], cells: list[Cell], forms: int, max_shared: int
) -> None:
    task = Task(items(*map(" ".join, bank)), cells, forms, max_shared)
    uses = select(task, Random(1), 8)
    assert uses is not None or shortages(task)
    if uses is not None:
        dealt = [[at for cell in form for at in cell] for form in deal(task, uses, Random(1))]
        assert all(len(set(form)) == len(form) == task.form_size for form in dealt)
        shared = sum(len(set(a) & set(b)) for a, b in combinations(dealt, 2))
        assert shared == sum(times * (times - 1) // 2 for times in Counter(at for at, _cell in uses).values())
