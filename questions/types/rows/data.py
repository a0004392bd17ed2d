"""Data and answers of the types with rows, each of which is given one choice. Pure.

An answer is a list with, for each row in its original order, the number of a choice (from 0) or None where nothing was
chosen; None is no answer. What a choice is the types say: right or wrong, something to match with, a place in the order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from questions.types.choice.data import plain
from questions.types.marks import RIGHT, WRONG, BadAnswer, Mark, Problem

#: Rows and choices that a question may have: more fit no phone.
MOST_ROWS = 10
MOST_CHOICES = 15

#: What an answer that is not right in all rows is worth: nothing ("all", the default) or the share of rows that are ("rows").
ALL, ROWS = "all", "rows"

Picks = list[int | None]


def texts_of(data: Mapping[str, Any], field: str) -> list[str]:
    """The texts of ``data`` in ``field``; none where the data is malformed."""
    texts = data.get(field) if isinstance(data, Mapping) else None
    if not isinstance(texts, (list, tuple)) or not all(isinstance(t, str) for t in texts):
        return []
    return list(texts)


def picks_of(value: Any, rows: int, choices: int) -> Picks | None:
    """``value`` as a choice below ``choices`` (or None) for each of ``rows`` rows; None when it is anything else."""
    if not isinstance(value, (list, tuple)) or len(value) != rows:
        return None
    if not all(v is None or (type(v) is int and 0 <= v < choices) for v in value):
        return None
    return list(value)


def key_of(data: Mapping[str, Any], rows: int, choices: int) -> list[int] | None:
    """The right choice of each row; None where the data has no sound key."""
    picks = picks_of(data.get("key") if isinstance(data, Mapping) else None, rows, choices)
    key = [v for v in picks or () if v is not None]
    return key if key and len(key) == rows else None


def credit_of(data: Mapping[str, Any]) -> Any:
    """What the author said an answer is worth that is right in part; "all" where nothing was said."""
    return data.get("credit", ALL) if isinstance(data, Mapping) else ALL


def answer_from(raw: Any, rows: int, choices: int) -> Picks | None:
    """``raw`` (what a form or a script sent: a number, text or nothing for each row) as an answer; no choice at all is none.

    Raises BadAnswer for another number of rows and for anything that is no choice.
    """
    if raw is None or raw == "" or raw == []:
        return None
    if not isinstance(raw, (list, tuple)) or len(raw) != rows:
        raise BadAnswer("another number of rows")
    picks = [_pick(value, choices) for value in raw]
    return picks if any(pick is not None for pick in picks) else None


def _pick(value: Any, choices: int) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 3:
        value = int(value)
    if type(value) is not int or not 0 <= value < choices:
        raise BadAnswer(f"no choice {value!r}")
    return value


def is_blank(answer: Any) -> bool:
    """True when no row was given a choice."""
    return answer is None or (isinstance(answer, (list, tuple)) and all(v is None for v in answer))


def marked(right: int, total: int, in_part: bool) -> Mark:
    """The mark for ``right`` of ``total`` (at least 1): their exact share where parts count, else all or nothing."""
    if right == total:
        return RIGHT
    return Mark(Fraction(right, total), False) if in_part else WRONG


def mark_rows(data: Mapping[str, Any], answer: Any, rows: int, choices: int) -> Mark:
    """The mark of an answer whose rows count each by itself. Malformed data or answers are worth nothing."""
    key, picks = key_of(data, rows, choices), picks_of(answer, rows, choices)
    if key is None or picks is None:
        return WRONG
    return marked(sum(pick == right for pick, right in zip(picks, key, strict=True)), rows, credit_of(data) == ROWS)


def check_texts(data: Mapping[str, Any], field: str, fewest: int, most: int = MOST_ROWS) -> list[Problem]:
    """What is wrong with the texts in ``field``: too few or many, empty, the same twice."""
    texts = texts_of(data, field)
    if len(texts) < fewest:
        return [Problem("too_few_" + field, field)]
    problems = [Problem("too_many_" + field, field)] if len(texts) > most else []
    seen: set[str] = set()
    for row, text in enumerate(map(plain, texts)):
        if not text:
            problems.append(Problem("empty_row", field, row))
        elif text in seen:
            problems.append(Problem("repeated_row", field, row))
        seen.add(text)
    return problems


def check_key(data: Mapping[str, Any], field: str, choices: int) -> list[Problem]:
    """What is wrong with the key for the rows in ``field``: rows without one, or none at all that fits."""
    picks = picks_of(data.get("key") if isinstance(data, Mapping) else None, len(texts_of(data, field)), choices)
    if picks is None:
        return [Problem("key_unknown", field)]
    return [Problem("no_key", field, row) for row, pick in enumerate(picks) if pick is None]


def check_credit(data: Mapping[str, Any], known: Sequence[str]) -> list[Problem]:
    """What is wrong with what an answer right in part is worth."""
    credit = credit_of(data)
    return [] if isinstance(credit, str) and credit in known else [Problem("credit_unknown", "credit")]
