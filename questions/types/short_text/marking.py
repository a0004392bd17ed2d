"""Check and marks of a few typed words. Pure.

Data: ``{"accepted": ["ba tháng", "3 tháng"], "fold_case": true, "fold_accents": false}``: an answer that is the same as one
of ``accepted`` is right; ``fold_case`` and ``fold_accents`` say that capitals and accents do not count. An answer is the
text that was typed; None is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from questions.types.marks import RIGHT, WRONG, Mark, Problem
from questions.types.typed.answers import typed_text
from questions.types.typed.words import LONGEST_WORDS, comparable

#: Answers that a question may accept.
MOST_ACCEPTED = 20


def accepted_of(data: Mapping[str, Any]) -> list[str]:
    """The accepted answers of ``data``; none where it is malformed."""
    accepted = data.get("accepted") if isinstance(data, Mapping) else None
    if not isinstance(accepted, (list, tuple)) or not all(isinstance(a, str) for a in accepted):
        return []
    return list(accepted)


def folds_of(data: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether capitals and accents do not count; by default capitals do not and accents do."""
    return data.get("fold_case", True) is True, data.get("fold_accents", False) is True


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What keeps ``data`` from being used."""
    accepted = accepted_of(data)
    problems = check_accepted(accepted, folds_of(data), "accepted")
    if not all(isinstance(data.get(name, False), bool) for name in ("fold_case", "fold_accents")):
        problems.append(Problem("fold_unknown", "accepted"))
    return problems


def check_accepted(accepted: Sequence[str], folds: tuple[bool, bool], field: str) -> list[Problem]:
    """What is wrong with a list of accepted answers; ``row`` is the answer it is about."""
    if not accepted:
        return [Problem("no_accepted", field)]
    problems = [Problem("too_many_accepted", field)] if len(accepted) > MOST_ACCEPTED else []
    seen: set[str] = set()
    for row, text in enumerate(accepted):
        same = comparable(text, *folds) if len(text) <= LONGEST_WORDS else text
        if len(text) > LONGEST_WORDS:
            problems.append(Problem("accepted_too_long", field, row))
        elif not same:
            problems.append(Problem("empty_accepted", field, row))
        elif same in seen:
            problems.append(Problem("repeated_accepted", field, row))
        seen.add(same)
    return problems


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """Right when the answer is the same as an accepted one. Malformed answers are wrong."""
    if not isinstance(data, Mapping) or not isinstance(answer, str) or len(answer) > LONGEST_WORDS:
        return WRONG
    return RIGHT if is_accepted(answer, accepted_of(data), folds_of(data)) else WRONG


def is_accepted(answer: str, accepted: Sequence[str], folds: tuple[bool, bool]) -> bool:
    """Whether ``answer`` is the same as one of ``accepted``."""
    same = comparable(answer, *folds)
    return bool(same) and any(comparable(one, *folds) == same for one in accepted)


def answer_from(raw: Any) -> str | None:
    """What was sent, as an answer. Raises BadAnswer."""
    return typed_text(raw, LONGEST_WORDS)
