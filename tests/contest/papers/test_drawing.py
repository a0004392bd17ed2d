"""A drawn paper: the blueprint's counts, always the same for a sitting, another for the next."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.papers.drawing import PoolQuestion, PoolTooSmall, draw

KEY = b"p" * 32


def as_given(priority: Sequence[int]) -> list[int]:
    return list(priority)


def pool(*cells: int) -> list[PoolQuestion]:
    return [PoolQuestion(n + 1, 100 + n, cell, 4, as_given) for n, cell in enumerate(cells)]


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
