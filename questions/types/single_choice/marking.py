"""Marking single choice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questions.types.choice.data import check_correct, check_options, chosen_exactly
from questions.types.marks import RIGHT, WRONG, Mark, Problem


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``data``: two to ten different options, exactly one of them right."""
    correct, problems = check_correct(data)
    if len(correct) > 1:
        problems.append(Problem("several_correct", "correct"))
    return check_options(data) + problems


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """All points for the right option, none for another, none, several or something malformed."""
    return RIGHT if chosen_exactly(answer, data) and len(answer) == 1 else WRONG
