"""True or false, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from questions.types.choice.form import TrueFalseFields
from questions.types.choice.kind_base import ChoiceType
from questions.types.marks import Mark, Problem
from questions.types.true_false import marking


class TrueFalse(ChoiceType):
    """A statement that is true or false."""

    key = "true_false"
    folder = "true_false"
    label = _l("Đúng hay sai")
    instruction = _l("Chọn Đúng hoặc Sai.")
    order = 30
    shuffles = False
    fields = TrueFalseFields
    most_chosen = 1

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def data_from(self, form: Any) -> dict[str, Any]:
        return {"options": list(marking.OPTIONS), "correct": sorted(set(form.correct.data) & {0, 1})}


TYPE = TrueFalse()
