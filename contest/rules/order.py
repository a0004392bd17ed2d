"""The order that a list of criteria gives: the one comparison that everything else in ranking goes by."""

from __future__ import annotations

from collections.abc import Sequence

from contest.rules.criteria import Criterion, Measured, Number


def places(rows: Sequence[Measured], criteria: Sequence[Criterion]) -> list[int]:
    """For each row a number that says where it stands: the smaller stands higher, equal ones are equal.

    Values are only ever compared with each other, never computed with, so nothing can be rounded on the way. A
    value that is not known stands after all known ones.
    """
    standing = [0] * len(rows)
    for criterion in criteria:
        column, width = _column(rows, criterion)
        # As with digits: what comes later in the list only decides where all before it is equal.
        standing = [before * width + at for before, at in zip(standing, column, strict=True)]
    return standing


def _column(rows: Sequence[Measured], criterion: Criterion) -> tuple[list[int], int]:
    """Each row's place on one criterion, 0 the best, and how many places there can be."""
    values: list[Number | None] = [criterion.key(row) for row in rows]
    known = sorted({value for value in values if value is not None}, reverse=criterion.more_is_better)
    place: dict[Number | None, int] = {value: at for at, value in enumerate(known)}
    place[None] = len(known)
    return [place[value] for value in values], len(place)
