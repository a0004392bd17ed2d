"""Marking several choices. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questions.types.choice.data import check_correct, check_options, chosen_exactly
from questions.types.marks import RIGHT, WRONG, Mark, Problem


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``data``: two to ten different options, at least one of them right."""
    return check_options(data) + check_correct(data)[1]


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """All points for all right options and no other, in any order; none for anything else."""
    return RIGHT if chosen_exactly(answer, data) else WRONG
