"""Check and marks of a text with blanks. Pure.

Data: ``{"pieces": […], "credit": "all", "fold_case": true, "fold_accents": false}``; for the pieces see ``markup``. With the
credit "all" every blank must be right, with "blanks" the mark is the exact share of blanks that are. An answer is a list
with, for each blank in order, the text that was typed or chosen, or None; None is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from questions.types.marks import RIGHT, WRONG, BadAnswer, Mark, Problem
from questions.types.numeric.marking import LONGEST_ANSWER
from questions.types.short_text.marking import check_accepted, folds_of, is_accepted
from questions.types.typed.answers import typed_text
from questions.types.typed.numbers import decimal_from, within
from questions.types.typed.words import LONGEST_WORDS, comparable

#: Blanks of one text, and options of one blank: more fit no phone.
MOST_BLANKS = 20
MOST_OPTIONS = 10

#: What an answer is worth that is right in some blanks.
ALL, BLANKS = "all", "blanks"

Blank = Mapping[str, Any]


def pieces_of(data: Mapping[str, Any]) -> list[str | Blank]:
    """The pieces of ``data``; none where it is malformed."""
    pieces = data.get("pieces") if isinstance(data, Mapping) else None
    if not isinstance(pieces, (list, tuple)) or not all(isinstance(p, str) or _is_blank(p) for p in pieces):
        return []
    return list(pieces)


def blanks_of(data: Mapping[str, Any]) -> list[Blank]:
    """The blanks of ``data`` in their order."""
    return [piece for piece in pieces_of(data) if not isinstance(piece, str)]


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What keeps ``data`` from being used; ``row`` is the blank that a problem is about."""
    blanks, folds = blanks_of(data), folds_of(data)
    if not blanks:
        return [Problem("no_blank", "text")]
    problems = [Problem("too_many_blanks", "text")] if len(blanks) > MOST_BLANKS else []
    for row, blank in enumerate(blanks):
        problems += [Problem(code, "text", row) for code in _faults(blank, folds)]
    if data.get("credit", ALL) not in (ALL, BLANKS):
        problems.append(Problem("credit_unknown", "credit"))
    return problems


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """The mark for the blanks that are right. Malformed data or answers are worth nothing."""
    blanks = blanks_of(data)
    if not blanks or not isinstance(answer, (list, tuple)) or len(answer) != len(blanks):
        return WRONG
    right = verdicts(data, answer).count(True)
    if right == len(blanks):
        return RIGHT
    return Mark(Fraction(right, len(blanks)), False) if data.get("credit", ALL) == BLANKS else WRONG


def verdicts(data: Mapping[str, Any], answer: Any) -> list[bool]:
    """Whether each blank is right."""
    blanks, folds = blanks_of(data), folds_of(data)
    given = answer if isinstance(answer, (list, tuple)) and len(answer) == len(blanks) else [None] * len(blanks)
    return [_is_right(blank, text, folds) for blank, text in zip(blanks, given, strict=True)]


def answer_from(raw: Any, data: Mapping[str, Any]) -> list[str | None] | None:
    """What was sent (a text or nothing for each blank), as an answer; None where no blank is filled in.

    Raises BadAnswer for another number of blanks, for what is no text, and for a choice that a list does not offer.
    """
    if raw is None or raw == []:
        return None
    blanks = blanks_of(data)
    if not isinstance(raw, (list, tuple)) or len(raw) != len(blanks):
        raise BadAnswer("another number of blanks")
    given = [_given(text, blank) for text, blank in zip(raw, blanks, strict=True)]
    return given if any(text is not None for text in given) else None


def _given(raw: Any, blank: Blank) -> str | None:
    if isinstance(raw, (list, tuple)):
        raise BadAnswer("more than a text for a blank")
    text = typed_text(raw, LONGEST_ANSWER if blank["kind"] == "number" else LONGEST_WORDS)
    if text is not None and blank["kind"] == "choice" and text not in blank["options"]:
        raise BadAnswer("no such choice")
    return text


def _is_right(blank: Blank, text: Any, folds: tuple[bool, bool]) -> bool:
    if not isinstance(text, str) or len(text) > LONGEST_WORDS:
        return False
    if blank["kind"] == "words":
        return is_accepted(text, blank["accepted"], folds)
    if blank["kind"] == "choice":
        return bool(text == blank["options"][blank["correct"]])
    if blank["kind"] == "number":
        value, tolerance = decimal_from(blank["value"]), decimal_from(blank["tolerance"])
        return value is not None and tolerance is not None and within(text, value, tolerance, blank["percent"])
    return False


def _is_blank(piece: Any) -> bool:
    """Whether ``piece`` has the shape of a blank; what it says may still have faults."""
    if not isinstance(piece, Mapping):
        return False
    kind = piece.get("kind")
    if kind == "words":
        return _are_texts(piece.get("accepted"))
    if kind == "choice":
        correct = piece.get("correct")
        return _are_texts(piece.get("options")) and type(correct) is int and 0 <= correct < len(piece["options"])
    if kind == "number":
        numbers = [decimal_from(piece.get(name)) for name in ("value", "tolerance")]
        return all(n is not None for n in numbers) and isinstance(piece.get("percent"), bool)
    return kind == "broken" and isinstance(piece.get("text"), str) and isinstance(piece.get("why"), str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(text, str) for text in value)


def _faults(blank: Blank, folds: tuple[bool, bool]) -> list[str]:
    if blank["kind"] == "broken":
        return [blank["why"]]
    if blank["kind"] == "words":
        return list(dict.fromkeys(problem.code for problem in check_accepted(blank["accepted"], folds, "text")))
    if blank["kind"] == "choice":
        same = [comparable(option, True, False) for option in blank["options"]]
        codes = ["empty_option"] if not all(same) else []
        codes += ["repeated_option"] if len(set(same)) < len(same) else []
        codes += ["too_many_options"] if len(same) > MOST_OPTIONS else []
        return codes + (["accepted_too_long"] if any(len(o) > LONGEST_WORDS for o in blank["options"]) else [])
    return []
