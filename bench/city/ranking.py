"""The generator's own ranking, made without a line of the platform's: what its leaderboard is compared with. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Time used begins at most so many microseconds after Start.
LONGEST_FIRST_DISPLAY = 30_000_000


class Line(NamedTuple):
    """A row of the leaderboard."""

    position: int
    rank: int
    entry: str
    name: str
    unit: str
    points: int
    correct: int
    seconds: int


@dataclass(frozen=True)
class Outcome:
    """What somebody has reached: correct answers, seconds; and what equals are listed by."""

    entry: str
    name: str
    sort_key: str
    unit: str
    correct: int
    seconds: int


def leaderboard(outcomes: Sequence[Outcome]) -> list[Line]:
    """More correct answers first, then less time; equals share a rank and use up the ranks behind, listed by name."""
    ordered = sorted(outcomes, key=lambda o: (-o.correct, o.seconds, o.sort_key.encode(), o.entry))
    lines: list[Line] = []
    for position, one in enumerate(ordered, start=1):
        equal = bool(lines) and (lines[-1].correct, lines[-1].seconds) == (one.correct, one.seconds)
        rank = lines[-1].rank if equal else position
        lines.append(Line(position, rank, one.entry, one.name, one.unit, one.correct, one.correct, one.seconds))
    return lines


def count_correct(answers: Mapping[int, Any], paper: Sequence[Mapping[str, Any]], keys: Mapping[int, frozenset[int]]) -> int:
    """How many of ``answers`` (shown positions by item) choose exactly the right options."""
    right = 0
    for item, positions in answers.items():
        drawn = paper[item]
        right += frozenset(drawn["order"][p] for p in positions) == keys[drawn["version"]]
    return right


def seconds_used(started: int, displays: Iterable[int], submits: Iterable[int], answers: Iterable[int], pressed: bool) -> int:
    """Whole seconds, from microseconds: from the first display (30 s after Start at the latest) to the submit, or to the last
    answer where nobody pressed the button."""
    begun = min(min(displays, default=started), started + LONGEST_FIRST_DISPLAY)
    ended = min(submits, default=None) if pressed else max(answers, default=None)
    return 0 if ended is None else max(0, (ended - begun) // 1_000_000)
