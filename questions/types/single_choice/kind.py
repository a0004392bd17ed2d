"""Single choice, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from questions.types.choice.form import ChoiceFields
from questions.types.choice.kind_base import ChoiceType
from questions.types.marks import Mark, Problem
from questions.types.single_choice import marking


class SingleChoice(ChoiceType):
    """One right option."""

    key = "single"
    folder = "single_choice"
    label = _l("Một phương án")
    instruction = _l("Chọn một phương án.")
    order = 10
    shuffles = True
    fields = ChoiceFields
    most_chosen = 1

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)


TYPE = SingleChoice()
