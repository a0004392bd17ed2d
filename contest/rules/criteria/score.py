"""Ranking by the total of marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from contest.rules.criteria.base import CRITERIA, Criterion, Measured, Number


@CRITERIA.register
@dataclass(frozen=True, slots=True)
class Score(Criterion):
    """The total of marks, over all rounds that count; the higher is the better."""

    kind: ClassVar[str] = "score"
    label: ClassVar[str] = "Tổng điểm"
    more_is_better: ClassVar[bool] = True
    direction_label: ClassVar[str] = "cao hơn xếp trên"
    field: ClassVar[str] = "score"

    def key(self, result: Measured) -> Number | None:
        return result.score
