"""Places of what plots show. Pure; drawings are made by templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Columns of a distribution at most.
MOST_COLUMNS = 40

#: Discrimination at the drawing's upper and lower edge: what lies outside is drawn on the edge.
TOP, BOTTOM = 1.0, -0.4
WIDTH, HEIGHT = 1_000, 560


@dataclass(frozen=True, slots=True)
class Point:
    """A question in the scatter: places in thousandths of the width, ``tone`` a class of charts."""

    number: int
    x: int
    y: int
    tone: str
    difficulty: float
    discrimination: float


def scatter_of(points: Iterable[tuple[int, float, float, str]]) -> list[Point]:
    """(number, difficulty, discrimination, flags) as points; easy ones at the right, good ones at the top."""
    return [Point(number, round(p * WIDTH), height_of(r), _tone(flags), p, r) for number, p, r, flags in points]


def height_of(discrimination: float) -> int:
    """Where a discrimination lies, from the drawing's top."""
    inside = min(TOP, max(BOTTOM, discrimination))
    return round((TOP - inside) / (TOP - BOTTOM) * HEIGHT)


def _tone(flags: str) -> str:
    codes = flags.split()
    if "key_may_be_wrong" in codes or "negative_discrimination" in codes:
        return "danger"
    return "warn" if "low_discrimination" in codes else "info"


def totals_of(counts: Sequence[Sequence[int]]) -> list[tuple[str, int]]:
    """(label, people) for every total from the lowest to the highest, gaps included; several totals a column where there are
    more than MOST_COLUMNS."""
    if not counts:
        return []
    known = {each[0]: each[1] for each in counts}
    low, high = min(known), max(known)
    width = -(-(high - low + 1) // MOST_COLUMNS)
    columns = []
    for start in range(low, high + 1, width):
        end = min(start + width - 1, high)
        label = str(start) if start == end else f"{start}–{end}"
        columns.append((label, sum(known.get(total, 0) for total in range(start, end + 1))))
    return columns
