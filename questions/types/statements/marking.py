"""Marking a table of statements. Pure.

Data: ``{"statements": ["…", …], "key": [0, 1, …], "credit": "all"}``; 0 is "Đúng", 1 is "Sai".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questions.types.marks import Mark, Problem
from questions.types.rows.data import ALL, ROWS, check_credit, check_key, check_texts, mark_rows, texts_of

#: "Đúng" and "Sai".
VERDICTS = 2

#: What an answer right in part may be worth.
CREDITS = (ALL, ROWS)


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``data``: two to ten different statements, each true or false."""
    problems = check_texts(data, "statements", 2)
    if texts_of(data, "statements"):
        problems += check_key(data, "statements", VERDICTS)
    return problems + check_credit(data, CREDITS)


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """All points for the right verdict on every statement; else none, or the share of statements judged rightly. A statement
    left out is not judged rightly."""
    return mark_rows(data, answer, len(texts_of(data, "statements")), VERDICTS)
