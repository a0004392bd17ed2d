"""Statements, matching and ordering: marks by hand and against a slow oracle, answers to and fro, nothing given away."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.papers.drawing import KeyedNumbers, PoolQuestion, _option_order
from questions.types.marks import BadAnswer
from questions.types.registry import all_types, type_of
from questions.types.rows.kind_base import RowsType

STATEMENTS = {"statements": ["một", "hai", "ba"], "key": [0, 1, 1], "credit": "all"}
MATCHING = {"items": ["a", "b"], "choices": ["x", "y", "z"], "key": [2, 0], "credit": "all"}
ORDERING = {"steps": ["đầu", "nhì", "ba", "cuối"], "credit": "all"}
SOUND: dict[str, dict[str, Any]] = {"statements": STATEMENTS, "matching": MATCHING, "ordering": ORDERING}
ROWS_TYPES = [key for key, kind in all_types().items() if isinstance(kind, RowsType)]


def share(key: str, data: dict[str, Any], answer: Any, credit: str = "all") -> Fraction:
    return type_of(key).mark({**data, "credit": credit}, answer).share


def test_all_statements_must_be_judged_rightly_unless_parts_count() -> None:
    assert type_of("statements").mark(STATEMENTS, [0, 1, 1]).correct
    assert share("statements", STATEMENTS, [0, 1, 0]) == 0
    # Right are the first two of three; with the second left out only the first.
    assert share("statements", STATEMENTS, [0, 1, 0], "rows") == Fraction(2, 3)
    assert share("statements", STATEMENTS, [0, None, 0], "rows") == Fraction(1, 3)
    assert not type_of("statements").mark({**STATEMENTS, "credit": "rows"}, [0, 1, 0]).correct


def test_matching_counts_items() -> None:
    assert share("matching", MATCHING, [2, 0]) == 1
    assert share("matching", MATCHING, [2, 2]) == 0
    assert share("matching", MATCHING, [2, 2], "rows") == Fraction(1, 2)
    # Both items may have the same choice, where the key says so.
    assert share("matching", {**MATCHING, "key": [1, 1]}, [1, 1]) == 1


def test_an_order_counts_as_a_whole_by_places_or_by_neighbours() -> None:
    assert share("ordering", ORDERING, [0, 1, 2, 3]) == 1
    assert share("ordering", ORDERING, [1, 2, 3, 0]) == 0
    # The last step was put first: no step at its place, but first-second and second-third still follow each other.
    assert share("ordering", ORDERING, [1, 2, 3, 0], "places") == 0
    assert share("ordering", ORDERING, [1, 2, 3, 0], "pairs") == Fraction(2, 3)
    # The two in the middle changed places: the ends stand right, no neighbours do.
    assert share("ordering", ORDERING, [0, 2, 1, 3], "places") == Fraction(1, 2)
    assert share("ordering", ORDERING, [0, 2, 1, 3], "pairs") == 0
    # The second place was given to two steps and counts for neither.
    assert share("ordering", ORDERING, [0, 1, 1, 3], "places") == Fraction(1, 2)
    assert share("ordering", ORDERING, [0, 1, 1, 3], "pairs") == 0


@given(st.permutations(range(5)), st.sampled_from(["all", "places", "pairs"]))
def test_an_order_is_worth_what_reading_it_aloud_says(order: list[int], credit: str) -> None:
    """The oracle writes the steps down in the order given and compares with the alphabet."""
    places = [order.index(step) for step in range(5)]
    written = "".join("abcde"[step] for step in order)
    expected = {
        "all": Fraction(int(written == "abcde")),
        "places": Fraction(sum(written[n] == "abcde"[n] for n in range(5)), 5),
        "pairs": Fraction(sum(pair in written for pair in ("ab", "bc", "cd", "de")), 4),
    }[credit]
    mark = type_of("ordering").mark({"steps": list("abcde"), "credit": credit}, places)
    assert (mark.share, mark.correct) == (expected, written == "abcde")


@given(st.data())
def test_rows_are_worth_what_counting_them_says(data: st.DataObject) -> None:
    rows = data.draw(st.integers(2, 10))
    key = data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows))
    answer = data.draw(st.lists(st.none() | st.integers(0, 3), min_size=rows, max_size=rows))
    question = {"items": [str(n) for n in range(rows)], "choices": list("abcd"), "key": key}
    right = len([n for n in range(rows) if answer[n] == key[n]])
    assert share("matching", question, answer, "rows") == Fraction(right, rows)
    assert share("matching", question, answer, "all") == (1 if answer == key else 0)


@pytest.mark.parametrize("key", ROWS_TYPES)
def test_what_has_another_shape_is_worth_nothing_and_refused(key: str) -> None:
    kind, data = type_of(key), SOUND[key]
    rows = len(kind.options(data)) if key == "ordering" else len(data[key if key == "statements" else "items"])
    for answer in (None, [], [0], [0] * (rows + 1), [9] * rows, [True] * rows, "012", {"0": 1}, [0.0] * rows, [[0]] * rows):
        assert kind.mark({**data, "credit": "rows"}, answer).share == 0, answer
    for raw in ([0] * (rows + 1), [9] * rows, [True] * rows, "x", {"0": 1}, [0.5] * rows, ["²"] * rows):
        with pytest.raises(BadAnswer):
            kind.normalise_answer(raw, data)
    assert kind.normalise_answer([""] * rows, data) is None
    assert kind.normalise_answer(["1", *[None] * (rows - 1)], data) == [1, *[None] * (rows - 1)]
    assert kind.blank([None] * rows)


@given(key=st.sampled_from(ROWS_TYPES), data=st.data())
def test_an_answer_in_shown_places_and_the_kept_one_are_each_others_inverse(key: str, data: st.DataObject) -> None:
    kind, question = type_of(key), SOUND[key]
    order = data.draw(st.permutations(range(len(kind.options(question)))))
    rows, choices = {"statements": (3, 2), "matching": (2, 3), "ordering": (4, 4)}[key]
    given_ = data.draw(st.lists(st.none() | st.integers(0, choices - 1), min_size=rows, max_size=rows))
    kept = kind.original(given_, order)
    assert kind.shown_again(kept, order) == given_
    for forged in ("x", {}, [[0]] * rows, [99] * rows, 7, [0] * 11):
        assert kind.original(forged, order) is None


@given(st.permutations(range(4)))
def test_who_puts_the_shown_steps_right_is_right(order: list[int]) -> None:
    kind = type_of("ordering")
    shown = kind.sheet(ORDERING, order)["rows"]
    places = [ORDERING["steps"].index(text) for text in shown]  # type: ignore[attr-defined]
    assert kind.mark(ORDERING, kind.original(places, order)).correct


@pytest.mark.parametrize("key", ROWS_TYPES)
def test_a_sheet_says_nothing_of_the_key(key: str) -> None:
    kind, data = type_of(key), SOUND[key]
    order = list(reversed(range(len(kind.options(data)))))
    assert set(kind.sheet(data, order)) == {"control", "rows", "options"}


def test_an_order_is_drawn_also_where_a_round_shuffles_no_options() -> None:
    kind = type_of("ordering")
    steps = tuple(kind.movable({"steps": list("abcdefgh")}))
    question = PoolQuestion(1, 1, 0, steps, always_drawn=kind.always_drawn)
    orders = {_option_order(question, KeyedNumbers(b"key", str(n)), shuffle=False) for n in range(20)}
    assert len(orders) > 15
    assert _option_order(PoolQuestion(1, 1, 0, steps), KeyedNumbers(b"key", "1"), shuffle=False) == steps


@pytest.mark.parametrize(
    ("key", "changes", "codes"),
    [
        ("statements", {}, []),
        ("statements", {"statements": ["một"]}, ["too_few_statements", "key_unknown"]),
        ("statements", {"key": [0, None, 2]}, ["key_unknown"]),
        ("statements", {"key": [0, None, 1]}, ["no_key"]),
        ("statements", {"statements": ["một", " MỘT", ""]}, ["repeated_row", "empty_row"]),
        ("statements", {"credit": "pairs"}, ["credit_unknown"]),
        ("matching", {}, []),
        ("matching", {"choices": ["x"]}, ["too_few_choices", "key_unknown"]),
        ("matching", {"choices": [str(n) for n in range(16)]}, ["too_many_choices"]),
        ("ordering", {"credit": "pairs"}, []),
        ("ordering", {"steps": ["một", "hai"]}, ["too_few_steps"]),
        ("ordering", {"steps": [str(n) for n in range(11)]}, ["too_many_steps"]),
    ],
)
def test_the_check_names_what_is_wrong(key: str, changes: dict[str, Any], codes: list[str]) -> None:
    assert [p.code for p in type_of(key).check({**SOUND[key], **changes})] == codes
