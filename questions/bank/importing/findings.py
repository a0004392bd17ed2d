"""Where an incoming question stands: certain, doubtful, without key, not usable, or in the bank already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from questions.bank.content import problems_of
from questions.bank.importing.similar import Likeness
from questions.types.marks import Problem
from questions.types.registry import all_types

CERTAIN, DOUBTFUL, KEYLESS, UNUSABLE, EXISTING = "certain", "doubtful", "keyless", "unusable", "existing"
ACCEPTED, SKIPPED = "accepted", "skipped"
#: The own doubt that only tells: it changes no standing.
ALIKE_HERE = "alike_here"


def judge(
    type_key: str,
    stem: str,
    data: Mapping[str, Any],
    reader_doubts: list[str],
    likeness: Likeness | None,
    repeated_at: int | None = None,
) -> tuple[str, list[dict[str, Any]]]:
    """(standing, own doubts) of a question; ``repeated_at`` is the position of the same question earlier in the file."""
    problems = problems_of(type_key, stem, data)
    own: list[dict[str, Any]] = [_as_doubt(p) for p in problems if p.code != "no_correct" or not reader_doubts]
    keyless = any(p.code == "no_correct" for p in problems)
    unusable = any(p.code != "no_correct" for p in problems)
    if likeness is not None and likeness.same_key and not unusable:
        return EXISTING, []
    if likeness is not None:
        code = "other_key" if likeness.same else "similar"
        own.append({"code": code, "percent": likeness.percent})
    if repeated_at is not None:
        own.append({"code": "repeated", "position": repeated_at})
    if unusable:
        return UNUSABLE, own
    if keyless:
        return KEYLESS, own
    return (DOUBTFUL if reader_doubts or own else CERTAIN), own


def _as_doubt(problem: Problem) -> dict[str, Any]:
    doubt: dict[str, Any] = {"code": problem.code, "field": problem.field}
    if problem.row is not None:
        doubt["row"] = problem.row
    return doubt


def words_for(doubt: Mapping[str, Any], type_key: str) -> str:
    """An own doubt as a sentence for people."""
    code = doubt["code"]
    if code == "similar":
        return str(_("Giống %(percent)s %% một câu đã có.", percent=doubt["percent"]))
    if code == "other_key":
        return str(_("Câu này đã có trong ngân hàng, nhưng với đáp án khác."))
    if code == "repeated":
        return str(_("Trùng với câu thứ %(position)s trong tệp này.", position=doubt["position"]))
    if code == ALIKE_HERE:
        return str(
            _(
                "Giống %(percent)s %% câu thứ %(position)s trong tệp này: %(why)s.",
                **{k: doubt[k] for k in ("percent", "position", "why")},
            )
        )
    if code == "unknown_type":
        return str(_("Loại câu này chưa nhập được. Xin đổi loại khi sửa, hoặc bỏ qua."))
    if code == "no_stem":
        return str(_("Chưa thấy nội dung câu hỏi."))
    kind = all_types().get(type_key)
    return kind.explain(Problem(code, doubt.get("field", ""), doubt.get("row"))) if kind else ""


def is_importable(standing: str, decision: str) -> bool:
    """True when a question goes in at the next press of the button."""
    if decision == SKIPPED:
        return False
    return standing == CERTAIN or (standing == DOUBTFUL and decision == ACCEPTED)
