"""Ranking by the moment of submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from contest.rules.criteria.base import CRITERIA, Criterion, Measured, Number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@CRITERIA.register
@dataclass(frozen=True, slots=True)
class Moment(Criterion):
    """The moment of submission (of the latest counted sitting); earlier is better.

    Never a default of a contest: where units sit in windows of different hours it favours the morning's
    window.
    """

    kind: ClassVar[str] = "submitted_at"
    label: ClassVar[str] = "Thời điểm nộp bài"
    more_is_better: ClassVar[bool] = False
    direction_label: ClassVar[str] = "sớm hơn xếp trên"
    field: ClassVar[str] = "submitted_at"

    def key(self, result: Measured) -> Number | None:
        moment = result.submitted_at
        return None if moment is None else (moment - _EPOCH) // _MICROSECOND
