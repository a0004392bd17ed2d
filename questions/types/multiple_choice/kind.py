"""Several choices, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from questions.types.choice.form import ChoiceFields
from questions.types.choice.kind_base import ChoiceType
from questions.types.marks import Mark, Problem
from questions.types.multiple_choice import marking


class MultipleChoice(ChoiceType):
    """One or more right options; all of them and no other must be chosen."""

    key = "multiple"
    folder = "multiple_choice"
    label = _l("Nhiều phương án")
    instruction = _l("Chọn tất cả các phương án đúng.")
    order = 20
    shuffles = True
    fields = ChoiceFields
    most_chosen = None

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)


TYPE = MultipleChoice()
