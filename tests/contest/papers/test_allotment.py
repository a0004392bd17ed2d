"""Filling a blueprint: real shortages only, nothing twice, everything left over used."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from contest.papers.allotment import Candidate, Cell, Shortage, allot

KEY = b"k" * 32


def question(number: int, topic: str = "A", level: str = "dễ", type_: str = "single") -> Candidate:
    return Candidate(version_id=number, question_id=number, topic=topic, level=level, type=type_)


def test_each_part_gets_its_count_and_no_question_is_in_two_parts() -> None:
    result = allot([question(n) for n in range(1, 11)], [Cell("A", None, None, 4)], 2, KEY, "r")
    assert result.shortages == ()
    assert sorted(place for place in result.places if place) == [(0, 0)] * 5 + [(1, 0)] * 5


def test_two_windows_that_share_nothing_need_twice_the_questions() -> None:
    result = allot([question(n) for n in range(1, 8)], [Cell("A", None, None, 4)], 2, KEY, "r")
    assert result.shortages == (Shortage(cell=0, needed=8, available=7),)


def test_a_cell_that_takes_anything_leaves_the_rare_ones_to_the_cell_that_needs_them() -> None:
    candidates = [question(1, "A"), question(2, "B")]
    for order in permutations(candidates):
        result = allot(order, [Cell(None, None, None, 1), Cell("A", None, None, 1)], 1, KEY, "r")
        assert result.shortages == ()


def test_an_empty_bank_lacks_everything() -> None:
    result = allot([], [Cell("A", "dễ", None, 3)], 1, KEY, "r")
    assert result.shortages == (Shortage(0, 3, 0),)


topics = st.sampled_from("ABC")
levels = st.sampled_from(["dễ", "khó"])


@given(
    st.lists(st.tuples(topics, levels), max_size=14),
    st.lists(
        st.builds(
            Cell,
            topic=st.none() | topics,
            level=st.none() | levels,
            type=st.none(),
            count=st.integers(1, 3),
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 2),
)
def test_the_matching_is_as_large_as_hall_says(kinds: list[tuple[str, str]], cells: list[Cell], parts: int) -> None:
    candidates = [question(n, topic, level) for n, (topic, level) in enumerate(kinds)]
    result = allot(candidates, cells, parts, KEY, "r")
    for candidate, place in zip(candidates, result.places, strict=True):
        assert place is None or cells[place[1]].matches(candidate)
    # Hall's theorem by brute force: everything can be filled exactly when every set of cells has enough questions.
    fillable = all(
        sum(1 for c in candidates if any(cells[n].matches(c) for n in chosen))
        >= parts * sum(cells[n].count for n in chosen)
        for size in range(1, len(cells) + 1)
        for chosen in permutations(range(len(cells)), size)
    )
    assert (result.shortages == ()) == fillable
    if fillable:
        assert all(p is not None for p, c in zip(result.places, candidates, strict=True) if any(x.matches(c) for x in cells))
