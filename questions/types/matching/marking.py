"""Marking a matching. Pure.

Data: ``{"items": ["…", …], "choices": ["…", …], "key": [2, 0, …], "credit": "all"}``: ``key`` holds for each item the number
of its choice. Several items may have the same one, and some choices may have no item.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questions.types.marks import Mark, Problem
from questions.types.rows.data import (
    ALL,
    MOST_CHOICES,
    ROWS,
    check_credit,
    check_key,
    check_texts,
    mark_rows,
    texts_of,
)

#: What an answer right in part may be worth.
CREDITS = (ALL, ROWS)


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``data``: two to ten different items, two to fifteen different choices, a choice for each item."""
    problems = check_texts(data, "items", 2) + check_texts(data, "choices", 2, MOST_CHOICES)
    if texts_of(data, "items"):
        problems += check_key(data, "items", len(texts_of(data, "choices")))
    return problems + check_credit(data, CREDITS)


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """All points for every item matched rightly; else none, or the share of items that are."""
    return mark_rows(data, answer, len(texts_of(data, "items")), len(texts_of(data, "choices")))
