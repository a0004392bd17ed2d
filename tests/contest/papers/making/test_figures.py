"""The figures of the fairness sheet, by hand and against counting one by one."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contest.papers.making.figures import Placed, fairness
from contest.papers.making.measured import expected


def placed(question: int, cell: int, share: str, exposure: int = 0) -> Placed:
    return Placed(question, cell, Decimal(share), exposure)


def test_two_forms_side_by_side() -> None:
    # Form 101: cell 0 holds 0.9 + 0.7 = 1.6, cell 1 holds 0.5; in all 2.1; used 2 times, one question of three.
    # Form 102: cell 0 holds 0.8 + 0.75 = 1.55, cell 1 holds 0.5; in all 2.05. Question 3 is in both.
    one = [placed(1, 0, "0.9", 2), placed(2, 0, "0.7"), placed(3, 1, "0.5")]
    two = [placed(4, 0, "0.75"), placed(5, 0, "0.8"), placed(3, 1, "0.5")]
    sheet = fairness([("101", one), ("102", two)], 2)
    first, second = sheet.forms
    assert (first.expected, first.by_cell) == (Decimal("2.1"), (Decimal("1.6"), Decimal("0.5")))
    assert (first.exposure, first.used_before) == (2, 1)
    assert second.sorted == (Decimal("0.8"), Decimal("0.75"), Decimal("0.5"))
    assert sheet.spread == Decimal("0.05")
    assert sheet.cell_spreads == (Decimal("0.05"), Decimal(0))
    assert sheet.shared == (("101", "102", 1),)


shares = st.integers(0, 1000).map(lambda n: Decimal(n) / 1000)
questions = st.builds(Placed, st.integers(1, 12), st.integers(0, 2), shares, st.integers(0, 5))


@given(st.lists(st.lists(questions, min_size=1, max_size=8, unique_by=lambda p: p.question), min_size=1, max_size=4))
def test_cells_add_up_to_the_form_and_shared_questions_are_counted_once(forms: list[list[Placed]]) -> None:
    sheet = fairness([(str(101 + n), form) for n, form in enumerate(forms)], 3)
    for figures, form in zip(sheet.forms, forms, strict=True):
        assert sum(figures.by_cell) == figures.expected == sum(p.difficulty for p in form)
    found = {(one, other): count for one, other, count in sheet.shared}
    for a, one in enumerate(forms):
        for b, other in enumerate(forms[a + 1 :], a + 1):
            naive = sum(1 for p in one for q in other if p.question == q.question)
            assert found.get((str(101 + a), str(101 + b)), 0) == naive


def test_what_was_measured_counts_from_thirty_answers_on() -> None:
    known = {1: (30, 20), 2: (29, 29)}
    assert expected(1, "nhận biết", known) == Decimal("0.667")  # 20 / 30, in thousandths
    assert expected(2, "nhận biết", known) == Decimal("0.85")  # too few: by level
    assert expected(3, "vận dụng", known) == Decimal("0.55")
    assert expected(4, "", known) == Decimal("0.65")
