"""What marking gives, and what a check of a question's data finds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Mark:
    """What an answer is worth: ``share`` of the question's points, exactly, from 0 to 1; ``correct`` when it is all."""

    share: Fraction
    correct: bool


RIGHT = Mark(Fraction(1), True)
WRONG = Mark(Fraction(0), False)


@dataclass(frozen=True)
class Problem:
    """Something that keeps a question's data from being used.

    ``code`` names it (a type's ``explain`` puts it into words); ``field`` is where ("options", "correct"); ``row`` the
    option it is about, counted from 0.
    """

    code: str
    field: str
    row: int | None = None


class BadAnswer(ValueError):
    """What was sent cannot be an answer to this question; it must be refused, not kept as no answer."""
