"""Folding: whatever the order and however often rows are delivered, the highest (epoch, sequence) of a question counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contest.sittings.folding import Row, fold
from questions.types.choice.data import original_answer, shown_answer

EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def row(number: int, epoch: int, sequence: int, item: int | None, answer: object, kind: str = "answer") -> Row:
    return Row(number, epoch, sequence, kind, item, 100, answer, EIGHT + timedelta(seconds=number))


def test_the_last_change_of_a_question_counts() -> None:
    folded = fold([row(1, 1, 1, 0, [0]), row(2, 1, 2, 1, [3]), row(3, 1, 3, 0, [2])])
    assert {item: given.answer for item, given in folded.answers.items()} == {0: [2], 1: [3]}
    assert folded.last_change_at == EIGHT + timedelta(seconds=3)
    assert folded.last_row == 3


def test_a_newer_epoch_wins_even_when_the_older_one_arrives_later() -> None:
    folded = fold([row(1, 2, 1, 0, [1]), row(2, 1, 9, 0, [0])])
    assert folded.answers[0].answer == [1]


def test_displays_flags_and_focus_are_no_answers() -> None:
    folded = fold([row(1, 1, 1, 0, None, "display"), row(2, 1, 2, 0, None, "flag"), row(3, 1, 3, None, None, "focus")])
    assert folded.answers == {}
    assert folded.first_display_at == EIGHT + timedelta(seconds=1)
    assert folded.last_change_at is None


rows_of_a_sitting = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 40), st.integers(0, 4), st.none() | st.lists(st.integers(0, 3), max_size=2)),
    max_size=30,
    unique_by=lambda r: (r[0], r[1]),
)


@given(rows_of_a_sitting, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(raw: list[tuple[int, int, int, list[int] | None]], chance: random.Random) -> None:
    rows = [row(n + 1, *r) for n, r in enumerate(raw)]
    mixed = rows + [r for r in rows if chance.random() < 0.3]
    chance.shuffle(mixed)
    folded, again = fold(rows), fold(mixed)
    assert folded.answers == again.answers
    assert folded.last_change_at == again.last_change_at
    # The oracle: sort everything, keep the last of each question, drop those taken back.
    oracle: dict[int, object] = {}
    for _epoch, _sequence, item, answer in sorted(raw, key=lambda r: (r[0], r[1])):
        oracle[item] = answer
    assert {i: a.answer for i, a in folded.answers.items()} == {i: a for i, a in oracle.items() if a is not None}


@given(st.permutations(range(5)), st.sets(st.integers(0, 4), min_size=1))
def test_positions_and_options_are_each_others_inverse(order: list[int], positions: set[int]) -> None:
    original = original_answer(sorted(positions), order)
    assert shown_answer(original, order) == sorted(positions)
    assert set(original) == {order[p] for p in positions}


def test_what_is_no_list_of_positions_is_no_answer_where_there_are_options() -> None:
    for forged in ([0, 9], [-1], [True], ["0"], [1.0], "x", {"0": 1}, 0):
        assert original_answer(forged, [2, 0, 1]) is None
    assert original_answer("an essay", []) == "an essay"
