"""How states of a question look: a tone of the design, and what screens call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from questions.bank.models import Question


@dataclass(frozen=True)
class State:
    """One state: ``tone`` of its chip, ``label`` on screens."""

    key: str
    tone: str
    label: Any


STATES: dict[str, State] = {
    state.key: state
    for state in (
        State("draft", "neutral", _l("Đang soạn")),
        State("in_review", "warn", _l("Chờ thẩm định")),
        State("approved", "ok", _l("Đã duyệt")),
        State("retired", "neutral", _l("Thôi dùng")),
    )
}


def state_of(question: Question) -> State:
    """The state of ``question`` as it looks."""
    return STATES[question.state]


def older_version_in_use(question: Question) -> bool:
    """True when papers hold an approved version that is not the newest."""
    approved = question.approved_version_id
    return question.state != "retired" and approved is not None and approved != question.current_version_id
