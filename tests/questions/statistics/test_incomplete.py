"""Papers of which each person holds some questions only: by hand, and against the fixed paper's own formulas."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.statistics.analysis import analyse
from questions.statistics.flags import WEAK
from questions.statistics.incomplete import NOT_REACHED, Held, HeldItem, Item, Papers, Table, analyse_held
from questions.statistics.responses import ItemResponses, Responses, marked

ABC = ("A", "B", "C")


def held(papers: list[dict[int, int]], items: int) -> tuple[list[HeldItem], Papers]:
    """The statistics of ``papers``: each {item: score}."""
    table = Table()
    for paper in papers:
        table.add(Held(item, score) for item, score in paper.items())
    return analyse_held(table, [Item(str(n)) for n in range(items)])


def test_what_somebody_did_not_hold_is_no_wrong_answer() -> None:
    # Item 0 was on three papers, two right; item 1 on two, one right; item 2 on three, one right.
    found, papers = held([{0: 1, 1: 1}, {0: 1, 2: 0}, {1: 0, 2: 1}, {0: 0, 2: 0}], 3)
    assert [one.held for one in found] == [3, 2, 3]
    assert [one.figures.difficulty for one in found] == [pytest.approx(2 / 3), 0.5, pytest.approx(1 / 3)]
    assert (papers.people, papers.items, papers.per_paper) == (4, 3, 2.0)
    assert papers.mean == pytest.approx(1.0)  # 2 + 1 + 1 + 0 right answers of four people


def test_who_drew_hard_questions_is_not_taken_for_weak() -> None:
    # Item 0 goes with the easy item 1 (of 4 people 3 right) or the hard item 2 (of 4 people 1 right). By raw scores of the
    # other item, those who are right at item 0 have 1, 1, 0, 0 and those who are wrong 1, 0, 1, 0: nothing. Equated, each
    # other item counts x - m: +1/4 for a right easy one, -3/4 a wrong easy one, +3/4 a right hard one, -1/4 a wrong hard one.
    # Right at item 0: +1/4, +1/4, -1/4, -1/4 -> mean 0; wrong: +1/4, -3/4, +3/4, -1/4 -> mean 0: no correlation either.
    papers = [{0: 1, 1: 1}, {0: 1, 1: 1}, {0: 1, 2: 0}, {0: 1, 2: 0}, {0: 0, 1: 1}, {0: 0, 1: 0}, {0: 0, 2: 1}, {0: 0, 2: 0}]
    assert held(papers, 3)[0][0].figures.discrimination == pytest.approx(0, abs=1e-9)
    # If all who are right at item 0 drew the hard item and did as expected (1 of 4), and all who are wrong the easy one
    # (3 of 4 right), raw rest scores are 1/4 against 3/4, r = -1/2; equated both groups are exactly at expectation.
    papers = [{0: 1, 2: x} for x in (1, 0, 0, 0)] + [{0: 0, 1: x} for x in (1, 1, 1, 0)]
    assert held(papers, 3)[0][0].figures.discrimination == pytest.approx(0, abs=1e-9)


def test_not_reached_is_out_of_the_difficulty_and_no_point_in_the_total() -> None:
    found, papers = held([{0: 1, 1: NOT_REACHED}, {0: 0, 1: 1}], 2)
    assert (found[1].held, found[1].figures.n, found[1].figures.difficulty) == (2, 1, 1.0)
    assert papers.totals == [(1, 2)]


def test_nobody_and_one_person_leave_open_what_they_cannot_tell() -> None:
    assert held([], 1)[1] == Papers(0, 1, 0.0, None, None, None, None, [])
    _found, papers = held([{0: 1, 1: 0}], 2)
    assert (papers.mean, papers.sd, papers.alpha, papers.sem) == (1.0, None, None, None)


@settings(max_examples=60)
@given(
    st.integers(2, 5).flatmap(
        lambda k: st.lists(st.lists(st.sampled_from((0, 1, None)), min_size=k, max_size=k), min_size=1, max_size=12)
    )
)
def test_on_one_fixed_paper_every_figure_is_that_of_the_command(rows: list[list[int | None]]) -> None:
    columns = list(zip(*rows, strict=True))
    expected = analyse(Responses(len(rows), [ItemResponses(str(n), column) for n, column in enumerate(columns)]))
    scored = [{n: NOT_REACHED if x is None else x for n, x in enumerate(row)} for row in rows]
    found, papers = held(scored, len(columns))
    for one, other in zip(found, expected.items, strict=True):
        ours = one.figures
        assert (ours.n, ours.difficulty) == (other.n, other.difficulty)
        on_a_bound = other.discrimination is not None and min(abs(other.discrimination - b) for b in (0, WEAK)) < 1e-9
        assert on_a_bound or ours.flags == other.flags
        assert ours.discrimination == pytest.approx(other.discrimination, abs=1e-7)
        assert ours.upper_lower == pytest.approx(other.upper_lower, abs=1e-9)
    for name in ("mean", "sd", "alpha", "sem"):
        assert getattr(papers, name) == pytest.approx(getattr(expected.paper, name), abs=1e-7), name


def test_options_of_a_fixed_paper_are_those_of_the_command() -> None:
    dice = random.Random(4)
    choices = [[dice.choice((None, "A", "B", "C")) for _ in range(40)] for _ in range(6)]
    key = frozenset("A")
    columns = [
        marked(str(n), [None if c is None else frozenset(c) for c in column], key, ABC) for n, column in enumerate(choices)
    ]
    expected = analyse(Responses(40, columns))
    table = Table()
    for person in range(40):
        given_ = [column[person] for column in choices]
        table.add(
            Held(n, NOT_REACHED if c is None else int(c == "A"), 0 if c is None else 1 << ABC.index(c))
            for n, c in enumerate(given_)
        )
    found, _papers = analyse_held(table, [Item(str(n), ABC, key) for n in range(6)])
    for one, other in zip(found, expected.items, strict=True):
        assert one.figures.flags == other.flags
        assert one.figures.stronger == other.stronger
        for name in ABC:
            ours, theirs = one.figures.options[name], other.options[name]
            assert (ours.chosen, ours.share) == (theirs.chosen, theirs.share)
            assert ours.mean_rest == pytest.approx(theirs.mean_rest)
        assert one.figures.estimate == pytest.approx(other.estimate, abs=1e-6)


def test_drawn_papers_tell_nearly_what_everybody_answering_everything_would() -> None:
    # 600 people of two strengths know 12 items of rising difficulty; each draws 6 of them.
    dice = random.Random(11)
    strong = [n % 2 for n in range(600)]
    full = [[int(dice.random() < 0.25 + 0.04 * item + 0.3 * s) for item in range(12)] for s in strong]
    drawn = [{item: row[item] for item in dice.sample(range(12), 6)} for row in full]
    everything = held([dict(enumerate(row)) for row in full], 12)[0]
    some, papers = held(drawn, 12)
    for one, other in zip(some, everything, strict=True):
        assert one.figures.difficulty == pytest.approx(other.figures.difficulty, abs=0.08)
        assert one.figures.n < 400
    half = held([{item // 2: row[item] for item in range(0, 12, 2)} for row in full], 6)[1]
    assert papers.alpha is not None and half.alpha is not None
    assert papers.alpha == pytest.approx(half.alpha, abs=0.12)
