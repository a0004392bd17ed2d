"""Ranking by the time used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from contest.rules.criteria.base import CRITERIA, Criterion, Measured, Number


@CRITERIA.register
@dataclass(frozen=True, slots=True)
class Seconds(Criterion):
    """The time used, in whole seconds, over all rounds that count; less is better."""

    kind: ClassVar[str] = "seconds"
    label: ClassVar[str] = "Thời gian làm bài"
    more_is_better: ClassVar[bool] = False
    direction_label: ClassVar[str] = "ngắn hơn xếp trên"
    field: ClassVar[str] = "seconds"

    def key(self, result: Measured) -> Number | None:
        return result.seconds
