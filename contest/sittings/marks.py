"""Automatic marks: final answers against keys. Pure but for the registry of question types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from contest.papers.sheets import Wording
from contest.sittings.folding import Answer
from contest.sittings.frozen_rules import RoundMarking
from questions.types.marks import BadAnswer
from questions.types.registry import type_of

#: Marks are kept to four places: in so many parts of a point, rounded half up where a share is not a finite decimal.
PARTS_OF_A_POINT = 10_000


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """The mark of one item. ``state``: marked, waiting (a judge must), void. ``answer`` as its type keeps it (in
    original option indexes)."""

    item: int
    version_id: int
    answer: Any
    state: str
    points: Decimal | None
    max_points: Decimal
    correct: bool | None


@lru_cache(maxsize=1024)
def exact_points(share: Fraction, points: Decimal) -> Decimal:
    """``share`` of ``points``, exactly where it is a finite decimal of four places, else rounded half up to that."""
    scaled = share * Fraction(points) * PARTS_OF_A_POINT
    if scaled.denominator == 1:
        return (Decimal(scaled.numerator) / PARTS_OF_A_POINT).normalize() + Decimal(0)
    parts = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return parts / PARTS_OF_A_POINT


def mark_paper(
    paper: Sequence[Mapping[str, Any]],
    answers: Mapping[int, Answer],
    wordings: Mapping[int, Wording],
    marking: RoundMarking,
) -> list[MarkedItem]:
    """A mark for each item of ``paper``; an unanswered one gets none of its points, a void one all (by the rules).

    ``wordings`` holds the versions shown and those that correct them: the corrected key counts, the version shown is kept.
    """
    result = []
    for position, drawn in enumerate(paper):
        wording, item = wordings[drawn["version"]], drawn["item"]
        points = marking.points[item]
        answer = _final_answer(answers.get(position), drawn["order"], wording)
        if item in marking.void:
            result.append(MarkedItem(position, wording.id, answer, "void", points, points, True))
            continue
        key = wordings[marking.corrected.get(item, wording.id)]
        mark = type_of(key.type).mark(key.data, answer)
        result.append(
            MarkedItem(position, wording.id, answer, "marked", exact_points(mark.share, points), points, mark.correct)
        )
    return result


def _final_answer(given: Answer | None, order: Sequence[int], wording: Wording) -> Any:
    """What was answered, as the question's type keeps it. Anything its page cannot have sent is no answer: whatever somebody
    forges, the sitting can be marked, hashed and kept."""
    if given is None:
        return None
    try:
        kind = type_of(wording.type)
        return kind.normalise_answer(kind.original(given.answer, order), wording.data)
    except (BadAnswer, RecursionError):
        return None
