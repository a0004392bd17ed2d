"""The figures of the fairness sheet: forms side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Placed:
    """A question in a form: its cell, the expected share of right answers, uses of late."""

    question: int
    cell: int
    difficulty: Decimal
    exposure: int


@dataclass(frozen=True, slots=True)
class FormFigures:
    """A form: how many right answers are expected in all and in each cell, from most to least likely; uses of late, summed,
    and how many of its questions were used at all."""

    code: str
    expected: Decimal
    by_cell: tuple[Decimal, ...]
    sorted: tuple[Decimal, ...]
    exposure: int
    used_before: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """Forms side by side. ``spread``: largest minus smallest number of right answers expected, ``cell_spreads`` the same for
    each cell; ``shared``: for each two forms with questions in common, how many."""

    forms: tuple[FormFigures, ...]
    spread: Decimal
    cell_spreads: tuple[Decimal, ...]
    shared: tuple[tuple[str, str, int], ...]


def fairness(forms: Sequence[tuple[str, Sequence[Placed]]], cells: int) -> Fairness:
    """The figures of ``forms`` (code, questions) of a blueprint with so many cells. Sums are exact."""
    figures = tuple(_figures(code, placed, cells) for code, placed in forms)
    shared = (
        (a[0], b[0], len({p.question for p in a[1]} & {p.question for p in b[1]})) for a, b in combinations(forms, 2)
    )
    return Fairness(
        figures,
        _spread([form.expected for form in figures]),
        tuple(_spread([form.by_cell[cell] for form in figures]) for cell in range(cells)),
        tuple(one for one in shared if one[2]),
    )


def _figures(code: str, placed: Sequence[Placed], cells: int) -> FormFigures:
    return FormFigures(
        code,
        sum((p.difficulty for p in placed), Decimal(0)),
        tuple(sum((p.difficulty for p in placed if p.cell == cell), Decimal(0)) for cell in range(cells)),
        tuple(sorted((p.difficulty for p in placed), reverse=True)),
        sum(p.exposure for p in placed),
        sum(1 for p in placed if p.exposure),
    )


def _spread(values: Sequence[Decimal]) -> Decimal:
    return max(values) - min(values) if values else Decimal(0)
