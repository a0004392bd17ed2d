"""Marking true or false. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questions.types.choice.data import check_correct, chosen_exactly, options_of
from questions.types.marks import RIGHT, WRONG, Mark, Problem

#: The only options, in the only order.
OPTIONS = ("Đúng", "Sai")


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``data``: the options are "Đúng" and "Sai", exactly one of them right."""
    if tuple(options_of(data)) != OPTIONS:
        return [Problem("not_true_false", "options")]
    correct, problems = check_correct(data)
    if len(correct) > 1:
        problems.append(Problem("several_correct", "correct"))
    return problems


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """All points for the right verdict, none for anything else."""
    return RIGHT if chosen_exactly(answer, data) and len(answer) == 1 else WRONG
