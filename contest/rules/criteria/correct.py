"""Ranking by the number of questions answered correctly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from contest.rules.criteria.base import CRITERIA, Criterion, Measured, Number


@CRITERIA.register
@dataclass(frozen=True, slots=True)
class Correct(Criterion):
    """The number of questions answered correctly, over all rounds that count; more is better."""

    kind: ClassVar[str] = "correct"
    label: ClassVar[str] = "Số câu trả lời đúng"
    more_is_better: ClassVar[bool] = True
    direction_label: ClassVar[str] = "nhiều hơn xếp trên"
    field: ClassVar[str] = "correct"

    def key(self, result: Measured) -> Number | None:
        return result.correct
