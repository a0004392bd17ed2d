"""Check and marks of a typed number. Pure.

Data: ``{"value": "17000", "tolerance": "0.5", "percent": false, "unit": "đảng viên"}``; value and tolerance are exact
decimals as texts (JSON has none), the tolerance in the unit of the value or, with ``percent``, in per cent of it. An answer
is the text that was typed; None is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from questions.types.marks import RIGHT, WRONG, BadAnswer, Mark, Problem
from questions.types.typed.answers import typed_text
from questions.types.typed.numbers import LONGEST_NUMBER, decimal_from, within
from questions.types.typed.words import comparable

#: The longest unit, and the longest answer, which may repeat it.
LONGEST_UNIT = 40
LONGEST_ANSWER = LONGEST_NUMBER + LONGEST_UNIT


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What keeps ``data`` from being used."""
    problems = []
    if decimal_from(data.get("value")) is None:
        problems.append(Problem("no_value", "value"))
    tolerance = _tolerance(data)
    if tolerance is None:
        problems.append(Problem("tolerance_unknown", "tolerance"))
    elif tolerance < 0:
        problems.append(Problem("tolerance_negative", "tolerance"))
    if not isinstance(data.get("percent", False), bool):
        problems.append(Problem("tolerance_unknown", "tolerance"))
    unit = data.get("unit", "")
    if not isinstance(unit, str) or len(unit) > LONGEST_UNIT:
        problems.append(Problem("unit_too_long", "unit"))
    return problems


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """Right within the tolerance, its bounds included. Malformed answers are wrong."""
    if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER or check(data):
        return WRONG
    value, tolerance = decimal_from(data.get("value")), _tolerance(data)
    if value is None or tolerance is None:
        return WRONG
    number = without_unit(answer, data.get("unit", ""))
    return RIGHT if within(number, value, tolerance, data.get("percent", False)) else WRONG


def answer_from(raw: Any) -> str | None:
    """What was sent, as an answer. Raises BadAnswer."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raise BadAnswer("a number, not the text that was typed")
    return typed_text(raw, LONGEST_ANSWER)


def without_unit(answer: str, unit: str) -> str:
    """``answer`` without the unit that a person has typed behind the number though it stands there already."""
    wanted = comparable(unit, True, False)
    digits = max((at for at, c in enumerate(answer) if c in "0123456789.,"), default=-1) + 1
    return answer[:digits] if wanted and comparable(answer[digits:], True, False) == wanted else answer


def _tolerance(data: Mapping[str, Any]) -> Decimal | None:
    return decimal_from(data.get("tolerance", "0"))
