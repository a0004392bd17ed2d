"""Folding the journal into final answers. Pure: rows in any order, delivered any number of times, give the same answers.

The highest (epoch, sequence) of a question counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A journal row as the fold sees it; ``answer`` is in shown positions, as the device sent it (None: cleared); of a flag,
    whether it was set."""

    id: int
    epoch: int
    sequence: int
    kind: str
    item: int | None
    version_id: int | None
    answer: Any
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The final answer to one item of the paper."""

    item: int
    version_id: int | None
    answer: Any
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Folded:
    """What the journal of a sitting comes to."""

    answers: dict[int, Answer]
    first_display_at: datetime | None
    last_change_at: datetime | None
    submitted_at: datetime | None
    last_row: int


def fold(rows: Iterable[Row]) -> Folded:
    """The final answers and the moments that time used is counted from."""
    best: dict[int, Row] = {}
    first_display = last_change = submitted = None
    last_row = 0
    for row in rows:
        last_row = max(last_row, row.id)
        if row.kind == "display":
            first_display = row.received_at if first_display is None else min(first_display, row.received_at)
        elif row.kind == "submit":
            submitted = row.received_at if submitted is None else min(submitted, row.received_at)
        elif row.kind == "answer" and row.item is not None:
            last_change = row.received_at if last_change is None else max(last_change, row.received_at)
            known = best.get(row.item)
            if known is None or (row.epoch, row.sequence) > (known.epoch, known.sequence):
                best[row.item] = row
    answers = {
        item: Answer(item, row.version_id, row.answer, row.received_at)
        for item, row in sorted(best.items())
        if row.answer is not None
    }
    return Folded(answers, first_display, last_change, submitted, last_row)
