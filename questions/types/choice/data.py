"""Data and answers of the types with options. Pure.

Data: ``{"options": ["…", …], "correct": [2]}``, options in their original order, the right ones counted from 0. An
answer is a list of original option indexes, whatever order the options were shown in; None is no answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from questions.types.marks import BadAnswer, Problem

#: As many options as have a letter that people can name; more than anybody reads.
MOST_OPTIONS = 10
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter_of(position: int) -> str:
    """The letter in front of the option at ``position`` (from 0): 0 gives "A"."""
    return LETTERS[position]


def options_of(data: Mapping[str, Any]) -> list[str]:
    """The options of ``data`` as texts; none where the data is malformed."""
    options = data.get("options") if isinstance(data, Mapping) else None
    if not isinstance(options, (list, tuple)) or not all(isinstance(o, str) for o in options):
        return []
    return list(options)


def correct_of(data: Mapping[str, Any]) -> list[int]:
    """The right indexes of ``data``, sorted; none where the data is malformed."""
    indexes = indexes_within(data.get("correct") if isinstance(data, Mapping) else None, len(options_of(data)))
    return indexes or []


def indexes_within(value: Any, count: int) -> list[int] | None:
    """``value`` as sorted different indexes below ``count``, or None when it is anything else."""
    if not isinstance(value, (list, tuple)):
        return None
    if not all(isinstance(i, int) and not isinstance(i, bool) and 0 <= i < count for i in value):
        return None
    if len(set(value)) != len(value):
        return None
    return sorted(value)


def plain(text: str) -> str:
    """``text`` for telling whether two options say the same: composed, without case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def check_options(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the options alone."""
    options = options_of(data)
    if len(options) < 2:
        return [Problem("too_few_options", "options")]
    problems = []
    if len(options) > MOST_OPTIONS:
        problems.append(Problem("too_many_options", "options"))
    seen: set[str] = set()
    for row, option in enumerate(options):
        text = plain(option)
        if not text:
            problems.append(Problem("empty_option", "options", row))
        elif text in seen:
            problems.append(Problem("repeated_option", "options", row))
        seen.add(text)
    return problems


def check_correct(data: Mapping[str, Any]) -> tuple[list[int], list[Problem]]:
    """The right indexes and what is wrong with them: not indexes of options at all, or none."""
    correct = indexes_within(data.get("correct"), len(options_of(data)))
    if correct is None:
        return [], [Problem("correct_unknown", "correct")]
    if not correct:
        return [], [Problem("no_correct", "correct")]
    return correct, []


def answer_from(raw: Any, data: Mapping[str, Any], most: int | None = None) -> list[int] | None:
    """``raw`` (what a form or a script sent: an index, text, or a list of these) as an answer.

    Nothing, an empty text and an empty list are no answer (None). Raises BadAnswer for indexes that no option has, for
    anything that is not an index, and for more than ``most`` of them.
    """
    values = list(raw) if isinstance(raw, (list, tuple)) else [raw]
    values = [v for v in values if v is not None and v != ""]
    if not values:
        return None
    indexes: set[int] = set()
    count = len(options_of(data))
    for value in values:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 3:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < count:
            raise BadAnswer(f"no option {value!r}")
        indexes.add(value)
    if most is not None and len(indexes) > most:
        raise BadAnswer(f"{len(indexes)} options chosen, at most {most} allowed")
    return sorted(indexes)


def is_blank(answer: Any) -> bool:
    """True when nothing was chosen."""
    return answer is None or answer == [] or answer == ()


def chosen_exactly(answer: Any, data: Mapping[str, Any]) -> bool:
    """True when ``answer`` holds all right options and no other. Malformed answers are never right."""
    chosen = indexes_within(answer, len(options_of(data)))
    correct = correct_of(data)
    return bool(correct) and chosen == correct


def original_answer(answer: Any, order: Sequence[int]) -> Any:
    """An answer in shown positions as original option indexes; None for what cannot be one (it was forged).

    Where a question has no options (``order`` is empty) the answer stays as it is: its type judges it.
    """
    if not order:
        return answer
    if not isinstance(answer, list) or not all(type(p) is int and 0 <= p < len(order) for p in answer):
        return None
    return sorted(order[p] for p in set(answer))


def shown_answer(answer: Any, order: Sequence[int]) -> Any:
    """The inverse of ``original_answer``: original option indexes as the positions shown in ``order``."""
    if isinstance(answer, list) and all(isinstance(i, int) for i in answer):
        return sorted(order.index(i) for i in answer if i in order)
    return answer
