"""A drawn paper: the blueprint's counts, always the same for a sitting, another for the next."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.papers.drawing import DrawnItem, KeyedNumbers, PoolQuestion, PoolTooSmall, prepare_pool
from contest.papers.drawing import draw as draw_from

KEY = b"p" * 32


def pool(*cells: int) -> list[PoolQuestion]:
    return [PoolQuestion(n + 1, 100 + n, cell, (0, 1, 2, 3)) for n, cell in enumerate(cells)]


def draw(
    questions: Sequence[PoolQuestion], counts: Sequence[int], key: bytes, round_id: str, sitting: str, **shuffle: bool
) -> list[DrawnItem]:
    return draw_from(prepare_pool(questions, counts), key, round_id, sitting, **shuffle)


def test_a_paper_holds_what_the_blueprint_says() -> None:
    paper = draw(pool(0, 0, 0, 1, 1, 1, 1), [2, 3], KEY, "r", "s")
    assert sum(1 for item in paper if item.item_id <= 3) == 2
    assert sum(1 for item in paper if item.item_id > 3) == 3


def test_the_same_sitting_always_gets_the_same_paper_and_another_one_another() -> None:
    questions = pool(*[0] * 30)
    first = draw(questions, [10], KEY, "r", "s1")
    assert draw(list(reversed(questions)), [10], KEY, "r", "s1") == first
    assert draw(questions, [10], KEY, "r", "s2") != first
    assert draw(questions, [10], b"q" * 32, "r", "s1") != first


def test_a_pool_that_is_too_small_is_refused() -> None:
    with pytest.raises(PoolTooSmall):
        draw(pool(0, 0), [3], KEY, "r", "s")


def test_without_shuffling_everything_stays_as_written() -> None:
    paper = draw(pool(0, 0, 0), [3], KEY, "r", "s", shuffle_questions=False, shuffle_options=False)
    assert all(item.order == (0, 1, 2, 3) for item in paper)


@given(st.text(max_size=12))
def test_every_paper_has_each_question_once_and_each_option_once(sitting: str) -> None:
    paper = draw(pool(*[0] * 12, *[1] * 5), [6, 4], KEY, "r", sitting)
    assert len({item.item_id for item in paper}) == 10
    assert all(sorted(item.order) == [0, 1, 2, 3] for item in paper)


def test_positions_of_options_are_spread_evenly() -> None:
    questions = pool(0)
    first = [draw(questions, [1], KEY, "r", str(n))[0].order[0] for n in range(4000)]
    # Each option should come first in a quarter of 4,000 papers; 6 standard deviations are 165.
    assert all(abs(first.count(option) - 1000) < 165 for option in range(4))


def test_every_question_is_drawn_about_equally_often() -> None:
    questions = pool(*[0] * 20)
    drawn = [item.item_id for n in range(4000) for item in draw(questions, [5], KEY, "r", str(n))]
    # Each of 20 should be on a quarter of 4,000 papers; 6 standard deviations are 165.
    assert all(abs(drawn.count(item) - 1000) < 165 for item in range(1, 21))


def test_void_questions_are_drawn_only_where_too_few_others_are_left() -> None:
    held = [PoolQuestion(n, 100 + n, 0, (0, 1, 2, 3), void=n <= 2) for n in range(1, 6)]
    assert all(item.item_id > 2 for n in range(50) for item in draw(held, [3], KEY, "r", str(n)))
    assert len(draw(held, [4], KEY, "r", "s")) == 4


def test_the_numbers_go_on_as_long_as_they_are_asked_for_and_never_repeat_from_the_start() -> None:
    many = KeyedNumbers(KEY, "context").sample(range(1000), 1000)
    assert sorted(many) == list(range(1000))
    assert many == KeyedNumbers(KEY, "context").sample(range(1000), 1000)
    assert many != KeyedNumbers(KEY, "other").sample(range(1000), 1000)


def test_options_that_speak_of_others_stay_at_the_end() -> None:
    held = [PoolQuestion(1, 101, 0, (0, 2, 3), (1, 4))]
    orders = {draw(held, [1], KEY, "r", str(n))[0].order for n in range(200)}
    assert {order[3:] for order in orders} == {(1, 4)}
    assert {frozenset(order[:3]) for order in orders} == {frozenset({0, 2, 3})}
    assert len(orders) == 6
    assert draw(held, [1], KEY, "r", "s", shuffle_options=False)[0].order == (0, 1, 2, 3, 4)
